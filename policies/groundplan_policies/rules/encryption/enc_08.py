"""ENC-08: GKE secrets, disks and traffic are encrypted."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.expect import every, is_one_of
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.encryption.keys import KeyExpectation
from groundplan_policies.rules.encryption.uses import CLUSTER_SECRETS, NODE_DISK

_STATE = is_one_of("databaseEncryption.state", "ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED")
_SECRETS = KeyExpectation(Path(CLUSTER_SECRETS))
_TRAFFIC = is_one_of("inTransitEncryptionConfig", "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT")
_DISK = KeyExpectation(Path(NODE_DISK))
_POOL_DISKS = KeyExpectation(Path(f"nodePools.{NODE_DISK}"))
_NEW_POOLS = Path("clusterAutoscaling.enabled")
_NEW_DISKS = KeyExpectation(Path("clusterAutoscaling.autoProvisioningDefaults.bootDiskKmsKey"))
_AUTOPILOT, _REMOVED = Path("enableAutopilot"), Path("removeDefaultNodePool")
_POOLS = Path("nodePools")


def _disks(resource: Resource, context: Context) -> Outcome:
    """Judge each pool that the cluster itself makes; pools that are resources of their own are judged there."""
    if _AUTOPILOT.plain(resource.inputs) is True:
        return _NEW_DISKS(resource, context)
    outcomes = [NOT_APPLICABLE]
    if _NEW_POOLS.one(resource).state is not State.ABSENT and _NEW_POOLS.plain(resource.inputs) is not False:
        outcomes.append(_NEW_DISKS(resource, context))
    if _POOLS.one(resource).state not in {State.ABSENT, State.EMPTY}:
        outcomes.append(_POOL_DISKS(resource, context))
    elif _REMOVED.plain(resource.inputs) is not True:
        outcomes.append(_DISK(resource, context))
    return all_of(outcomes)


CONTROL = Control(
    id="ENC-08",
    title="GKE secrets, disks and traffic are encrypted",
    why=(
        "Kubernetes secrets lie in the cluster's database, data on the nodes' disks, and gradients travel between "
        "nodes in the clear. The database needs a state and a key: a key alone is not used. Boot disks are asked for "
        "wherever the cluster makes nodes: its default pool, unless that is removed at once; pools in the cluster; "
        "and pools that it provisions by itself, which on Autopilot are all. The key of persistent volumes is in a "
        "storage class, which is Kubernetes' and not seen here."
    ),
    remedy=(
        "Use TrainingCluster and TrainingPool with `keys`, or set `database_encryption`, "
        "`in_transit_encryption_config` and `node_config.boot_disk_kms_key`."
    ),
    severity=Severity.MEDIUM,
    objectives=("3.2.c", "3.3.a"),
    clauses=(
        full("cis-gke-1.6", "5.3.1"),
        full("cis-gke-1.6", "5.9.2"),
        partial("nist-800-53-r5", "SC-28", "Persistent volumes, whose key is in their storage class."),
    ),
    reads=(
        _STATE.reads("container.Cluster"),
        _SECRETS.reads("container.Cluster"),
        _TRAFFIC.reads("container.Cluster"),
        _DISK.reads("container.Cluster"),
        *(Read.aside("container.Cluster", path.text) for path in (_AUTOPILOT, _REMOVED)),
        _POOL_DISKS.reads("container.Cluster"),
        Read("container.Cluster", _NEW_POOLS.text, Verdict.PASS, *[Verdict.FAIL] * 4),
        Read.aside("container.Cluster", _NEW_DISKS.path.text),
        _DISK.reads("container.NodePool"),
    ),
    checks={"container.Cluster": every(_STATE, _SECRETS, _TRAFFIC, _disks), "container.NodePool": _DISK},
    settings=("key_projects",),
)
