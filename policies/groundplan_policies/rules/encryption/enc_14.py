"""ENC-14: restricted data is processed on confidential machines."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import Expectation, either, every, is_one_of, is_true
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict
from groundplan_policies.rules.data.classes import owner_of
from groundplan_policies.rules.encryption.machines import TECHNOLOGIES, Confidential, is_virtual
from groundplan_policies.rules.encryption.restricted import WhereRestricted


def _technology(path: str) -> Expectation:
    return is_one_of(f"{path}.confidentialInstanceType", *TECHNOLOGIES)


def _switch(path: str) -> Expectation:
    return is_true(f"{path}.enableConfidentialCompute")


_ON_DATAPROC = "clusterConfig.gceClusterConfig.confidentialInstanceConfig"
_NOTEBOOK_ASKS = _technology("gceSetup.confidentialInstanceConfig")
_MACHINE_ASKS = (_switch("confidentialInstanceConfig"), _technology("confidentialInstanceConfig"))
_DATAPROC_ASKS = (_technology(_ON_DATAPROC), _switch(_ON_DATAPROC))
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


_NOTEBOOK = Confidential(_NOTEBOOK_ASKS, (Path("gceSetup.machineType"),))
_MACHINE = Confidential(either(*_MACHINE_ASKS), (Path("machineType"),))
_DATAPROC = Confidential(
    either(*_DATAPROC_ASKS),
    (Path("clusterConfig.masterConfig.machineType"), Path("clusterConfig.workerConfig.machineType")),
)
_NODES = Confidential(either(_CLUSTER_ASKS, _NODES_ASK), (_NODE_MACHINE,))
_OWN_POOLS = Confidential(either(_CLUSTER_ASKS, _POOLS_ASK), (Path("nodePools.nodeConfig.machineType"),))
_POOL = Confidential(_pool_asks, (_NODE_MACHINE,))


def _dataproc(resource: Resource, context: Context) -> Outcome:
    return NOT_APPLICABLE if is_virtual(resource) else _DATAPROC(resource, context)


def _cluster(resource: Resource, context: Context) -> Outcome:
    """Judge the nodes that the cluster itself makes; pools that are resources of their own are judged there."""
    checks: list[Check] = []
    if _NEW_POOLS.one(resource).state is not State.ABSENT and _NEW_POOLS.plain(resource.inputs) is not False:
        checks.append(_CLUSTER_ASKS)
    if _POOLS.one(resource).state not in {State.ABSENT, State.EMPTY}:
        checks.append(_OWN_POOLS)
    elif _REMOVED.plain(resource.inputs) is not True:
        checks.append(_NODES)
    return every(*checks)(resource, context) if checks else NOT_APPLICABLE


def _where_restricted(check: Check) -> WhereRestricted:
    return WhereRestricted(check, lambda parameters: parameters.confidential_computing, "confidential machines")


def _harmless(type_: str, *paths: str) -> tuple[Read, ...]:
    """Properties that do not matter where the machine is confidential."""
    return tuple(Read(type_, path, *[Verdict.PASS] * 5) for path in paths)


CONTROL = Control(
    id="ENC-14",
    title="Restricted data is processed on confidential machines",
    why=(
        "Encryption at rest ends in memory: who controls the host can read it there. A confidential machine encrypts "
        "its memory with a key of the processor. This is asked of restricted data, in tiers that ask for it; what "
        "carries no class counts as restricted. Of GKE the pools are read too, as a cluster need not ask for all of "
        "them. What asks for it on a machine type that is not known to support it is indeterminate, not passed: only "
        "some families do (N2D, C2D, C3D, C4D, C3, and A3 with one GPU), and most accelerators do not."
    ),
    remedy=(
        "Use Workbench or TrainingPool with a machine type that can, or set `confidential_instance_config` or "
        "`confidential_nodes`; keep restricted data off other machines, and label them with the class that they hold."
    ),
    severity=Severity.MEDIUM,
    objectives=("2.2.b", "3.3.a"),
    clauses=(partial("cis-gcp-5.0", "4.11", "Machines whose data is not restricted, and tiers that do not ask."),),
    reads=(
        _NOTEBOOK_ASKS.reads("workbench.Instance"),
        *_NOTEBOOK.reads("workbench.Instance"),
        *_harmless("workbench.Instance", "labels"),
        *(
            read
            for type_ in ("compute.Instance", "compute.InstanceTemplate")
            for read in (
                _MACHINE_ASKS[0].reads(type_),
                *_MACHINE.reads(type_),
                *_harmless(type_, "labels", _MACHINE_ASKS[1].path.text),
            )
        ),
        _DATAPROC_ASKS[0].reads("dataproc.Cluster"),
        *_DATAPROC.reads("dataproc.Cluster"),
        *_harmless("dataproc.Cluster", "labels", _DATAPROC_ASKS[1].path.text),
        _CLUSTER_ASKS.reads("container.Cluster"),
        *_NODES.reads("container.Cluster"),
        *_harmless("container.Cluster", "resourceLabels", _NODES_ASK.path.text),
        _NODES_ASK.reads("container.NodePool"),
        *_POOL.reads("container.NodePool"),
        *_harmless("container.NodePool", "nodeConfig.resourceLabels", "cluster"),
    ),
    checks={
        "workbench.Instance": _where_restricted(_NOTEBOOK),
        "compute.Instance": _where_restricted(_MACHINE),
        "compute.InstanceTemplate": _where_restricted(_MACHINE),
        "dataproc.Cluster": _where_restricted(_dataproc),
        "container.Cluster": _where_restricted(_cluster),
        "container.NodePool": _where_restricted(_POOL),
    },
    settings=("confidential_computing", "restricted_classes", "classifications"),
)
