"""Training: machines of all kinds, reachable from all places."""

import pulumi_gcp as gcp
import serving

# A pool outside of any network of ours.
gcp.vertex.AiPersistentResource(
    "pool",
    name="pool",
    location="us-central1",
    resource_pools=[{"replica_count": "1", "machine_spec": {"machine_type": "n1-standard-8"}}],
)

# A slice of accelerators with an external address, as the default account.
gcp.tpu.V2Vm(
    "slice", zone="us-central1-a", runtime_version="tpu-ubuntu2204-base", network_config={"enable_external_ips": True}
)

# A cluster with public nodes and a public control plane; pods act as their node, and reach one another freely.
cluster = gcp.container.Cluster("training", location="us-central1", initial_node_count=1, remove_default_node_pool=True)
gcp.container.NodePool("training", cluster=cluster.id, node_count=1)

# The third workload that runs as the account of the web service.
gcp.dataproc.Batch(
    "features",
    batch_id="features",
    location="us-central1",
    pyspark_batch={"main_python_file_uri": "gs://churn-by-friday/features.py"},
    environment_config={"execution_config": {"service_account": serving.account.email}},
)
