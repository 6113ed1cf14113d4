"""Machines that stand ready for training jobs, and bill whether or not a job runs: a persistent resource."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.accelerators import Accelerator, machine_type
from groundplan.core.validation import Checks
from groundplan.training.machines import Machine

if TYPE_CHECKING:
    from groundplan.core.component import Component

NAME: Final = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
"""Id of a persistent resource, as a regular expression."""
_CHANNEL: Final = r"projects/[^/\s]+/notificationChannels/[^/\s]+"
_MOST_REPLICAS: Final = 1000


@dataclass(frozen=True, kw_only=True)
class ResourcePool:
    """Machines of one kind in a persistent resource. Google has them on demand only, and never as spot."""

    machine_type: str
    """Compute Engine machine type."""
    accelerator: str | None = None
    """GPU type, as Vertex AI spells it, such as ``NVIDIA_L4``."""
    accelerator_count: int = 1
    """GPUs of a machine, where there is an accelerator."""
    replicas: int = 1
    """Machines; where they scale, how many at first."""
    max_replicas: int | None = None
    """Most machines, where they scale with the jobs; never below one. By default they do not scale."""
    boot_disk_gb: int = 100
    """Size of the boot disk in GB, 100 to 64,000."""

    @property
    def most(self) -> int:
        """Most machines that it may come to have."""
        return self.max_replicas or self.replicas

    @property
    def _machine(self) -> Machine:
        return Machine(
            type=self.machine_type,
            accelerator=self.accelerator,
            count=self.accelerator_count,
            topology=None,
            consumption="on_demand",
        )

    @property
    def device(self) -> Accelerator | None:
        """The accelerator, None where there is none."""
        return self._machine.device

    @property
    def accelerators(self) -> int:
        """Most accelerators that it may come to have."""
        return self.most * self.accelerator_count if self.accelerator else 0

    def check(self, checks: Checks, field: str, zones: Sequence[str]) -> None:
        """Record what is wrong with the fields."""
        if self.device is not None and self.device.kind == "tpu":
            checks.that(
                holds=False,
                field=f"{field}.machine_type",
                fault="has TPUs, whose topology a persistent resource cannot say",
                given=self.machine_type,
                allowed="machines without TPUs",
                do="run TPU jobs without a persistent resource, or make a TpuSlice",
            )
        else:
            self._machine.check(checks, f"{field}.", zones, "vertex")
        checks.within(f"{field}.replicas", self.replicas, 1, _MOST_REPLICAS, "machines")
        checks.within(f"{field}.boot_disk_gb", self.boot_disk_gb, 100, 64_000, "GB")
        if self.max_replicas is not None and checks.within(
            f"{field}.max_replicas", self.max_replicas, 2, _MOST_REPLICAS, "machines"
        ):
            checks.that(
                not isinstance(self.replicas, int) or self.replicas <= self.max_replicas,
                f"{field}.max_replicas",
                "is below what there is at first",
                given=f"{self.replicas} replicas, max_replicas {self.max_replicas}",
                allowed="max_replicas of at least replicas",
                do="raise max_replicas, or lower replicas",
            )

    def arguments(self) -> gcp.vertex.AiPersistentResourceResourcePoolArgs:
        """Return the pool as the provider takes it."""
        scaling = gcp.vertex.AiPersistentResourceResourcePoolAutoscalingSpecArgs(
            min_replica_count="1", max_replica_count=str(self.max_replicas)
        )
        return gcp.vertex.AiPersistentResourceResourcePoolArgs(
            machine_spec=gcp.vertex.AiPersistentResourceResourcePoolMachineSpecArgs(
                machine_type=self.machine_type,
                accelerator_type=self.accelerator,
                accelerator_count=self.accelerator_count if self.accelerator else None,
            ),
            replica_count=str(self.replicas),
            autoscaling_spec=scaling if self.max_replicas else None,
            disk_spec=gcp.vertex.AiPersistentResourceResourcePoolDiskSpecArgs(
                boot_disk_type=disk_type(self.machine_type), boot_disk_size_gb=self.boot_disk_gb
            ),
        )


@dataclass(frozen=True, kw_only=True)
class PersistentPool:
    """A persistent resource: jobs start on it in seconds, and it bills while idle."""

    idle_hours: int
    """Hours without any training job in the project after which an alert goes out, 1 to 24."""
    notify: tuple[pulumi.Input[str], ...] = ()
    """Notification channels of the alert, ``projects/…/notificationChannels/…``; without one it shows in the console
    only."""
    pools: tuple[ResourcePool, ...] = ()
    """Its machines; by default one pool of a job's own machines."""

    def check(self, checks: Checks, field: str, zones: Sequence[str]) -> None:
        """Record what is wrong with the fields."""
        checks.within(f"{field}.idle_hours", self.idle_hours, 1, 24, "hours")
        for index, channel in enumerate(self.notify):
            if isinstance(channel, str):
                checks.matches(
                    f"{field}.notify[{index}]",
                    channel,
                    _CHANNEL,
                    "projects/…/notificationChannels/…",
                    "give the channel's full name",
                )
        for index, pool in enumerate(self.pools):
            if checks.instance(f"{field}.pools[{index}]", pool, ResourcePool, "a ResourcePool"):
                pool.check(checks, f"{field}.pools[{index}]", zones)


def disk_type(machine: str) -> str:
    """Return the kind of disk that a machine takes, as Vertex AI writes it."""
    return "pd-ssd" if machine_type(machine).takes_persistent_disks else "hyperdisk-balanced"


def make_idle_alert(component: Component, pool: PersistentPool, resource: gcp.vertex.AiPersistentResource) -> None:
    """Make the alert that goes out when no job has run in the project for too long.

    Google has no measure of one persistent resource. It measures each training job's use of processors, so the alert
    asks whether there is any such measure: where none is, no job runs, on the resource or elsewhere. Source: "Cloud
    Monitoring metrics for Vertex AI", which names the metrics of custom training under ``ml.googleapis.com``; their
    resource ``cloudml_job`` tells neither region nor persistent resource.
    """
    series = 'ml_googleapis_com:training_cpu_utilization{monitored_resource="cloudml_job"}'
    component.make(
        "idle-alert",
        gcp.monitoring.AlertPolicy,
        gcp.monitoring.AlertPolicyArgs(
            project=component.project.id,
            display_name=component.cloud_name("alert_policy", "idle"),
            combiner="OR",
            severity="WARNING",
            conditions=[
                gcp.monitoring.AlertPolicyConditionArgs(
                    display_name=f"No training job for {pool.idle_hours} hours",
                    condition_prometheus_query_language=gcp.monitoring.AlertPolicyConditionConditionPrometheusQueryLanguageArgs(
                        query=f"absent_over_time({series}[{pool.idle_hours}h])",
                        duration="0s",
                        evaluation_interval="300s",
                        # The metric is not there before the first job has run.
                        disable_metric_validation=True,
                    ),
                )
            ],
            documentation=gcp.monitoring.AlertPolicyDocumentationArgs(
                mime_type="text/markdown",
                content=pulumi.Output.concat(
                    "Persistent resource ",
                    resource.name,
                    " bills while idle. Run jobs on it, or take it out of the program.",
                ),
            ),
            notification_channels=[*pool.notify],
            user_labels=component.labels(),
        ),
        depends_on=[resource],
    )
