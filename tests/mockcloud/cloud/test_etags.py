"""Etags: each write has one of its own."""

from mockcloud.cloud.cloud import Cloud
from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "projects/acme/locations/europe-west4"
RUN = "projects/acme/locations/europe-west4/jobs"


def vertex(cloud: Cloud) -> Asking:
    return Asking(cloud, "europe-west4-aiplatform.googleapis.com", "/v1")


def make(cloud: Cloud) -> str:
    api = vertex(cloud)
    api.done("POST", f"{PLACE}/endpoints", {"displayName": "e"}, "endpointId=7")
    return str(api.get(f"{PLACE}/endpoints/7")["etag"])


def test_what_is_made_again_has_another_one() -> None:
    cloud = new_cloud()
    first = make(cloud)
    vertex(cloud).done("DELETE", f"{PLACE}/endpoints/7")

    assert make(cloud) != first
    stale = {"displayName": "other", "etag": first}
    assert vertex(cloud).refused("PATCH", f"{PLACE}/endpoints/7", stale, "updateMask=displayName") == 409


def test_the_same_calls_give_the_same_ones_and_another_seed_others() -> None:
    assert make(new_cloud()) == make(new_cloud())
    assert make(new_cloud()) != make(new_cloud(seed=1))


def test_what_goes_on_by_itself_gets_another_one_and_the_operation_knows_it() -> None:
    cloud = new_cloud()
    api = Asking(cloud, "run.googleapis.com", "/v2")
    task = {"template": {"template": {"containers": [{"image": "docker.io/acme/job:1"}]}}}
    api.done("POST", RUN, task, "jobId=j")
    status, operation = api.ask("POST", f"{RUN}/j:run", {})
    assert status == 200
    execution = operation["metadata"]["name"]
    begun = api.get(execution)

    cloud.advance(3600)

    ended = api.get(execution)
    assert ended["completionTime"]
    assert ended["etag"] != begun["etag"]
    assert api.get(operation["name"])["response"]["etag"] == ended["etag"]


def test_what_is_only_read_keeps_its_own() -> None:
    cloud = new_cloud()
    first = make(cloud)
    cloud.advance(3600)

    assert vertex(cloud).get(f"{PLACE}/endpoints/7")["etag"] == first


def test_what_is_taken_back_has_another_one_too() -> None:
    cloud = new_cloud()
    api = Asking(cloud, "spanner.googleapis.com", "/v1/projects/acme")
    base = "projects/acme/instanceConfigs/eur3"
    made = {"instanceConfigId": "custom-a", "instanceConfig": {"displayName": "A", "baseConfig": base}}
    api.done("POST", "instanceConfigs", made)
    before = api.get("instanceConfigs/custom-a")
    change = {"instanceConfig": {"displayName": "B"}, "updateMask": "displayName"}
    status, operation = api.ask("PATCH", "instanceConfigs/custom-a", change)
    assert status == 200
    between = api.get("instanceConfigs/custom-a")

    api.done("POST", f"{operation['name'].removeprefix('projects/acme/')}:cancel", {})

    after = api.get("instanceConfigs/custom-a")
    assert [each["displayName"] for each in (before, between, after)] == ["A", "B", "A"]
    assert len({each["etag"] for each in (before, between, after)}) == 3
