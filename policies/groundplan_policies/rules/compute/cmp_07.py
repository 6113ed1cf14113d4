"""CMP-07: nodes are hardened and maintained."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import Expectation, every, is_true, reads_of
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.compute.pools import of_cluster
from groundplan_policies.rules.identity.nodes import AUTOPILOT, POOLS, REMOVED, Makes, is_autopilot, made_by

_POOL, _CLUSTER = "container.NodePool", "container.Cluster"
_IMAGE: Final = "COS_CONTAINERD"


def _is_image(value: Value) -> bool:
    """Whether a pool has Google's system for containers: Google takes its name in any case of letters."""
    return str(value).upper() == _IMAGE


def _hardened(nodes: str, management: str) -> tuple[Expectation, ...]:
    """Give what is expected of nodes below one path that are managed as another one says."""
    return (
        is_true(f"{nodes}.shieldedInstanceConfig.enableSecureBoot"),
        is_true(f"{nodes}.shieldedInstanceConfig.enableIntegrityMonitoring", absent=Verdict.PASS),
        Expectation(
            *(Path(f"{nodes}.imageType"), _IMAGE, _is_image, "a text", (str,)),
            quick=_IMAGE,
            absent=Verdict.PASS,
            show=True,
        ),
        is_true(f"{management}.autoUpgrade", absent=Verdict.PASS),
    )


_NODES: Final = _hardened("nodeConfig", "management")
_REPAIR: Final = is_true("management.autoRepair", absent=Verdict.PASS)
_QUEUED: Final = Path("queuedProvisioning.enabled")
_SHIELDED: Final = is_true("enableShieldedNodes", absent=Verdict.PASS)
_NEW: Final = "clusterAutoscaling.autoProvisioningDefaults"
_PROVISIONED: Final = (
    *_hardened(_NEW, f"{_NEW}.management"),
    is_true(f"{_NEW}.management.autoRepair", absent=Verdict.PASS),
)
_HARDENED: Final = every(*_NODES)


def _pool(resource: Resource, context: Context) -> Outcome:
    """Google lets no pool be queued for whose nodes it repairs; such nodes are gone after the job."""
    if _QUEUED.plain(resource.inputs) is True:
        return _HARDENED(resource, context)
    return all_of([_HARDENED(resource, context), _REPAIR(resource, context)])


_OWN_POOLS: Final = of_cluster(_pool)


def _cluster(resource: Resource, context: Context) -> Outcome:
    """Judge the nodes that a cluster makes itself too. On Autopilot all of it is Google's matter, and always on."""
    if is_autopilot(resource):
        return NOT_APPLICABLE
    asked: list[Check] = [_SHIELDED, _OWN_POOLS]
    if Makes.PROVISIONED in made_by(resource):
        asked += _PROVISIONED
    return all_of([each(resource, context) for each in asked])


CONTROL = Control(
    id="CMP-07",
    title="Nodes are hardened and maintained",
    why=(
        "A node that starts from what nobody signed, or keeps holes that were closed long ago, gives away every pod "
        "on it. Secure Boot must be asked for; integrity monitoring, repair, upgrades and shielded nodes are "
        "Google's default and may be absent, and so may the image, which is then Google's container system. Nodes are "
        "asked wherever they come from: pools of their own, pools that a cluster lists, the default pool, unless it is "
        "removed at once, and pools that the cluster makes by itself. Pools that are queued for are not repaired, as "
        "Google demands. On Autopilot nodes are Google's."
    ),
    remedy="Use TrainingCluster, or set `enable_secure_boot` and leave the others to Google.",
    severity=Severity.MEDIUM,
    objectives=("3.2.a",),
    clauses=tuple(
        partial("cis-gke-1.6", clause, "Pools that this program does not make.")
        for clause in ("5.5.1", "5.5.2", "5.5.3", "5.5.5", "5.5.6", "5.5.7")
    ),
    reads=(
        *reads_of({_POOL: (*_NODES, _REPAIR), _CLUSTER: (_SHIELDED, *_NODES[:3])}),
        Read.aside(_POOL, _QUEUED.text),
        Read(_CLUSTER, POOLS.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_CLUSTER, "clusterAutoscaling", absent=Verdict.PASS, empty=Verdict.PASS),
        *(Read.aside(_CLUSTER, each.text) for each in (AUTOPILOT, REMOVED)),
    ),
    checks={_POOL: _pool, _CLUSTER: _cluster},
)
