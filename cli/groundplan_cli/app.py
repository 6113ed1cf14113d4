"""The command line: which commands there are, and what becomes of an error in any of them.

Starting must stay cheap (a shell completion starts the command at every key), so this module and those of the
commands import only typer; whatever a command needs, it imports when it runs.
"""

import typer

from groundplan_cli.commands.check import check
from groundplan_cli.commands.cloud import cloud
from groundplan_cli.commands.controls import controls
from groundplan_cli.commands.destroy import destroy
from groundplan_cli.commands.doctor import doctor
from groundplan_cli.commands.drift import drift
from groundplan_cli.commands.evidence import evidence
from groundplan_cli.commands.explain import explain
from groundplan_cli.commands.graph import graph
from groundplan_cli.commands.import_ import import_
from groundplan_cli.commands.pipeline import pipeline
from groundplan_cli.commands.preflight import preflight
from groundplan_cli.commands.preview import preview
from groundplan_cli.commands.refresh import refresh
from groundplan_cli.commands.up import up
from groundplan_cli.commands.version import version
from groundplan_cli.commands.waive import waive
from groundplan_cli.errors import EXIT_CODES, ReportingGroup

app = typer.Typer(
    cls=ReportingGroup,
    help="Preview, look at and check a Pulumi program for Google Cloud, without an account; and deploy it.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.command()(preview)
app.command()(check)
app.command()(explain)
app.command()(controls)
app.command()(waive)
app.command()(evidence)
app.add_typer(pipeline, name="pipeline")
app.command()(graph)
app.command()(up)
app.command()(refresh)
app.command()(destroy)
app.command("import")(import_)
app.command()(preflight)
app.command()(drift)
app.add_typer(cloud, name="cloud")
app.command()(doctor)
app.command()(version)
