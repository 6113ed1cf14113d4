"""Prints everything about one control."""

from collections.abc import Iterator, Mapping
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from groundplan_cli.render.console import output
from groundplan_cli.render.controls import SEVERITY_STYLES
from groundplan_policies.engine.control import Control, Read
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.settings.loosened import as_text
from groundplan_policies.settings.model import Settings
from groundplan_policies.settings.read import TIERS, read_settings
from groundplan_policies.waivers.faults import LONGEST
from groundplan_policies.waivers.match import can_be_waived

_WAYS: Final = ("absent", "empty", "wrong", "secret", "unknown")
_MOST_COLUMNS: Final = 100
_VERDICT_COLUMNS: Final = 46
_FEWEST_COLUMNS: Final = 20

_SHORT: Final[Mapping[Verdict, tuple[str, str]]] = {
    Verdict.PASS: ("pass", "green"),
    Verdict.FAIL: ("fail", "red"),
    Verdict.INDETERMINATE: ("indet.", "yellow"),
    Verdict.NOT_APPLICABLE: ("n/a", "dim"),
    Verdict.DECLARED: ("decl.", ""),
}

_EVIDENCE: Final = {
    "configuration": "the property that the cloud obeys was read",
    "graph": "several resources were read together",
    "declaration": "somebody says so: a pass is never more than a declaration",
}


def print_control(control: Control) -> None:
    """Print a control."""
    tiers = {name: read_settings(name) for name in TIERS}
    with output() as console:
        head = Text.assemble((f"{control.id}  ", "bold"), (control.title, "bold"))
        console.print(head)
        _facts(console, control, tiers)
        _paragraph(console, "Why", control.why)
        _paragraph(console, "To do", control.remedy)
        if control.ask:
            _paragraph(console, "What no document shows, and a person has to ask", control.ask)
        _section(console, "Looks at", _types(control))
        room = max(console.width - _VERDICT_COLUMNS, _FEWEST_COLUMNS)
        _section(console, "What comes out where a property is not there to be judged", _reads(control, room))
        _section(console, "Settings that decide", _settings(control, tiers))
        _section(console, "Clauses", _clauses(control))


def _facts(console: Console, control: Control, tiers: Mapping[str, Settings]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column()
    levels = ", ".join(f"{name} {settings.level(control).value}" for name, settings in tiers.items())
    days = LONGEST[control.severity]
    waiver = f"for {days} days at most" if can_be_waived(control) else "cannot be waived"
    for name, value in (
        ("severity", Text(control.severity.value, style=SEVERITY_STYLES[control.severity])),
        ("level", Text(levels)),
        ("evidence", Text(_EVIDENCE[control.evidence.value])),
        ("waiver", Text(waiver)),
        ("objectives", Text(", ".join(control.objectives) or "none")),
    ):
        table.add_row(name, value)
    console.print(Padding(table, (0, 0, 0, 2), expand=False))


def _paragraph(console: Console, title: str, body: str) -> None:
    console.print()
    console.print(Text(title, style="bold"))
    width = min(console.width, _MOST_COLUMNS)
    for line in Text(body).wrap(console, width - 2):
        console.print(Text("  ").append_text(line))


def _section(console: Console, title: str, table: Table | None) -> None:
    if table is None:
        return
    console.print()
    console.print(Text(title, style="bold"))
    console.print(Padding(table, (0, 0, 0, 2), expand=False))


def _types(control: Control) -> Table | None:
    table = Table.grid(padding=(0, 2))
    table.add_column(overflow="fold")
    if control.checks:
        table.add_row(Text(", ".join(control.checks)))
    if control.stack is not None:
        read = sorted({each.type for each in control.reads} - control.checks.keys())
        table.add_row(Text("the stack as a whole" + (f": {', '.join(read)}" if read else "")))
    return table


def _reads(control: Control, room: int) -> Table | None:
    if not control.reads:
        return None
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    table.add_column("property", no_wrap=True)
    for way in _WAYS:
        table.add_column(way, no_wrap=True)
    shown = ""
    for read in sorted(control.reads, key=lambda each: each.type):
        if read.type != shown:
            table.add_row(Text("every type" if read.type == "*" else read.type, style="bold"))
            shown = read.type
        table.add_row(Text(_broken(read.path, room)), *_verdicts(read))
    return table


def _broken(path: str, room: int) -> str:
    """Break a property path at its dots where it is too long for a column."""
    lines = [""]
    for number, part in enumerate(path.split(".")):
        piece = f".{part}" if number else f"  {part}"
        if number and len(lines[-1]) + len(piece) > room:
            lines.append("    ")
        lines[-1] += piece
    return "\n".join(lines)


def _verdicts(read: Read) -> Iterator[Text]:
    for way in _WAYS:
        word, style = _SHORT[getattr(read, way)]
        yield Text(word, style=style)


def _settings(control: Control, tiers: Mapping[str, Settings]) -> Table | None:
    if not control.settings:
        return None
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    described = Parameters.describe()
    for name in control.settings:
        text, looser = described[name]
        values = {tier: getattr(settings.parameters, name) for tier, settings in tiers.items()}
        if all(value is None for value in values.values()):
            said = "no shipped tier says it: without a value the verdict is indeterminate where it counts"
        else:
            said = "; ".join(f"{tier}: {as_text(value)}" for tier, value in values.items())
        table.add_row(name, Text(text).append(f"\n{said}; asks less: {looser.value}", style="dim"))
    return table


def _clauses(control: Control) -> Table | None:
    if not control.clauses:
        return None
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for each in control.clauses:
        missing = f". Missing: {each.missing[:1].lower()}{each.missing[1:]}" if each.missing else ""
        table.add_row(each.framework, each.clause, Text(f"{each.coverage.value}{missing}"))
    return table
