"""What users do with Cloud TPU, through google-cloud-tpu."""

import pytest
from google.api_core import exceptions
from google.cloud import tpu_v2 as tpu

from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-cloud-tpu")

PLACE = "projects/mock-project/locations/europe-west4-a"


@pytest.fixture
def client(cloud: Cloud) -> tpu.TpuClient:
    return tpu.TpuClient()


def test_a_node_is_made_stopped_and_deleted(client: tpu.TpuClient) -> None:
    node = tpu.Node(
        accelerator_type="v2-8",
        runtime_version="tpu-vm-tf-2.17.0-pjrt",
        scheduling_config=tpu.SchedulingConfig(spot=True),
    )
    made = client.create_node(parent=PLACE, node_id="n", node=node).result()
    assert (made.state, made.accelerator_config.type_.name) == (tpu.Node.State.READY, "V2")
    assert made.scheduling_config.spot
    assert made.network_endpoints[0].ip_address
    assert client.stop_node(request={"name": made.name}).result().state == tpu.Node.State.STOPPED
    with pytest.raises(exceptions.FailedPrecondition):
        client.stop_node(request={"name": made.name})
    client.start_node(request={"name": made.name}).result()
    client.delete_node(name=made.name).result()
    assert not list(client.list_nodes(parent=PLACE))
    with pytest.raises(exceptions.InvalidArgument):
        client.create_node(parent=PLACE, node_id="n", node=tpu.Node(accelerator_type="v2-8"))


def test_a_queued_resource_becomes_a_node(client: tpu.TpuClient, cloud: Cloud) -> None:
    spec = tpu.QueuedResource.Tpu.NodeSpec(
        parent=PLACE, node_id="n", node=tpu.Node(accelerator_type="v5litepod-4", runtime_version="v2-alpha-tpuv5-lite")
    )
    queued = tpu.QueuedResource(tpu=tpu.QueuedResource.Tpu(node_spec=[spec]), spot=tpu.QueuedResource.Spot())
    made = client.create_queued_resource(parent=PLACE, queued_resource_id="q", queued_resource=queued).result()
    assert made.state.state == tpu.QueuedResourceState.State.WAITING_FOR_RESOURCES
    cloud.advance(120)
    found = client.get_queued_resource(name=made.name)
    assert found.state.state == tpu.QueuedResourceState.State.ACTIVE
    node = client.get_node(name=f"{PLACE}/nodes/n")
    assert node.queued_resource == made.name
    with pytest.raises(exceptions.FailedPrecondition):
        client.delete_queued_resource(name=made.name)
    client.delete_queued_resource(request={"name": made.name, "force": True}).result()
    assert not list(client.list_nodes(parent=PLACE))


def test_a_zone_says_what_it_offers(client: tpu.TpuClient) -> None:
    types = [each.type_ for each in client.list_accelerator_types(parent=PLACE)]
    assert {"v2-8", "v5litepod-4", "v6e-8"} <= set(types)
    assert "v4-8" not in types
    versions = [each.version for each in client.list_runtime_versions(parent=PLACE)]
    assert "v2-alpha-tpuv6e" in versions
    assert client.get_accelerator_type(name=f"{PLACE}/acceleratorTypes/v2-8").type_ == "v2-8"
    with pytest.raises(exceptions.NotFound):
        client.get_accelerator_type(name=f"{PLACE}/acceleratorTypes/v4-8")
    email = client.generate_service_identity(request={"parent": PLACE}).identity.email
    assert email.endswith("@gcp-sa-tpu.iam.gserviceaccount.com")
