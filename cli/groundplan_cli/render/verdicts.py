"""Prints what the guardrails say of a plan, under it."""

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from groundplan_cli.guardrails.beside import Verdicts
from groundplan_cli.render.controls import SEVERITY_STYLES
from groundplan_cli.text import count, plain
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.words import conclusion, groups, name_of

MOST_CONTROLS: Final = 8
"""Controls that are listed before the rest is only counted."""

_MOST_NAMES: Final = 3


def print_verdicts(console: Console, verdicts: Verdicts) -> None:
    """Print whether a plan is clean, and if not, which controls say so."""
    report = verdicts.report
    if report is None:
        console.print(Text("Guardrails", style="bold"))
        console.print(Text(f"  not checked: {plain(verdicts.problem)}", style="yellow"))
        return
    console.print(Text.assemble(("Guardrails", "bold"), (f"  {plain(report.evaluation.settings)}", "dim")))
    said = conclusion(report).partition(" Exit code")[0]
    console.print(Text(f"  {said}", style="green" if report.clean else "bold red"))
    if report.decisive:
        console.print(_controls(report))
    console.print(Text(f"  {plain(verdicts.command)} says more", style="dim"))


def _controls(report: Report) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True)
    table.add_column()
    found = list(groups(report, report.decisive))
    for group in found[:MOST_CONTROLS]:
        severity = group.control.severity
        names = [name_of(each.urn) for each in group.findings]
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        about = Text(group.control.title).append(f": {', '.join(names[:_MOST_NAMES])}{more}", style="dim")
        table.add_row("", group.control.id, Text(severity.value, style=SEVERITY_STYLES[severity]), about)
    if len(found) > MOST_CONTROLS:
        table.add_row("", "", "", Text(f"and {count(len(found) - MOST_CONTROLS, 'more control')}", style="dim"))
    return table
