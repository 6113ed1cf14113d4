"""IAM-12: pods on GKE use identities of their own, and not those of their nodes."""

import re

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full
from groundplan_policies.engine.expect import is_one_of, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import split_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail
from groundplan_policies.rules.identity import nodes

_POOL = Path("workloadIdentityConfig.workloadPool")
_POOL_NAME = re.compile(r"[a-z0-9:.-]+\.svc\.id\.goog")
_NODES = is_one_of("nodeConfig.workloadMetadataConfig.mode", "GKE_METADATA")
_POOL_NODES = is_one_of("nodePools.nodeConfig.workloadMetadataConfig.mode", "GKE_METADATA")
_BY_POOL = {nodes.Makes.DEFAULT: _NODES, nodes.Makes.POOLS: _POOL_NODES}


def _cluster(resource: Resource, context: Context) -> Outcome:
    if nodes.is_autopilot(resource):
        return PASS
    asked = [_BY_POOL[each] for each in nodes.made_by(resource) if each in _BY_POOL]
    return all_of([_federated(resource), *(each(resource, context) for each in asked)])


def _federated(resource: Resource) -> Outcome:
    reading = _POOL.one(resource)
    if reading.state is State.UNKNOWN and split_unknown(reading.text)[1].endswith(".svc.id.goog"):
        return PASS
    missing = unreadable(reading, absent=fail("is absent, so pods take the identity of their node", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the name of a pool")
    if _POOL_NAME.fullmatch(reading.value):
        return PASS
    return fail("is no workload identity pool; expected is the project's id with .svc.id.goog", reading.path)


CONTROL = Control(
    id="IAM-12",
    title="Pods on GKE use identities of their own, and not those of their nodes",
    why=(
        "Without workload identity every pod can ask the metadata server for the token of its node, and so has what "
        "all the pods of that node need together. The cluster needs a pool, and the nodes the metadata server of GKE: "
        "the one without the other changes nothing for them. Nodes are asked where the cluster makes them, in its "
        "default pool or in pools that it lists, and where a pool is a resource of its own. Pools that a cluster "
        "provisions by itself follow the cluster. On Autopilot both are always on, so it passes."
    ),
    remedy=(
        "Use TrainingCluster and TrainingPool, or set `workload_identity_config.workload_pool` and "
        "`node_config.workload_metadata_config.mode` to GKE_METADATA."
    ),
    severity=Severity.HIGH,
    objectives=("3.2.c", "6.1.a"),
    clauses=(full("cis-gke-1.6", "5.2.2"), full("cis-gke-1.6", "5.4.1")),
    reads=(
        Read("container.Cluster", _POOL.text),
        _NODES.reads("container.Cluster"),
        _POOL_NODES.reads("container.Cluster"),
        *(Read.aside("container.Cluster", each.text) for each in (nodes.AUTOPILOT, nodes.REMOVED)),
        _NODES.reads("container.NodePool"),
    ),
    checks={"container.Cluster": _cluster, "container.NodePool": _NODES},
)
