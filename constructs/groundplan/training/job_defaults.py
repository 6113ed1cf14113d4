"""What a training job takes over unchanged: where it runs, on what, as whom, with which key, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi

from groundplan.core.accelerators import Consumption

STRATEGIES: Final[Mapping[Consumption, str]] = {
    "on_demand": "STANDARD",
    "reserved": "STANDARD",
    "spot": "SPOT",
    "flex_start": "FLEX_START",
}
"""What Vertex AI calls each way to have capacity. Source: ``Scheduling`` of its API v1, 2026-11."""
REDUCER_MACHINE: Final = "n1-highcpu-16"
"""Machine type of a reducer: network, no accelerator. Source: "Distributed training", Vertex AI documentation."""
REDUCER_IMAGE: Final = "us-docker.pkg.dev/vertex-ai-restricted/training/reductionserver:latest"
"""Google's image of the Reduction Server; it is published under this one tag."""
_HOUR_SECONDS: Final = 3600


@dataclass(frozen=True, kw_only=True)
class JobDefaults:
    """Defaults of custom training jobs, as their submitters read them.

    ``custom_job()`` has the form of Vertex AI's ``CustomJob``: a submitter adds a display name and the container of
    each worker pool, and changes nothing else.
    """

    project: str
    """Id of the project that jobs run in."""
    region: str
    """Region that jobs run in."""
    machine_type: str
    """Machine type of a worker."""
    accelerator: str | None
    """Accelerator of a worker, as Vertex AI spells it."""
    accelerator_count: int
    """Accelerators of a worker; 0 without."""
    topology: str | None
    """Shape of the TPU slice."""
    consumption: Consumption
    """How capacity is had."""
    reservation: pulumi.Input[str] | None
    """Full name of the reservation that capacity comes from."""
    boot_disk_type: str
    """Kind of a worker's disk."""
    boot_disk_gb: int
    """Size of a worker's disk in GB."""
    workers: int
    """Machines of a job, the first among them the one that leads."""
    reducers: int
    """Machines of the Reduction Server; 0 without."""
    timeout_hours: int
    """Hours after which a job is ended."""
    max_wait_hours: int
    """Hours for which a job waits for capacity that is queued."""
    account: pulumi.Input[str]
    """E-mail of the service account that jobs act as."""
    key: pulumi.Input[str] | None
    """Key that encrypts a job and its disks."""
    staging: pulumi.Input[str]
    """Where a job writes, ``gs://…``."""
    network_attachment: pulumi.Input[str] | None
    """The way into the network."""
    persistent_resource: pulumi.Input[str] | None
    """Id of the machines that stand ready for jobs."""
    labels: Mapping[str, str]
    """Labels of a job."""

    def custom_job(self) -> dict[str, object]:
        """Return the defaults in the form of Vertex AI's ``CustomJob``, in the API's names."""
        job: dict[str, object] = {"labels": dict(self.labels), "jobSpec": self._spec()}
        if self.key is not None:
            job["encryptionSpec"] = {"kmsKeyName": self.key}
        return job

    def _spec(self) -> dict[str, object]:
        spec: dict[str, object] = {
            "workerPoolSpecs": self._pools(),
            "scheduling": self._scheduling(),
            "serviceAccount": self.account,
            "baseOutputDirectory": {"outputUriPrefix": self.staging},
            "enableWebAccess": False,
        }
        if self.network_attachment is not None:
            spec["pscInterfaceConfig"] = {"networkAttachment": self.network_attachment}
        if self.persistent_resource is not None:
            spec["persistentResourceId"] = self.persistent_resource
        return spec

    def _pools(self) -> list[dict[str, object]]:
        """Return the worker pools in the places that Vertex AI has for them: leader, workers, reducers."""
        pools = [self._pool(1)]
        if self.workers > 1:
            pools.append(self._pool(self.workers - 1))
        if self.reducers:
            pools.append(
                {
                    "machineSpec": {"machineType": REDUCER_MACHINE},
                    "replicaCount": self.reducers,
                    "containerSpec": {"imageUri": REDUCER_IMAGE},
                }
            )
        return pools

    def _pool(self, replicas: int) -> dict[str, object]:
        return {
            "machineSpec": self.machine_spec(),
            "replicaCount": replicas,
            "diskSpec": {"bootDiskType": self.boot_disk_type, "bootDiskSizeGb": self.boot_disk_gb},
        }

    def machine_spec(self) -> dict[str, object]:
        """Return a worker's machine in the form of Vertex AI's ``MachineSpec``."""
        spec: dict[str, object] = {"machineType": self.machine_type}
        if self.accelerator is not None:
            spec |= {"acceleratorType": self.accelerator, "acceleratorCount": self.accelerator_count}
        if self.topology is not None:
            spec["tpuTopology"] = self.topology
        if self.reservation is not None:
            spec["reservationAffinity"] = {
                "reservationAffinityType": "SPECIFIC_RESERVATION",
                "key": "compute.googleapis.com/reservation-name",
                "values": [self.reservation],
            }
        return spec

    def _scheduling(self) -> dict[str, object]:
        found: dict[str, object] = {"timeout": f"{self.timeout_hours * _HOUR_SECONDS}s"}
        if self.persistent_resource is None:
            found["strategy"] = STRATEGIES[self.consumption]
        if self.consumption == "flex_start":
            found["maxWaitDuration"] = f"{self.max_wait_hours * _HOUR_SECONDS}s"
        return found
