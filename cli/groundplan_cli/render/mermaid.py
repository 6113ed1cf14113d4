"""The picture as Mermaid, for a README or a pull request."""

import re

from groundplan_cli.graph.cards import Card
from groundplan_cli.graph.model import Graph
from groundplan_cli.text import count, plain

_SAFE = re.compile(r"[^A-Za-z0-9 _.,:/@×-]")


def mermaid(graph: Graph) -> str:
    """Draw a flowchart: a subgraph a zone, a node a card, an arrow where values flow, a dotted one for rights."""
    lines = ["flowchart TB"]
    for zone, cards in graph.lanes():
        lines.append(f'  subgraph {zone.id}["{_text(zone.title)}"]')
        lines.extend(f'    {card.id}["{_label(card)}"]' for card in cards)
        lines.append("  end")
    lines.extend(f"  {source} --> {target}" for source, target in graph.card_flows())
    for (who, on), rights in graph.card_grants().items():
        lines.append(f'  {who} -. "{_text(", ".join(rights))}" .-> {on}')
    return "\n".join(lines) + "\n"


def _label(card: Card) -> str:
    parts = [_text(card.name), _text(card.kind)]
    if len(card.members) > 1:
        parts.append(count(len(card.members), "resource"))
    return "<br/>".join(parts)


def _text(text: str) -> str:
    """Write every character that could mean something to Mermaid or HTML as an entity code (`#60;`)."""
    return _SAFE.sub(lambda match: f"#{ord(match[0])};", plain(text))
