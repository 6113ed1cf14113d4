"""How many may see what is in a resource, by its grants."""

from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.principals import PROJECT_ROLES, Kind
from groundplan_policies.engine.resource import Resource
from groundplan_policies.rules.data.targets import dataset_of

_WIDTH: Final = {
    Kind.DOMAIN: 2,
    **dict.fromkeys(PROJECT_ROLES, 1),
    Kind.PRINCIPAL_SET: 1,
}
EVERYBODY: Final = 3


def widest(resource: Resource, graph: Graph) -> int:
    """Give how wide the widest grant on a resource, or on a table's dataset, is.

    3 is everybody, 2 a domain, 1 a set, 0 names.
    """
    home = dataset_of(resource, graph)
    granted = (*graph.grants_on(resource), *(graph.grants_on(home) if home is not None else ()))
    found = (EVERYBODY if each.principal.public else _WIDTH.get(each.principal.kind, 0) for each in granted)
    return max(found, default=0)
