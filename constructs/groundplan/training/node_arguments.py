"""Node pools as the provider takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.accelerators import Accelerator, machine_type
from groundplan.core.data_class import DataClass
from groundplan.core.environment import Environment
from groundplan.core.references import AccountRef, ReservationRef
from groundplan.core.references.base import joined
from groundplan.training.node_pool import NodePool

# What nodes may do is a matter of their account's roles, which a scope would only hide.
SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)
_HOUR_SECONDS: Final = 3600


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """What all pools of a cluster have in common, and what the cluster decides for one."""

    env: Environment
    """The environment."""
    pool: NodePool
    """The pool."""
    data_class: DataClass
    """How sensitive the data of its jobs is."""
    account: AccountRef
    """The account that its nodes act as."""
    key: pulumi.Input[str] | None
    """The key of their disks."""
    labels: dict[str, str]
    """Labels of their machines."""

    def autoscaling(self) -> gcp.container.NodePoolAutoscalingArgs:
        """Return between how many nodes the pool scales, in all zones together."""
        return gcp.container.NodePoolAutoscalingArgs(
            total_min_node_count=self.pool.min_nodes,
            total_max_node_count=self.pool.most_nodes,
            # Accelerators are taken where there are some; other nodes are spread over the zones.
            location_policy="ANY" if self.pool.device or self._way == "spot" else "BALANCED",
        )

    def management(self) -> gcp.container.NodePoolManagementArgs:
        """Return what Google does by itself: a repair would end a job whose nodes are had for that job only."""
        return gcp.container.NodePoolManagementArgs(auto_repair=self._way != "flex_start", auto_upgrade=True)

    def upgrades(self) -> gcp.container.NodePoolUpgradeSettingsArgs | None:
        """Return how nodes are upgraded: without another one of a kind that is scarce."""
        if self.pool.device is None or self._way == "flex_start":
            return None
        return gcp.container.NodePoolUpgradeSettingsArgs(max_surge=0, max_unavailable=1)

    def placement(self) -> gcp.container.NodePoolPlacementPolicyArgs | None:
        """Return where nodes stand to one another."""
        if self.pool.hosts > 1:
            return gcp.container.NodePoolPlacementPolicyArgs(type="COMPACT", tpu_topology=self.pool.topology)
        return gcp.container.NodePoolPlacementPolicyArgs(type="COMPACT") if self.pool.compact else None

    def config(self) -> gcp.container.NodePoolNodeConfigArgs:
        """Return the nodes themselves."""
        pool, way = self.pool, self._way
        queue = way == "flex_start"
        return gcp.container.NodePoolNodeConfigArgs(
            machine_type=pool.machine_type,
            image_type="COS_CONTAINERD",
            disk_type=disk_type(pool.machine_type),
            disk_size_gb=pool.boot_disk_gb,
            boot_disk_kms_key=self.key,
            service_account=self.account.email,
            oauth_scopes=[*SCOPES],
            workload_metadata_config=gcp.container.NodePoolNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
            shielded_instance_config=gcp.container.NodePoolNodeConfigShieldedInstanceConfigArgs(
                enable_secure_boot=True, enable_integrity_monitoring=True
            ),
            kubelet_config=gcp.container.NodePoolNodeConfigKubeletConfigArgs(
                insecure_kubelet_readonly_port_enabled="FALSE"
            ),
            confidential_nodes=self._confidential(),
            guest_accelerators=[self._gpus(pool.device)] if pool.device and pool.device.kind == "gpu" else None,
            gvnic=gcp.container.NodePoolNodeConfigGvnicArgs(enabled=True),
            taints=self._taints(),
            spot=True if way == "spot" else None,
            flex_start=True if queue else None,
            max_run_duration=f"{pool.max_run_hours * _HOUR_SECONDS}s" if queue else None,
            reservation_affinity=self._reservation(),
            metadata={"disable-legacy-endpoints": "true", "block-project-ssh-keys": "true"},
            resource_labels=self.labels,
        )

    @property
    def _way(self) -> str:
        return self.pool.chosen_consumption(self.env)

    def _confidential(self) -> gcp.container.NodePoolNodeConfigConfidentialNodesArgs | None:
        if not self.pool.is_confidential(self.env, self.data_class):
            return None
        return gcp.container.NodePoolNodeConfigConfidentialNodesArgs(
            enabled=True, confidential_instance_type=machine_type(self.pool.machine_type).confidential_types[0]
        )

    def _gpus(self, device: Accelerator) -> gcp.container.NodePoolNodeConfigGuestAcceleratorArgs:
        pool = self.pool
        sharing = gcp.container.NodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgs(
            gpu_sharing_strategy="TIME_SHARING", max_shared_clients_per_gpu=pool.shared_clients or 0
        )
        return gcp.container.NodePoolNodeConfigGuestAcceleratorArgs(
            type=device.names["gke"],
            count=pool.machine(self.env).accelerators,
            gpu_driver_installation_config=gcp.container.NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgs(
                gpu_driver_version="DEFAULT"
            ),
            gpu_partition_size=pool.partition,
            gpu_sharing_config=sharing if pool.shared_clients else None,
        )

    def _taints(self) -> list[gcp.container.NodePoolNodeConfigTaintArgs] | None:
        """Return what keeps everything off that does not ask for the accelerator."""
        if self.pool.resource is None:
            return None
        return [
            gcp.container.NodePoolNodeConfigTaintArgs(key=self.pool.resource, value="present", effect="NO_SCHEDULE")
        ]

    def _reservation(self) -> gcp.container.NodePoolNodeConfigReservationAffinityArgs | None:
        affinity = gcp.container.NodePoolNodeConfigReservationAffinityArgs
        if self.pool.reservation is not None:
            return affinity(
                consume_reservation_type="SPECIFIC_RESERVATION",
                key="compute.googleapis.com/reservation-name",
                # By its name, or with its project where another one shares it: the zone has no place here.
                values=[self._reservation_name(self.pool.reservation)],
            )
        return affinity(consume_reservation_type="NO_RESERVATION") if self._way == "flex_start" else None

    def _reservation_name(self, reservation: ReservationRef) -> pulumi.Input[str]:
        if reservation.project.id == self.env.projects.workload.id:
            return reservation.reservation_name
        return joined(f"projects/{reservation.project.id}/reservations/", reservation.reservation_name)


def disk_type(machine: str) -> str:
    """Return the kind of disk that a machine takes, as Kubernetes Engine writes it."""
    return "pd-balanced" if machine_type(machine).takes_persistent_disks else "hyperdisk-balanced"
