"""Compute by HTTP: links of each version, fingerprints, setters, smaller resources."""

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


def _vm(asking: Asking, name: str = "vm", **more: Any) -> Any:
    body = {
        "name": name,
        "machineType": f"{ZONE}/machineTypes/e2-small",
        "disks": [{"boot": True, "autoDelete": True}],
        **more,
    }
    asking.done("POST", f"{ZONE}/instances", body)
    return asking.get(f"{ZONE}/instances/{name}")


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


@pytest.mark.parametrize(
    ("verb", "body", "query", "field", "value"),
    [
        ("setMinCpuPlatform", {"minCpuPlatform": "Intel Skylake"}, "", "minCpuPlatform", "Intel Skylake"),
        ("setDeletionProtection", None, "deletionProtection=true", "deletionProtection", True),
        (
            "setServiceAccount",
            {"email": "a@b.test", "scopes": ["s"]},
            "",
            "serviceAccounts",
            [{"email": "a@b.test", "scopes": ["s"]}],
        ),
        ("setServiceAccount", {}, "", "serviceAccounts", []),
        ("setMachineResources", {"guestAccelerators": []}, "", "guestAccelerators", []),
        ("setName", {"name": "vm", "currentName": "vm"}, "", "name", "vm"),
    ],
)
def test_setters_set(v1: Asking, verb: str, body: object, query: str, field: str, value: object) -> None:
    _vm(v1)
    v1.done("POST", f"{ZONE}/instances/vm/{verb}", body, query)
    assert v1.get(f"{ZONE}/instances/vm")[field] == value


def test_setters_merge_and_move_lists(v1: Asking) -> None:
    _vm(v1)
    v1.done("POST", f"{ZONE}/instances/vm/setScheduling", {"automaticRestart": False})
    v1.done("PATCH", f"{ZONE}/instances/vm/updateShieldedInstanceConfig", {"enableSecureBoot": True})
    v1.done("PATCH", f"{ZONE}/instances/vm/updateDisplayDevice", {"enableDisplay": True})
    v1.done("POST", f"{PLACE}/resourcePolicies", {"name": "nightly", "instanceSchedulePolicy": {"timeZone": "UTC"}})
    policies = {"resourcePolicies": [f"{PLACE}/resourcePolicies/nightly"]}
    v1.done("POST", f"{ZONE}/instances/vm/addResourcePolicies", policies)
    found = v1.get(f"{ZONE}/instances/vm")
    assert (found["scheduling"]["automaticRestart"], found["scheduling"]["preemptible"]) == (False, False)
    assert (found["shieldedInstanceConfig"]["enableSecureBoot"], found["shieldedInstanceConfig"]["enableVtpm"]) == (
        True,
        True,
    )
    assert len(found["resourcePolicies"]) == 1
    v1.done("POST", f"{ZONE}/instances/vm/removeResourcePolicies", policies)
    assert v1.get(f"{ZONE}/instances/vm")["resourcePolicies"] == []
    assert (
        v1.refused(
            "POST", f"{ZONE}/instances/vm/addResourcePolicies", {"resourcePolicies": [f"{PLACE}/resourcePolicies/no"]}
        )
        == 404
    )
    v1.done("POST", f"{ZONE}/instances/vm/setName", {"name": "renamed", "currentName": "vm"})
    assert v1.get(f"{ZONE}/instances/renamed")["selfLink"].endswith("/renamed")


def test_an_instance_is_suspended_and_reset(v1: Asking) -> None:
    _vm(v1)
    v1.done("POST", f"{ZONE}/instances/vm/suspend")
    assert v1.get(f"{ZONE}/instances/vm")["status"] == "SUSPENDED"
    assert v1.refused("POST", f"{ZONE}/instances/vm/reset") == 400
    v1.done("POST", f"{ZONE}/instances/vm/resume")
    v1.done("POST", f"{ZONE}/instances/vm/reset")
    v1.done("POST", f"{ZONE}/instances/vm/start")
    assert v1.get(f"{ZONE}/instances/vm")["status"] == "RUNNING"
    # A second order while the first one is carried out waits for it.
    assert v1.ask("POST", f"{ZONE}/instances/vm/stop")[0] == 200
    assert v1.ask("POST", f"{ZONE}/instances/vm/start")[0] == 200
    v1.cloud.advance(60)
    assert v1.get(f"{ZONE}/instances/vm")["status"] == "RUNNING"


def test_an_instance_tells_of_itself(v1: Asking) -> None:
    _vm(v1)
    front = f"{ZONE}/instances/vm"
    assert v1.get(f"{front}/serialPort")["contents"] == ""
    assert v1.refused("GET", f"{front}/getGuestAttributes", None, "queryPath=a/") == 404
    assert v1.get(f"{front}/getShieldedInstanceIdentity")["kind"] == "compute#shieldedInstanceIdentity"
    assert v1.get(f"{front}/getEffectiveFirewalls", "networkInterface=nic0") == {"firewalls": []}
    v1.done("POST", f"{front}/simulateMaintenanceEvent")
    assert v1.done("POST", f"{front}/sendDiagnosticInterrupt") == {}


def test_interfaces_get_and_lose_addresses(v1: Asking) -> None:
    _vm(v1)
    front = f"{ZONE}/instances/vm"
    v1.done("POST", f"{front}/addAccessConfig", {"name": "out"}, "networkInterface=nic0")
    (access,) = v1.get(front)["networkInterfaces"][0]["accessConfigs"]
    assert access["natIP"].startswith("34.")
    v1.done("POST", f"{front}/updateAccessConfig", {"name": "out", "setPublicPtr": True}, "networkInterface=nic0")
    v1.done("POST", f"{front}/deleteAccessConfig", None, "networkInterface=nic0&accessConfig=out")
    nic = v1.get(front)["networkInterfaces"][0]
    assert nic["accessConfigs"] == []
    change = {"fingerprint": nic["fingerprint"], "aliasIpRanges": [{"ipCidrRange": "/30"}]}
    v1.done("PATCH", f"{front}/updateNetworkInterface", change, "networkInterface=nic0")
    assert v1.refused("PATCH", f"{front}/updateNetworkInterface", change, "networkInterface=nic0") == 412
    assert v1.refused("PATCH", f"{front}/updateNetworkInterface", {}, "networkInterface=nic9") == 400


def test_disks_of_instances(v1: Asking) -> None:
    _vm(v1)
    front = f"{ZONE}/instances/vm"
    v1.done("POST", f"{front}/setDiskAutoDelete", None, "deviceName=persistent-disk-0&autoDelete=false")
    assert v1.refused("POST", f"{front}/setDiskAutoDelete", None, "deviceName=none&autoDelete=false") == 400
    assert v1.refused("POST", f"{front}/detachDisk", None, "deviceName=none") == 400
    v1.done(
        "POST", f"{ZONE}/disks", {"name": "data"}, "sourceImage=projects/debian-cloud/global/images/family/debian-12"
    )
    assert v1.get(f"{ZONE}/disks/data")["sizeGb"] == "10"
    data = {"source": f"{ZONE}/disks/data", "deviceName": "data"}
    v1.done("POST", f"{front}/attachDisk", data)
    assert v1.refused("POST", f"{front}/attachDisk", data) == 400
    v1.done("DELETE", front)
    assert [each["name"] for each in v1.get(f"{ZONE}/disks")["items"]] == ["data", "vm"]
    assert (
        v1.refused(
            "POST",
            f"{ZONE}/disks",
            {"name": "small", "sizeGb": "5", "sourceImage": "projects/debian-cloud/global/images/family/debian-12"},
        )
        == 400
    )


def test_protected_and_incomplete_instances(v1: Asking) -> None:
    _vm(v1, deletionProtection=True)
    assert v1.refused("DELETE", f"{ZONE}/instances/vm") == 400
    assert v1.refused("POST", f"{ZONE}/instances", {"name": "x", "disks": [{}]}) == 400
    assert v1.refused("POST", f"{ZONE}/instances", {"name": "x", "machineType": f"{ZONE}/machineTypes/e2-small"}) == 400


def test_spot_and_accelerated_instances_cannot_move(v1: Asking) -> None:
    spot = _vm(v1, "spot", scheduling={"provisioningModel": "SPOT"})["scheduling"]
    assert (spot["preemptible"], spot["automaticRestart"], spot["onHostMaintenance"]) == (True, False, "TERMINATE")
    gpu = _vm(
        v1,
        "gpu",
        machineType=f"{ZONE}/machineTypes/g2-standard-8",
        serviceAccounts=[{"email": "default", "scopes": []}],
    )
    assert gpu["scheduling"]["onHostMaintenance"] == "TERMINATE"
    assert gpu["guestAccelerators"][0]["acceleratorType"].endswith("/nvidia-l4")
    assert gpu["serviceAccounts"][0]["email"].endswith("-compute@developer.gserviceaccount.com")
    scratch = _vm(v1, "scratch", disks=[{"boot": True}, {"type": "SCRATCH"}])
    assert scratch["disks"][1]["diskSizeGb"] == "375"


def test_images_of_one_s_own_have_families_too(v1: Asking) -> None:
    v1.done("POST", f"{ZONE}/disks", {"name": "d", "sizeGb": "30"})
    for name in ("img-1", "img-2"):
        v1.done("POST", "global/images", {"name": name, "family": "ml", "sourceDisk": f"{ZONE}/disks/d"})
    assert v1.get("global/images/family/ml")["name"] == "img-2"
    v1.done("POST", "global/images/img-2/deprecate", {"state": "DEPRECATED"})
    found = v1.get("global/images/family/ml")
    assert (found["name"], found["diskSizeGb"]) == ("img-1", "30")
    assert v1.refused("GET", "global/images/family/none") == 404
    debian = Asking(v1.cloud, "compute.googleapis.com", "/compute/v1/projects/debian-cloud")
    family = debian.get("global/images/family/debian-12")
    assert debian.get(f"global/images/{family['name']}") == family
    v1.done("POST", "global/snapshots", {"name": "s", "sourceDisk": f"{ZONE}/disks/d"})
    v1.done("POST", f"{ZONE}/disks", {"name": "again", "sourceSnapshot": "global/snapshots/s"})
    assert v1.get(f"{ZONE}/disks/again")["sizeGb"] == "30"
    assert v1.refused("POST", f"{ZONE}/disks/d/createSnapshot", {"name": "s"}) == 409
    assert v1.refused("POST", f"{ZONE}/disks/d/createSnapshot", {}) == 400


def test_zones_offer_what_the_catalogues_say(v1: Asking) -> None:
    assert v1.get("regions")["items"][0]["name"] == "africa-south1"
    assert [each["name"] for each in v1.get(f"{PLACE}/zones")["items"]] == [f"europe-west4-{each}" for each in "abc"]
    assert v1.get(f"{ZONE}/diskTypes/pd-ssd")["defaultDiskSizeGb"] == "100"
    assert v1.get(f"{PLACE}/diskTypes")["kind"] == "compute#regionDiskTypeList"
    found = v1.get("aggregated/acceleratorTypes", "filter=name=nvidia-b200")["items"]
    assert "zones/us-central1-b" in found
    assert v1.refused("GET", f"{ZONE}/machineTypes/none") == 404
    assert v1.refused("GET", "regions/none") == 404
    page = v1.get(f"{ZONE}/machineTypes", "maxResults=2")
    assert len(page["items"]) == 2
    assert len(v1.get(f"{ZONE}/machineTypes", f"maxResults=2&pageToken={page['nextPageToken']}")["items"]) == 2


def test_strict_clouds_know_zones_and_machine_types() -> None:
    off = ["authentication", "enablement", "access", "projects", "organisation", "perimeter", "quota"]
    strict = Asking(new_cloud("strict", off=off), "compute.googleapis.com", "/compute/v1/projects/acme")
    body = {"name": "vm", "machineType": f"{ZONE}/machineTypes/e2-huge", "disks": [{"boot": True}]}
    assert strict.refused("POST", f"{ZONE}/instances", body) == 404
    assert strict.refused("GET", "zones/atlantis-a/instances") == 400
    gpu = {"acceleratorType": f"{ZONE}/acceleratorTypes/nvidia-none", "acceleratorCount": 1}
    body |= {"machineType": f"{ZONE}/machineTypes/n1-standard-1", "guestAccelerators": [gpu]}
    assert strict.refused("POST", f"{ZONE}/instances", body) == 404
    image = {"sourceImage": "projects/debian-cloud/global/images/family/debian-1"}
    del body["guestAccelerators"]
    assert strict.refused("POST", f"{ZONE}/instances", {**body, "disks": [{"initializeParams": image}]}) == 404
    assert strict.ask("POST", f"{ZONE}/instances", body)[0] == 200
    lenient = Asking(new_cloud(), "compute.googleapis.com", "/compute/v1/projects/acme")
    huge = {"name": "vm", "machineType": "zones/new1-a/machineTypes/e9-huge", "disks": [{"boot": True}]}
    assert lenient.ask("POST", "zones/new1-a/instances", huge)[0] == 200
