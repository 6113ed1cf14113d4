"""Where resources ask for accelerators: by name, or with a machine type that has them built in."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.rules.encryption.copies import COPIES, TEMPLATES

NOTHING: Final = (State.ABSENT, State.EMPTY)


class Place(NamedTuple):
    """Where a type asks for accelerators. All but the block are paths below it.

    Attributes:
        block: The block around; "" for the resource itself.
        listed: The accelerators; "" where the block itself names one.
        kind: In each of them, its type.
        number: In each of them, how many there are on a machine; one if nothing is said.
        machine: The machine type.
        times: What says how many machines there are: the first that is there.
    """

    block: str
    listed: str
    kind: str
    number: str
    machine: str
    times: tuple[str, ...] = ()


_KIND, _COUNT, _MACHINE = "acceleratorType", "acceleratorCount", "machineType"
_SPEC: Final = ("machineSpec.acceleratorType", "machineSpec.acceleratorCount", "machineSpec.machineType")
_INSTANCE: Final = (Place("", "guestAccelerators", "type", "count", _MACHINE),)
POOL: Final = Place("nodeConfig", "guestAccelerators", "type", "count", _MACHINE)
_RUNTIME: Final = "customEnvironmentSpec.machineSpec"
_SCHEDULED: Final = f"createNotebookExecutionJobRequest.notebookExecutionJob.{_RUNTIME}"
_SELECTED: Final = ("", "template.nodeSelector.accelerator", "", "")


def _hadoop(config: str, *groups: str) -> tuple[Place, ...]:
    return tuple(
        Place(f"{config}.{group}", "accelerators", _KIND, _COUNT, _MACHINE, ("numInstances",)) for group in groups
    )


PLACES: Final[Mapping[str, tuple[Place, ...]]] = {
    "workbench.Instance": (Place("gceSetup", "acceleratorConfigs", "type", "coreCount", _MACHINE),),
    "colab.RuntimeTemplate": (Place("machineSpec", "", _KIND, _COUNT, _MACHINE),),
    "colab.NotebookExecution": (Place(_RUNTIME, "", _KIND, _COUNT, _MACHINE),),
    "colab.Schedule": (Place(_SCHEDULED, "", _KIND, _COUNT, _MACHINE),),
    "vertex.AiPersistentResource": (
        Place("resourcePools", "", *_SPEC, ("autoscalingSpec.maxReplicaCount", "replicaCount")),
    ),
    "vertex.AiDeploymentResourcePool": (
        Place("dedicatedResources", "", *_SPEC, ("maxReplicaCount", "minReplicaCount")),
    ),
    "vertex.AiEndpointWithModelGardenDeployment": (
        Place("deployConfig.dedicatedResources", "", *_SPEC, ("maxReplicaCount", "minReplicaCount")),
    ),
    **dict.fromkeys(("compute.Instance", *TEMPLATES, *COPIES), _INSTANCE),
    "compute.Reservation": (
        Place(
            "specificReservation",
            "instanceProperties.guestAccelerators",
            *(_KIND, _COUNT, f"instanceProperties.{_MACHINE}"),
            ("count",),
        ),
    ),
    "compute.FutureReservation": (
        Place(
            "specificSkuProperties",
            "instanceProperties.guestAccelerators",
            *(_KIND, _COUNT, f"instanceProperties.{_MACHINE}"),
            ("totalCount",),
        ),
        Place("aggregateReservation.reservedResources.accelerator", "", _KIND, _COUNT, ""),
    ),
    "compute.RegionCommitment": (Place("resources", "", _KIND, "amount", ""),),
    "compute.NodeTemplate": (Place("", "accelerators", _KIND, _COUNT, ""),),
    "cloudrunv2.Service": (Place("", *_SELECTED, ("template.scaling.maxInstanceCount", "scaling.maxInstanceCount")),),
    "cloudrunv2.Job": (Place("template", *_SELECTED, ("parallelism", "taskCount")),),
    "cloudrunv2.WorkerPool": (Place("", *_SELECTED, ("scaling.maxInstanceCount", "scaling.manualInstanceCount")),),
    "dataproc.Cluster": (
        *_hadoop("clusterConfig", "masterConfig", "workerConfig"),
        *_hadoop("clusterConfig.auxiliaryNodeGroups.nodeGroups", "nodeGroupConfig"),
    ),
    "dataproc.WorkflowTemplate": _hadoop(
        "placement.managedCluster.config", "masterConfig", "workerConfig", "secondaryWorkerConfig"
    ),
}
"""Short name of a type -> where it asks for accelerators. Pools of nodes are judged apart: see `POOL`."""


def blocks(resource: Resource, place: Place) -> Iterator[Reading]:
    """Give the blocks of a resource in which accelerators may be asked for."""
    if not place.block:
        yield Reading("", State.KNOWN, resource.inputs)
        return
    for reading in Path(place.block).read(resource):
        yield from entries(reading)


def named_in(block: Reading, place: Place) -> list[Reading]:
    """Give what names accelerators in a block: the entries of its list, or the block itself."""
    if not place.listed:
        return [block]
    listed = read_value(block.value, block.path, place.listed)[0]
    return [] if listed.state in NOTHING else entries(listed)


_SERIES: Final = {
    "a2-highgpu": "nvidia-tesla-a100",
    "a2-megagpu": "nvidia-tesla-a100",
    "a2-ultragpu": "nvidia-a100-80gb",
    "a3-edgegpu": "nvidia-h100-80gb",
    "a3-highgpu": "nvidia-h100-80gb",
    "a3-megagpu": "nvidia-h100-mega-80gb",
    "a3-ultragpu": "nvidia-h200-141gb",
    "a4-highgpu": "nvidia-b200",
    "a4x-highgpu": "nvidia-gb200",
    "ct3-hightpu": "v3",
    "ct3p-hightpu": "v3",
    "ct4p-hightpu": "v4",
    "ct5l-hightpu": "v5e",
    "ct5lp-hightpu": "v5e",
    "ct5p-hightpu": "v5p",
    "ct6e-standard": "v6e",
}
"""Series of machine types with accelerators built in -> which. One that is not listed goes by its own name.

Source: cloud.google.com/compute/docs/accelerator-optimized-machines, cloud.google.com/tpu/docs/tpus-in-gke.
"""
_COUNTED: Final = re.compile(r"(.+)-([0-9]+)[gt](?:-.+)?")
"""A machine type that says how many GPUs (`8g`) or chips (`4t`) it has."""
_BY_SIZE: Final = re.compile(r"(g2|g4)-standard-([0-9]+)")
"""One that says only how many processors it has."""
_L4: Final = {24: 2, 48: 4, 96: 8}
_RTX_PROCESSORS: Final = 48


class Brought(NamedTuple):
    """Accelerators that a machine type has built in: which, and how many."""

    kind: str
    number: int


def brought_by(machine: str) -> Brought | None:
    """Give the accelerators that a machine type has built in, by its name or address; None if it has none."""
    name = machine.rpartition("/")[2].lower()
    counted = _COUNTED.fullmatch(name)
    if counted is not None:
        return Brought(_SERIES.get(counted[1], counted[1]), int(counted[2]))
    sized = _BY_SIZE.fullmatch(name)
    if sized is None:
        return None
    processors = int(sized[2])
    if sized[1] == "g2":
        return Brought("nvidia-l4", _L4.get(processors, 1))
    return Brought("nvidia-rtx-pro-6000", max(1, processors // _RTX_PROCESSORS))
