"""What machines, networks, clusters and zones do that no example of a life shows."""

import pytest

from mockcloud.pulumi.provider import ProviderError
from tests.mockcloud.pulumi.lives import World, examples, world

INSTANCE = "compute/instance:Instance#bare"
COMPUTE = "compute.googleapis.com"


def changed(here: World, key: str, **inputs: object) -> dict[str, object]:
    """Update an example, and give its outputs."""
    example = examples()[key]
    old, new = here.checked(example, example.inputs), here.checked(example, {**example.inputs, **inputs})
    state = here.provider.update(example.token, here.made[key], new, old, "urn")
    here.made[key] = state
    return state.outputs


def test_a_running_machine_is_stopped_only_where_the_program_allows_it() -> None:
    here = world()
    here.make(INSTANCE)

    with pytest.raises(ProviderError, match="allowStoppingForUpdate"):
        changed(here, INSTANCE, machineType="e2-medium")
    found = changed(here, INSTANCE, machineType="e2-medium", allowStoppingForUpdate=True)

    assert (found["machineType"], found["currentStatus"]) == ("e2-medium", "RUNNING")


def test_a_machine_that_is_to_stand_still_is_stopped_and_stays_so() -> None:
    here = world()
    here.make(INSTANCE)

    found = changed(here, INSTANCE, machineType="e2-medium", desiredStatus="TERMINATED")

    assert (found["machineType"], found["currentStatus"]) == ("e2-medium", "TERMINATED")


def test_disks_are_attached_and_detached() -> None:
    here = world()
    here.make(INSTANCE)
    here.make("compute/disk:Disk")
    disk = {"source": here.output("compute/disk:Disk.selfLink"), "deviceName": "data"}

    changed(here, INSTANCE, attachedDisks=[disk])

    path = "compute/v1/projects/acme-dev/zones/europe-west4-a/instances/bare"
    disks = here.provider.place.api.call("GET", COMPUTE, path)["disks"]
    assert [each["deviceName"] for each in disks if not each.get("boot")] == ["data"]


def test_a_gateway_whose_name_is_taken_is_refused_and_the_other_stays() -> None:
    here = world()
    here.make("compute/routerNat:RouterNat")

    with pytest.raises(ProviderError, match="has nat already"):
        here.make("compute/routerNat:RouterNat")

    router = here.provider.place.api.call(
        "GET", COMPUTE, "compute/v1/projects/acme-dev/regions/europe-west4/routers/out"
    )
    assert [each["name"] for each in router["nats"]] == ["nat"]


def test_two_parts_of_one_router_leave_one_another_alone() -> None:
    here = world()
    for key in ("compute/routerNat:RouterNat", "compute/routerPeer:RouterPeer"):
        here.make(key)

    here.provider.delete("gcp:compute/routerPeer:RouterPeer", here.made["compute/routerPeer:RouterPeer"])

    router = here.provider.place.api.call(
        "GET", COMPUTE, "compute/v1/projects/acme-dev/regions/europe-west4/routers/out"
    )
    assert [each["name"] for each in router["nats"]] == ["nat"]
    assert [each["name"] for each in router["interfaces"]] == ["appliance"]
    assert router.get("bgpPeers", []) == []


def test_the_node_pool_that_comes_with_a_cluster_goes() -> None:
    here = world()
    here.make("container/cluster:Cluster")

    path = "v1/projects/acme-dev/locations/europe-west4/clusters/batch/nodePools"
    assert here.provider.place.api.call("GET", "container.googleapis.com", path).get("nodePools", []) == []


def test_a_zone_that_may_be_emptied_goes_with_its_records() -> None:
    here = world()
    here.make("dns/recordSet:RecordSet#weighted")
    key = "dns/managedZone:ManagedZone#public"

    here.provider.delete("gcp:dns/managedZone:ManagedZone", here.made[key])

    assert here.provider.read("gcp:dns/managedZone:ManagedZone", here.made[key].id, {}, {}) is None


def test_a_zone_that_may_not_be_emptied_stays() -> None:
    here = world()
    here.make("dns/recordSet:RecordSet")
    key = "dns/managedZone:ManagedZone"

    with pytest.raises(ProviderError, match="would not delete"):
        here.provider.delete("gcp:dns/managedZone:ManagedZone", here.made[key])


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("debian-12", "projects/debian-cloud/global/images/family/debian-12"),
        ("family/own", "projects/acme-dev/global/images/family/own"),
        ("acme/family/own", "projects/acme/global/images/family/own"),
        ("global/images/own", "projects/acme-dev/global/images/own"),
        ("acme/own", "projects/acme/global/images/own"),
        ("projects/p/global/images/i", "projects/p/global/images/i"),
    ],
)
def test_names_of_images(given: str, family: str) -> None:
    from mockcloud.pulumi.specials.images import image_name

    assert image_name(world().provider.place, given, "acme-dev") == family
