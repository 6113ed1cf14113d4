"""Short names stand for full ones, as the provider expands them."""

import pytest

from mockcloud.pulumi.names import alike, full_name, named, with_full_names
from mockcloud.pulumi.templates import Missing

VALUES = {"project": "acme-dev", "region": "europe-west4"}
NETWORK = "projects/{project}/global/networks/{}"
SUBNETWORK = "projects/{project}/regions/{region}/subnetworks/{}"


@pytest.mark.parametrize(
    ("template", "given", "full"),
    [
        (NETWORK, "core", "projects/acme-dev/global/networks/core"),
        (NETWORK, "global/networks/core", "projects/acme-dev/global/networks/core"),
        (NETWORK, "projects/host/global/networks/core", "projects/host/global/networks/core"),
        (NETWORK, "https://www.googleapis.com/compute/v1/projects/p/global/networks/n", None),
        (SUBNETWORK, "a", "projects/acme-dev/regions/europe-west4/subnetworks/a"),
        (SUBNETWORK, "regions/us-east1/subnetworks/a", "projects/acme-dev/regions/us-east1/subnetworks/a"),
        (NETWORK, "", ""),
    ],
)
def test_full_name(template: str, given: str, full: str | None) -> None:
    assert full_name(template, given, VALUES) == (given if full is None else full)


def test_full_name_without_a_region_says_what_is_missing() -> None:
    with pytest.raises(Missing, match="region"):
        full_name(SUBNETWORK, "a", {"project": "acme-dev"})


def test_full_names_at_any_depth() -> None:
    inputs = {**VALUES, "networkInterfaces": [{"network": "core"}, {"nicType": "GVNIC"}], "tags": ["core"]}

    found = with_full_names({"networkInterfaces.network": NETWORK}, inputs)

    assert found["networkInterfaces"] == [{"network": "projects/acme-dev/global/networks/core"}, {"nicType": "GVNIC"}]
    assert found["tags"] == ["core"]
    assert inputs["networkInterfaces"] == [{"network": "core"}, {"nicType": "GVNIC"}]


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://www.googleapis.com/compute/beta/projects/p/global/networks/n", "projects/p/global/networks/n"),
        ("//container.googleapis.com/projects/p/locations/l/clusters/c", "projects/p/locations/l/clusters/c"),
        ("projects/p/topics/t", "projects/p/topics/t"),
    ],
)
def test_named(link: str, name: str) -> None:
    assert named(link) == name


LINK = "https://www.googleapis.com/compute/v1/projects"


@pytest.mark.parametrize(
    ("given", "value", "same"),
    [
        ("projects/p/global/networks/n", f"{LINK}/p/global/networks/n", True),
        ("projects/p/global/addresses/a", "10.0.0.5", True),
        ("projects/p/global/addresses/a", "projects/p/global/addresses/b", False),
        ("443", "443-443", True),
        ("443", "443-444", False),
        ("storage-ro", "https://www.googleapis.com/auth/devstorage.read_only", True),
        ("cloud-platform", "https://www.googleapis.com/auth/cloud-platform", True),
        ("storage-rw", "https://www.googleapis.com/auth/devstorage.read_only", False),
        ("debian-cloud/debian-12", f"{LINK}/debian-cloud/global/images/debian-12-bookworm-v20261111", True),
        ("debian-cloud/debian-12", f"{LINK}/debian-cloud/global/images/family/debian-12", True),
        ("family/debian-12", f"{LINK}/acme/global/images/family/debian-12", True),
        ("debian-cloud/debian-12", f"{LINK}/ubuntu-os-cloud/global/images/debian-12", False),
        ("debian-cloud/debian-1", f"{LINK}/debian-cloud/global/images/debian-12-bookworm", False),
        ("core", f"{LINK}/p/global/networks/other", False),
    ],
)
def test_alike(given: str, value: str, same: bool) -> None:
    assert alike(given, value) == same
