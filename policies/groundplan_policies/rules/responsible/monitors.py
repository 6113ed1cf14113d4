"""Monitoring of models: which constructs watch which endpoint, and what they say to watch."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.rules.responsible.declarations import MONITORING, of_type

ENDPOINT: Final = Path("monitor.endpoint")


def monitors_of(endpoint: Resource, graph: Graph) -> tuple[Resource, ...]:
    """Give the constructs that say to watch an endpoint: they name it, or a construct around it, by its URN."""
    watched = graph.once(_watched)
    found: list[Resource] = []
    here: Resource | None = endpoint
    while here is not None and not here.is_stack:
        found += watched.get(here.urn, ())
        here = graph.parent(here)
    return tuple(found)


def _watched(graph: Graph) -> Mapping[str, tuple[Resource, ...]]:
    found: dict[str, list[Resource]] = {}
    for monitor in of_type(graph, MONITORING):
        named: Reading = ENDPOINT.one(monitor)
        if named.state is State.KNOWN and named.text:
            found.setdefault(named.text, []).append(monitor)
    return {urn: tuple(each) for urn, each in found.items()}
