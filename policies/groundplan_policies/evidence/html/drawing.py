"""Where the boxes and arrows of the picture of data flow stand: lanes from left to right, arrows between them.

A layout of our own: the picture has a few dozen boxes in five fixed lanes, and must come out the same each time.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from groundplan_policies.evidence.flow_view import LANES, FlowView, Link, Stop
from groundplan_policies.reports.safe import clip

WIDTH: Final = 182
HEIGHT: Final = 66
ACROSS: Final = 42
DOWN: Final = 18
TOP: Final = 46
EDGE: Final = 14
"""Measures in the picture's own units, which are pixels where it is not scaled."""

LONGEST_NAME: Final = 21
LONGEST_LINE: Final = 27
"""Characters that fit into a box: of the name, which is bold, and of the lines below."""

_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")

SWEEPS: Final = 4
"""How often the boxes of a lane are put in the order of what they are joined to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A drawn stop.

    Attributes:
        stop: What it stands for.
        number: Its number, by which the table names it.
        x: Of its left edge.
        y: Of its upper edge.
        lines: What it says.
    """

    stop: Stop
    number: int
    x: int
    y: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A drawn link.

    Attributes:
        link: What it stands for.
        path: Its way, in the words of SVG.
    """

    link: Link
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The picture.

    Attributes:
        width: Of all of it.
        height: Of all of it.
        lanes: Pairs of a title and where its middle is.
        boxes: The boxes.
        arrows: The arrows, which are drawn below the boxes.
        idle: The stops that no data comes to or goes from: they are not drawn.
    """

    width: int
    height: int
    lanes: tuple[tuple[str, int], ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    idle: tuple[Stop, ...]


def draw(view: FlowView) -> Drawing:
    """Lay out the picture. It is empty where no data flows."""
    drawn = [each for each in view.stops if not each.idle]
    keys = {each.key for each in drawn}
    links = [each for each in view.links if each.source in keys and each.target in keys]
    used = sorted({each.lane for each in drawn})
    lanes = _ordered([[each for each in drawn if each.lane == lane] for lane in used], links)
    tallest = max(map(len, lanes), default=0)
    boxes, number = [], 0
    for column, lane in enumerate(lanes):
        free = (tallest - len(lane)) * (HEIGHT + DOWN) // 2
        for row, stop in enumerate(lane):
            number += 1
            x, y = EDGE + column * (WIDTH + ACROSS), TOP + free + row * (HEIGHT + DOWN)
            boxes.append(Box(stop=stop, number=number, x=x, y=y, lines=_lines(stop)))
    return Drawing(
        width=2 * EDGE + len(used) * WIDTH + max(len(used) - 1, 0) * ACROSS,
        height=TOP + tallest * (HEIGHT + DOWN) + EDGE,
        lanes=tuple((LANES[lane], EDGE + at * (WIDTH + ACROSS) + WIDTH // 2) for at, lane in enumerate(used)),
        boxes=tuple(boxes),
        arrows=tuple(_arrows(links, {each.stop.key: each for each in boxes})),
        idle=tuple(each for each in view.stops if each.idle),
    )


def _lines(stop: Stop) -> tuple[str, ...]:
    kind = _WORD.sub(" ", stop.type.rpartition(".")[2]).removeprefix("Ai ").lower() or stop.role
    what = " · ".join(filter(None, (kind, stop.data_class)))
    where = " · ".join(filter(None, (stop.place, stop.network)))
    key = f"key: {stop.key_name}" if stop.key_name else ""
    below = [clip(each, LONGEST_LINE) for each in (what, where, key) if each]
    return (clip(stop.name, LONGEST_NAME), *below)


def _ordered(lanes: list[list[Stop]], links: Sequence[Link]) -> list[list[Stop]]:
    """Put the boxes of each lane in the order of what they are joined to, so that fewer arrows cross."""
    joined: defaultdict[str, list[str]] = defaultdict(list)
    for link in links:
        joined[link.source].append(link.target)
        joined[link.target].append(link.source)
    for sweep in range(SWEEPS):
        for lane in lanes if sweep % 2 == 0 else reversed(lanes):
            rows = {
                stop.key: at / max(len(each) - 1, 1) if len(each) > 1 else 0.5
                for each in lanes
                for at, stop in enumerate(each)
            }
            lane.sort(key=lambda stop: _middle(stop, joined, rows))
    return lanes


def _middle(stop: Stop, joined: Mapping[str, Sequence[str]], rows: Mapping[str, float]) -> float:
    found = [rows[key] for key in joined.get(stop.key, ())]
    return sum(found) / len(found) if found else rows[stop.key]


def _arrows(links: Iterable[Link], boxes: Mapping[str, Box]) -> list[Arrow]:
    """Draw the arrows; those that end at one side of a box share its height."""
    listed = [(each, boxes[each.source], boxes[each.target]) for each in links]
    sides: defaultdict[tuple[str, bool], list[tuple[int, int]]] = defaultdict(list)
    for at, (_, source, target) in enumerate(listed):
        sides[source.stop.key, source.x <= target.x].append((target.y, at))
        sides[target.stop.key, source.x >= target.x].append((source.y, at))
    where = {
        (key, at): HEIGHT * (place + 1) // (len(ends) + 1)
        for (key, _), ends in sides.items()
        for place, (_, at) in enumerate(sorted(ends))
    }
    return [_arrow(*each, where[each[1].stop.key, at], where[each[2].stop.key, at]) for at, each in enumerate(listed)]


def _arrow(link: Link, source: Box, target: Box, leaves: int, enters: int) -> Arrow:
    right, left = source.x <= target.x, source.x >= target.x
    x1, y1 = source.x + (WIDTH if right else 0), source.y + leaves
    x2, y2 = target.x + (WIDTH if left else 0), target.y + enters
    bend = max(abs(x2 - x1) // 2, ACROSS // 2)
    c1, c2 = x1 + (bend if right else -bend), x2 + (bend if left else -bend)
    return Arrow(link=link, path=f"M{x1} {y1}C{c1} {y1} {c2} {y2} {x2} {y2}")
