"""DNS, peering with services, hubs, connectors, address groups, fleets by HTTP: what the scenarios leave out."""

import base64

import pytest

from mockcloud.cloud.tokens import mock_token
from mockcloud.services.dns.keys import digest_of, tag_of
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ALICE, ask, grant
from tests.mockcloud.services.asking import Asking

PLACE = "projects/acme/locations/europe-west4"
NETWORK = "projects/acme/global/networks/default"


@pytest.fixture
def dns() -> Asking:
    asking = Asking(new_cloud(), "dns.googleapis.com", "/dns/v1/projects/acme")
    asking.done("POST", "managedZones", {"name": "z", "dnsName": "acme.test."})
    return asking


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "No", "dnsName": "a.test."}, 400),
        ({"name": "a", "dnsName": "a.test"}, 400),
        ({"name": "z", "dnsName": "a.test."}, 409),
        (
            {
                "name": "a",
                "dnsName": "a.test.",
                "visibility": "private",
                "privateVisibilityConfig": {"networks": [{"networkUrl": "projects/acme/global/networks/no"}]},
            },
            404,
        ),
        (
            {
                "name": "a",
                "dnsName": "a.test.",
                "peeringConfig": {"targetNetwork": {"networkUrl": "projects/far/global/networks/n"}},
            },
            200,
        ),
    ],
)
def test_wrong_zones_are_refused(dns: Asking, body: object, status: int) -> None:
    assert dns.ask("POST", "managedZones", body)[0] == status


def test_zones_are_put_and_listed(dns: Asking) -> None:
    assert dns.refused("PATCH", "managedZones/z", {"dnsName": "other.test."}) == 400
    dns.done(
        "PUT", "managedZones/z", {"name": "z", "dnsName": "acme.test.", "description": "words", "labels": {"a": "b"}}
    )
    dns.done("PATCH", "managedZones/z", {"privateVisibilityConfig": {"networks": [{"networkUrl": NETWORK}]}})
    dns.done("PATCH", "managedZones/z", {"privateVisibilityConfig": {"networks": []}})
    (found,) = dns.get("managedZones", "dnsName=acme.test.")["managedZones"]
    assert (found["description"], found["privateVisibilityConfig"], len(found["nameServers"])) == (
        "words",
        {"networks": []},
        4,
    )
    assert dns.get("managedZones", "dnsName=none.")["managedZones"] == []
    assert Asking(dns.cloud, "dns.googleapis.com", "/dns/v1/projects").get("acme")["quota"]["managedZones"] == 10000
    assert dns.get("managedZones/z/dnsKeys")["dnsKeys"] == []


def test_a_zone_that_is_signed_has_keys(dns: Asking) -> None:
    specs = [{"keyType": "zoneSigning", "algorithm": "ecdsap256sha256", "keyLength": 256}]
    for name, signing in (("a", {"state": "on"}), ("b", {"state": "on", "defaultKeySpecs": specs})):
        dns.done("POST", "managedZones", {"name": name, "dnsName": f"{name}.test.", "dnssecConfig": signing})
    one, other = (dns.get(f"managedZones/{name}/dnsKeys")["dnsKeys"] for name in "ab")

    assert [(each["type"], each["algorithm"], each["keyLength"]) for each in (*one, other[1])] == [
        ("keySigning", "rsasha256", 2048),
        ("zoneSigning", "rsasha256", 1024),
        ("zoneSigning", "ecdsap256sha256", 256),
    ]
    assert one == dns.get("managedZones/a/dnsKeys")["dnsKeys"]
    assert one[0]["digests"] != other[0]["digests"]
    assert "digests" not in one[1]
    assert len(base64.b64decode(other[1]["publicKey"])) == 64


def test_keys_are_told_as_the_standard_has_it() -> None:
    """The example of RFC 4034, section 5.4, and of RFC 4509, section 2.3."""
    key = (
        "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7Or"
        "zKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw=="
    )
    data = bytes((1, 0, 3, 5)) + base64.b64decode(key)

    assert tag_of(data) == 60485
    assert digest_of("dskey.example.com.", data) == "D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 400),
        ({"additions": [{"name": "a.acme.test.", "ttl": 1, "rrdatas": ["1.1.1.1"]}]}, 400),
        ({"additions": [{"name": "a.acme.test.", "type": "A", "ttl": 1}]}, 400),
        ({"deletions": [{"name": "a.acme.test.", "type": "A", "ttl": 1, "rrdatas": ["1.1.1.1"]}]}, 404),
        ({"deletions": [{"name": "acme.test.", "type": "NS", "ttl": 1, "rrdatas": ["other."]}]}, 412),
    ],
)
def test_wrong_changes_are_refused_whole(dns: Asking, change: object, status: int) -> None:
    assert dns.refused("POST", "managedZones/z/changes", change) == status
    assert len(dns.get("managedZones/z/rrsets")["rrsets"]) == 2


def test_changes_are_listed_in_both_orders(dns: Asking) -> None:
    for at in range(2):
        record = {"name": f"r{at}.acme.test.", "type": "A", "ttl": 1, "rrdatas": ["1.1.1.1"]}
        dns.done("POST", "managedZones/z/changes", {"additions": [record]})
    assert [each["id"] for each in dns.get("managedZones/z/changes")["changes"]] == ["1", "2"]
    assert [each["id"] for each in dns.get("managedZones/z/changes", "sortOrder=descending")["changes"]] == ["2", "1"]
    only = dns.get("managedZones/z/rrsets", "name=r1.acme.test.&type=A")["rrsets"]
    assert [each["name"] for each in only] == ["r1.acme.test."]
    assert dns.refused("POST", "managedZones/z/rrsets", only[0]) == 409
    assert dns.refused("POST", "policies", {}) == 400
    dns.done("POST", "policies", {"name": "p"})
    assert dns.refused("POST", "policies", {"name": "p"}) == 409


@pytest.fixture
def peering() -> Asking:
    asking = Asking(new_cloud(), "servicenetworking.googleapis.com", "/v1/services/servicenetworking.googleapis.com")
    compute = Asking(asking.cloud, "compute.googleapis.com", "/compute/v1/projects/acme")
    for name in ("a", "b"):
        body = {
            "name": name,
            "purpose": "VPC_PEERING",
            "addressType": "INTERNAL",
            "prefixLength": 20,
            "network": NETWORK,
        }
        compute.done("POST", "global/addresses", body)
    return asking


def test_connections_are_held_to_networks_and_ranges(peering: Asking) -> None:
    assert peering.refused("POST", "connections", {"network": "default", "reservedPeeringRanges": ["a"]}) == 400
    assert peering.refused("POST", "connections", {"network": NETWORK, "reservedPeeringRanges": []}) == 400
    no = {"network": "projects/acme/global/networks/no", "reservedPeeringRanges": ["a"]}
    assert peering.refused("POST", "connections", no) == 404
    assert peering.refused("PATCH", "connections/-", {"network": NETWORK, "reservedPeeringRanges": ["a"]}) == 404
    gone = {"consumerNetwork": NETWORK}
    assert peering.refused("POST", "connections/servicenetworking-googleapis-com", gone) == 404
    peering.done("POST", "connections", {"network": NETWORK, "reservedPeeringRanges": ["a"]})
    peering.done(
        "PATCH",
        "connections/-",
        {"network": NETWORK, "reservedPeeringRanges": ["b"]},
        "updateMask=reservedPeeringRanges",
    )
    front = "projects/acme/global/networks/default"
    assert peering.get(front)["reservedRanges"] == [{"name": "b"}]
    for enabled in (True, True, False):
        peering.done(
            "PATCH", f"{front}:updateConsumerConfig", {"consumerConfig": {"producerExportCustomRoutes": enabled}}
        )
        assert peering.get(front)["producerExportCustomRoutes"] is enabled
    assert peering.get(f"{front}/vpcServiceControls") == {"enabled": False}
    root = Asking(peering.cloud, "servicenetworking.googleapis.com", "/v1/services")
    root.done("PATCH", "servicenetworking.googleapis.com:enableVpcServiceControls", gone)
    assert peering.get(f"{front}/vpcServiceControls") == {"enabled": True}
    assert root.refused("PATCH", "other.googleapis.com:enableVpcServiceControls", gone) == 404
    assert len(root.get("-/connections")["connections"]) == 1


def test_ranges_that_are_in_use_go_by_force_only() -> None:
    cloud = new_cloud(on=["in-use"])
    asking = Asking(cloud, "servicenetworking.googleapis.com", "/v1/services/servicenetworking.googleapis.com")
    compute = Asking(cloud, "compute.googleapis.com", "/compute/v1/projects/acme")
    for name in ("a", "b"):
        compute.done(
            "POST",
            "global/addresses",
            {"name": name, "addressType": "INTERNAL", "prefixLength": 20, "purpose": "VPC_PEERING"},
        )
    asking.done("POST", "connections", {"network": NETWORK, "reservedPeeringRanges": ["a"]})
    sql = Asking(cloud, "sqladmin.googleapis.com", "/v1/projects/acme")
    private = {"tier": "t", "ipConfiguration": {"privateNetwork": NETWORK}}
    sql.done("POST", "instances", {"name": "db", "settings": private})
    change = {"network": NETWORK, "reservedPeeringRanges": ["b"]}
    assert asking.refused("PATCH", "connections/-", change) == 400
    asking.done("PATCH", "connections/-", change, "force=true")
    assert asking.refused("POST", "connections/servicenetworking-googleapis-com", {"consumerNetwork": NETWORK}) == 400


def test_connectors_have_a_subnet_or_a_range() -> None:
    asking = Asking(new_cloud(), "vpcaccess.googleapis.com", f"/v1/{PLACE}")
    asking.done("POST", "connectors", {"network": "default", "ipCidrRange": "10.8.0.0/28"}, "connectorId=a")
    found = asking.get("connectors/a")
    assert (found["state"], found["minThroughput"], found["maxThroughput"]) == ("READY", 200, 1000)
    assert asking.refused("POST", "connectors", {"ipCidrRange": "10.8.0.0/24"}, "connectorId=b") == 400
    assert asking.refused("POST", "connectors", {}, "connectorId=b") == 400
    asking.done("POST", "connectors", {"subnet": {"name": "s"}}, "connectorId=b")


def test_address_groups_hold_as_much_as_they_may() -> None:
    asking = Asking(new_cloud(), "networksecurity.googleapis.com", f"/v1/{PLACE}")
    asking.done("POST", "addressGroups", {"type": "IPV4", "capacity": 2}, "addressGroupId=g")
    asking.done("POST", "addressGroups/g:addItems", {"items": ["10.0.0.0/8"]})
    assert asking.refused("POST", "addressGroups/g:addItems", {"items": ["10.1.0.0/16", "10.2.0.0/16"]}) == 400
    asking.done("POST", "addressGroups", {"type": "IPV4", "capacity": 2}, "addressGroupId=h")
    asking.done("POST", "addressGroups/h:cloneItems", {"sourceAddressGroup": f"{PLACE}/addressGroups/g"})
    assert asking.get("addressGroups/h")["items"] == ["10.0.0.0/8"]
    asking.done("POST", "addressGroups/g:removeItems", {"items": ["10.0.0.0/8"]})
    assert asking.get("addressGroups/g")["items"] == []
    assert asking.get("addressGroups/g:listReferences") == {}
    assert asking.refused("POST", "addressGroups", {"type": "IPV4"}, "addressGroupId=x") == 400
    compute = Asking(asking.cloud, "compute.googleapis.com", "/compute/v1/projects/acme")
    compute.done("POST", "global/firewallPolicies", {"name": "p"})
    match = {"srcAddressGroups": [f"{PLACE}/addressGroups/g"]}
    compute.done(
        "POST",
        "global/firewallPolicies/p/addRule",
        {"priority": 1, "action": "deny", "direction": "INGRESS", "match": match},
    )
    assert len(asking.get("addressGroups/g:listReferences")["addressGroupReferences"]) == 1


def test_clusters_join_a_fleet() -> None:
    asking = Asking(new_cloud(), "gkehub.googleapis.com", "/v1/projects/acme/locations/global")
    gke = Asking(asking.cloud, "container.googleapis.com", "/v1")
    gke.done("POST", f"{PLACE}/clusters", {"cluster": {"name": "c", "initialNodeCount": 1}})
    link = f"//container.googleapis.com/{PLACE}/clusters/"
    asking.done("POST", "memberships", {"endpoint": {"gkeCluster": {"resourceLink": f"{link}c"}}}, "membershipId=m")
    assert asking.get("memberships/m")["state"] == {"code": "READY"}
    wrong = {"endpoint": {"gkeCluster": {"resourceLink": f"{link}none"}}}
    assert asking.refused("POST", "memberships", wrong, "membershipId=n") == 404
    asking.done("POST", "features", {"resourceState": {}}, "featureId=configmanagement")
    assert asking.get("features/configmanagement")["resourceState"]["state"] == "ACTIVE"
    asking.done("POST", "scopes", {}, "scopeId=s")
    asking.done(
        "POST", "memberships/m/bindings", {"scope": "projects/acme/locations/global/scopes/s"}, "membershipBindingId=b"
    )
    assert len(asking.get("scopes/s:listMemberships")["memberships"]) == 1
    assert asking.get("memberships/m:generateConnectManifest") == {"manifest": []}


def test_hubs_and_ranges_are_held_to_what_exists() -> None:
    asking = Asking(new_cloud(), "networkconnectivity.googleapis.com", "/v1/projects/acme/locations")
    asking.done("POST", "global/hubs", {}, "hubId=h")
    hub = "projects/acme/locations/global/hubs/h"
    assert asking.refused("POST", "global/spokes", {"hub": hub}, "spokeId=s") == 400
    none = {"hub": hub, "linkedVpcNetwork": {"uri": "projects/acme/global/networks/no"}}
    assert asking.refused("POST", "global/spokes", none, "spokeId=s") == 404
    asking.done(
        "POST",
        "global/spokes",
        {"hub": hub, "linkedVpcNetwork": {"uri": "projects/far/global/networks/n"}},
        "spokeId=s",
    )
    for verb, state in (("rejectSpoke", "INACTIVE"), ("acceptSpoke", "ACTIVE")):
        asking.done("POST", f"global/hubs/h:{verb}", {"spokeUri": "projects/acme/locations/global/spokes/s"})
        assert asking.get("global/spokes/s")["state"] == state
    assert asking.refused("POST", "global/internalRanges", {}, "internalRangeId=r") == 400
    asking.done(
        "POST", "global/internalRanges", {"network": NETWORK, "ipCidrRange": "10.9.0.0/24"}, "internalRangeId=r"
    )
    compute = Asking(asking.cloud, "compute.googleapis.com", "/compute/v1/projects/acme")
    subnet = {
        "name": "s",
        "network": NETWORK,
        "reservedInternalRange": "projects/acme/locations/global/internalRanges/r",
    }
    compute.done("POST", "regions/europe-west4/subnetworks", subnet)
    assert compute.get("regions/europe-west4/subnetworks/s")["ipCidrRange"] == "10.9.0.0/24"
    assert (
        asking.refused(
            "POST", "europe-west4/serviceConnectionPolicies", {"network": NETWORK}, "serviceConnectionPolicyId=p"
        )
        == 400
    )


def test_a_connected_network_is_asked_for_in_its_project() -> None:
    strict = new_cloud("strict", off=["enablement", "projects"])
    path = "services/servicenetworking.googleapis.com/projects/acme/global/networks/core/peeredDnsDomains"
    host = "servicenetworking.googleapis.com/v1"
    assert ask(strict, "GET", f"{host}/{path}", token=mock_token(ALICE))[0] == 403
    grant(strict, "roles/servicenetworking.networksAdmin", ALICE)
    assert ask(strict, "GET", f"{host}/{path}", token=mock_token(ALICE))[0] != 403
