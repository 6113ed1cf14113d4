"""What constructs say of themselves that no resource in the cloud tells: the input `governance` of components."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.flow.model import Edge, Kind

GOVERNANCE: Final = "governance"
"""The input of a component that says which review it answers to, under which agreements, and what it is made of."""

_TRAINED_BY: Final = "trainedBy"


def governance_of(resource: Resource) -> Mapping[str, Value]:
    """Give what a component says of its governance; nothing where it says nothing, or nothing that can be read."""
    said = resource.inputs.get(GOVERNANCE)
    return said if isinstance(said, dict) else {}


def governing(resource: Resource, graph: Graph) -> Iterator[Mapping[str, Value]]:
    """Give what a resource and those around it say of their governance, the innermost first."""
    here: Resource | None = resource
    seen: set[str] = set()
    while here is not None and here.urn not in seen:
        seen.add(here.urn)
        said = governance_of(here)
        if said:
            yield said
        here = graph.parent(here)


def texts(value: Value) -> tuple[str, ...]:
    """Give the texts of a list, or the one text that stands in its place."""
    given = value if isinstance(value, list) else [value]
    return tuple(each for each in given if isinstance(each, str) and each)


def declared_edges(graph: Graph) -> Iterator[Edge]:
    """Give the edges from training to the endpoints whose models are said to be trained there."""
    for endpoint in graph.of("vertex.AiEndpoint"):
        for said in governing(endpoint, graph):
            for urn in texts(said.get(_TRAINED_BY)):
                yield Edge(urn, endpoint.urn, Kind.DECLARED, endpoint.urn)
