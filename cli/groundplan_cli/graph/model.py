"""The picture's model: cards of resources in zones, and the flows of values between resources."""

from collections.abc import Iterable
from dataclasses import dataclass

from groundplan_cli.graph.zones import Zone, zone_of, zone_of_component, zones
from groundplan_cli.plan import is_shown
from groundplan_policies.engine import Document, Resource, leaves


@dataclass(frozen=True, slots=True)
class Card:
    """What the picture shows as one box until it is opened: a component, or a resource that is in none.

    Attributes:
        id: Name within the picture, such as `c3`: URNs are no names for Mermaid, DOT or HTML.
        resource: The component, or the resource itself.
        path: Names of the components around it, outermost first.
        zone: Where it stands.
        members: The resources directly in the component; for a resource in none, that resource.
    """

    id: str
    resource: Resource
    path: tuple[str, ...]
    zone: Zone
    members: tuple[Resource, ...]


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
        flows: Between resources; see `card_flows` for those between cards.
    """

    document: Document
    cards: tuple[Card, ...]
    flows: tuple[Flow, ...]

    def lanes(self) -> list[tuple[Zone, list[Card]]]:
        """Give the zones that hold something, from outside to inside, with their cards."""
        found = [(zone, [card for card in self.cards if card.zone is zone]) for zone in zones()]
        return [(zone, cards) for zone, cards in found if cards]

    def card_flows(self) -> dict[tuple[str, str], int]:
        """Count the flows between different cards: ids of source and target -> number."""
        homes = {member.urn: card.id for card in self.cards for member in card.members}
        homes.update({card.resource.urn: card.id for card in self.cards})
        counts: dict[tuple[str, str], int] = {}
        for flow in self.flows:
            pair = (homes[flow.source], homes[flow.target])
            if pair[0] != pair[1]:
                counts[pair] = counts.get(pair, 0) + 1
        return counts


def build_graph(document: Document) -> Graph:
    """Make the picture of a document."""
    shown = [resource for resource in document if is_shown(resource) and not resource.is_provider]
    cards: list[Card] = []
    for resource in shown:
        members = _members(document, resource)
        if members:
            zone = _zone(resource, members)
            cards.append(Card(f"c{len(cards)}", resource, tuple(_path(document, resource)), zone, members))
    drawn = {urn for card in cards for urn in (card.resource.urn, *(member.urn for member in card.members))}
    return Graph(document=document, cards=tuple(cards), flows=tuple(_flows(document, drawn)))


def _members(document: Document, resource: Resource) -> tuple[Resource, ...]:
    """Give what a card of this resource would hold: nothing if it needs no card of its own."""
    if resource.is_component:
        return tuple(_managed(document, resource))
    parent = document.get(resource.parent)
    loose = parent is None or parent.is_stack or parent.is_provider
    return (resource, *_managed(document, resource)) if loose else ()


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
