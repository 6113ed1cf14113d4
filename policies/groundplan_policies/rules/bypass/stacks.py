"""Other stacks whose outputs a program reads."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown

STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"
"""Type of the resource by which a program reads another stack's outputs."""


def stack_references(graph: Graph) -> Mapping[str, str]:
    """Give, by URN, the names of the stacks that a program reads; "" where a name is not known."""
    return {each.urn: _name(each) for each in graph.by_token.get(STACK_REFERENCE, ())}


def _name(reference: Resource) -> str:
    name = reference.inputs.get("name")
    return name if isinstance(name, str) and not is_unknown(name) else ""
