"""CMP-09: the kubelet's read-only port is closed."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import as_shown, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    fail,
    indeterminate,
)

_POOL, _CLUSTER = "container.NodePool", "container.Cluster"
_PORT: Final = "insecureKubeletReadonlyPortEnabled"
_OWN: Final = Path(f"nodeConfig.kubeletConfig.{_PORT}")
_DEFAULT: Final = Path(f"nodePoolDefaults.nodeConfigDefaults.{_PORT}")
_NAMED: Final = Path("cluster")
_NONE: Final = (State.ABSENT, State.EMPTY)


def _pool(resource: Resource, context: Context) -> Outcome:
    own = _OWN.one(resource)
    if own.state not in _NONE:
        return _closed(own)
    cluster = context.graph.resolve(resource, _NAMED.one(resource), _CLUSTER)
    if cluster is None:
        return indeterminate("is absent, and this document does not tell the cluster's default", own.path)
    default = _DEFAULT.one(cluster)
    return fail("is absent here and of the cluster", own.path) if default.state in _NONE else _closed(default)


def _cluster(resource: Resource, _context: Context) -> Outcome:
    """A cluster's own words are judged where it has some; without, its pools answer for themselves."""
    said = [each for each in (_DEFAULT.one(resource), _OWN.one(resource)) if each.state not in _NONE]
    found = [_closed(each) for each in said]
    return next((each for each in found if each is not PASS), PASS if found else NOT_APPLICABLE)


def _closed(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=PASS)
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    return PASS if reading.value == "FALSE" else fail("is not FALSE", reading.path, as_shown(reading.value))


CONTROL = Control(
    id="CMP-09",
    title="The kubelet's read-only port is closed",
    why=(
        "The kubelet's old port answers everybody who reaches the node, without asking who they are: names of pods, "
        "their environment, where they run. It is closed on each pool, or by the cluster's default for pools. The "
        "value is the text FALSE. Where both are absent Google decides by the version of the cluster, so that fails."
    ),
    remedy='Use TrainingCluster, or set `insecure_kubelet_readonly_port_enabled` to "FALSE".',
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("3.2.a",),
    clauses=(partial("nist-800-53-r5", "CM-7", "Other ports of nodes."),),
    reads=(
        Read(_POOL, _OWN.text),
        Read(_CLUSTER, _DEFAULT.text, absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE),
        Read.aside(_POOL, "cluster"),
        Read(_CLUSTER, _OWN.text, absent=Verdict.PASS, empty=Verdict.PASS),
    ),
    checks={_POOL: _pool, _CLUSTER: _cluster},
)
