"""Prints the list of controls, and how much of a framework they cover."""

from collections import Counter
from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from groundplan_cli.render.console import output
from groundplan_cli.text import count
from groundplan_policies import frameworks
from groundplan_policies.engine.control import Control
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.frameworks import ClauseState

SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "dim",
}
"""The style of each severity."""

COVERAGE_STYLES = {
    ClauseState.COVERED: "green",
    ClauseState.PARTLY_COVERED: "yellow",
    ClauseState.EVIDENCE_POSSIBLE: "yellow",
    ClauseState.NOT_COVERED: "dim",
}
"""The style of how far a clause is covered."""


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


def print_coverage(framework: str) -> None:
    """Print each clause of a framework, by which controls it is covered, and what is missing."""
    found = frameworks.load(framework)
    rows = frameworks.coverage(found)
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True)
    table.add_column()
    for each in rows:
        said = f"{each.title} ({', '.join(each.controls)})" if each.controls else f"{each.title}."
        note = Text(f" {each.note}", style="dim") if each.note else Text()
        table.add_row(each.clause, Text(each.state.value, style=COVERAGE_STYLES[each.state]), Text(said).append(note))
    counted = Counter(each.state for each in rows)
    states = " · ".join(f"{counted[state]} {state.value}" for state in COVERAGE_STYLES if counted[state])
    with output() as console:
        console.print()
        console.print(Text(f"{found.heading}: {count(len(rows), 'clause')}: {states}", style="bold"))
        console.print(Text(found.scope, style="dim"))
        console.print()
        console.print(table)
