"""NET-16: Kubernetes nodes and control planes are private."""

from dataclasses import replace

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import every, is_false, is_true
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, indeterminate
from groundplan_policies.engine.ways import one_way, other_way
from groundplan_policies.rules.network.clusters import IP_ENDPOINTS_OFF

_CLUSTER, _POOL = "container.Cluster", "container.NodePool"
_NODES = is_true("privateClusterConfig.enablePrivateNodes")
_INSIDE = replace(
    is_true("nodePools.networkConfig.enablePrivateNodes", absent=Verdict.PASS), empty=Verdict.INDETERMINATE
)
_ENDPOINT = is_true("privateClusterConfig.enablePrivateEndpoint")
_NAME_ENDPOINT = is_false("controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic")
_OWN = is_true("networkConfig.enablePrivateNodes", absent=Verdict.NOT_APPLICABLE)
_OF_CLUSTER = Path("cluster")


def _pool(resource: Resource, context: Context) -> Outcome:
    """Judge a pool by what it says; where it says nothing it is as its cluster, which is judged itself."""
    own = _OWN(resource, context)
    if own is not NOT_APPLICABLE:
        return own
    cluster = context.graph.resolve(resource, _OF_CLUSTER.one(resource), _CLUSTER)
    if cluster is not None:
        return NOT_APPLICABLE
    return indeterminate("is absent, and this document does not show the cluster that decides then", _OWN.path.text)


CONTROL = Control(
    id="NET-16",
    title="Kubernetes nodes and control planes are private",
    why=(
        "Nodes with external addresses are machines on the internet; a control plane with one is the key to all of "
        "them. Nodes of the cluster, and of every pool that says something of its own, must be private; a pool that "
        "says nothing is as its cluster. The control plane must have its private endpoint alone, or no IP endpoint "
        "at all. The DNS endpoint must not answer from outside: that it asks IAM is one barrier, not two. Absent is "
        "closed for the DNS endpoint, and open for all others."
    ),
    remedy="Use TrainingCluster, or set `enable_private_nodes` and turn `ip_endpoints_config` off.",
    severity=Severity.HIGH,
    objectives=("3.2.c", "6.1.a"),
    clauses=(
        partial("cis-gke-1.6", "5.6.4", "Endpoints that are opened on a cluster after it was made."),
        partial("cis-gke-1.6", "5.6.5", "Pools that are added by hand."),
    ),
    reads=(
        _NODES.reads(_CLUSTER),
        _INSIDE.reads(_CLUSTER),
        other_way(_ENDPOINT.reads(_CLUSTER)),
        IP_ENDPOINTS_OFF.reads(_CLUSTER),
        _NAME_ENDPOINT.reads(_CLUSTER),
        _OWN.reads(_POOL),
    ),
    checks={
        _CLUSTER: every(_NODES, _INSIDE, one_way(_ENDPOINT, IP_ENDPOINTS_OFF), _NAME_ENDPOINT),
        _POOL: _pool,
    },
)
