"""What the engine will do, on a terminal: one line a resource, one a property that changes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rich.console import Console
from rich.text import Text

from groundplan_cli.engine.steps import Step, counted
from groundplan_cli.render.changes import property_line
from groundplan_cli.render.names import short_type
from groundplan_cli.text import count, plain

MOST_CREATED: Final = 30
"""New resources that are listed before they are only counted by type."""

MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "create": ("+", "green"),
    "update": ("~", "yellow"),
    "replace": ("±", "magenta"),
    "delete": ("-", "red"),
    "import": ("=", "blue"),
    "read": (">", "dim"),
    "refresh": ("~", "yellow"),
    "forget": ("-", "dim"),
    "discard": ("-", "dim"),
    "same": (" ", "dim"),
}
"""Sign and style of what happens to a resource."""

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "create": ("to create", "created"),
    "update": ("to update", "updated"),
    "replace": ("to replace", "replaced"),
    "delete": ("to delete", "deleted"),
    "import": ("to import", "imported"),
    "forget": ("to forget", "forgotten"),
    "discard": ("to forget", "forgotten"),
    "read": ("to read", "read"),
    "refresh": ("to refresh", "refreshed"),
    "same": ("unchanged", "unchanged"),
}
"""What is said of each: before, and after."""


def print_steps(console: Console, steps: tuple[Step, ...], *, every: bool = False) -> None:
    """Print what happens to each resource that does not stay as it is, and how many there are of each kind."""
    console.print(Text("What happens", style="bold"))
    shown = [step for step in steps if step.changes and step.type != "pulumi:pulumi:Stack"]
    created = [step for step in shown if step.op == "create"]
    folded = not every and len(created) > MOST_CREATED
    for line in _folded(created) if folded else ():
        console.print(line, soft_wrap=True)
    for step in shown:
        if not (folded and step.op == "create"):
            for line in _lines(step):
                console.print(line, soft_wrap=True)
    console.print(Text(f"  {totals(counted(steps))}.", style="bold"))


def totals(found: Mapping[str, int], *, done: bool = False) -> str:
    """Say how many resources of each kind there are: `2 to create, 5 unchanged`; after it is done, `2 created`."""
    words: Counter[str] = Counter()
    for op in [*WORDS, *(each for each in found if each not in WORDS)]:
        if found.get(op):
            words[WORDS.get(op, (op, op))[done]] += found[op]
    return ", ".join(f"{number} {word}" for word, number in words.items()) or "nothing changes"


def resource_line(op: str, urn: str, token: str) -> Text:
    """Give the line of a resource: what happens to it, its name and its type."""
    sign, style = MARKS.get(op, ("?", "bold"))
    line = Text(f"  {sign} {plain(urn.rpartition('::')[2])}", style=style)
    return line.append(f"  {plain(short_type(token))}", style="dim")


def _folded(created: Iterable[Step]) -> Iterator[Text]:
    sign, style = MARKS["create"]
    for kind, number in sorted(Counter(short_type(step.type) for step in created).items()):
        yield Text(f"  {sign} {count(number, 'resource')}", style=style).append(f"  {plain(kind)}", style="dim")


def _lines(step: Step) -> Iterator[Text]:
    line = resource_line(step.op, step.urn, step.type)
    if step.op == "replace":
        why = f" since {', '.join(map(plain, step.reasons))} changes" if step.reasons else ""
        line.append(f"  replaced{why}", style="magenta")
    if step.protected and step.op in {"delete", "replace"}:
        line.append("  protected: the engine will refuse", style="bold red")
    yield line
    yield from map(property_line, step.properties)
