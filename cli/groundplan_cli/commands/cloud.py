"""`groundplan cloud`: the mock cloud as a server."""

import typer

from groundplan_cli.commands.cloud_environment import env, exec_
from groundplan_cli.commands.cloud_fault import fault
from groundplan_cli.commands.cloud_look import log, state
from groundplan_cli.commands.cloud_server import start, stop
from groundplan_cli.commands.cloud_time import advance, reset

cloud = typer.Typer(
    help="Run Google Cloud's control plane on this machine, for any client in any language.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

cloud.command()(start)
cloud.command()(stop)
cloud.command()(env)
cloud.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})(exec_)
cloud.command()(state)
cloud.command()(log)
cloud.command()(advance)
cloud.command()(reset)
cloud.add_typer(fault, name="fault")
