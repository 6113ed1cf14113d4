"""The picture as one HTML page that loads nothing and can be mailed, archived or opened offline.

Everything in it that a program wrote is text: Jinja escapes what stands in the markup, the script makes its elements
with `textContent`, and the data is JSON with every character escaped that could end its element. A content security
policy in the page itself allows this page's own script and style by their hashes, and nothing else, no network at all.
"""

import base64
import hashlib
import json
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from groundplan_cli.graph.model import Card, Graph
from groundplan_cli.graph.zones import Zone, zones
from groundplan_cli.plan import marks
from groundplan_cli.render.names import short_type
from groundplan_cli.render.values import show
from groundplan_cli.text import count, plain
from groundplan_policies.engine import Resource, Value, is_secret, is_unknown, leaves

VALUE_WIDTH = 400
"""Characters of a property's value that the page shows."""


def html(graph: Graph) -> str:
    """Render the page."""
    style, script = _asset("graph.css"), _asset("graph.js")
    stack = graph.document.stack
    # `autoescape` is on: the template is HTML, and names come from programs.
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters.update(plain=plain, short_type=short_type)
    template = environment.from_string(_asset("graph.html.j2"))
    return template.render(
        title=plain(stack.name) if stack else "Plan",
        lanes=_lanes(graph),
        ids=_ids(graph),
        total=count(sum(len(card.members) for card in graph.cards), "resource"),
        parts=count(len(graph.cards), "part"),
        flows=count(sum(1 for flow in graph.flows if flow.paths), "flow"),
        all_flows=len(graph.card_flows()) <= MOST_FLOWS,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=_data(graph),
    )


MOST_FLOWS = 60
"""Up to how many pairs of boxes all flows are drawn at first; beyond, only those of the chosen box."""


def _lanes(graph: Graph) -> list[tuple[Zone, list[Card]]]:
    """Give the lanes, the outermost also when it is empty: that nothing faces the internet is worth saying."""
    lanes = graph.lanes()
    outermost = zones()[0]
    return lanes if lanes and lanes[0][0] is outermost else [(outermost, []), *lanes]


def _asset(name: str) -> str:
    return files("groundplan_cli.render").joinpath("page", name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """Give the hash by which the content security policy knows an inline element."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _ids(graph: Graph) -> dict[str, str]:
    """Name every drawn resource within the page: URNs may hold anything. A resource that is a card has the card's."""
    ids: dict[str, str] = {}
    for card in graph.cards:
        for member in card.members:
            ids[member.urn] = card.id if card.stands_alone else f"r{len(ids)}"
    return ids


def _data(graph: Graph) -> str:
    """Give what the script needs, as JSON that cannot end its element and holds no control character."""
    ids = _ids(graph)
    data = {
        "nodes": {ids[member.urn]: _node(member) for card in graph.cards for member in card.members},
        "cards": {card.id: _card(card, ids) for card in graph.cards},
        "flows": [[ids[flow.source], ids[flow.target], flow.paths] for flow in graph.flows if flow.paths],
        "order": [[ids[flow.source], ids[flow.target]] for flow in graph.flows if not flow.paths],
    }
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _card(card: Card, ids: dict[str, str]) -> dict[str, object]:
    return {
        "name": plain(card.name),
        "type": plain(card.kind),
        "urn": plain(card.owner.urn) if card.owner else "",
        "members": [ids[member.urn] for member in card.members],
        "source": _source(card.owner) if card.owner else "",
    }


def _node(resource: Resource) -> dict[str, object]:
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
