"""`groundplan doctor`."""

import typer

from groundplan_cli.commands.options import DebugOption
from groundplan_cli.errors import FINDINGS

ENGINES = ("embedded engine", "pulumi command")
"""The findings that are engines."""


def doctor(*, debug: DebugOption = False) -> None:
    """Say what is installed, which engine works, and how to get what is missing.

    Exits with 0 if the embedded engine works; the rest can be done without.
    """
    from rich.table import Table
    from rich.text import Text

    from groundplan_cli.checkup import check_up
    from groundplan_cli.render.console import output
    from groundplan_cli.text import plain

    del debug  # its callback has remembered it
    findings = list(check_up())
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for finding in findings:
        state, style = ("ok", "green") if finding.ok else ("missing", "red" if finding.needed else "yellow")
        about = Text(plain(finding.found) if finding.ok else plain(finding.remedy))
        about.append(f"\n{plain(finding.purpose)}", style="dim")
        table.add_row(Text(state, style=style), Text(finding.name), about)
    broken = [finding.name for finding in findings if finding.needed and not finding.ok]
    engines = [
        finding.name for finding in findings if finding.ok and finding.name in {"embedded engine", "pulumi command"}
    ]
    with output() as console:
        console.print(table)
        console.print()
        verdict = f"Cannot work without: {', '.join(broken)}." if broken else "Ready."
        console.print(Text(f"{verdict} Engines: {', '.join(engines) or 'none'}.", style="bold"))
    if broken:
        raise typer.Exit(FINDINGS)
