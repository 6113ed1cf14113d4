"""How many may see what is in a resource, by its grants."""

from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.principals import PROJECT_ROLES, Kind
from groundplan_policies.engine.resource import Resource

_WIDTH: Final = {
    Kind.DOMAIN: 2,
    **dict.fromkeys(PROJECT_ROLES, 1),
    Kind.PRINCIPAL_SET: 1,
}
EVERYBODY: Final = 3


def widest(resource: Resource, graph: Graph) -> int:
    """Give how wide the widest grant on a resource is: 3 for everybody, 2 for a domain, 1 for a set, 0 for names."""
    found = (
        EVERYBODY if grant.principal.public else _WIDTH.get(grant.principal.kind, 0)
        for grant in graph.grants_on(resource)
    )
    return max(found, default=0)
