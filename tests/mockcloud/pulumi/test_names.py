"""Short names stand for full ones, as the provider expands them."""

import pytest

from mockcloud.pulumi.names import full_name, named, with_full_names
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
