"""What changed, on a terminal: one line a resource, one a property."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from groundplan_cli.changes import Absent, Changes, PropertyChange, ResourceChange
from groundplan_cli.render.names import short_type
from groundplan_cli.render.values import show
from groundplan_cli.text import count, plain
from groundplan_policies.engine import Resource

VALUE_WIDTH = 48
"""Columns that the old and the new value get each, in characters."""


def print_changes(console: Console, changes: Changes, *, than: str) -> None:
    """Print the differences.

    Args:
        console: Where to.
        changes: The differences.
        than: What the plan is compared with, such as the file's name.
    """
    if not changes:
        console.print(Text(f"No changes from {plain(than)}." + _undecided(changes)))
        return
    console.print(Text(f"Changes from {plain(than)}", style="bold"))
    for line in _lines(changes):
        console.print(line, soft_wrap=True)
    renamed = sum(1 for each in changes.changed if each.renamed_from)
    totals = (
        f"{len(changes.added)} added",
        f"{len(changes.removed)} removed",
        f"{len(changes.changed) - renamed} changed",
        f"{renamed} renamed",
    )
    console.print(Text(", ".join(totals) + "." + _undecided(changes), style="bold"))


def _undecided(changes: Changes) -> str:
    if not changes.undecided:
        return ""
    return f" {count(changes.undecided, 'value')} cannot be compared: secret, or not known yet."


def _lines(changes: Changes) -> Iterator[Text]:
    for resource in changes.added:
        yield _resource("+", "green", resource)
    for resource in changes.removed:
        yield _resource("-", "red", resource)
    for change in changes.changed:
        yield _changed(change)
        yield from map(property_line, change.properties)
    if changes.outputs:
        yield Text("  ~ outputs", style="yellow")
        yield from map(property_line, changes.outputs)


def _resource(sign: str, style: str, resource: Resource) -> Text:
    line = Text(f"  {sign} {plain(resource.name)}", style=style)
    return line.append(f"  {plain(short_type(resource.type))}", style="dim")


def _changed(change: ResourceChange) -> Text:
    line = _resource("»" if change.renamed_from else "~", "blue" if change.renamed_from else "yellow", change.resource)
    if change.renamed_from:
        line.append(f"  was {plain(change.renamed_from)}", style="blue")
    return line


def property_line(change: PropertyChange) -> Text:
    """Give the line of a property that differs."""
    old = "" if isinstance(change.old, Absent) else show(change.old, VALUE_WIDTH)
    new = "" if isinstance(change.new, Absent) else show(change.new, VALUE_WIDTH)
    line = Text(f"      {plain(change.path)}: ")
    if isinstance(change.old, Absent):
        return line.append(f"+ {new}", style="green")
    if isinstance(change.new, Absent):
        return line.append(f"- {old}", style="red")
    return line.append(old, style="red").append(" → ", style="dim").append(new, style="green")
