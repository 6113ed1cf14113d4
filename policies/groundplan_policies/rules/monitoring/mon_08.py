"""MON-08: clusters log and measure what matters."""

import re
from collections.abc import Iterable
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full
from groundplan_policies.engine.expect import is_one_of, unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail
from groundplan_policies.rules.data.classes import owner_of

_CLUSTER, _POOL = "container.Cluster", "container.NodePool"
_LOGS: Final = ("SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER")
_METRICS: Final = ("SYSTEM_COMPONENTS",)
_OF_GPUS: Final = "DCGM"
_BY_ITSELF: Final = ("SYSTEM_COMPONENTS", "WORKLOADS")
"""What a new cluster logs if it says nothing; what it measures then is `_METRICS`."""

_LOGGED, _MEASURED = Path("loggingConfig.enableComponents"), Path("monitoringConfig.enableComponents")
_GPUS = (Path("nodeConfig.guestAccelerators"), Path("nodePools.nodeConfig.guestAccelerators"))
_NEW_NODES = Path("clusterAutoscaling.resourceLimits.resourceType")
_POOL_GPUS = Path("nodeConfig.guestAccelerators")
_MACHINES = (Path("nodeConfig.machineType"), Path("nodePools.nodeConfig.machineType"))
_POOL_MACHINE = Path("nodeConfig.machineType")
_WITH_GPUS_INSIDE: Final = re.compile(r"(?:a2|a3|a4x?|g2|g4)-.+")
"""Types of machines that have GPUs, whether they are named beside them or not."""
_LOGGING = is_one_of("loggingService", "logging.googleapis.com/kubernetes", absent=Verdict.PASS)
_MONITORING = is_one_of("monitoringService", "monitoring.googleapis.com/kubernetes", absent=Verdict.PASS)


def _cluster(resource: Resource, context: Context) -> Outcome:
    metrics = (*_METRICS, _OF_GPUS) if _has_gpus(resource, context) else _METRICS
    return all_of(
        [
            _LOGGING(resource, context),
            _MONITORING(resource, context),
            _named(_LOGGED.one(resource), _LOGS, _BY_ITSELF),
            _named(_MEASURED.one(resource), metrics, _METRICS),
        ]
    )


def _named(listed: Reading, wanted: Iterable[str], by_default: Iterable[str]) -> Outcome:
    """Hold a list of components to those that are wanted, each of which is named, or is there where nothing is."""
    left = [each for each in wanted if each not in by_default]
    lacking = fail(f"is absent, and a cluster has not by itself {', '.join(left)}", listed.path) if left else PASS
    missing = unreadable(listed, absent=lacking, empty=fail("is empty, so that nothing is taken in", listed.path))
    if missing is not None:
        return missing
    if not isinstance(listed.value, list):
        return wrong_type(listed, "a list of components")
    found = entries(listed)
    there = {each.text for each in found}
    short = [each for each in wanted if each not in there]
    if not short:
        return PASS
    unclear = all_of(unreadable(each, absent=PASS) or PASS for each in found)
    return fail(f"does not name {', '.join(short)}", listed.path) if unclear is PASS else unclear


def _has_gpus(cluster: Resource, context: Context) -> bool:
    """Whether nodes of a cluster have GPUs, or may have."""
    own = any(not _none(reading) for path in _GPUS for reading in path.read(cluster))
    new = any("nvidia" in each.text.lower() or each.state is State.UNKNOWN for each in _NEW_NODES.read(cluster))
    inside = any(_is_gpu_machine(each) for path in _MACHINES for each in path.read(cluster))
    return own or new or inside or cluster.urn in context.graph.once(_with_gpus)


def _is_gpu_machine(reading: Reading) -> bool:
    return _WITH_GPUS_INSIDE.fullmatch(reading.text.rpartition("/")[2].lower()) is not None


def _none(reading: Reading) -> bool:
    return reading.state in {State.ABSENT, State.EMPTY}


def _with_gpus(graph: Graph) -> frozenset[str]:
    """The clusters of which a pool that is a resource of its own has GPUs."""
    context = Context(graph)
    pools = (
        pool for pool in graph.of(_POOL) if not _none(_POOL_GPUS.one(pool)) or _is_gpu_machine(_POOL_MACHINE.one(pool))
    )
    owners = (owner_of(pool, context) for pool in pools)
    return frozenset(each.urn for each in owners if each is not None)


CONTROL = Control(
    id="MON-08",
    title="Clusters log and measure what matters",
    why=(
        "Who did what in a cluster is in the log of its API server, which no cluster sends by itself; what broke is in "
        "the logs of the system and of the workloads. Clusters log these two, and measure the system, unless they name "
        "components themselves: then those count and no others. Where nodes have GPUs, or may be given some, their use "
        "is measured as well, since it is what the nodes are paid for."
    ),
    remedy=(
        "Use TrainingCluster, or name `SYSTEM_COMPONENTS`, `WORKLOADS` and `APISERVER` in `logging_config`, "
        "`SYSTEM_COMPONENTS` and `DCGM` in `monitoring_config`."
    ),
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.2.e",),
    clauses=(full("cis-gke-1.6", "5.7.1"),),
    reads=(
        Read(_CLUSTER, "loggingConfig.enableComponents"),
        Read(_CLUSTER, "monitoringConfig.enableComponents", absent=Verdict.PASS),
        _LOGGING.reads(_CLUSTER),
        _MONITORING.reads(_CLUSTER),
        *(Read.aside(_CLUSTER, each.text) for each in (*_GPUS, *_MACHINES, _NEW_NODES)),
        Read(_POOL, _POOL_GPUS.text, *[Verdict.NOT_APPLICABLE] * 5),
        Read(_POOL, _POOL_MACHINE.text, *[Verdict.NOT_APPLICABLE] * 5),
    ),
    checks={_CLUSTER: _cluster},
)
