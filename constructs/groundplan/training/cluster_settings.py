"""A private cluster as the provider takes it: what every tier has, and what follows from the tier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.references import AccountRef
from groundplan.training.cluster_arguments import TrainingClusterArgs
from groundplan.training.node_arguments import SCOPES, disk_type

_LOGS: Final = ("SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "SCHEDULER", "CONTROLLER_MANAGER")
_METRICS: Final = ("SYSTEM_COMPONENTS", "POD", "STORAGE")
_GPU_METRICS: Final = ("DCGM",)
# The window's first day; Google counts on from there by the recurrence.
_FIRST: Final = "2026-01-03T00:00:00Z"
_LAST: Final = "2026-01-03T06:00:00Z"


def cluster(
    args: TrainingClusterArgs,
    *,
    name: str,
    account: AccountRef,
    key: pulumi.Input[str] | None,
    labels: Mapping[str, str],
) -> gcp.container.ClusterArgs:
    """Return the cluster without node pools: the one that Google insists on goes as soon as it is there."""
    made = gcp.container.ClusterArgs(
        project=args.env.projects.workload.id,
        location=args.env.region,
        node_locations=[*args.env.zones],
        name=name,
        description="Training jobs",
        resource_labels=dict(labels),
        remove_default_node_pool=True,
        initial_node_count=1,
        node_config=_first_nodes(args, account, key),
        release_channel=gcp.container.ClusterReleaseChannelArgs(channel="REGULAR"),
        maintenance_policy=gcp.container.ClusterMaintenancePolicyArgs(
            recurring_window=gcp.container.ClusterMaintenancePolicyRecurringWindowArgs(
                start_time=_FIRST, end_time=_LAST, recurrence=args.maintenance
            )
        ),
        database_encryption=gcp.container.ClusterDatabaseEncryptionArgs(state="ENCRYPTED", key_name=key)
        if key is not None
        else None,
        # Data in buckets is read as files, volumes are disks: both by drivers that Google keeps.
        addons_config=gcp.container.ClusterAddonsConfigArgs(
            gcs_fuse_csi_driver_config=gcp.container.ClusterAddonsConfigGcsFuseCsiDriverConfigArgs(enabled=True),
            gce_persistent_disk_csi_driver_config=gcp.container.ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgs(
                enabled=True
            ),
        ),
    )
    _connect(made, args)
    _guard(made, args)
    _observe(made, args)
    return made


def _first_nodes(
    args: TrainingClusterArgs, account: AccountRef, key: pulumi.Input[str] | None
) -> gcp.container.ClusterNodeConfigArgs:
    """Return the nodes of the pool that goes at once, so that not even those act as the default account."""
    machine = args.system_pool.machine_type
    return gcp.container.ClusterNodeConfigArgs(
        machine_type=machine,
        image_type="COS_CONTAINERD",
        disk_type=disk_type(machine),
        boot_disk_kms_key=key,
        service_account=account.email,
        oauth_scopes=[*SCOPES],
        shielded_instance_config=gcp.container.ClusterNodeConfigShieldedInstanceConfigArgs(
            enable_secure_boot=True, enable_integrity_monitoring=True
        ),
        workload_metadata_config=gcp.container.ClusterNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
        metadata={"disable-legacy-endpoints": "true"},
    )


def _connect(made: gcp.container.ClusterArgs, args: TrainingClusterArgs) -> None:
    """Set the network: private nodes, and a control plane that answers by its DNS name alone, where IAM is asked."""
    network = args.network
    made.network = network.network_id
    made.subnetwork = network.subnetwork_id
    made.networking_mode = "VPC_NATIVE"
    made.ip_allocation_policy = gcp.container.ClusterIpAllocationPolicyArgs(
        cluster_secondary_range_name=network.pods_range, services_secondary_range_name=network.services_range
    )
    made.datapath_provider = "ADVANCED_DATAPATH"
    made.enable_intranode_visibility = True
    if args.env.defaults.node_traffic_encryption:
        made.in_transit_encryption_config = "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT"
    made.private_cluster_config = gcp.container.ClusterPrivateClusterConfigArgs(enable_private_nodes=True)
    made.control_plane_endpoints_config = gcp.container.ClusterControlPlaneEndpointsConfigArgs(
        dns_endpoint_config=gcp.container.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(
            allow_external_traffic=args.external_access
        ),
        ip_endpoints_config=gcp.container.ClusterControlPlaneEndpointsConfigIpEndpointsConfigArgs(enabled=False),
    )
    made.service_external_ips_config = gcp.container.ClusterServiceExternalIpsConfigArgs(enabled=False)


def _guard(made: gcp.container.ClusterArgs, args: TrainingClusterArgs) -> None:
    """Set who may call the control plane, what may run, and as whom."""
    made.workload_identity_config = gcp.container.ClusterWorkloadIdentityConfigArgs(
        workload_pool=f"{args.env.projects.workload.id}.svc.id.goog"
    )
    made.binary_authorization = gcp.container.ClusterBinaryAuthorizationArgs(
        evaluation_mode="PROJECT_SINGLETON_POLICY_ENFORCE"
    )
    made.enable_shielded_nodes = True
    made.node_pool_defaults = gcp.container.ClusterNodePoolDefaultsArgs(
        node_config_defaults=gcp.container.ClusterNodePoolDefaultsNodeConfigDefaultsArgs(
            insecure_kubelet_readonly_port_enabled="FALSE"
        )
    )
    made.enable_legacy_abac = False
    made.master_auth = gcp.container.ClusterMasterAuthArgs(
        client_certificate_config=gcp.container.ClusterMasterAuthClientCertificateConfigArgs(
            issue_client_certificate=False
        )
    )
    made.anonymous_authentication_config = gcp.container.ClusterAnonymousAuthenticationConfigArgs(mode="LIMITED")
    made.rbac_binding_config = gcp.container.ClusterRbacBindingConfigArgs(
        enable_insecure_binding_system_authenticated=False, enable_insecure_binding_system_unauthenticated=False
    )
    if args.security_group is not None:
        made.authenticator_groups_config = gcp.container.ClusterAuthenticatorGroupsConfigArgs(
            security_group=args.security_group
        )


def _observe(made: gcp.container.ClusterArgs, args: TrainingClusterArgs) -> None:
    """Set what is logged and measured."""
    gpus = any(pool.device is not None and pool.device.kind == "gpu" for pool in args.node_pools)
    made.logging_config = gcp.container.ClusterLoggingConfigArgs(enable_components=[*_LOGS])
    made.monitoring_config = gcp.container.ClusterMonitoringConfigArgs(
        enable_components=[*_METRICS, *(_GPU_METRICS if gpus else ())],
        managed_prometheus=gcp.container.ClusterMonitoringConfigManagedPrometheusArgs(enabled=True),
    )
    made.security_posture_config = gcp.container.ClusterSecurityPostureConfigArgs(mode="BASIC")
    made.cost_management_config = gcp.container.ClusterCostManagementConfigArgs(enabled=True)
