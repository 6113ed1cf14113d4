"""What users do with GKE, through google-cloud-container."""

import pytest
from google.api_core import exceptions
from google.cloud import container_v1 as container

from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-cloud-container")

PLACE = "projects/mock-project/locations/europe-west4"


@pytest.fixture
def client(cloud: Cloud) -> container.ClusterManagerClient:
    return container.ClusterManagerClient()


def _cluster(client: container.ClusterManagerClient, cloud: Cloud, **fields: object) -> container.Cluster:
    cluster = container.Cluster(name="train", initial_node_count=1, **fields)
    started = client.create_cluster(parent=PLACE, cluster=cluster)
    assert (started.status.name, started.operation_type.name) == ("RUNNING", "CREATE_CLUSTER")
    cloud.advance(600)
    done = client.get_operation(name=f"{PLACE}/operations/{started.name}")
    assert done.status.name == "DONE"
    return client.get_cluster(name=f"{PLACE}/clusters/train")


def test_a_cluster_gets_what_the_service_fills_in(client: container.ClusterManagerClient, cloud: Cloud) -> None:
    made = _cluster(client, cloud, resource_labels={"team": "ml"})
    assert made.status == container.Cluster.Status.RUNNING
    assert list(made.locations) == ["europe-west4-a", "europe-west4-b", "europe-west4-c"]
    assert [(each.name, each.config.machine_type) for each in made.node_pools] == [("default-pool", "e2-medium")]
    assert made.current_node_count == 3
    assert made.network_config.subnetwork == "projects/mock-project/regions/europe-west4/subnetworks/default"
    assert made.current_master_version in client.get_server_config(name=PLACE).valid_master_versions
    everywhere = client.list_clusters(parent="projects/mock-project/locations/-")
    assert [each.name for each in everywhere.clusters] == ["train"]
    with pytest.raises(exceptions.AlreadyExists):
        client.create_cluster(parent=PLACE, cluster=container.Cluster(name="train", initial_node_count=1))
    with pytest.raises(exceptions.InvalidArgument):
        client.create_cluster(parent=PLACE, cluster=container.Cluster(name="empty"))
    client.delete_cluster(name=f"{PLACE}/clusters/train")
    with pytest.raises(exceptions.NotFound):
        client.get_cluster(name=f"{PLACE}/clusters/train")


def test_node_pools_come_and_go(client: container.ClusterManagerClient, cloud: Cloud) -> None:
    made = _cluster(client, cloud)
    name = f"{PLACE}/clusters/{made.name}"
    client.delete_node_pool(name=f"{name}/nodePools/default-pool")
    accelerator = container.AcceleratorConfig(accelerator_type="nvidia-l4", accelerator_count=1)
    config = container.NodeConfig(machine_type="g2-standard-8", accelerators=[accelerator], spot=True)
    scaling = container.NodePoolAutoscaling(enabled=True, min_node_count=0, max_node_count=4)
    pool = container.NodePool(name="gpu", initial_node_count=0, config=config, autoscaling=scaling)
    client.create_node_pool(parent=name, node_pool=pool)
    found = client.get_node_pool(name=f"{name}/nodePools/gpu")
    assert (found.config.spot, found.config.disk_type, found.autoscaling.max_node_count) == (True, "pd-balanced", 4)
    client.set_node_pool_size(request={"name": found.self_link.partition("/v1/")[2], "node_count": 2})
    client.update_node_pool(
        request={"name": f"{name}/nodePools/gpu", "labels": {"labels": {"tier": "gpu"}}, "node_version": "-"}
    )
    found = client.get_node_pool(name=f"{name}/nodePools/gpu")
    assert (found.initial_node_count, dict(found.config.labels)) == (2, {"tier": "gpu"})
    assert [each.name for each in client.list_node_pools(parent=name).node_pools] == ["gpu"]


def test_a_cluster_is_changed(client: container.ClusterManagerClient, cloud: Cloud) -> None:
    made = _cluster(client, cloud)
    name = f"{PLACE}/clusters/{made.name}"
    for update in (
        container.ClusterUpdate(
            desired_workload_identity_config=container.WorkloadIdentityConfig(workload_pool="mock-project.svc.id.goog")
        ),
        container.ClusterUpdate(desired_intra_node_visibility_config={"enabled": True}),
        container.ClusterUpdate(desired_release_channel={"channel": "STABLE"}),
    ):
        client.update_cluster(name=name, update=update)
    client.set_labels(
        request={"name": name, "resource_labels": {"a": "b"}, "label_fingerprint": made.label_fingerprint}
    )
    found = client.get_cluster(name=name)
    assert found.workload_identity_config.workload_pool == "mock-project.svc.id.goog"
    assert found.network_config.enable_intra_node_visibility
    assert found.release_channel.channel.name == "STABLE"
    assert dict(found.resource_labels) == {"a": "b"}
    with pytest.raises(exceptions.Aborted):
        client.set_labels(request={"name": name, "resource_labels": {}, "label_fingerprint": made.label_fingerprint})


def test_a_zone_is_named_in_the_older_way(client: container.ClusterManagerClient, cloud: Cloud) -> None:
    cluster = container.Cluster(name="small", initial_node_count=2)
    client.create_cluster(project_id="mock-project", zone="europe-west4-a", cluster=cluster)
    found = client.get_cluster(project_id="mock-project", zone="europe-west4-a", cluster_id="small")
    assert (list(found.locations), found.current_node_count) == (["europe-west4-a"], 2)
    same = client.get_cluster(name="projects/mock-project/locations/europe-west4-a/clusters/small")
    assert same.id == found.id
