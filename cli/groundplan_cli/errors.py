"""What becomes of an error: four parts on standard error, an exit code, and a traceback only if asked for."""

import traceback
from typing import Protocol, runtime_checkable

import typer
from typer.core import TyperGroup

from groundplan_cli.text import plain

OK = 0
FINDINGS = 1
WRONG_USE = 2
OUR_FAULT = 3
INTERRUPTED = 130

EXIT_CODES = (
    "Exit codes: 0 fine, 1 findings, 2 wrong use or a broken program, 3 a fault of groundplan's own, 130 interrupted."
)

PART_INDENT = 11
"""Columns before the parts of an error, so that a part of several lines lines up."""

DEBUG_KEY = "groundplan.debug"
"""Under which key of the context's `meta` the wish for a traceback stands."""


@runtime_checkable
class FourParts(Protocol):
    """An error of one of the rooms below: they share this shape and no base class, as they do not know each other."""

    what: str
    given: str
    allowed: str
    remedy: str


class Error(Exception):
    """Root of this package's errors: wrong use of the command.

    Args:
        what: What failed, as a sentence without the full stop.
        given: What was given.
        allowed: What would have been accepted.
        remedy: What to do next.
    """

    exit_code = WRONG_USE

    def __init__(self, what: str, *, given: str, allowed: str, remedy: str) -> None:
        self.what = what
        self.given = given
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(what, given, allowed, remedy)


class ReportingGroup(TyperGroup):
    """A group of commands whose errors are reported in one place, however the command was started."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer's own Context derives from click's
        """Run the command; print an error and exit with its code."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except (typer.Exit, typer.Abort, typer.TyperException, BrokenPipeError):
            raise
        except Exception as error:
            raise typer.Exit(report(error, debug=bool(ctx.meta.get(DEBUG_KEY)))) from error


def report(error: Exception, *, debug: bool) -> int:
    """Print an error to standard error.

    Args:
        error: What was raised.
        debug: Whether to print where.

    Returns:
        The exit code: 2 if whoever uses the command can mend it, 3 if the fault is ours.
    """
    if debug:
        traceback.print_exception(error)
    if isinstance(error, FourParts):
        _print_parts(error)
        return int(getattr(error, "exit_code", WRONG_USE))
    typer.echo(f"groundplan failed: {plain(f'{type(error).__name__}: {error}', lines=True)}", err=True)
    typer.echo("This is a fault of groundplan's own. Run again with --debug to see where it happened.", err=True)
    return OUR_FAULT


def _print_parts(error: FourParts) -> None:
    from rich.text import Text

    from groundplan_cli.render.console import error_console

    console = error_console()
    console.print(Text.assemble(("error: ", "bold red"), (plain(error.what), "bold"), "."), soft_wrap=True)
    for label, part in (("given", error.given), ("allowed", error.allowed), ("to do", error.remedy)):
        if part:
            text = Text(plain(part, lines=True))
            # A terminal gets lines that fit; a file or a pipe gets them whole, so that they can be searched.
            lines = text.wrap(console, console.width - PART_INDENT) if console.is_terminal else text.split("\n")
            body = Text("\n" + " " * PART_INDENT).join(lines)
            console.print(Text.assemble((f"  {label + ':':<{PART_INDENT - 2}}", "dim"), body), soft_wrap=True)
    program = getattr(error, "traceback", "")
    if program:
        console.print()
        console.print(Text(plain(program.rstrip(), lines=True)), soft_wrap=True)
