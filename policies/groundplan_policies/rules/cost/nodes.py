"""In how many zones a pool of nodes of GKE has its nodes: what it says of nodes it says of each zone."""

import re
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource

CLUSTER: Final = "container.Cluster"
LOCATIONS, NAMED = Path("nodeLocations"), Path("cluster")
OF_REGION: Final = 3
"""Zones in which Google makes the nodes of a region's cluster, unless it is told in which."""
_ZONE: Final = re.compile(r"[a-z]+-[a-z]+[0-9]+-[a-z]")


def zones(pool: Resource, context: Context) -> int | None:
    """Give in how many zones a pool has its nodes; None where nobody can tell.

    Args:
        pool: The pool, or a cluster with the properties of a pool that it makes itself.
        context: The deployment.
    """
    own = LOCATIONS.one(pool)
    if own.state is State.KNOWN and isinstance(own.value, list):
        return len(own.value)
    if own.state is not State.ABSENT:
        return None
    cluster = context.graph.resolve(pool, NAMED.one(pool), CLUSTER)
    if cluster is None:
        return _by_place(context.graph.effective(pool, "location"))
    place = context.graph.effective(cluster, "location")
    further = LOCATIONS.one(cluster)
    if further.state is State.ABSENT:
        return _by_place(place)
    listed = len(further.value) if further.state is State.KNOWN and isinstance(further.value, list) else None
    here = _by_place(place)
    if listed is None or here is None:
        return None
    return listed + 1 if here == 1 else listed  # a cluster of a zone lists the others


def _by_place(location: Reading) -> int | None:
    if location.state is not State.KNOWN or not location.text:
        return None
    return 1 if _ZONE.fullmatch(location.text) else OF_REGION
