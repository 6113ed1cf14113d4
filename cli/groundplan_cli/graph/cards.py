"""The boxes of the picture, and which resources are in each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from groundplan_cli.graph.grants import Grant, is_grant
from groundplan_cli.graph.kinds import kind_of
from groundplan_cli.graph.zones import Zone, zone_apart, zone_of, zone_of_component
from groundplan_cli.render.names import short_type
from groundplan_policies.engine import Document, Resource

LOOSE_GROUP = 4
"""From how many resources of one type outside of components these share a card."""

FOUNDATION = "groundplan:foundation:ProjectFoundation"
"""The component that stands for the projects: what is granted on a whole project is shown with it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A component inside of a card, which is no box of its own.

    Attributes:
        component: The component.
        members: The resources in it.
    """

    component: Resource
    members: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One box: a component, a loose resource, or several of one type.

    Attributes:
        id: Name within the picture, such as `c3`: URNs are no names for Mermaid, DOT or HTML.
        name: What it is called: the name of the component or resource, or the type that several have.
        kind: What it is, in words where its kind is described, else its short type.
        purpose: What it is for, "" where that is described nowhere.
        owner: The component or the resource, None for several.
        path: Names of the components around it, outermost first.
        zone: Where it stands.
        members: Every resource in it, those of its parts and the grants on it included.
        parts: The components in it.
    """

    id: str
    name: str
    kind: str
    purpose: str
    owner: Resource | None
    path: tuple[str, ...]
    zone: Zone
    members: tuple[Resource, ...]
    parts: tuple[Part, ...] = ()

    @property
    def stands_alone(self) -> bool:
        """Whether it is one resource and nothing else."""
        return self.members == (self.owner,)

    @property
    def type(self) -> str:
        """Type token of the component or the resource, "" for several."""
        return self.owner.type if self.owner else ""


def make_cards(document: Document, grants: Iterable[Grant]) -> list[Card]:
    """Make the boxes of a document, in its order.

    A component that is described in `kinds.yaml` is one box with all that it makes, also where that is no resource.
    Others leave the components in them to boxes of their own. A grant outside of any component is shown in the box of
    what it is granted on.
    """
    places = {resource.urn: place for place, resource in enumerate(document)}
    made = [card for resource in document if resource.is_component for card in _component_cards(document, resource)]
    loose = [resource for resource in document if _is_loose(document, resource)]
    grantors = [resource for resource in loose if is_grant(resource)]
    made += _loose_cards(document, [resource for resource in loose if not is_grant(resource)])
    made = _with_grants(document, made, grantors, {grant.urn: grant for grant in grants})
    made.sort(key=lambda card: places[card.owner.urn if card.owner else card.members[0].urn])
    return [replace(card, id=f"c{number}") for number, card in enumerate(made)]


def _component_cards(document: Document, component: Resource) -> Iterator[Card]:
    """Make a component's card, and one for each zone in which some of its resources are shown apart from it."""
    around = document.get(component.parent)
    if around is not None and _holds(around, component, document):
        return
    parts = tuple(_parts(document, component))
    members = (*_managed(document, component), *(member for part in parts for member in part.members))
    if not members and kind_of(component.type) is None:
        return
    inner = around is not None and _described(document, around) is not None
    home = (zone_apart(component.type) if inner else None) or _zone(component, members)
    apart: dict[Zone, list[Resource]] = {home: []}
    for member in members:
        zone = zone_apart(member.type)
        apart.setdefault(home if zone is None else zone, []).append(member)
    for zone, held in apart.items():
        if zone is home:
            if held or not members:
                yield replace(_card(document, component, tuple(held)), zone=home, parts=parts)
        else:
            yield _card_apart(document, component, zone, tuple(held))


def _card_apart(document: Document, component: Resource, zone: Zone, held: tuple[Resource, ...]) -> Card:
    kinds = {member.type: kind_of(member.type) for member in held}
    words = sorted({kind.kind if kind else short_type(token) for token, kind in kinds.items()})
    purposes = [kind.purpose for kind in kinds.values() if kind]
    path = (*_path(document, component), component.name)
    purpose = purposes[0] if purposes else ""
    name = held[0].name if len(held) == 1 else component.name
    return Card("", name, ", ".join(words), purpose, component, path, zone, held)


def _described(document: Document, resource: Resource) -> Resource | None:
    """Find the nearest component that is described in words, from a resource outwards."""
    found: Resource | None = resource
    while found is not None and not (found.is_component and kind_of(found.type)):
        found = document.get(found.parent)
    return found


def _holds(around: Resource, component: Resource, document: Document) -> bool:
    """Whether a component is shown inside the card of what is around it."""
    holder = _described(document, around)
    zone = zone_apart(component.type)
    return holder is not None and (zone is None or zone is zone_of(holder.type))


def _parts(document: Document, component: Resource) -> Iterator[Part]:
    if not kind_of(component.type):
        return
    for child in _components(document, component):
        if _holds(component, child, document):
            yield Part(child, tuple(_managed(document, child)))
            yield from _parts(document, child) if kind_of(child.type) else ()


def _components(document: Document, owner: Resource) -> Iterator[Resource]:
    """Give the components directly below one, also where resources stand between."""
    for child in document.children(owner.urn):
        if child.is_component:
            yield child
        else:
            yield from _components(document, child)


def _loose_cards(document: Document, resources: Iterable[Resource]) -> list[Card]:
    by_type: dict[str, list[tuple[Resource, ...]]] = {}
    for resource in resources:
        by_type.setdefault(resource.type, []).append((resource, *_managed(document, resource)))
    cards: list[Card] = []
    for token, holds in by_type.items():
        if len(holds) < LOOSE_GROUP:
            cards += (_card(document, members[0], members) for members in holds)
        else:
            cards.append(_shared_card(token, tuple(member for each in holds for member in each)))
    return cards


def _shared_card(token: str, members: tuple[Resource, ...]) -> Card:
    return Card("", short_type(token), "in no component", "", None, (), zone_of(token), members)


def _card(document: Document, owner: Resource, members: tuple[Resource, ...]) -> Card:
    kind = kind_of(owner.type)
    words, purpose = (kind.kind, kind.purpose) if kind else (short_type(owner.type), "")
    path = tuple(_path(document, owner))
    return Card("", owner.name, words, purpose, owner, path, _zone(owner, members), members)


def _with_grants(
    document: Document, cards: list[Card], grantors: Iterable[Resource], grants: Mapping[str, Grant]
) -> list[Card]:
    """Put the grants outside of components into the cards of what they concern."""
    homes = {member.urn: place for place, card in enumerate(cards) for member in card.members}
    projects = next((place for place, card in enumerate(cards) if card.type == FOUNDATION), None)
    users: dict[str, int] = {}
    for resource in document:
        for urn in resource.dependencies:
            if resource.urn in homes:
                users.setdefault(urn, homes[resource.urn])
    added: dict[int, list[Resource]] = {}
    left: list[Resource] = []
    for grantor in grantors:
        grant = grants.get(grantor.urn)
        of_project = projects if grantor.type.startswith("gcp:projects/") else None
        wanted = [homes.get(grant.target) if grant else None, of_project, users.get(grantor.urn)]
        wanted.append(homes.get(grant.who.urn) if grant else None)
        home = next((place for place in wanted if place is not None), None)
        if home is None:
            left.append(grantor)
        else:
            added.setdefault(home, []).append(grantor)
    filled = [replace(card, members=(*card.members, *added.get(place, ()))) for place, card in enumerate(cards)]
    return filled + _loose_cards(document, left)


def _is_loose(document: Document, resource: Resource) -> bool:
    """Whether a managed resource is in no component, nor below another resource."""
    if not resource.custom or resource.is_provider:
        return False
    parent = document.get(resource.parent)
    return parent is None or parent.is_stack or parent.is_provider


def _managed(document: Document, owner: Resource) -> Iterable[Resource]:
    """Give the managed resources below one, but for those of components in it."""
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
