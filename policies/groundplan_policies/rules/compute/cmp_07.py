"""CMP-07: nodes are hardened and maintained."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import every, is_one_of, is_true, reads_of
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict, all_of

_SHIELD: Final = "nodeConfig.shieldedInstanceConfig"
_POOL: Final = (
    is_true(f"{_SHIELD}.enableSecureBoot"),
    is_true(f"{_SHIELD}.enableIntegrityMonitoring", absent=Verdict.PASS),
    is_one_of("nodeConfig.imageType", "COS_CONTAINERD", absent=Verdict.PASS),
    is_true("management.autoUpgrade", absent=Verdict.PASS),
)
_REPAIR: Final = is_true("management.autoRepair", absent=Verdict.PASS)
_QUEUED: Final = Path("queuedProvisioning.enabled")
_CLUSTER: Final = (is_true("enableShieldedNodes", absent=Verdict.PASS),)
_EXPECTED: Final = {"container.NodePool": (*_POOL, _REPAIR), "container.Cluster": _CLUSTER}
_HARDENED: Final = every(*_POOL)


def _pool(resource: Resource, context: Context) -> Outcome:
    """Google lets no pool be queued for whose nodes it repairs; such nodes are gone after the job."""
    if _QUEUED.plain(resource.inputs) is True:
        return _HARDENED(resource, context)
    return all_of([_HARDENED(resource, context), _REPAIR(resource, context)])


CONTROL = Control(
    id="CMP-07",
    title="Nodes are hardened and maintained",
    why=(
        "A node that starts from what nobody signed, or keeps holes that were closed long ago, gives away every pod "
        "on it. Secure Boot must be asked for; integrity monitoring, repair, upgrades and shielded nodes are "
        "Google's default and may be absent, and so may the image, which is then Google's container system. The "
        "nodes that a cluster is made with and that are removed at once are not judged; those of pools are. Pools "
        "that are queued for are not repaired, as Google demands."
    ),
    remedy="Use TrainingCluster, or set `enable_secure_boot` and leave the others to Google.",
    severity=Severity.MEDIUM,
    objectives=("3.2.a",),
    clauses=tuple(
        partial("cis-gke-1.6", clause, "Pools that this program does not make.")
        for clause in ("5.5.1", "5.5.2", "5.5.3", "5.5.5", "5.5.6", "5.5.7")
    ),
    reads=(*reads_of(_EXPECTED), Read.aside("container.NodePool", _QUEUED.text)),
    checks={"container.NodePool": _pool, "container.Cluster": every(*_CLUSTER)},
)
