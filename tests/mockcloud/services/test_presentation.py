"""How resources and their operations are shown, by APIs that have no behaviour of their own."""

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import Caller

PLACE = "/v1/projects/acme/locations/europe-west4"


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


def test_an_operation_tells_of_itself_in_the_message_that_the_description_names(cloud: Cloud) -> None:
    begun = Caller(cloud, "certificatemanager.googleapis.com")(
        "POST", f"{PLACE}/certificateMaps", {}, certificateMapId="a"
    )
    told = begun.json["metadata"]
    assert told["@type"] == "type.googleapis.com/google.cloud.certificatemanager.v1.OperationMetadata"
    assert told["verb"] == "create"


def test_an_operation_is_polled_where_the_api_has_a_method_for_it(cloud: Cloud) -> None:
    keys = Caller(cloud, "apikeys.googleapis.com")
    begun = keys("POST", "/v2/projects/acme/locations/global/keys", {"displayName": "one"}).json
    assert begun["name"].startswith("operations/")
    cloud.advance(60)
    assert keys("GET", f"/v2/{begun['name']}").json["response"]["displayName"] == "one"


def test_an_operation_that_nobody_can_poll_is_done_at_once(cloud: Cloud) -> None:
    groups = Caller(cloud, "cloudidentity.googleapis.com")
    group = {"groupKey": {"id": "ml@mock.test"}, "parent": "customers/C0mockcus", "displayName": "ML"}
    begun = groups("POST", "/v1/groups", group).json
    assert begun["done"]
    assert groups("GET", f"/v1/{begun['response']['name']}").json["displayName"] == "ML"


def test_a_resource_links_to_itself(cloud: Cloud) -> None:
    meshes = Caller(cloud, "networkservices.googleapis.com")
    assert meshes("POST", f"{PLACE}/meshes", {}, meshId="a").status == 200
    link = meshes("GET", f"{PLACE}/meshes/a").json["selfLink"]
    assert link == f"https://networkservices.googleapis.com{PLACE}/meshes/a"


def test_without_a_mask_a_map_that_is_sent_takes_the_place_of_the_old_one(cloud: Cloud) -> None:
    links = Caller(cloud, "run.googleapis.com")
    template = {"template": {"containers": [{"image": "docker.io/acme/job:1"}]}}
    job = {"template": template, "labels": {"team": "ml", "old": "yes"}}
    assert links("POST", f"{PLACE.replace('/v1', '/v2')}/jobs", job, jobId="a").status == 200
    changed = {"template": template, "labels": {"team": "data", "none": None}}
    assert links("PATCH", f"{PLACE.replace('/v1', '/v2')}/jobs/a", changed).status == 200
    assert links("GET", f"{PLACE.replace('/v1', '/v2')}/jobs/a").json["labels"] == {"team": "data"}


def test_a_version_that_nobody_describes_is_the_one_that_it_is_the_same_as(cloud: Cloud) -> None:
    hubs = Caller(cloud, "networkconnectivity.googleapis.com")
    path = "projects/acme/locations/global/hubs"
    begun = hubs("POST", f"/v1beta/{path}", {"description": "core"}, hubId="core").json
    cloud.advance(60)
    assert hubs("GET", f"/v1beta/{begun['name']}").json["done"]
    assert hubs("GET", f"/v1/{path}/core").json["description"] == "core"
    assert hubs("GET", f"/v1beta2/{path}/core").status == 404


def test_what_a_body_puts_something_below_appears_on_first_use(cloud: Cloud) -> None:
    above = Caller(cloud, "cloudresourcemanager.googleapis.com")
    for parent in ("organizations/987654321", "projects/other-project"):
        assert above("POST", "/v3/tagKeys", {"shortName": "env", "parent": parent}).status == 200
    lien = {"parent": "projects/third-one", "reason": "kept", "origin": "us", "restrictions": ["x.y.delete"]}
    assert above("POST", "/v3/liens", lien).status == 200
    assert above("GET", "/v3/projects/third-one").json["state"] == "ACTIVE"


def test_settings_that_stand_under_a_word_are_there_and_change(cloud: Cloud) -> None:
    lineage = Caller(cloud, "datalineage.googleapis.com")
    path = f"{PLACE}/config"
    assert lineage("GET", path).json["name"].endswith("/config")
    ingestion = {"ingestion": {"rules": [{"integrationSelector": {"integration": "DATAPROC"}}]}}
    assert lineage("PATCH", path, ingestion).status == 200
    assert lineage("GET", path).json["ingestion"] == ingestion["ingestion"]
