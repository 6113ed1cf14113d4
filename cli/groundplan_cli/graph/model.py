"""The picture's model: cards of resources in lanes, flows of values between resources, and grants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from groundplan_cli.graph.cards import Card, make_cards
from groundplan_cli.graph.grants import Grant, find_grants, is_grant
from groundplan_cli.graph.principals import Accounts
from groundplan_cli.graph.zones import Zone, zones
from groundplan_policies.engine import Document, Resource, leaves

KEY_TYPE = "gcp:kms/cryptoKey:CryptoKey"


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


@dataclass(frozen=True)
class Graph:
    """A picture of a document.

    Attributes:
        document: What it shows.
        cards: The boxes, in the order of the document.
        flows: Between resources, those of values and those of order; see `card_flows` for those between cards.
        grants: Who may do what on what.
        runs: Which component says that it runs as which account: URNs of both.
    """

    document: Document
    cards: tuple[Card, ...]
    flows: tuple[Flow, ...]
    grants: tuple[Grant, ...]
    runs: tuple[tuple[str, str], ...] = ()

    @cached_property
    def homes(self) -> Mapping[str, Card]:
        """The card of each drawn resource, and of each component that is a card or a part of one: URN -> card."""
        homes = {part.component.urn: card for card in self.cards for part in card.parts}
        for card in self.cards:
            homes.update({member.urn: card for member in card.members})
            if card.owner:
                homes.setdefault(card.owner.urn, card)
        return homes

    def lanes(self) -> list[tuple[Zone, list[Card]]]:
        """Give the zones that hold something, in the order of the story, with their cards."""
        found = [(zone, [card for card in self.cards if card.zone is zone]) for zone in zones()]
        return [(zone, cards) for zone, cards in found if cards]

    def card_flows(self) -> dict[tuple[str, str], int]:
        """Count the flows of values between different cards, but for grants: ids of source and target -> number."""
        counts: dict[tuple[str, str], int] = {}
        for flow in self.flows:
            pair = (self.homes[flow.source].id, self.homes[flow.target].id)
            if flow.paths and pair[0] != pair[1] and not is_grant(self.document[flow.target]):
                counts[pair] = counts.get(pair, 0) + 1
        return counts

    def card_grants(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Give what cards do by right: ids of who and on what -> what, such as `may read` or `runs as`, each once."""
        verbs: dict[tuple[str, str], dict[str, None]] = {}
        rights = [(grant.who.urn, grant.target, f"may {grant.verb}") for grant in self.grants]
        for urn, target, verb in [*rights, *((urn, account, "runs as") for urn, account in self.runs)]:
            who, on = self.homes.get(urn), self.homes.get(target)
            if who and on and who is not on:
                verbs.setdefault((who.id, on.id), {})[verb] = None
        return {pair: tuple(found) for pair, found in verbs.items()}

    def keys_of(self, card: Card) -> list[Resource]:
        """Give the customer's keys that a card's resources name."""
        held = {member.urn for member in card.members if not is_grant(member)}
        found = {flow.source: None for flow in self.flows if flow.paths and flow.target in held}
        keys = [self.document[urn] for urn in found if urn not in held]
        return [key for key in keys if key.type == KEY_TYPE]


def build_graph(document: Document) -> Graph:
    """Make the picture of a document."""
    grants = tuple(find_grants(document))
    cards = tuple(make_cards(document, grants))
    drawn = {member.urn for card in cards for member in card.members}
    flows, runs = tuple(_flows(document, drawn)), tuple(_runs(document))
    return Graph(document=document, cards=cards, flows=flows, grants=grants, runs=runs)


def _runs(document: Document) -> Iterable[tuple[str, str]]:
    accounts = Accounts.of(document)
    for component in document:
        account = component.is_component and accounts.by_email(str(component.outputs.get("accountEmail")))
        if account:
            yield component.urn, account


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
