"""`groundplan preview`."""

from pathlib import Path
from typing import Annotated

import typer

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
    config: ConfigOption = None,
    answers: AnswersOption = None,
    timeout: TimeoutOption = None,
    debug: DebugOption = False,
) -> None:
    """Show what a stack would build, without an account and without the Pulumi command.

    Runs the program here, in a process of its own, and lists every resource that it registers. Works on any Pulumi
    program in Python. Nothing is created, and no state is read or written.
    """
    from groundplan_cli.run import make_request

    del debug  # its callback has remembered it
    _check_options(as_json=as_json, out=out, diff=diff, watch=watch, exit_code=exit_code)
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
