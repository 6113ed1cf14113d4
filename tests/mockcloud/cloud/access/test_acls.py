"""Access control lists of Cloud Storage where IAM decides, and what policies on folders and objects reach."""

from typing import Any

import pytest

from mockcloud.cloud.access.acls import entity_of, member_of
from mockcloud.cloud.access.hierarchy import lineage
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.tokens import mock_token
from tests.mockcloud.cloud.asking import ALICE, BOB, ask, grant, status, strict

S = "storage.googleapis.com/storage/v1"
UPLOAD = "storage.googleapis.com/upload/storage/v1/b/data/o?uploadType=media"


@pytest.fixture
def cloud() -> Cloud:
    made = strict()
    assert ask(made, "POST", f"{S}/b?project=acme", {"name": "data"})[0] == 200
    return made


def put(cloud: Cloud, name: str, **query: str) -> None:
    more = "".join(f"&{key}={value}" for key, value in query.items())
    assert ask(cloud, "POST", f"{UPLOAD}&name={name}{more}", b"text")[0] == 200


def get(cloud: Cloud, name: str, member: str = "") -> int:
    token = mock_token(member) if member else ""
    return ask(cloud, "GET", f"{S}/b/data/o/{name.replace('/', '%2F')}?alt=media", token=token)[0]


def roles(cloud: Cloud) -> dict[str, list[str]]:
    bindings: list[dict[str, Any]] = ask(cloud, "GET", f"{S}/b/data/iam")[1]["bindings"]
    return {each["role"].rpartition(".")[2]: each["members"] for each in bindings}


def test_a_public_object_is_public(cloud: Cloud) -> None:
    put(cloud, "open", predefinedAcl="publicRead")
    put(cloud, "signed-in", predefinedAcl="authenticatedRead")
    put(cloud, "closed")
    assert [get(cloud, each) for each in ("open", "signed-in", "closed")] == [200, 401, 401]
    assert [get(cloud, each, ALICE) for each in ("open", "signed-in", "closed")] == [200, 200, 403]
    closed = ask(cloud, "GET", f"{S}/b/data/o/closed", token="")
    assert closed[1]["error"]["message"].startswith(
        "Anonymous caller does not have storage.objects.get access to the Google Cloud Storage object."
    )


def test_an_entry_grants_and_its_end_takes_away(cloud: Cloud) -> None:
    put(cloud, "x")
    entries = f"{S}/b/data/o/x/acl"
    assert ask(cloud, "POST", entries, {"entity": "user-alice@acme.test", "role": "READER"})[0] == 200
    assert (get(cloud, "x", ALICE), get(cloud, "x", BOB)) == (200, 403)
    assert ask(cloud, "DELETE", f"{entries}/user-alice@acme.test")[0] == 204
    assert get(cloud, "x", ALICE) == 403


def test_whoever_uploads_an_object_owns_it(cloud: Cloud) -> None:
    grant(cloud, "roles/storage.objectCreator", ALICE)
    assert ask(cloud, "POST", f"{UPLOAD}&name=mine", b"text", token=mock_token(ALICE))[0] == 200
    assert (get(cloud, "mine", ALICE), get(cloud, "mine", BOB)) == (200, 403)


def test_lists_count_no_more_where_access_is_uniform(cloud: Cloud) -> None:
    put(cloud, "open", predefinedAcl="publicRead")
    uniform = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}
    assert ask(cloud, "PATCH", f"{S}/b/data", uniform)[0] == 200
    assert (get(cloud, "open"), get(cloud, "open", ALICE)) == (401, 403)


def test_prevention_of_public_access_counts_above_lists(cloud: Cloud) -> None:
    put(cloud, "open", predefinedAcl="publicRead")
    assert ask(cloud, "PATCH", f"{S}/b/data", {"iamConfiguration": {"publicAccessPrevention": "enforced"}})[0] == 200
    assert (get(cloud, "open"), get(cloud, "open", ALICE)) == (401, 403)


def test_the_list_of_a_bucket_and_its_policy_say_the_same(cloud: Cloud) -> None:
    assert status(cloud, ALICE, "GET", f"{S}/b/data/o") == 403
    assert ask(cloud, "POST", f"{S}/b/data/acl", {"entity": "user-alice@acme.test", "role": "READER"})[0] == 200
    assert status(cloud, ALICE, "GET", f"{S}/b/data/o") == 200
    assert roles(cloud)["legacyBucketReader"] == ["projectViewer:acme", ALICE]
    assert ask(cloud, "PATCH", f"{S}/b/data?predefinedAcl=publicRead", {})[0] == 200
    assert roles(cloud)["legacyBucketReader"] == ["allUsers"]
    policy = ask(cloud, "GET", f"{S}/b/data/iam")[1]
    policy["bindings"].append({"role": "roles/storage.legacyBucketWriter", "members": ["group:ml@acme.test"]})
    assert ask(cloud, "PUT", f"{S}/b/data/iam", policy)[0] == 200
    entries = ask(cloud, "GET", f"{S}/b/data/acl")[1]["items"]
    assert ("group-ml@acme.test", "WRITER") in {(each["entity"], each["role"]) for each in entries}
    assert ask(cloud, "DELETE", f"{S}/b/data/acl/allUsers")[0] == 204
    assert "legacyBucketReader" not in roles(cloud)
    assert roles(cloud)["legacyBucketWriter"] == ["group:ml@acme.test"]


def test_an_object_is_not_above_another_one(cloud: Cloud) -> None:
    put(cloud, "a")
    put(cloud, "a/b")
    grant(cloud, "roles/storage.objectViewer", ALICE, name="b/data/o/a", api="storage")
    assert (get(cloud, "a", ALICE), get(cloud, "a/b", ALICE)) == (200, 403)


def test_a_managed_folder_is_above_its_objects(cloud: Cloud) -> None:
    put(cloud, "team/x/1")
    put(cloud, "teams")
    grant(cloud, "roles/storage.objectViewer", ALICE, name="b/data/managedFolders/team/", api="storage")
    assert (get(cloud, "team/x/1", ALICE), get(cloud, "teams", ALICE)) == (200, 403)
    names = [name for _, name in lineage(cloud, "storage", "b/data/o/team/x/1")]
    assert names[:4] == ["b/data/o/team/x/1", "b/data/managedFolders/team/x/", "b/data/managedFolders/team/", "b/data"]


@pytest.mark.parametrize(
    ("entity", "member"),
    [
        ("user-alice@acme.test", "user:alice@acme.test"),
        ("user-a@acme.iam.gserviceaccount.com", "serviceAccount:a@acme.iam.gserviceaccount.com"),
        ("group-ml@acme.test", "group:ml@acme.test"),
        ("domain-acme.test", "domain:acme.test"),
        ("project-viewers-NUMBER", "projectViewer:acme"),
        ("allUsers", "allUsers"),
    ],
)
def test_entities_are_members(cloud: Cloud, entity: str, member: str) -> None:
    entity = entity.replace("NUMBER", cloud.projects.number_of("acme"))
    assert member_of(cloud, entity) == member
    assert entity_of(cloud, member) == entity
