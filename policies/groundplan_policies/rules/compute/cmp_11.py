"""CMP-11: untrusted code runs in a sandbox."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_one_of, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, any_of, indeterminate
from groundplan_policies.rules.compute.pools import of_cluster
from groundplan_policies.rules.identity.nodes import AUTOPILOT, NEW_POOLS, POOLS, REMOVED

_POOL, _CLUSTER = "container.NodePool", "container.Cluster"
_LABELS: Final = Path("nodeConfig.labels")
_TRUST: Final = "trust"
_UNTRUSTED: Final = "untrusted"
_TYPE: Final = is_one_of("nodeConfig.sandboxConfig.type", "GVISOR")
_OLD: Final = is_one_of("nodeConfig.sandboxConfig.sandboxType", "gvisor", "GVISOR")


def _check(resource: Resource, context: Context) -> Outcome:
    labels = _LABELS.one(resource)
    missing = unreadable(labels, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(labels.value, dict):
        return wrong_type(labels, "an object")
    trust = Path("nodeConfig.labels", _TRUST).one(resource)
    if trust.state in {State.ABSENT, State.EMPTY} or (trust.state is State.KNOWN and trust.value != _UNTRUSTED):
        return NOT_APPLICABLE
    if trust.state is not State.KNOWN:
        return indeterminate("does not tell whether the code is trusted", labels.path)
    return any_of([_TYPE(resource, context), _OLD(resource, context)])


CONTROL = Control(
    id="CMP-11",
    title="Untrusted code runs in a sandbox",
    why=(
        "Code of others that breaks out of its container has the node, and all pods on it. A pool whose nodes carry "
        "the label `trust` with the value `untrusted` has GKE Sandbox, under its name of today or the one before. "
        "What carries no such label is not judged: whether code is trusted is for people to say. Pools that a cluster "
        "lists, and its default pool unless it is removed, are judged too."
    ),
    remedy="Set `sandbox_config` to `type` GVISOR on pools for code of others.",
    severity=Severity.MEDIUM,
    objectives=("3.2.a",),
    clauses=(partial("cis-gke-1.6", "5.10.3", "Code of others on pools without the label."),),
    reads=(
        *(
            read
            for type_ in (_POOL, _CLUSTER)
            for read in (
                Read(type_, _TYPE.path.text),
                Read.aside(type_, _OLD.path.text),
                Read(type_, _LABELS.text, absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE),
            )
        ),
        Read(_CLUSTER, POOLS.text, absent=Verdict.PASS, empty=Verdict.PASS),
        *(Read.aside(_CLUSTER, each.text) for each in (AUTOPILOT, NEW_POOLS, REMOVED)),
    ),
    checks={_POOL: _check, _CLUSTER: of_cluster(_check)},
)
