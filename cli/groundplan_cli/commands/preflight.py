"""`groundplan preflight`."""

from pathlib import Path
from typing import Annotated

import typer

from groundplan_cli.commands.options import (
    AnswersOption,
    ConfigOption,
    DebugOption,
    ProjectOption,
    TimeoutOption,
    complete_stack,
)


def preflight(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[STACK|FILE]",
            help="A stack, which is rehearsed on a mock cloud of this command's own; or a document of pulumi stack "
            "export. May be left out where the project has only one stack.",
            autocompletion=complete_stack,
            show_default=False,
        ),
    ] = None,
    *,
    project: ProjectOption = None,
    mock: Annotated[
        bool, typer.Option("--mock", help="Ask the mock cloud that runs (groundplan cloud start), not Google Cloud.")
    ] = False,
    caller: Annotated[
        str,
        typer.Option(
            "--caller",
            metavar="MEMBER",
            help="With --mock: who is to deploy, such as user:alice@acme.test; by default the mock cloud's owner.",
            show_default=False,
        ),
    ] = "",
    state: Annotated[
        Path | None,
        typer.Option(
            "--state",
            metavar="FILE",
            help="What the stack has made before, from pulumi stack export: those names are its own. By default "
            "Pulumi's engine is asked, where there is one.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")] = False,
    config: ConfigOption = None,
    answers: AnswersOption = None,
    timeout: TimeoutOption = None,
    debug: DebugOption = False,
) -> None:
    """Find what would stop a deployment before it begins, and the command that mends it.

    Asks for APIs, permissions, quotas, organisation policies, service agents, address ranges and names. Only reads.
    Exits with 1 if something would stop it.
    """
    from groundplan_cli.guardrails.target import RunOptions
    from groundplan_cli.preflight.asking import Asked
    from groundplan_cli.preflight.asking import preflight as ask
    from groundplan_cli.render.console import output
    from groundplan_cli.render.preflight import as_json as written
    from groundplan_cli.render.preflight import print_preflight

    del debug  # its callback has remembered it
    run = RunOptions(config=config, answers=answers, timeout=timeout)
    report = ask(Asked(target=target, project=project, run=run, mock=mock, caller=caller, state=state))
    if as_json:
        typer.echo(written(report), nl=False)
    else:
        with output() as console:
            print_preflight(console, report)
    raise typer.Exit(report.exit_code)
