"""Prints the lines of a report on a terminal, with a colour for each role."""

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.text import Text

from groundplan_cli.render.console import output
from groundplan_policies.reports.layout import Line, Role, as_ascii
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.text import lines

STYLES: Final = {
    Role.PLAIN: "",
    Role.STRONG: "bold",
    Role.FAINT: "dim",
    Role.GOOD: "green",
    Role.BAD: "bold red",
    Role.UNSURE: "yellow",
}
"""The style of each role."""


def print_lines(console: Console, printed: Iterable[Line]) -> None:
    """Print lines as they are: they were broken for this console's width."""
    ascii_only = not console.encoding.lower().startswith("utf")
    for line in printed:
        spans = ((as_ascii(span.text) if ascii_only else span.text, STYLES[span.role]) for span in line)
        console.print(Text.assemble(*spans), soft_wrap=True)


def print_report(report: Report, *, every: bool) -> None:
    """Print a report on standard output."""
    with output() as console:
        print_lines(console, lines(report, width=console.width, every=every))
