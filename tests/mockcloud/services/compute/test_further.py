"""Many instances at once, and the smaller things."""

from typing import Any

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

ZONE, REGION = "zones/europe-west4-a", "regions/europe-west4"
DISK = {"boot": True, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/family/debian-12"}}
PROPERTIES = {
    "machineType": "e2-medium",
    "disks": [DISK],
    "networkInterfaces": [{"network": "global/networks/default"}],
}


@pytest.fixture
def beta() -> Asking:
    return Asking(new_cloud(), "compute.googleapis.com", "/compute/beta/projects/acme")


def names(api: Asking, place: str) -> list[str]:
    return [each["name"] for each in api.get(f"{place}/instances").get("items", [])]


def test_many_instances_are_made_at_once(beta: Asking) -> None:
    beta.done(
        "POST", f"{ZONE}/instances", {**PROPERTIES, "machineType": f"{ZONE}/machineTypes/e2-small", "name": "vm-2"}
    )
    sent = {"count": "3", "namePattern": "vm-#", "instanceProperties": PROPERTIES}

    done = beta.done("POST", f"{ZONE}/instances/bulkInsert", sent)

    assert beta.get(f"{ZONE}/operations/{done['name']}")["operationType"] == "bulkInsert"
    assert names(beta, ZONE) == ["vm-1", "vm-2", "vm-3", "vm-4"]
    assert beta.get(f"{ZONE}/instances/vm-4")["status"] == "RUNNING"
    assert beta.get(f"{ZONE}/instances/vm-4")["machineType"].endswith(f"{ZONE}/machineTypes/e2-medium")


def test_each_instance_can_have_a_name_and_the_region_chooses_the_zone(beta: Asking) -> None:
    places = {"zones/europe-west4-a": {"preference": "DENY"}, "zones/europe-west4-c": {"preference": "ALLOW"}}
    sent = {
        "perInstanceProperties": {"one": {}, "two": {"hostname": "two.acme.test"}},
        "instanceProperties": PROPERTIES,
        "locationPolicy": {"locations": places},
    }

    beta.done("POST", f"{REGION}/instances/bulkInsert", sent)

    assert names(beta, "zones/europe-west4-c") == ["one", "two"]
    assert beta.get("zones/europe-west4-c/instances/two")["hostname"] == "two.acme.test"


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": "0"},
        {"count": "2", "perInstanceProperties": {"one": {}}},
        {"namePattern": "vm"},
        {"namePattern": "vm-#", "count": "10"},
    ],
)
def test_all_of_them_or_none(beta: Asking, wrong: dict[str, Any]) -> None:
    sent = {"count": "3", "namePattern": "vm-#", "instanceProperties": PROPERTIES, **wrong}

    assert beta.refused("POST", f"{ZONE}/instances/bulkInsert", sent) == 400
    bad = {**PROPERTIES, "disks": []}
    assert beta.refused("POST", f"{ZONE}/instances/bulkInsert", {**sent, "instanceProperties": bad}) == 400
    assert names(beta, ZONE) == []


def test_a_region_of_which_every_zone_is_denied_has_none(beta: Asking) -> None:
    denied = {f"zones/europe-west4-{each}": {"preference": "DENY"} for each in "abc"}
    sent = {"count": "1", "namePattern": "vm-#", "instanceProperties": PROPERTIES}

    assert (
        beta.refused("POST", f"{REGION}/instances/bulkInsert", {**sent, "locationPolicy": {"locations": denied}}) == 400
    )


def test_an_address_moves_to_another_name(beta: Asking) -> None:
    beta.done("POST", f"{REGION}/addresses", {"name": "old"})
    before = beta.get(f"{REGION}/addresses/old")
    beta.done("POST", f"{REGION}/addresses", {"name": "taken"})

    assert beta.refused("POST", f"{REGION}/addresses/old/move", {"destinationAddress": "taken"}) == 409
    wanted = {"destinationAddress": f"projects/acme/{REGION}/addresses/new", "description": "moved"}
    beta.done("POST", f"{REGION}/addresses/old/move", wanted)

    after = beta.get(f"{REGION}/addresses/new")
    assert (after["address"], after["description"]) == (before["address"], "moved")
    assert beta.refused("GET", f"{REGION}/addresses/old") == 404


def test_traffic_is_sorted_by_rules(beta: Asking) -> None:
    policies = f"{REGION}/networkPolicies"
    beta.done("POST", policies, {"name": "p"})
    beta.done("POST", f"{policies}/p/addTrafficClassificationRule", {"priority": 10, "action": {"type": "apply"}})
    beta.done("POST", f"{policies}/p/patchTrafficClassificationRule", {"description": "d"}, "priority=10")

    rule = beta.get(f"{policies}/p/getTrafficClassificationRule", "priority=10")
    assert (rule["description"], rule["kind"]) == ("d", "compute#trafficClassificationRule")
    network = "https://www.googleapis.com/compute/beta/projects/acme/global/networks/default"
    beta.get("global/networks")
    beta.done("POST", f"{policies}/p/addAssociation", {"name": "a", "attachmentTarget": network})
    assert "firewallPolicyId" not in beta.get(f"{policies}/p/getAssociation", "name=a")
    beta.done("POST", f"{policies}/p/removeAssociation", None, "name=a")
    beta.done("POST", f"{policies}/p/removeTrafficClassificationRule", None, "priority=10")
    assert not beta.get(f"{policies}/p").get("trafficClassificationRules")


def test_an_association_of_a_firewall_policy_changes(beta: Asking) -> None:
    policies = f"{REGION}/firewallPolicies"
    beta.done("POST", policies, {"name": "p"})
    beta.get("global/networks")
    network = "projects/acme/global/networks/default"
    beta.done("POST", f"{policies}/p/addAssociation", {"name": "a", "attachmentTarget": network})

    beta.done("POST", f"{policies}/p/patchAssociation", {"name": "a", "priority": 7})

    changed = beta.get(f"{policies}/p/getAssociation", "name=a")
    assert (changed["priority"], changed["attachmentTarget"].endswith(network)) == (7, True)


def test_what_was_asked_for_is_cancelled(beta: Asking) -> None:
    wanted = {"specificSkuProperties": {"totalCount": "2"}, "timeWindow": {}}
    beta.done("POST", f"{ZONE}/futureReservations", {"name": "r", **wanted})

    beta.done("POST", f"{ZONE}/futureReservations/r/cancel")

    assert beta.get(f"{ZONE}/futureReservations/r")["status"]["procurementStatus"] == "CANCELLED"


def test_a_pool_lists_its_disks(beta: Asking) -> None:
    beta.done("POST", f"{ZONE}/storagePools", {"name": "pool", "poolProvisionedCapacityGb": "10240"})
    pool = f"projects/acme/{ZONE}/storagePools/pool"
    beta.done("POST", f"{ZONE}/disks", {"name": "in", "sizeGb": "10", "storagePool": pool})
    beta.done("POST", f"{ZONE}/disks", {"name": "out", "sizeGb": "10"})

    assert [each["name"] for each in beta.get(f"{ZONE}/storagePools/pool/listDisks")["items"]] == ["in"]
