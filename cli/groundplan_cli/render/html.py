"""The picture as one HTML page that loads nothing and can be mailed, archived or opened offline.

Everything in it that a program wrote is text: Jinja escapes what stands in the markup, the script makes its elements
with `textContent`, and the data is JSON with every character escaped that could end its element. A content security
policy in the page itself allows this page's own script and style by their hashes, and nothing else, no network at all.
"""

from collections import Counter
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment as Templates

from groundplan_cli.graph.borders import borders
from groundplan_cli.graph.cards import Card
from groundplan_cli.graph.environment import environment_of, projects_of, text
from groundplan_cli.graph.kinds import kind_of
from groundplan_cli.graph.model import Graph
from groundplan_cli.graph.outside import Outsider, outsiders
from groundplan_cli.graph.reader import NAME_MARK, Reader
from groundplan_cli.graph.story import Step, story
from groundplan_cli.graph.summary import summary
from groundplan_cli.graph.zones import Zone
from groundplan_cli.render.page_data import page_data
from groundplan_cli.text import count, plain
from groundplan_policies.reports.pages import policy_hash, templates

MOST_FLOWS = 20
"""Up to how many arrows all are drawn at first; beyond, only those of the chosen box."""

PACK = 5
"""From how many boxes of one kind a lane shows them as one that opens."""


@dataclass(frozen=True, slots=True)
class Box:
    """A card with what its box says.

    Attributes:
        card: The card.
        projects: Ids of the projects of its resources, the one with most first.
        tags: Short facts, such as the class of its data.
        steps: Numbers of the steps of the walk that pass it.
    """

    card: Card
    projects: list[str]
    tags: list[str]
    steps: list[int]


@dataclass(frozen=True, slots=True)
class Pack:
    """Boxes of one kind that are shown as one until it is opened.

    Attributes:
        id: Name within the picture.
        title: How many there are of what.
        boxes: The boxes.
    """

    id: str
    title: str
    boxes: list[Box]


def html(graph: Graph) -> str:
    """Render the page."""
    reader = Reader(graph, environment_of(graph.document))
    style, script = _asset("graph.css"), _asset("arrows.js") + _asset("graph.js")
    steps, around = story(reader), outsiders(reader)
    template = _templates().get_template("graph.html.j2")
    return template.render(
        environment=reader.environment,
        projects={project.id: number % PROJECT_HUES for number, project in enumerate(reader.environment.projects)},
        summary=summary(reader),
        total=count(sum(len(card.members) for card in graph.cards), "resource"),
        parts=count(len(graph.cards), "box", "boxes"),
        borders=borders(reader),
        outsiders=around,
        steps=steps,
        bands=_bands(reader, steps),
        perimeter=_perimeter(reader),
        all_flows=_arrows(graph, around) <= MOST_FLOWS,
        style=style,
        script=script,
        style_hash=policy_hash(style),
        script_hash=policy_hash(script),
        data=page_data(graph, reader.environment, around),
    )


def _arrows(graph: Graph, around: list[Outsider]) -> int:
    return len(graph.card_flows()) + len(graph.card_grants()) + sum(len(each.cards) for each in around)


PROJECT_HUES = 6
"""How many colours there are for projects in the style sheet; more projects share them."""


def _templates() -> Templates:
    made = templates(_asset)
    made.filters.update(
        plain=plain,
        parts=lambda sentence: plain(sentence).split(NAME_MARK),
        resources=lambda number: count(number, "resource") if number else "settings only",
    )
    return made


def _bands(reader: Reader, steps: list[Step]) -> dict[str, list[tuple[Zone, list[Box | Pack]]]]:
    """Give the lanes of each band, with their boxes in the order of the walk, many of one kind packed into one."""
    bands: dict[str, list[tuple[Zone, list[Box | Pack]]]] = {"edge": [], "main": [], "aside": []}
    told = list(dict.fromkeys(card for step in steps for card in step.cards))
    for zone, found in reader.graph.lanes():
        cards = sorted(found, key=lambda card: told.index(card.id) if card.id in told else len(told))
        kinds = Counter(card.kind for card in cards)
        shown: dict[str, Box | Pack] = {}
        for card in cards:
            box = _box(reader, card, steps)
            if kinds[card.kind] < PACK:
                shown[card.id] = box
            elif isinstance(pack := shown.get(card.kind), Pack):
                pack.boxes.append(box)
            else:
                shown[card.kind] = Pack(f"p{card.id}", _many(card, kinds[card.kind]), [box])
        bands[zone.band].append((zone, list(shown.values())))
    return bands


def _many(card: Card, number: int) -> str:
    kind = kind_of(card.type)
    return f"{number} {kind.many[0].lower()}{kind.many[1:]}" if kind else f"{number} × {card.kind}"


def _box(reader: Reader, card: Card, steps: list[Step]) -> Box:
    data_class = text(card.owner.outputs.get("dataClass")) if card.owner else ""
    kind = kind_of(card.type)
    own_key = "own key" if (kind is None or kind.keeps_data) and reader.graph.keys_of(card) else ""
    numbers = [number for number, step in enumerate(steps, 1) if card.id in step.cards]
    projects = projects_of(reader.graph.document, card.members)
    return Box(card, projects, [tag for tag in (data_class, own_key) if tag], numbers)


@dataclass(frozen=True, slots=True)
class Perimeter:
    """The frame around the platform.

    Attributes:
        name: Its name.
        enforced: Whether it blocks what crosses it.
        outside: Ids of the plan's projects that it is not drawn around.
    """

    name: str
    enforced: bool
    outside: list[str]


def _perimeter(reader: Reader) -> Perimeter | None:
    """Find the perimeter, which is drawn where its list of projects is known."""
    for component in reader.components("ServicePerimeter"):
        inside = component.outputs.get("projects")
        if isinstance(inside, list):
            outside = [each.id for each in reader.environment.projects if each.id not in inside]
            return Perimeter(component.name, component.outputs.get("enforced") is True, outside)
    return None


def _asset(name: str) -> str:
    return files("groundplan_cli.render").joinpath("page", name).read_text(encoding="utf-8")
