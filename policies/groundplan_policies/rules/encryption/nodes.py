"""Confidential nodes of GKE: a cluster asks for all of its nodes, or a pool asks for its own."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Read
from groundplan_policies.engine.expect import either, every, is_true
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict
from groundplan_policies.rules.data.classes import owner_of
from groundplan_policies.rules.encryption.machines import Confidential, harmless

_CLUSTER_ASKS, _NODES_ASK = is_true("confidentialNodes.enabled"), is_true("nodeConfig.confidentialNodes.enabled")
_POOLS_ASK = is_true("nodePools.nodeConfig.confidentialNodes.enabled")
_NEW_POOLS, _REMOVED, _POOLS = Path("clusterAutoscaling.enabled"), Path("removeDefaultNodePool"), Path("nodePools")
_NODE_MACHINE = Path("nodeConfig.machineType")


def _pool_asks(resource: Resource, context: Context) -> Outcome:
    """A pool asks itself, or its cluster asks for all its nodes."""
    outcome = _NODES_ASK(resource, context)
    if outcome is PASS:
        return PASS
    cluster = owner_of(resource, context)
    return PASS if cluster is not None and _CLUSTER_ASKS(cluster, context) is PASS else outcome


_NODES = Confidential(either(_CLUSTER_ASKS, _NODES_ASK), (_NODE_MACHINE,))
_OWN_POOLS = Confidential(either(_CLUSTER_ASKS, _POOLS_ASK), (Path("nodePools.nodeConfig.machineType"),))
pool = Confidential(_pool_asks, (_NODE_MACHINE,))
"""Judges a pool that is a resource of its own."""


def cluster(resource: Resource, context: Context) -> Outcome:
    """Judge the nodes that a cluster itself makes; pools that are resources of their own are judged there."""
    checks: list[Check] = []
    if _NEW_POOLS.one(resource).state is not State.ABSENT and _NEW_POOLS.plain(resource.inputs) is not False:
        checks.append(_CLUSTER_ASKS)
    if _POOLS.one(resource).state not in {State.ABSENT, State.EMPTY}:
        checks.append(_OWN_POOLS)
    elif _REMOVED.plain(resource.inputs) is not True:
        checks.append(_NODES)
    return every(*checks)(resource, context) if checks else NOT_APPLICABLE


READS: tuple[Read, ...] = (
    _CLUSTER_ASKS.reads("container.Cluster"),
    *_NODES.reads("container.Cluster"),
    *harmless("container.Cluster", "resourceLabels", _NODES_ASK.path.text, _NEW_POOLS.text, _REMOVED.text),
    *(
        Read("container.Cluster", path, *[Verdict.INDETERMINATE] * 5)
        for path in (_POOLS_ASK.path.text, *(each.text for each in _OWN_POOLS.machines))
    ),
    _NODES_ASK.reads("container.NodePool"),
    *pool.reads("container.NodePool"),
    *harmless("container.NodePool", "nodeConfig.resourceLabels", "cluster"),
)
"""What both read, for the control's documentation: of a cluster that asks for all its nodes."""
