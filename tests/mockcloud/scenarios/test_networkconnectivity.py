"""What users do with Network Connectivity, through google-cloud-network-connectivity."""

import pytest
from google.api_core import exceptions
from google.cloud import networkconnectivity_v1 as connectivity

from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-cloud-network-connectivity")

PLACE = "projects/mock-project/locations"
NETWORK = "projects/mock-project/global/networks/default"


def test_a_policy_lets_a_service_connect(cloud: Cloud) -> None:
    client = connectivity.CrossNetworkAutomationServiceClient()
    parent = f"{PLACE}/europe-west4"
    config = connectivity.ServiceConnectionPolicy.PscConfig(
        subnetworks=["projects/mock-project/regions/europe-west4/subnetworks/default"], limit=8
    )
    policy = connectivity.ServiceConnectionPolicy(
        network=NETWORK, service_class="google-cloud-vertex-ai", psc_config=config
    )
    create = {"parent": parent, "service_connection_policy": policy}
    made = client.create_service_connection_policy(
        request={**create, "service_connection_policy_id": "vertex"}
    ).result()
    assert (made.psc_config.limit, made.infrastructure.name) == (8, "PSC")
    with pytest.raises(exceptions.FailedPrecondition):
        client.create_service_connection_policy(request={**create, "service_connection_policy_id": "again"})
    policy.network = "projects/mock-project/global/networks/none"
    with pytest.raises(exceptions.NotFound):
        client.create_service_connection_policy(request={**create, "service_connection_policy_id": "other"})
    client.delete_service_connection_policy(name=made.name).result()
    assert not list(client.list_service_connection_policies(parent=parent))


def test_networks_meet_in_a_hub(cloud: Cloud) -> None:
    client = connectivity.HubServiceClient()
    parent = f"{PLACE}/global"
    hub = client.create_hub(parent=parent, hub=connectivity.Hub(description="All"), hub_id="all").result()
    assert hub.state == connectivity.State.ACTIVE
    linked = connectivity.LinkedVpcNetwork(uri=f"https://www.googleapis.com/compute/v1/{NETWORK}")
    spoke = connectivity.Spoke(hub=hub.name, linked_vpc_network=linked)
    made = client.create_spoke(parent=parent, spoke=spoke, spoke_id="ml").result()
    assert made.spoke_type == connectivity.SpokeType.VPC_NETWORK
    assert [each.name for each in client.list_hub_spokes(name=hub.name)] == [made.name]
    with pytest.raises(exceptions.FailedPrecondition):
        client.delete_hub(name=hub.name)
    client.delete_spoke(name=made.name).result()
    client.delete_hub(name=hub.name).result()
    with pytest.raises(exceptions.NotFound):
        client.create_spoke(parent=parent, spoke=spoke, spoke_id="late")


def test_a_range_is_kept_free(cloud: Cloud) -> None:
    client = connectivity.InternalRangeServiceClient()
    wanted = connectivity.InternalRange(network=NETWORK, prefix_length=24)
    made = client.create_internal_range(
        parent=f"{PLACE}/global", internal_range=wanted, internal_range_id="pods"
    ).result()
    assert made.ip_cidr_range == "10.64.0.0/24"
    assert made.usage == connectivity.InternalRange.Usage.FOR_VPC
