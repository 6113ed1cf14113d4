"""A GKE cluster with Workload Identity: an ordinary Pulumi program, which knows nothing of this project."""

import pulumi
import pulumi_gcp as gcp

config = pulumi.Config()
project = pulumi.Config("gcp").require("project")
region = pulumi.Config("gcp").require("region")

network = gcp.compute.Network("kube", auto_create_subnetworks=False)
subnetwork = gcp.compute.Subnetwork(
    "kube",
    network=network.id,
    region=region,
    ip_cidr_range="10.10.0.0/20",
    private_ip_google_access=True,
    secondary_ip_ranges=[
        {"range_name": "pods", "ip_cidr_range": "10.20.0.0/16"},
        {"range_name": "services", "ip_cidr_range": "10.30.0.0/20"},
    ],
)
router = gcp.compute.Router("kube", network=network.id, region=region)
gcp.compute.RouterNat(
    "kube",
    router=router.name,
    region=region,
    nat_ip_allocate_option="AUTO_ONLY",
    source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
)

nodes = gcp.serviceaccount.Account("nodes", account_id="kube-nodes")
for role in ("roles/logging.logWriter", "roles/monitoring.metricWriter", "roles/artifactregistry.reader"):
    gcp.projects.IAMMember(f"nodes-{role.rpartition('.')[2]}", project=project, role=role, member=nodes.member)

cluster = gcp.container.Cluster(
    "kube",
    location=region,
    network=network.id,
    subnetwork=subnetwork.id,
    remove_default_node_pool=True,
    initial_node_count=1,
    deletion_protection=False,
    ip_allocation_policy={"cluster_secondary_range_name": "pods", "services_secondary_range_name": "services"},
    private_cluster_config={"enable_private_nodes": True, "master_ipv4_cidr_block": "172.16.0.0/28"},
    workload_identity_config={"workload_pool": f"{project}.svc.id.goog"},
    release_channel={"channel": "REGULAR"},
)
gcp.container.NodePool(
    "workers",
    cluster=cluster.id,
    node_count=config.require_int("nodes"),
    node_config={
        "machine_type": "e2-standard-4",
        "service_account": nodes.email,
        "oauth_scopes": ["https://www.googleapis.com/auth/cloud-platform"],
        "workload_metadata_config": {"mode": "GKE_METADATA"},
    },
)

application = gcp.serviceaccount.Account("application", account_id="application")
gcp.serviceaccount.IAMMember(
    "application-identity",
    service_account_id=application.name,
    role="roles/iam.workloadIdentityUser",
    member=f"serviceAccount:{project}.svc.id.goog[default/application]",
    opts=pulumi.ResourceOptions(depends_on=[cluster]),
)

pulumi.export("cluster", cluster.name)
pulumi.export("endpoint", cluster.endpoint)
pulumi.export("account", application.email)
