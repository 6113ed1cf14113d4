"""How much a resource uses: its machines, counted."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from mockcloud.cloud.quotas.table import accelerator
from mockcloud.cloud.store import Body

Demand = Mapping[str, int]
"""Full name of a metric -> how much of it."""

_ENDED: Final = frozenset(
    {
        "JOB_STATE_SUCCEEDED",
        "JOB_STATE_FAILED",
        "JOB_STATE_CANCELLED",
        "JOB_STATE_EXPIRED",
        "JOB_STATE_PARTIALLY_SUCCEEDED",
        "TERMINATED",
        "STOPPED",
        "SUSPENDED",
    }
)
"""States in which a resource uses nothing any more."""

_CPUS: Final = re.compile(r"-(\d+)g?$")
_TPU: Final = re.compile(r"(v\d+[a-z]*)-(\d+)")


def cpus(machine_type: str) -> int:
    """Give the virtual CPUs of a machine type: of `n1-standard-8` eight. One without a number counts for one."""
    name = machine_type.rpartition("/")[2]
    custom = re.fullmatch(r"(?:[a-z0-9]+-)?custom-(\d+)-\d+(?:-ext)?", name)
    if custom is not None:
        return int(custom[1])
    found = _CPUS.search(name)
    # Of accelerator-optimised machines the number is that of the accelerators.
    return int(found[1]) * (12 if name.startswith("a2") else 1) if found is not None else 1


def _machines(kind: str, spec: Body, count: int) -> Counter[str]:
    """Count the machines of a specification of Vertex AI.

    Args:
        kind: `training` or `serving`.
        spec: The `machineSpec`.
        count: How many there are.
    """
    found: Counter[str] = Counter()
    prefix = f"aiplatform.googleapis.com/custom_model_{kind}"
    if spec.get("machineType"):
        found[f"{prefix}_cpus"] += cpus(spec["machineType"]) * count
    kind_of = spec.get("acceleratorType", "")
    if kind_of.startswith("TPU_"):
        found[f"{prefix}_{kind_of.lower().replace('_pod', '')}"] += int(spec.get("acceleratorCount", 8)) * count
    elif accelerator(kind_of):
        found[f"{prefix}_{accelerator(kind_of)}_gpus"] += int(spec.get("acceleratorCount", 1)) * count
    return found


def _pools(pools: Iterable[Body]) -> Counter[str]:
    found: Counter[str] = Counter()
    for pool in pools:
        found += _machines("training", pool.get("machineSpec", {}), int(pool.get("replicaCount", 1)))
    return found


def _custom_job(body: Body) -> Counter[str]:
    return _pools(body.get("jobSpec", {}).get("workerPoolSpecs", ()))


def _tuning_job(body: Body) -> Counter[str]:
    once = _pools(body.get("trialJobSpec", {}).get("workerPoolSpecs", ()))
    return Counter({key: value * int(body.get("parallelTrialCount", 1)) for key, value in once.items()})


def _persistent_resource(body: Body) -> Counter[str]:
    return _pools(body.get("resourcePools", ()))


def _batch_prediction(body: Body) -> Counter[str]:
    resources = body.get("dedicatedResources", {})
    return _machines("serving", resources.get("machineSpec", {}), int(resources.get("startingReplicaCount", 1)))


def _endpoint(body: Body) -> Counter[str]:
    found: Counter[str] = Counter()
    for model in [*body.get("deployedModels", ()), *([body["deployedModel"]] if "deployedModel" in body else ())]:
        resources = model.get("dedicatedResources", {})
        found += _machines("serving", resources.get("machineSpec", {}), int(resources.get("minReplicaCount", 1)))
    return found


def _instance(body: Body) -> Counter[str]:
    found: Counter[str] = Counter({"compute.googleapis.com/cpus": cpus(body.get("machineType", ""))})
    for each in body.get("guestAccelerators", ()):
        word, count = accelerator(each.get("acceleratorType", "")), int(each.get("acceleratorCount", 1))
        if word:
            found[f"compute.googleapis.com/{word}_gpus"] += count
        found["compute.googleapis.com/gpus_all_regions"] += count
    return found


def _tpu(body: Body) -> Counter[str]:
    found = _TPU.fullmatch(body.get("acceleratorType", ""))
    return Counter({f"tpu.googleapis.com/tpu_{found[1]}": int(found[2])} if found is not None else {})


OF_METHOD: Final[Mapping[str, Callable[[Body], Counter[str]]]] = {
    "aiplatform.projects.locations.customJobs.create": _custom_job,
    "aiplatform.projects.locations.hyperparameterTuningJobs.create": _tuning_job,
    "aiplatform.projects.locations.persistentResources.create": _persistent_resource,
    "aiplatform.projects.locations.batchPredictionJobs.create": _batch_prediction,
    "aiplatform.projects.locations.endpoints.deployModel": _endpoint,
    "compute.instances.insert": _instance,
    "tpu.projects.locations.nodes.create": _tpu,
}
"""Methods that take something of a quota, and how much by their body."""

OF_COLLECTION: Final[Mapping[str, Mapping[str, Callable[[Body], Counter[str]]]]] = {
    "aiplatform": {
        "customJobs": _custom_job,
        "hyperparameterTuningJobs": _tuning_job,
        "persistentResources": _persistent_resource,
        "batchPredictionJobs": _batch_prediction,
        "endpoints": _endpoint,
    },
    "compute": {"instances": _instance},
    "tpu": {"nodes": _tpu},
}
"""Collections whose resources use something of a quota."""


def uses(body: Body) -> bool:
    """Whether a resource uses anything in the state that it is in."""
    state: Any = body.get("state", body.get("status", ""))
    return state not in _ENDED
