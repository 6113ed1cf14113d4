"""The catalogues, and the locations of each API."""

import pytest

from mockcloud.services import catalogues
from mockcloud.services.catalogues.machines import offered
from mockcloud.services.catalogues.tables import table
from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking


def test_machine_types_have_their_memory() -> None:
    sizes = {name: (each.vcpus, each.memory) for name, each in catalogues.machine_types().items()}
    assert sizes["n1-standard-4"] == (4, 15360)
    assert sizes["e2-micro"] == (2, 1024)
    assert sizes["a3-highgpu-8g"] == (208, 1872 * 1024)
    custom = catalogues.machine_type("n2d-custom-8-16384")
    assert custom is not None
    assert (custom.vcpus, custom.memory) == (8, 16384)
    assert catalogues.machine_type("n0-tiny") is None


def test_tables_name_only_zones_that_there_are() -> None:
    zones = set(catalogues.zones())
    assert not {zone for each in catalogues.accelerators().values() for zone in each.zones} - zones
    further = set(table("tpus")["zones"])
    assert not {zone for row in table("tpus")["types"] for zone in row["zones"]} - zones - further
    assert {each.gpu for each in catalogues.machine_types().values() if each.gpu} <= set(catalogues.accelerators())
    assert len({catalogues.auto_range(each) for each in catalogues.regions()}) == len(catalogues.regions())


def test_what_is_offered_depends_on_the_zone() -> None:
    assert offered("n1-standard-1", "europe-west4-a")
    assert offered("a2-ultragpu-1g", "europe-west4-a")
    assert not offered("a2-ultragpu-1g", "europe-west9-a")
    assert not offered("none", "europe-west4-a")


def test_public_images_are_found_by_family_and_name() -> None:
    assert "debian-cloud" in catalogues.public_projects()
    image = catalogues.image_of_family("cos-cloud", "cos-stable")
    assert image is not None
    assert catalogues.public_image("cos-cloud", image.name) == image
    assert catalogues.public_images("acme") == ()


@pytest.mark.parametrize(
    ("api", "version", "there", "absent"),
    [
        ("aiplatform", "v1", "europe-west4", "europe-north2"),
        ("tpu", "v2", "us-central2-b", "us-central1"),
        ("cloudkms", "v1", "global", "europe-west4-a"),
        ("notebooks", "v2", "europe-west4-a", "europe-west4"),
        ("artifactregistry", "v1", "europe", "eu"),
    ],
)
def test_an_api_says_where_it_is(api: str, version: str, there: str, absent: str) -> None:
    strict = new_cloud(
        "strict", off=["authentication", "enablement", "access", "projects", "organisation", "perimeter", "quota"]
    )
    asking = Asking(strict, f"{api}.googleapis.com", f"/{version}/projects/acme")
    names: list[str] = []
    token = ""
    while True:
        page = asking.get("locations", f"pageSize=50&pageToken={token}")
        names += [each["locationId"] for each in page["locations"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert there in names
    assert absent not in names
    assert asking.get(f"locations/{there}")["locationId"] == there
    assert asking.refused("GET", f"locations/{absent}") == 404


def test_a_zone_is_labelled_with_its_region() -> None:
    asking = Asking(new_cloud(), "tpu.googleapis.com", "/v2/projects/acme")
    assert asking.get("locations/europe-west4-a")["labels"]["cloud.googleapis.com/region"] == "europe-west4"
    # In the lenient profile a place that is newer than the table is one too.
    assert asking.get("locations/new1-a")["locationId"] == "new1-a"
    (found,) = asking.get("locations", "filter=locationId=europe-west4-a")["locations"]
    assert found["name"] == "projects/acme/locations/europe-west4-a"


def test_attestation_rules_belong_to_a_pool() -> None:
    asking = Asking(new_cloud(), "iam.googleapis.com", "/v1/projects/acme/locations/global")
    asking.done("POST", "workloadIdentityPools", {}, "workloadIdentityPoolId=pool")
    front = "workloadIdentityPools/pool"
    assert asking.get(f"{front}:listAttestationRules") == {}
    rule = {"googleCloudResource": "//run.googleapis.com/projects/1/name/services/s"}
    asking.done("POST", f"{front}:setAttestationRules", {"attestationRules": [rule]})
    other = {"googleCloudResource": "//run.googleapis.com/projects/1/name/services/t"}
    asking.done("POST", f"{front}:addAttestationRule", {"attestationRule": other})
    asking.done("POST", f"{front}:removeAttestationRule", {"attestationRule": rule})
    assert asking.get(f"{front}:listAttestationRules")["attestationRules"] == [other]
    assert asking.refused("POST", f"{front}:addAttestationRule", {}) == 400
