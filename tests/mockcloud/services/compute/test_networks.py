"""Compute by HTTP: links of each version, networks, addresses, firewalls, routers."""

from typing import Any

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "regions/europe-west4"
ZONE = "zones/europe-west4-a"


@pytest.fixture
def v1() -> Asking:
    return Asking(new_cloud(), "compute.googleapis.com", "/compute/v1/projects/acme")


@pytest.fixture
def network(v1: Asking) -> Asking:
    v1.done("POST", "global/networks", {"name": "ml", "autoCreateSubnetworks": False})
    v1.done(
        "POST", f"{PLACE}/subnetworks", {"name": "ml", "network": "global/networks/ml", "ipCidrRange": "10.0.0.0/24"}
    )
    return v1


def test_links_are_of_the_version_that_is_asked_for(network: Asking) -> None:
    beta = Asking(network.cloud, "compute.googleapis.com", "/compute/beta/projects/acme")
    for asking, version in ((network, "v1"), (beta, "beta")):
        subnet = asking.get(f"{PLACE}/subnetworks/ml")
        root = f"https://www.googleapis.com/compute/{version}/projects/acme"
        assert subnet["network"] == f"{root}/global/networks/ml"
        assert subnet["selfLink"] == f"{root}/{PLACE}/subnetworks/ml"
        (listed,) = asking.get(f"{PLACE}/subnetworks")["items"]
        assert listed == subnet
    link = beta.get(f"{PLACE}/subnetworks/ml")["network"]
    filtered = beta.get("global/routes", f'filter=(network="{link}")')
    assert [each["destRange"] for each in filtered["items"]] == ["0.0.0.0/0"]


def test_a_resource_is_found_by_its_number(network: Asking) -> None:
    found = network.get("global/networks/ml")
    assert network.get(f"global/networks/{found['id']}") == found


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "Not-A-Name"}, 400),
        ({"name": "x", "network": "global/networks/ml", "ipCidrRange": "10.0.0.1/24"}, 400),
        ({"name": "x", "network": "global/networks/ml", "ipCidrRange": "10.0.0.0/31"}, 400),
        ({"name": "x", "network": "global/networks/ml", "ipCidrRange": "fd00::/64"}, 400),
        ({"name": "x", "network": "global/networks/ml"}, 400),
        ({"name": "x", "ipCidrRange": "10.9.0.0/24"}, 400),
        ({"name": "ml", "network": "global/networks/ml", "ipCidrRange": "10.9.0.0/24"}, 409),
        ({"name": "x", "network": "global/networks/ml", "ipCidrRange": "10.9.0.0/24", "unknown": 1}, 400),
    ],
)
def test_wrong_subnets_are_refused(network: Asking, body: dict[str, Any], status: int) -> None:
    assert network.refused("POST", f"{PLACE}/subnetworks", body) == status


def test_flow_logs_get_their_defaults(network: Asking) -> None:
    subnet = network.get(f"{PLACE}/subnetworks/ml")
    change = {"fingerprint": subnet["fingerprint"], "logConfig": {"enable": True, "flowSampling": 0.1}}
    network.done("PATCH", f"{PLACE}/subnetworks/ml", change)
    found = network.get(f"{PLACE}/subnetworks/ml")
    assert found["logConfig"]["aggregationInterval"] == "INTERVAL_5_SEC"
    assert (found["logConfig"]["flowSampling"], found["enableFlowLogs"]) == (0.1, True)
    assert network.get("aggregated/subnetworks/listUsable")["items"][0]["ipCidrRange"] == "10.0.0.0/24"
    assert network.refused("POST", f"{PLACE}/subnetworks/ml/expandIpCidrRange", {"ipCidrRange": "10.0.0.0/25"}) == 400


def test_auto_mode_networks_have_a_subnet_in_every_region(v1: Asking) -> None:
    v1.done("POST", "global/networks", {"name": "auto", "autoCreateSubnetworks": True})
    assert v1.get(f"{PLACE}/subnetworks/auto")["ipCidrRange"] == "10.164.0.0/20"
    v1.done("POST", "global/networks/auto/switchToCustomMode")
    assert v1.get("global/networks/auto")["autoCreateSubnetworks"] is False
    v1.done("DELETE", "global/networks/auto")
    assert v1.refused("GET", f"{PLACE}/subnetworks/auto") == 404


def test_null_clears_a_field(network: Asking) -> None:
    network.done("POST", f"{PLACE}/routers", {"name": "r", "network": "global/networks/ml", "description": "words"})
    network.done("PATCH", f"{PLACE}/routers/r", {"description": None, "nats": [{"name": "n", "initialNatIps": []}]})
    found = network.get(f"{PLACE}/routers/r")
    assert "description" not in found
    assert [each["name"] for each in found["nats"]] == ["n"]
    assert network.get(f"{PLACE}/routers/r/getNatMappingInfo")["kind"] == "compute#vmEndpointNatMappingsList"
    assert network.get(f"{PLACE}/routers/r/getNatIpInfo") == {}
    preview = network.done("POST", f"{PLACE}/routers/r/preview", {"description": "new"})
    assert preview["resource"]["description"] == "new"


def test_parts_of_routers(network: Asking) -> None:
    network.done("POST", f"{PLACE}/routers", {"name": "r", "network": "global/networks/ml"})
    network.done("POST", f"{PLACE}/routers/r/updateRoutePolicy", {"name": "p", "type": "ROUTE_POLICY_TYPE_IMPORT"})
    assert network.get(f"{PLACE}/routers/r/getRoutePolicy", "policy=p")["resource"]["name"] == "p"
    assert len(network.get(f"{PLACE}/routers/r/listRoutePolicies")["result"]) == 1
    network.done("POST", f"{PLACE}/routers/r/patchRoutePolicy", {"name": "p", "description": "words"})
    assert (
        network.get(f"{PLACE}/routers/r/getRoutePolicy", "policy=p")["resource"]["type"] == "ROUTE_POLICY_TYPE_IMPORT"
    )
    network.done("POST", f"{PLACE}/routers/r/deleteRoutePolicy", None, "policy=p")
    assert network.refused("GET", f"{PLACE}/routers/r/getRoutePolicy", None, "policy=p") == 404
    assert network.get(f"{PLACE}/routers/r/listNamedSets") == {}


def test_addresses_are_handed_out(network: Asking) -> None:
    network.done("POST", f"{PLACE}/addresses", {"name": "out"})
    assert network.get(f"{PLACE}/addresses/out")["address"].startswith("34.")
    inside = {"addressType": "INTERNAL", "subnetwork": f"{PLACE}/subnetworks/ml"}
    network.done("POST", f"{PLACE}/addresses", {"name": "in", **inside, "address": "10.0.0.2"})
    network.done("POST", f"{PLACE}/addresses", {"name": "next", **inside})
    assert network.get(f"{PLACE}/addresses/next")["address"] == "10.0.0.3"
    assert network.refused("POST", f"{PLACE}/addresses", {"name": "twice", **inside, "address": "10.0.0.2"}) == 400
    peering = {"name": "psa", "purpose": "VPC_PEERING", "addressType": "INTERNAL", "prefixLength": 16}
    network.done("POST", "global/addresses", peering)
    network.done("POST", "global/addresses", {**peering, "name": "psb"})
    assert network.get("global/addresses/psa")["address"] == "10.64.0.0"
    assert network.get("global/addresses/psb")["address"] == "10.65.0.0"
    assert network.refused("POST", "global/addresses", {**peering, "name": "bad", "prefixLength": 99}) == 400
    names = network.get("aggregated/addresses")["items"]
    assert {scope: len(each["addresses"]) for scope, each in names.items()} == {PLACE: 3, "global": 2}


def test_service_attachments_know_who_is_connected(network: Asking) -> None:
    network.done(
        "POST",
        f"{PLACE}/forwardingRules",
        {"name": "ilb", "loadBalancingScheme": "INTERNAL", "subnetwork": f"{PLACE}/subnetworks/ml"},
    )
    attachment = {
        "name": "sa",
        "connectionPreference": "ACCEPT_AUTOMATIC",
        "targetService": f"{PLACE}/forwardingRules/ilb",
        "natSubnets": [f"{PLACE}/subnetworks/ml"],
    }
    network.done("POST", f"{PLACE}/serviceAttachments", attachment)
    network.done(
        "POST",
        f"{PLACE}/forwardingRules",
        {
            "name": "psc",
            "target": f"{PLACE}/serviceAttachments/sa",
            "network": "global/networks/ml",
            "subnetwork": f"{PLACE}/subnetworks/ml",
        },
    )
    (endpoint,) = network.get(f"{PLACE}/serviceAttachments/sa")["connectedEndpoints"]
    assert endpoint["status"] == "ACCEPTED"
    network.done("DELETE", f"{PLACE}/forwardingRules/psc")
    assert network.get(f"{PLACE}/serviceAttachments/sa")["connectedEndpoints"] == []
    network.done(
        "POST",
        "global/forwardingRules",
        {"name": "apis", "target": "all-apis", "network": "global/networks/ml", "IPAddress": "10.99.0.5"},
    )
    assert network.get("global/forwardingRules/apis")["pscConnectionStatus"] == "ACCEPTED"


def test_firewalls_state_what_they_allow_or_deny(network: Asking) -> None:
    rule = {"name": "ssh", "network": "global/networks/ml", "allowed": [{"IPProtocol": "tcp", "ports": ["22"]}]}
    network.done("POST", "global/firewalls", rule)
    found = network.get("global/firewalls/ssh")
    assert (found["direction"], found["priority"], found["sourceRanges"]) == ("INGRESS", 1000, ["0.0.0.0/0"])
    assert network.refused("POST", "global/firewalls", {"name": "none", "network": "global/networks/ml"}) == 400
    egress = {**rule, "name": "out", "direction": "EGRESS"}
    network.done("POST", "global/firewalls", egress)
    assert network.get("global/firewalls/out")["destinationRanges"] == ["0.0.0.0/0"]
    assert len(network.get("global/networks/ml/getEffectiveFirewalls")["firewalls"]) == 2
    network.done("PUT", "global/firewalls/ssh", {**rule, "priority": 5})
    found = network.get("global/firewalls/ssh")
    assert (found["priority"], found["name"]) == (5, "ssh")
