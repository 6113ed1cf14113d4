"""Values that Google refuses, each beside a neighbour that it takes."""

from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.rules.values import is_label_key, is_label_value
from mockcloud.cloud.store import Record
from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import Caller

PLACE = "/v1/projects/acme/locations/europe-west4"
VERTEX = "europe-west4-aiplatform.googleapis.com"
COMPUTE = "/compute/v1/projects/acme/global/networks"


@pytest.fixture
def cloud() -> Cloud:
    cloud = new_cloud()
    cloud.projects.ensure("acme")
    return cloud


@pytest.mark.parametrize(
    "key", ["team", "goog-pulumi-provisioned", "é_1", "名前", "a" * 63, "aiplatform.googleapis.com/x"]
)
def test_keys_of_labels(key: str) -> None:
    assert is_label_key(key)


@pytest.mark.parametrize("key", ["", "Team", "1st", "-a", "a b", "a.b", "a" * 64])
def test_what_is_no_key(key: str) -> None:
    assert not is_label_key(key)


def test_values_of_labels() -> None:
    assert all(map(is_label_value, ["", "ml", "1", "-", "ünï", "a" * 63]))
    assert not any(map(is_label_value, ["ML", "a b", "a.b", "a" * 64]))


@pytest.mark.parametrize(
    ("host", "path", "body"),
    [
        (VERTEX, f"{PLACE}/endpoints", {"displayName": "e", "labels": {"team": "ml"}}),
        ("spanner.googleapis.com", "/v1/projects/acme/instances", {"instanceId": "one", "instance": None}),
        ("storage.googleapis.com", "/storage/v1/b?project=acme", {"name": "data", "labels": {"team": "ml"}}),
    ],
)
def test_labels_of_every_service_are_held(cloud: Cloud, host: str, path: str, body: dict[str, Any]) -> None:
    wrapped = "instance" in body
    instance = {"displayName": "one", "config": "projects/acme/instanceConfigs/regional-europe-west4", "nodeCount": 1}
    for labels, code in [
        ({"Team": "ml"}, 400),
        ({"team": "M L"}, 400),
        ({f"k{at}": "v" for at in range(65)}, 400),
        ({"team": "ml"}, 200),
    ]:
        sent = {**body, "instance": {**instance, "labels": labels}} if wrapped else {**body, "labels": labels}
        target, _, query = path.partition("?")
        assert Caller(cloud, host)("POST", target, sent, query=query).status == code


def test_labels_of_channels_are_something_else(cloud: Cloud) -> None:
    channel = {"type": "email", "labels": {"email_address": "On.Call@acme.test"}}
    assert (
        Caller(cloud, "monitoring.googleapis.com")("POST", "/v3/projects/acme/notificationChannels", channel).status
        == 200
    )


@pytest.mark.parametrize(("length", "code"), [(128, 200), (129, 400)])
def test_display_names_have_a_longest(cloud: Cloud, length: int, code: int) -> None:
    found = Caller(cloud, VERTEX)("POST", f"{PLACE}/endpoints", {"displayName": "x" * length})
    assert found.status == code
    assert code == 200 or [each["field"] for each in found.violations] == ["endpoint.display_name"]


@pytest.mark.parametrize(
    ("host", "path", "body", "good", "bad"),
    [
        ("artifactregistry", "repositories?repositoryId=ID", {"format": "DOCKER"}, "ml-images", "ML"),
        ("artifactregistry", "repositories?repositoryId=ID", {"format": "DOCKER"}, "a" * 63, "a" * 64),
        ("run", "/v2{}/services?serviceId=ID", {"template": {"containers": [{"image": "i"}]}}, "a" * 49, "a" * 50),
        ("run", "/v2{}/services?serviceId=ID", {"template": {"containers": [{"image": "i"}]}}, "web", "web-"),
        ("artifactregistry", "repositories?repositoryId=ID", {"format": "DOCKER"}, "eu.gcr.io", "eu.acme.io"),
        ("workflows", "workflows?workflowId=ID", {"sourceContents": "m"}, "Train_it", "1st"),
        ("notebooks", "/v2{}-a/instances?instanceId=ID", {}, "alice", "Alice"),
        ("secretmanager", "/v1/projects/acme/secrets?secretId=ID", {"replication": {"automatic": {}}}, "A_b-1", "a.b"),
        (
            "dataproc",
            "/v1/projects/acme/regions/europe-west4/clusters",
            {"clusterName": "ID", "config": {}},
            "a" * 52,
            "a" * 53,
        ),
        ("container", "clusters", {"cluster": {"name": "ID", "initialNodeCount": 1}}, "a" * 40, "a" * 41),
        (
            "cloudscheduler",
            "jobs",
            {"name": f"{PLACE[4:]}/jobs/ID", "schedule": "* * * * *", "httpTarget": {"uri": "https://a.test"}},
            "Nightly_1",
            "nightly.1",
        ),
    ],
)
def test_ids_have_forms(cloud: Cloud, host: str, path: str, body: dict[str, Any], good: str, bad: str) -> None:
    def made(identifier: str) -> int:
        full = path.format(PLACE[3:]) if path.startswith("/") else f"{PLACE}/{path}"
        target, _, query = full.replace("=ID", f"={identifier}").partition("?")
        sent = _with(body, identifier)
        return Caller(cloud, f"{host}.googleapis.com")("POST", target, sent, query=query).status

    assert (made(bad), made(good)) == (400, 200)


def _with(body: Any, identifier: str) -> Any:
    if isinstance(body, dict):
        return {key: _with(each, identifier) for key, each in body.items()}
    return body.replace("ID", identifier) if isinstance(body, str) and body.endswith("ID") else body


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("8a1e6f0e-6f5a-4c5e-9d8e-0b1c2d3e4f50", 200),
        ("00000000-0000-0000-0000-000000000000", 400),
        ("again", 400),
    ],
)
def test_ids_of_requests_are_uuids(cloud: Cloud, given: str, code: int) -> None:
    network = {"name": "ml", "autoCreateSubnetworks": False}
    assert Caller(cloud, "compute.googleapis.com")("POST", COMPUTE, network, requestId=given).status == code


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ("user:alice@acme.test", 200),
        ("group:ml@acme.test", 200),
        ("domain:acme.test", 200),
        ("allUsers", 200),
        ("serviceAccount:acme.svc.id.goog[ns/account]", 200),
        ("serviceAccount:service-1@gcp-sa-aiplatform.iam.gserviceaccount.com", 200),
        ("principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s", 200),
        ("principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*", 200),
        ("deleted:user:alice@acme.test?uid=1", 200),
        ("everybody", 400),
        ("user:alice", 400),
        ("robot:alice@acme.test", 400),
        ("projectOwner:acme", 400),
    ],
)
def test_members_have_forms(cloud: Cloud, member: str, code: int) -> None:
    assert _grant(cloud, "roles/viewer", member) == code


def test_buckets_know_the_owners_of_projects(cloud: Cloud) -> None:
    call = Caller(cloud, "storage.googleapis.com")
    call("POST", "/storage/v1/b", {"name": "data"}, project="acme")
    policy = {"bindings": [{"role": "roles/storage.admin", "members": ["projectOwner:acme"]}]}
    assert call("PUT", "/storage/v1/b/data/iam", policy).status == 200


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("roles/owner", 200),
        ("roles/aiplatform.user", 200),
        ("organizations/1/roles/reader", 200),
        ("viewer", 400),
        ("roles/none", 400),
        ("projects/acme/roles/none", 400),
    ],
)
def test_roles_have_forms_and_exist(cloud: Cloud, role: str, code: int) -> None:
    assert _grant(cloud, role, "user:alice@acme.test") == code


def test_grants_name_accounts_and_roles_that_exist(cloud: Cloud) -> None:
    member, role = "serviceAccount:runner@acme.iam.gserviceaccount.com", "projects/acme/roles/reader"
    assert _grant(cloud, "roles/viewer", member) == 400
    account = cloud.accounts.add("acme", "runner@acme.iam.gserviceaccount.com")
    cloud.create(Record("iam", role, {"includedPermissions": []}))
    assert _grant(cloud, role, member) == 200
    # What was granted before stays as it is written.
    cloud.delete(account)
    assert _grant(cloud, role, member) == 200


def _grant(cloud: Cloud, role: str, member: str) -> int:
    call = Caller(cloud, "cloudresourcemanager.googleapis.com")
    policy = {"policy": {"bindings": [{"role": role, "members": [member]}]}}
    return call("POST", "/v1/projects/acme:setIamPolicy", policy).status


def test_the_rule_is_switched_off() -> None:
    cloud = new_cloud(off=["values"])
    labels = {"displayName": "e", "labels": {"Team": "ML"}}
    assert Caller(cloud, VERTEX)("POST", f"{PLACE}/endpoints", labels).status == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("maxResults=500", 200),
        ("maxResults=501", 400),
        ("orderBy=name", 200),
        ("orderBy=creationTimestamp+desc", 200),
        ("orderBy=creationTimestamp", 400),
    ],
)
def test_lists_of_compute_have_sizes_and_orders(cloud: Cloud, query: str, code: int) -> None:
    call = Caller(cloud, "compute.googleapis.com")
    assert call("GET", COMPUTE, query=query).status == code
    assert call("GET", "/compute/v1/projects/acme/aggregated/instances", query=query).status == code
