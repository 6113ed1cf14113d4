"""NET-13: Spark workloads have private addresses."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import is_true
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity
from groundplan_policies.engine.ways import when_given
from groundplan_policies.rules.network.named import NamedNetwork

_CLUSTER = is_true("clusterConfig.gceClusterConfig.internalIpOnly")
_MANAGED = "placement.managedCluster"
_WORKFLOW = is_true(f"{_MANAGED}.config.gceClusterConfig.internalIpOnly")
_SERVERLESS = NamedNetwork("environmentConfig.executionConfig", ("subnetworkUri",))
_MACHINES, _VIRTUAL = Path("clusterConfig"), Path("virtualClusterConfig")


def _cluster(resource: Resource, context: Context) -> Outcome:
    on_kubernetes = _VIRTUAL.one(resource).state is State.KNOWN and _MACHINES.one(resource).state is State.ABSENT
    return NOT_APPLICABLE if on_kubernetes else _CLUSTER(resource, context)


CONTROL = Control(
    id="NET-13",
    title="Spark workloads have private addresses",
    why=(
        "The machines of a cluster get external addresses in the provider's view unless it says otherwise, so absent "
        "fails; so does a cluster that a workflow makes for itself. Batches and sessions without servers have none, "
        "but stand in the default network unless a subnetwork is named. A cluster on Kubernetes has the nodes of "
        "that cluster (NET-16), and a workflow that selects a cluster makes none: the control does not apply."
    ),
    remedy="Set `internal_ip_only` in `gce_cluster_config`, or `subnetwork_uri` in `execution_config`.",
    severity=Severity.HIGH,
    objectives=("2.1.a", "2.2.a", "2.2.c"),
    clauses=(
        partial("nist-800-53-r5", "SC-7", "The other boundaries of the system: these are Spark's machines alone."),
    ),
    reads=(
        _CLUSTER.reads("dataproc.Cluster"),
        _WORKFLOW.reads("dataproc.WorkflowTemplate"),
        *_SERVERLESS.reads("dataproc.Batch"),
        *_SERVERLESS.reads("dataproc.SessionTemplate"),
    ),
    checks={
        "dataproc.Cluster": _cluster,
        "dataproc.WorkflowTemplate": when_given(_MANAGED, _WORKFLOW),
        "dataproc.Batch": _SERVERLESS,
        "dataproc.SessionTemplate": _SERVERLESS,
    },
)
