"""What the page's script knows of each box, resource and outsider: shown on a click, so kept beside the markup.

It is JSON whose every text is made harmless, and which cannot end the element that holds it.
"""

import json
from collections.abc import Mapping

from groundplan_cli.graph.cards import Card
from groundplan_cli.graph.environment import Environment, projects_of
from groundplan_cli.graph.grants import Grant, is_grant
from groundplan_cli.graph.kinds import fact_labels, kind_of
from groundplan_cli.graph.model import Graph
from groundplan_cli.graph.outside import Outsider
from groundplan_cli.plan import marks
from groundplan_cli.render.names import short_type
from groundplan_cli.render.values import show
from groundplan_cli.text import clip, plain
from groundplan_policies.engine import Resource, Value, is_secret, is_unknown, leaves

VALUE_WIDTH = 400
"""Characters of a property's value that the page shows."""

Json = Mapping[str, object]


def resource_ids(graph: Graph) -> dict[str, str]:
    """Name every drawn resource within the page: URNs may hold anything. A resource that is a card has the card's."""
    ids: dict[str, str] = {}
    for card in graph.cards:
        for member in card.members:
            ids[member.urn] = card.id if card.stands_alone else f"r{len(ids)}"
    return ids


def page_data(graph: Graph, environment: Environment, outsiders: list[Outsider]) -> str:
    """Give what the script needs, as JSON that cannot end its element and holds no control character."""
    ids = resource_ids(graph)
    numbered = [flow for flow in graph.flows if not is_grant(graph.document[flow.target])]
    data = {
        "nodes": {ids[member.urn]: _node(member) for card in graph.cards for member in card.members},
        "cards": {card.id: _card(graph, card, ids) for card in graph.cards},
        "outsiders": {each.id: _outsider(graph, each) for each in outsiders},
        "flows": [[ids[flow.source], ids[flow.target], flow.paths] for flow in numbered if flow.paths],
        "order": [[ids[flow.source], ids[flow.target]] for flow in graph.flows if not flow.paths],
        "grants": [[*pair, list(verbs)] for pair, verbs in graph.card_grants().items()],
        "projects": {each.id: list(each.roles) for each in environment.projects},
    }
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _card(graph: Graph, card: Card, ids: Mapping[str, str]) -> Json:
    inner = {member.urn for part in card.parts for member in part.members}
    owner = card.owner
    return {
        "name": plain(card.name),
        "kind": plain(card.kind),
        "purpose": card.purpose,
        "lane": card.zone.title,
        "urn": plain(owner.urn) if owner else "",
        "source": _source(owner) if owner else "",
        "projects": [plain(each) for each in projects_of(graph.document, card.members)],
        "facts": _facts(owner) if owner else [],
        "keys": [[plain(key.name), graph.homes[key.urn].id] for key in graph.keys_of(card)],
        "noKey": _keeps_data(card) and not graph.keys_of(card),
        "may": [_right(graph, grant, card) for grant in graph.grants if graph.homes.get(grant.who.urn) is card],
        "users": [_use(graph, grant) for grant in graph.grants if _is_used_by(graph, grant, card)],
        "parts": [_part(part.component, part.members, ids) for part in card.parts],
        "members": [ids[member.urn] for member in card.members if member.urn not in inner],
    }


def _keeps_data(card: Card) -> bool:
    kind = kind_of(card.type)
    return kind is not None and kind.keeps_data and card.kind == kind.kind


def _is_used_by(graph: Graph, grant: Grant, card: Card) -> bool:
    on = graph.homes.get(grant.target) or graph.homes.get(grant.urn)
    return on is card and graph.homes.get(grant.who.urn) is not card


def _right(graph: Graph, grant: Grant, card: Card | None) -> Json:
    """Write down what somebody may do, and who that is where the box holds several accounts."""
    on = graph.homes.get(grant.target)
    who = grant.who.name if card is None or grant.who.name != card.name else ""
    return {
        "who": plain(who),
        "words": plain(grant.words),
        "on": plain(grant.on),
        "card": on.id if on and on is not card else "",
        "condition": plain(grant.condition),
    }


def _use(graph: Graph, grant: Grant) -> Json:
    who = graph.homes.get(grant.who.urn)
    right = _right(graph, grant, None)
    return {**right, "card": who.id if who else "", "kind": plain(grant.who.outside)}


def _part(component: Resource, members: tuple[Resource, ...], ids: Mapping[str, str]) -> Json:
    kind = kind_of(component.type)
    return {
        "name": plain(component.name),
        "kind": kind.kind if kind else plain(short_type(component.type)),
        "purpose": kind.purpose if kind else "",
        "facts": _facts(component),
        "members": [ids[member.urn] for member in members],
    }


def _outsider(graph: Graph, outsider: Outsider) -> Json:
    return {
        "name": plain(outsider.name),
        "kind": outsider.kind,
        "cards": outsider.cards,
        "may": [{**_right(graph, grant, None), "who": ""} for grant in outsider.grants],
    }


def _facts(component: Resource) -> list[tuple[str, str]]:
    found = ((label, _fact(component.outputs.get(name))) for name, label in fact_labels().items())
    return [(label, clip(plain(value), VALUE_WIDTH)) for label, value in found if value]


def _fact(value: Value) -> str:
    """Write an output for people, "" where it is not known, secret or empty."""
    if value is None or is_unknown(value) or is_secret(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(filter(None, map(_fact, value)))
    if isinstance(value, dict):
        # What a name stands for is left out where it is a path of Google's, which says the name again.
        texts = {key: _fact(each) for key, each in value.items()}
        return ", ".join(f"{key}: {text}" if text and "/" not in text else key for key, text in texts.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _node(resource: Resource) -> Json:
    found = marks(resource)
    return {
        "name": plain(resource.name),
        "type": plain(short_type(resource.type)),
        "urn": plain(resource.urn),
        "marks": [plain(word) for word in found.words],
        "source": _source(resource),
        "properties": [_property(path, leaf) for path, leaf in leaves(resource.inputs) if path],
    }


def _source(resource: Resource) -> str:
    return plain(str(resource.source)) if resource.source and resource.source.own else ""


def _property(path: str, leaf: Value) -> tuple[str, str, str]:
    kind = "secret" if is_secret(leaf) else "unknown" if is_unknown(leaf) else ""
    return plain(path), show(leaf, VALUE_WIDTH), kind
