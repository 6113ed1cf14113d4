"""The picture as DOT, for Graphviz and everything that reads its language."""

from groundplan_cli.graph.cards import Card
from groundplan_cli.graph.model import Graph
from groundplan_cli.text import count, plain


def dot(graph: Graph) -> str:
    """Draw a directed graph: a cluster a zone, a node a card, an edge where values flow, a dashed one for rights."""
    lines = [
        "digraph plan {",
        "  rankdir=TB;",
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif", fontsize=10];',
        '  graph [fontname="sans-serif", style="rounded,filled", fillcolor="#f3f5f8", color="#c5ccd6"];',
        '  edge [color="#6b7685"];',
    ]
    for zone, cards in graph.lanes():
        lines.append(f"  subgraph cluster_{zone.id} {{")
        lines.append(f"    label={_quote(zone.title)};")
        lines.extend(f"    {card.id} [label={_quote(*_label(card))}];" for card in cards)
        lines.append("  }")
    lines.extend(f"  {source} -> {target};" for source, target in graph.card_flows())
    for (who, on), rights in graph.card_grants().items():
        lines.append(f"  {who} -> {on} [style=dashed, label={_quote(', '.join(rights))}, fontsize=8];")
    return "\n".join([*lines, "}"]) + "\n"


def _label(card: Card) -> list[str]:
    parts = [card.name, card.kind]
    return parts if len(card.members) == 1 else [*parts, count(len(card.members), "resource")]


def _quote(*lines: str) -> str:
    r"""Quote lines of text for DOT, where only the quote and the backslash mean something, and `\n` breaks lines."""
    return '"' + "\\n".join(plain(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
