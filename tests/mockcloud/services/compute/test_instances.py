"""Compute by HTTP: instances, disks, images, and what zones offer."""

from typing import Any

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "regions/europe-west4"
ZONE = "zones/europe-west4-a"


@pytest.fixture
def v1() -> Asking:
    return Asking(new_cloud(), "compute.googleapis.com", "/compute/v1/projects/acme")


def _vm(asking: Asking, name: str = "vm", **more: Any) -> Any:
    body = {
        "name": name,
        "machineType": f"{ZONE}/machineTypes/e2-small",
        "disks": [{"boot": True, "autoDelete": True}],
        **more,
    }
    asking.done("POST", f"{ZONE}/instances", body)
    return asking.get(f"{ZONE}/instances/{name}")


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
    strict.done("POST", "global/images", {"name": "own-1", "family": "own", "sourceDisk": f"{ZONE}/disks/vm"})
    own = {"sourceImage": "global/images/family/own"}
    strict.done("POST", f"{ZONE}/instances", {**body, "name": "of-own", "disks": [{"initializeParams": own}]})
    assert strict.get(f"{ZONE}/disks/of-own")["sourceImage"].endswith("/images/own-1")
    lenient = Asking(new_cloud(), "compute.googleapis.com", "/compute/v1/projects/acme")
    huge = {"name": "vm", "machineType": "zones/new1-a/machineTypes/e9-huge", "disks": [{"boot": True}]}
    assert lenient.ask("POST", "zones/new1-a/instances", huge)[0] == 200
