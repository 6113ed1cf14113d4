"""Where a GKE cluster makes nodes itself. Pools that are resources of their own are judged as such."""

from enum import Enum, auto

from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource

AUTOPILOT, NEW_POOLS = Path("enableAutopilot"), Path("clusterAutoscaling.enabled")
POOLS, REMOVED = Path("nodePools"), Path("removeDefaultNodePool")


class Makes(Enum):
    """A way in which a cluster makes nodes."""

    PROVISIONED = auto()
    """It provisions pools by itself: on Autopilot all of them."""
    POOLS = auto()
    """It lists pools."""
    DEFAULT = auto()
    """It starts with a default pool, and keeps it."""


def is_autopilot(resource: Resource) -> bool:
    """Whether Google manages all nodes. What is not plainly true counts as false."""
    return AUTOPILOT.plain(resource.inputs) is True


def made_by(resource: Resource) -> tuple[Makes, ...]:
    """Give the ways in which a cluster makes nodes itself. What cannot be read counts as asked for."""
    if is_autopilot(resource):
        return (Makes.PROVISIONED,)
    found: list[Makes] = []
    if NEW_POOLS.one(resource).state is not State.ABSENT and NEW_POOLS.plain(resource.inputs) is not False:
        found.append(Makes.PROVISIONED)
    if POOLS.one(resource).state not in {State.ABSENT, State.EMPTY}:
        found.append(Makes.POOLS)
    elif REMOVED.plain(resource.inputs) is not True:
        found.append(Makes.DEFAULT)
    return tuple(found)
