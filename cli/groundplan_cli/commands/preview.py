"""`groundplan preview`."""

from pathlib import Path
from typing import Annotated

import typer

from groundplan_cli.commands.engine_options import Engine, MockOption, opened
from groundplan_cli.commands.options import (
    AnswersOption,
    ConfigOption,
    DebugOption,
    ProjectOption,
    StackArgument,
    TimeoutOption,
)
from groundplan_cli.errors import FINDINGS, Error


def preview(
    stack: StackArgument = None,
    *,
    project: ProjectOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the deployment document and nothing else on standard output.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the deployment document to a file.", show_default=False),
    ] = None,
    diff: Annotated[
        Path | None,
        typer.Option(
            "--diff",
            metavar="FILE",
            help="Show what differs from an earlier document: of this command, or of pulumi stack export.",
            show_default=False,
        ),
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="With --diff: exit with 1 if anything differs.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Give each resource a line, also where there are many of one type.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and show plan and changes at every save.")] = False,
    engine: Annotated[
        Engine,
        typer.Option(
            "--engine",
            help="embedded: runs the program here, and needs nothing. pulumi: asks the Pulumi command, which compares "
            "with the state and says what happens to each resource.",
        ),
    ] = Engine.EMBEDDED,
    mock: MockOption = False,
    save_plan: Annotated[
        Path | None,
        typer.Option(
            "--save-plan",
            metavar="FILE",
            help="With --engine pulumi: write the plan, which groundplan up --plan FILE keeps to.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    answers: AnswersOption = None,
    timeout: TimeoutOption = None,
    debug: DebugOption = False,
) -> None:
    """Show what a stack would build, without an account and without the Pulumi command.

    Runs the program here, in a process of its own, and lists every resource that it registers. Works on any Pulumi
    program in Python. Nothing is created, and no state is read or written. With --engine pulumi the Pulumi command
    compares with the state, and says what would happen to each resource.
    """
    from groundplan_cli.run import make_request

    del debug  # its callback has remembered it
    _check_options(as_json=as_json, out=out, diff=diff, watch=watch, exit_code=exit_code)
    _check_engine(engine, mock=mock, save_plan=save_plan, watch=watch, timeout=timeout)
    if engine is Engine.PULUMI:
        from groundplan_cli.engine.showing import show
        from groundplan_cli.show import Wanted

        wanted = Wanted(as_json=as_json, out=out, diff=diff, every=every)
        with opened(project, stack, mock=mock, config=config, answers=answers, or_here=True) as (session, asked):
            differs = show(session, asked, wanted, save_plan)
        if differs and exit_code:
            raise typer.Exit(FINDINGS)
        return
    request = make_request(project, stack, config=config, answers=answers, timeout=timeout)
    if watch:
        from groundplan_cli.watch import watch_stack

        watch_stack(request, baseline=diff, every=every)
    else:
        from groundplan_cli.show import Wanted, show_once

        differs = show_once(request, Wanted(as_json=as_json, out=out, diff=diff, every=every))
        if differs and exit_code:
            raise typer.Exit(FINDINGS)


def _check_options(*, as_json: bool, out: Path | None, diff: Path | None, watch: bool, exit_code: bool) -> None:
    """Refuse options that contradict each other."""
    given = [
        name
        for name, on in (("--json", as_json), ("--out", out), ("--diff", diff), ("--watch", watch))
        if on not in {False, None}
    ]
    if len(given) > 1 and set(given) != {"--diff", "--watch"}:
        raise Error(
            "Options exclude each other",
            given=" ".join(given),
            allowed="one of --json, --out and --diff; --watch alone or with --diff",
            remedy="leave out one of them",
        )
    if exit_code and (diff is None or watch):
        raise Error(
            "An option has no meaning here",
            given="--exit-code " + ("with --watch" if watch else "without --diff"),
            allowed="--exit-code together with --diff FILE",
            remedy="add --diff FILE, or leave --exit-code out",
        )


def _check_engine(engine: Engine, *, mock: bool, save_plan: Path | None, watch: bool, timeout: float | None) -> None:
    """Refuse options that mean nothing with the engine that is asked for."""
    pulumi = engine is Engine.PULUMI
    wrong = (
        [name for name, on in (("--watch", watch), ("--timeout", timeout is not None)) if on]
        if pulumi
        else [name for name, on in (("--mock", mock), ("--save-plan", save_plan is not None)) if on]
    )
    if wrong:
        other = Engine.EMBEDDED if pulumi else Engine.PULUMI
        raise Error(
            "Options have no meaning with this engine",
            given=f"{' '.join(wrong)} with --engine {engine.value}",
            allowed=f"{' and '.join(wrong)} with --engine {other.value}"
            + ("; Ctrl-C cancels the Pulumi engine" if pulumi else ""),
            remedy=f"leave {'it' if len(wrong) == 1 else 'them'} out, or add --engine {other.value}",
        )
