"""A plan on a terminal: the tree of components, then what a reader asks next."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from groundplan_cli.plan import count_kinds, find_unknowns, is_shown, marks
from groundplan_cli.render.names import short_type
from groundplan_cli.render.values import LATER, show
from groundplan_cli.text import count, plain
from groundplan_policies.engine import Document, Resource, contains_unknown

MOST_GROUPS = 12
"""How many groups of unknown values are listed before the rest is only counted."""

MOST_PLACES = 2
"""How many uses of an unknown value are named."""

MOST_BLOCKING = 3
"""How many controls that block a resource are named beside it."""

FOLD = 8
"""How many brothers of one type, with the same marks and no children, are listed before they share a line."""


Blocked: TypeAlias = Mapping[str, tuple[str, ...]]
"""URN -> ids of the controls of which a finding on it blocks."""


def print_plan(console: Console, document: Document, *, every: bool = False, blocked: Blocked | None = None) -> None:
    """Print the tree, the counts, the unknown values and the outputs of a document.

    Args:
        console: Where to.
        document: The document.
        every: Whether each resource has a line, also where there are many of one type.
        blocked: What the guardrails block.
    """
    console.print(tree(document, every=every, blocked=blocked))
    for title, body in (
        ("Kinds", kinds(document)),
        ("Unknown until apply", unknowns(document)),
        ("Outputs", outputs(document)),
    ):
        if body is not None:
            console.print()
            console.print(Text(title, style="bold"))
            console.print(Padding(body, (0, 0, 0, 2), expand=False))


def tree(document: Document, *, every: bool, blocked: Blocked | None = None) -> RenderableType:
    """Draw the resources under their parents."""
    blocked = blocked or {}
    stack = document.stack
    root = Tree(Text(plain(stack.name) if stack else "(no stack)", style="bold"), guide_style="dim")
    # What has no parent at all, such as a provider, stands at the top too.
    tops = (*document.children(""), *(document.children(stack.urn) if stack else ()))
    pending = [(root, group) for group in _folded(document, tops, blocked, every=every)]
    pending.reverse()
    while pending:
        branch, group = pending.pop()
        node = branch.add(_line(group, blocked.get(group[0].urn, ())))
        if len(group) == 1:
            below = _folded(document, document.children(group[0].urn), blocked, every=every)
            pending.extend((node, each) for each in reversed(below))
    return root


def _folded(
    document: Document, resources: Iterable[Resource], blocked: Blocked, *, every: bool
) -> list[list[Resource]]:
    """Put resources that would look the same, and are many, in one group; the others in groups of one."""
    groups: dict[object, list[Resource]] = {}
    for resource in filter(is_shown, resources):
        alike = not every and not resource.is_component and not document.children(resource.urn)
        look = (resource.type, marks(resource).words, blocked.get(resource.urn, ()))
        groups.setdefault(look if alike else resource.urn, []).append(resource)
    small = [[each] for group in groups.values() if len(group) <= FOLD for each in group]
    places = {resource.urn: place for place, resource in enumerate(document)}
    return sorted([*small, *(group for group in groups.values() if len(group) > FOLD)], key=lambda g: places[g[0].urn])


def _line(group: list[Resource], blocking: Sequence[str]) -> Text:
    """Describe a resource, or several alike, on one line: name, type, marks, and which controls block it."""
    first, last = group[0], group[-1]
    line = Text(plain(first.name), style="bold cyan" if first.is_component else "")
    if len(group) > 1:
        line.append(f" … {plain(last.name)}")
    line.append(f"  {plain(short_type(first.type))}", style="dim")
    if len(group) > 1:
        line.append(f" ×{len(group)}", style="bold")
    found = [marks(resource) for resource in group]
    for word in found[0].words:
        line.append(f"  {plain(word)}", style="magenta" if word == "protected" else "blue")
    for number, word, style in (
        (sum(each.unknown for each in found), "unknown", "yellow"),
        (sum(each.secret for each in found), "secret", "red"),
    ):
        if number:
            line.append(f"  {number} {word}", style=style)
    if blocking:
        more = f" +{len(blocking) - MOST_BLOCKING}" if len(blocking) > MOST_BLOCKING else ""
        line.append(f"  blocked: {' '.join(blocking[:MOST_BLOCKING])}{more}", style="bold red")
    return line


def kinds(document: Document) -> RenderableType | None:
    """List how many resources of each type there are, by service."""
    found = count_kinds(document)
    if not found:
        return None
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(style="dim", overflow="fold")
    for name, types in found.items():
        each = ", ".join(
            f"{plain(kind.removeprefix(name + '.'))} ×{number}" if number > 1 else plain(kind.removeprefix(name + "."))
            for kind, number in sorted(types.items(), key=lambda pair: (-pair[1], pair[0]))
        )
        table.add_row(str(types.total()), Text(plain(name)), Text(each))
    return table


def unknowns(document: Document) -> RenderableType | None:
    """List the unknown values by where they come from, with some of the places where they are used."""
    groups = find_unknowns(document)
    if not groups:
        return None
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True, style="yellow")
    table.add_column(max_width=44)
    table.add_column(style="dim", overflow="fold")
    for group in groups[:MOST_GROUPS]:
        names = " and ".join(_label(document, urn) for urn in group.origins) or "not recorded"
        places = [f"{_name(urn)}{'' if path.startswith('[') else '.'}{plain(path)}" for urn, path in group.places]
        more = len(places) - MOST_PLACES
        used = ", ".join(places[:MOST_PLACES]) + (f" and {more} more" if more > 0 else "")
        table.add_row(str(len(places)), Text(names), Text(f"→ {used}"))
    rest = groups[MOST_GROUPS:]
    if not rest:
        return table
    places_left = sum(len(group.places) for group in rest)
    more_sources = count(len(rest), "more source")
    return Group(table, Text(f"and {count(places_left, 'value')} of {more_sources}", style="dim"))


def _name(urn: str) -> str:
    return plain(urn.rpartition("::")[2])


def _label(document: Document, urn: str) -> str:
    resource = document.get(urn)
    return f"{_name(urn)} ({plain(short_type(resource.type))})" if resource else _name(urn)


def outputs(document: Document) -> RenderableType | None:
    """List what the stack exports."""
    if not document.outputs:
        return None
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in document.outputs.items():
        shown = show(value, 200)
        style = "yellow" if shown == LATER or contains_unknown(value) else "red" if shown == "secret" else ""
        table.add_row(Text(plain(name)), Text(shown, style=style))
    return table


def summary(document: Document, seconds: Mapping[str, float]) -> Text:
    """Say in one line how much there is and how long it took, by phase."""
    managed = sum(1 for each in document if each.custom and not each.is_provider)
    components = sum(1 for each in document if each.is_component)
    line = Text.assemble((count(managed, "resource"), "bold"), f" in {count(components, 'component')}")
    if seconds:
        spent = ", ".join(f"{phase} {each:.1f} s" for phase, each in seconds.items())
        line.append(f", in {sum(seconds.values()):.1f} s ({spent})", style="dim")
    return line
