"""Prints the list of controls."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from groundplan_cli.render.console import output
from groundplan_cli.text import count
from groundplan_policies.engine.control import Control
from groundplan_policies.engine.verdicts import Severity

SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "dim",
}
"""The style of each severity."""


def print_controls(controls: Iterable[Control]) -> None:
    """Print one line for each control, and how many there are."""
    listed = list(controls)
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True)
    table.add_column()
    for each in listed:
        table.add_row(each.id, Text(each.severity.value, style=SEVERITY_STYLES[each.severity]), Text(each.title))
    with output() as console:
        if listed:
            console.print(table)
            console.print()
        console.print(Text(f"{count(len(listed), 'control')}. groundplan explain CONTROL says more.", style="dim"))
