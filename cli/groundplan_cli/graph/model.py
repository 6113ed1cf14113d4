"""The picture's model: cards of resources in zones, and the flows of values between resources."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from groundplan_cli.graph.zones import Zone, zone_apart, zone_of, zone_of_component, zones
from groundplan_cli.render.names import short_type
from groundplan_policies.engine import Document, Resource, leaves

LOOSE_GROUP = 4
"""From how many resources of one type outside of components these share a card."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the picture shows as one box until it is opened: a component, a loose resource, or several of one type.

    Attributes:
        id: Name within the picture, such as `c3`: URNs are no names for Mermaid, DOT or HTML.
        name: What it is called: the name of the component or resource, or the type that several have.
        kind: What it is: a short type, or that these are in no component.
        owner: The component or the resource, None for several.
        path: Names of the components around it, outermost first.
        zone: Where it stands.
        members: The resources directly in the component; for a loose resource, that resource and those below it.
    """

    id: str
    name: str
    kind: str
    owner: Resource | None
    path: tuple[str, ...]
    zone: Zone
    members: tuple[Resource, ...]

    @property
    def stands_alone(self) -> bool:
        """Whether it is one resource with none below it, so that there is nothing to open."""
        return self.members == (self.owner,)


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow of values, or an order without values, from one resource to another.

    Attributes:
        source: URN of the resource whose outputs are used.
        target: URN of the resource that uses them.
        paths: Inputs that use them; empty where only the order was asked for.
    """

    source: str
    target: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """A picture of a document.

    Attributes:
        document: What it shows.
        cards: The boxes, in the order of the document.
        flows: Between resources, those of values and those of order; see `card_flows` for those between cards.
    """

    document: Document
    cards: tuple[Card, ...]
    flows: tuple[Flow, ...]

    def lanes(self) -> list[tuple[Zone, list[Card]]]:
        """Give the zones that hold something, from outside to inside, with their cards."""
        found = [(zone, [card for card in self.cards if card.zone is zone]) for zone in zones()]
        return [(zone, cards) for zone, cards in found if cards]

    def card_flows(self) -> dict[tuple[str, str], int]:
        """Count the flows of values between different cards: ids of source and target -> number."""
        homes = {member.urn: card.id for card in self.cards for member in card.members}
        counts: dict[tuple[str, str], int] = {}
        for flow in self.flows:
            pair = (homes[flow.source], homes[flow.target])
            if flow.paths and pair[0] != pair[1]:
                counts[pair] = counts.get(pair, 0) + 1
        return counts


def build_graph(document: Document) -> Graph:
    """Make the picture of a document."""
    places = {resource.urn: place for place, resource in enumerate(document)}
    found = sorted(_cards(document), key=lambda card: places[card.owner.urn if card.owner else card.members[0].urn])
    cards = tuple(replace(card, id=f"c{number}") for number, card in enumerate(found))
    drawn = {member.urn for card in cards for member in card.members}
    return Graph(document=document, cards=cards, flows=tuple(_flows(document, drawn)))


def _cards(document: Document) -> Iterator[Card]:
    """Make the cards, which get their ids later."""
    loose: dict[str, list[Resource]] = {}
    for resource in document:
        if resource.is_component:
            yield from _cards_of_component(document, resource)
        elif _is_loose(document, resource):
            loose.setdefault(resource.type, []).append(resource)
    for token, resources in loose.items():
        holds = [(each, *_managed(document, each)) for each in resources]
        if len(resources) < LOOSE_GROUP:
            yield from (_card(document, members[0], members) for members in holds)
        else:
            members = tuple(member for each in holds for member in each)
            yield Card("", short_type(token), "in no component", None, (), zone_of(token), members)


def _cards_of_component(document: Document, component: Resource) -> Iterator[Card]:
    """Make a component's card, and one for each zone in which some of its resources are shown apart from it."""
    members = tuple(_managed(document, component))
    if not members:
        return
    home = _zone(component, members)
    apart: dict[Zone, list[Resource]] = {}
    for member in members:
        zone = zone_apart(member.type)
        apart.setdefault(home if zone is None else zone, []).append(member)
    for zone, held in apart.items():
        card = _card(document, component, tuple(held))
        parts = ", ".join(sorted({short_type(member.type) for member in held}))
        yield replace(card, zone=zone, kind=card.kind if zone is home else parts)


def _card(document: Document, owner: Resource, members: tuple[Resource, ...]) -> Card:
    path = tuple(_path(document, owner))
    return Card("", owner.name, short_type(owner.type), owner, path, _zone(owner, members), members)


def _is_loose(document: Document, resource: Resource) -> bool:
    """Whether a managed resource is in no component, nor below another resource."""
    if not resource.custom or resource.is_provider:
        return False
    parent = document.get(resource.parent)
    return parent is None or parent.is_stack or parent.is_provider


def _managed(document: Document, owner: Resource) -> Iterable[Resource]:
    """Give the managed resources below one, but for those of components in it, which have cards of their own."""
    for child in document.children(owner.urn):
        if child.custom and not child.is_provider:
            yield child
            yield from _managed(document, child)


def _zone(resource: Resource, members: tuple[Resource, ...]) -> Zone:
    if resource.is_component:
        return zone_of_component(resource.type, [member.type for member in members])
    return zone_of(resource.type)


def _path(document: Document, resource: Resource) -> list[str]:
    names: list[str] = []
    parent = document.get(resource.parent)
    while parent is not None and not parent.is_stack:
        names.insert(0, parent.name)
        parent = document.get(parent.parent)
    return names


def _flows(document: Document, drawn: set[str]) -> Iterable[Flow]:
    """Find where values come from, as finely as the document knows, then the orders that carry no value."""
    for resource in document:
        if resource.urn not in drawn:
            continue
        paths: dict[str, list[str]] = {}
        for path, _ in leaves(resource.inputs):
            for urn in document.origins(resource.urn, path):
                paths.setdefault(urn, []).append(path)
        for urn in resource.dependencies:
            paths.setdefault(urn, [])
        for urn, used in paths.items():
            if urn in drawn and urn != resource.urn:
                yield Flow(urn, resource.urn, tuple(used))
