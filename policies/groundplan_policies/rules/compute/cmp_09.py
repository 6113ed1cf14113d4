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
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.compute.pools import of_cluster
from groundplan_policies.rules.identity.nodes import AUTOPILOT, NEW_POOLS, POOLS, REMOVED, Makes, is_autopilot, made_by

_POOL, _CLUSTER = "container.NodePool", "container.Cluster"
_PORT: Final = "insecureKubeletReadonlyPortEnabled"
_OWN: Final = Path(f"nodeConfig.kubeletConfig.{_PORT}")
_DEFAULT: Final = Path(f"nodePoolDefaults.nodeConfigDefaults.{_PORT}")
_NEW: Final = Path(f"nodePoolAutoConfig.nodeKubeletConfig.{_PORT}")
_NAMED: Final = Path("cluster")
_NONE: Final = (State.ABSENT, State.EMPTY)


def _pool(resource: Resource, context: Context) -> Outcome:
    own = _OWN.one(resource)
    if own.state not in _NONE:
        return _closed(own)
    cluster = context.graph.resolve(resource, _NAMED.one(resource), _CLUSTER)
    if cluster is None:
        return indeterminate("is absent, and this document does not tell the cluster's default", own.path)
    return _by_default(cluster, own.path)


def _by_default(cluster: Resource, path: str) -> Outcome:
    default = _DEFAULT.one(cluster)
    return fail("is absent here and of the cluster", path) if default.state in _NONE else _closed(default)


def _own_pool(resource: Resource, _context: Context) -> Outcome:
    """Judge a pool that a cluster makes itself, which is given with the cluster's defaults."""
    own = _OWN.one(resource)
    return _by_default(resource, own.path) if own.state in _NONE else _closed(own)


_OWN_POOLS: Final = of_cluster(_own_pool, "nodePoolDefaults")


def _cluster(resource: Resource, context: Context) -> Outcome:
    """Judge a cluster's own words where it has some, and the nodes that it makes itself.

    Pools that it provisions follow the words for those, or else its defaults. On Autopilot the port is always closed.
    """
    if is_autopilot(resource):
        return NOT_APPLICABLE
    said = [_closed(each) for path in (_DEFAULT, _OWN, _NEW) if (each := path.one(resource)).state not in _NONE]
    if Makes.PROVISIONED in made_by(resource) and _NEW.one(resource).state in _NONE:
        said.append(_by_default(resource, _NEW.text))
    return all_of([*said, _OWN_POOLS(resource, context)])


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
        "their environment, where they run. It is closed on each pool, or by the cluster's default for pools: also on "
        "the pools that a cluster lists, on its default pool, unless it is removed at once, and on those that it makes "
        "by itself. The value is the text FALSE. Where both are absent Google decides by the version of the cluster, "
        "so that fails. On Autopilot the port is always closed."
    ),
    remedy='Use TrainingCluster, or set `insecure_kubelet_readonly_port_enabled` to "FALSE".',
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("3.2.a",),
    clauses=(partial("nist-800-53-r5", "CM-7", "Other ports of nodes."),),
    reads=(
        Read(_POOL, _OWN.text),
        Read(_CLUSTER, _DEFAULT.text),
        Read.aside(_POOL, "cluster"),
        Read(_CLUSTER, _OWN.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_CLUSTER, _NEW.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_CLUSTER, POOLS.text, absent=Verdict.PASS, empty=Verdict.PASS),
        *(Read.aside(_CLUSTER, each.text) for each in (AUTOPILOT, NEW_POOLS, REMOVED)),
    ),
    checks={_POOL: _pool, _CLUSTER: _cluster},
)
