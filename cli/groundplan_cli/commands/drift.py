"""`groundplan drift`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundplan_cli.commands.options import (
    AsOfOption,
    ConfigOption,
    DebugOption,
    ProjectOption,
    SettingsOption,
    StackArgument,
    TierOption,
    WaiversOption,
)

if TYPE_CHECKING:
    from groundplan_cli.drift.model import Report
    from groundplan_cli.guardrails.rules import Chosen


def drift(
    stack: StackArgument = None,
    *,
    project: ProjectOption = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="FILE",
            help="The state: a file of pulumi stack export, or - for standard input. By default the stack's own, which "
            "Pulumi's engine has. Together with --mock.",
            show_default=False,
        ),
    ] = None,
    mock: Annotated[
        bool, typer.Option("--mock", help="Compare with the mock cloud that runs (groundplan cloud start).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the JSON to a file, too.", show_default=False),
    ] = None,
    tier: TierOption = None,
    settings: SettingsOption = None,
    waivers: WaiversOption = None,
    as_of: AsOfOption = None,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Find what was changed past Pulumi: what differs, since when, by whom, and which control that breaks.

    Changes neither the cloud nor the state. Exits with 1 if anything differs, or could not be read.
    """
    from groundplan_cli.guardrails.rules import Chosen
    from groundplan_cli.render.console import output
    from groundplan_cli.render.drift import as_json as written
    from groundplan_cli.render.drift import print_drift

    del debug  # its callback has remembered it
    chosen = Chosen(tier=tier, settings=settings, waivers=waivers, as_of=as_of, config=config)
    report = _report(project, stack, state, chosen, mock=mock)
    if out is not None:
        from groundplan_cli.files import write_atomically

        write_atomically(out, written(report))
    if as_json:
        typer.echo(written(report), nl=False)
    else:
        with output() as console:
            print_drift(console, report)
    raise typer.Exit(report.exit_code)


def _report(project: Path | None, stack: str | None, state: str | None, chosen: "Chosen", *, mock: bool) -> "Report":
    from groundplan_cli.drift.asking import Asked, by_engine, by_provider
    from groundplan_cli.errors import Error

    asked = Asked(project=project, stack=stack, chosen=chosen)
    if state is None:
        return by_engine(asked, mock=mock)
    if not mock:
        raise Error(
            "A state from a file is compared with the mock cloud only",
            given=f"--state {state} without --mock",
            allowed="--state FILE with --mock, or the stack's own state",
            remedy="add --mock; or leave out --state, so that Pulumi's engine compares the stack with Google Cloud",
        )
    return by_provider(asked, state)
