"""Functions tell what Google offers, in the shapes that the SDK takes."""

from typing import Any

import pytest

from mockcloud.doors.embedded.errors import InvokeNotAnswered
from mockcloud.doors.pulumi.applier import Applier
from mockcloud.pulumi.provider import ProviderError
from tests.mockcloud.pulumi.lives import World, world
from tests.mockcloud.pulumi.test_lookups import ask, make


@pytest.fixture
def here() -> World:
    return world()


def test_an_image_is_found_by_family_and_by_name(here: World) -> None:
    by_family = ask(here, "compute/getImage", family="debian-12", project="debian-cloud")
    by_name = ask(here, "compute/getImage", name=by_family["name"], project="debian-cloud")

    assert by_family["family"] == "debian-12"
    assert by_family["id"] == f"projects/debian-cloud/global/images/{by_family['name']}"
    assert by_name["selfLink"] == by_family["selfLink"]
    assert isinstance(by_family["diskSizeGb"], int)


def test_an_image_is_found_by_a_filter_that_fits_one(here: World) -> None:
    for name in ("ours-1", "ours-2"):
        make(here, "compute/image:Image", name=name, rawDisk={"source": "gs://acme/disk.tar.gz"}, family="ours")

    assert ask(here, "compute/getImage", filter="name=ours-1")["name"] == "ours-1"
    assert ask(here, "compute/getImage", filter="family=ours", mostRecent=True)["name"] == "ours-2"
    for arguments, message in (
        ({"filter": "family=ours"}, "mostRecent"),
        ({"filter": "family=none"}, "no image"),
        ({}, "must be set"),
    ):
        with pytest.raises(ProviderError, match=message):
            ask(here, "compute/getImage", **arguments)


def test_zones_are_those_of_a_region(here: World) -> None:
    names = ask(here, "compute/getZones", region="europe-west1")["names"]

    assert names == ["europe-west1-b", "europe-west1-c", "europe-west1-d"]
    assert all(each.startswith("europe-west4-") for each in ask(here, "compute/getZones")["names"])
    assert ask(here, "compute/getZones", status="DOWN")["names"] == []
    assert "europe-west1" in ask(here, "compute/getRegions", status="UP")["names"]


def test_a_network_tells_its_number_and_its_subnetworks(here: World) -> None:
    network = make(here, "compute/network:Network", name="vpc", autoCreateSubnetworks=False)
    subnetwork = make(here, "compute/subnetwork:Subnetwork", name="a", network=network["id"], ipCidrRange="10.0.0.0/24")

    found = ask(here, "compute/getNetwork", name="vpc")

    assert found["networkId"] == int(network["networkId"])
    assert [each.partition("/projects/")[2] for each in found["subnetworksSelfLinks"]] == [
        subnetwork["selfLink"].partition("/projects/")[2]
    ]


def test_a_link_names_a_subnetwork_of_any_region(here: World) -> None:
    network = make(here, "compute/network:Network", name="vpc", autoCreateSubnetworks=False)
    subnetwork = make(
        here,
        "compute/subnetwork:Subnetwork",
        name="a",
        region="us-central1",
        network=network["id"],
        ipCidrRange="10.0.0.0/24",
    )

    for link in (subnetwork["selfLink"], subnetwork["id"]):
        found = ask(here, "compute/getSubnetwork", selfLink=link)
        assert (found["name"], found["ipCidrRange"]) == ("a", "10.0.0.0/24")


def test_versions_of_gke_are_those_of_a_prefix(here: World) -> None:
    found = ask(here, "container/getEngineVersions", versionPrefix="1.33.")

    assert found["validMasterVersions"]
    assert all(each.startswith("1.33.") for each in found["validMasterVersions"])
    assert found["latestMasterVersion"] == found["validMasterVersions"][0]
    assert found["releaseChannelDefaultVersion"]["REGULAR"]


def test_one_object_is_a_list_of_one_whatever_its_plural(here: World) -> None:
    make(
        here,
        "sql/databaseInstance:DatabaseInstance",
        name="db",
        databaseVersion="POSTGRES_15",
        settings={"tier": "db-f1-micro"},
    )

    assert ask(here, "sql/getDatabaseInstance", name="db")["settings"][0]["tier"] == "db-f1-micro"


@pytest.mark.parametrize(
    ("token", "arguments"),
    [
        ("storage/getBucket", {"name": "none"}),
        ("compute/getNetwork", {"name": "none"}),
        ("secretmanager/getSecretVersion", {"secret": "none"}),
        ("bigquery/getTables", {"datasetId": "none"}),
    ],
)
def test_what_is_not_there_fails_but_where_a_run_assumes(token: str, arguments: dict[str, Any], here: World) -> None:
    transport, full = here.provider.place.api.transport, f"gcp:{token}:{token.partition('/')[2]}"

    with pytest.raises(ProviderError, match="none"):
        ask(here, token, **arguments)
    with pytest.raises(InvokeNotAnswered, match="make what the message names first"):
        Applier(transport, project="acme-dev").invoke(full, arguments, {})
    assumed = Applier(transport, project="acme-dev", assuming=True).invoke(full, arguments, {})
    assert assumed is not None
    assert assumed.items() >= {"id": assumed["id"], **arguments}.items()
    assert token.startswith(("secretmanager/", "bigquery/")) or assumed["id"].endswith("none")


def test_a_name_that_is_taken_says_what_to_do_in_older_apis_too(here: World) -> None:
    make(here, "storage/bucket:Bucket", name="acme-taken", location="EU")

    with pytest.raises(ProviderError, match="choose another name"):
        make(here, "storage/bucket:Bucket", name="acme-taken", location="EU")
