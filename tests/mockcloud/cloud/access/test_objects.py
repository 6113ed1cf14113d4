"""What calls of Cloud Storage ask for: of what is read, of what is made, and of what stands in its way."""

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.tokens import mock_token
from tests.mockcloud.cloud.asking import ALICE, ask, grant, status, strict

S = "storage.googleapis.com/storage/v1"
U = "storage.googleapis.com/upload/storage/v1"
COPY = f"{S}/b/source/o/x/rewriteTo/b/target/o"
UNIFORM = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}


@pytest.fixture
def cloud() -> Cloud:
    made = strict()
    for bucket, name in (("source", "x"), ("target", "old")):
        assert ask(made, "POST", f"{S}/b?project=acme", {"name": bucket, **UNIFORM})[0] == 200
        assert ask(made, "POST", f"{U}/b/{bucket}/o?uploadType=media&name={name}", b"text")[0] == 200
    return made


def may(cloud: Cloud, role: str, bucket: str) -> None:
    grant(cloud, f"roles/storage.{role}", ALICE, name=f"b/{bucket}", api="storage")


def upload(cloud: Cloud, name: str) -> int:
    url = f"{U}/b/target/o?uploadType=media&name={name}"
    return ask(cloud, "POST", url, b"text", token=mock_token(ALICE))[0]


def test_a_copy_reads_one_object_and_makes_another(cloud: Cloud) -> None:
    may(cloud, "objectCreator", "source")
    assert status(cloud, ALICE, "POST", f"{COPY}/new", {}) == 403
    may(cloud, "objectViewer", "source")
    assert status(cloud, ALICE, "POST", f"{COPY}/new", {}) == 403
    may(cloud, "objectCreator", "target")
    assert status(cloud, ALICE, "POST", f"{COPY}/new", {}) == 200
    assert status(cloud, ALICE, "POST", f"{COPY}/old", {}) == 403
    assert status(cloud, ALICE, "POST", f"{COPY.replace('target', 'none')}/new", {}) == 404


def test_who_may_only_make_objects_replaces_none(cloud: Cloud) -> None:
    may(cloud, "objectCreator", "target")
    assert [upload(cloud, "new"), upload(cloud, "new"), upload(cloud, "old")] == [200, 403, 403]
    may(cloud, "objectUser", "target")
    assert upload(cloud, "old") == 200


def test_what_is_put_together_is_read(cloud: Cloud) -> None:
    may(cloud, "objectCreator", "target")
    url, body = f"{S}/b/target/o/whole/compose", {"sourceObjects": [{"name": "old"}]}
    assert status(cloud, ALICE, "POST", url, body) == 403
    may(cloud, "objectViewer", "target")
    assert status(cloud, ALICE, "POST", url, body) == 200


def test_a_move_asks_for_the_place_it_goes_to(cloud: Cloud) -> None:
    assert ask(cloud, "POST", f"{U}/b/target/o?uploadType=media&name=other", b"text")[0] == 200
    url = f"{S}/b/target/o/old/moveTo/o"
    assert status(cloud, ALICE, "POST", f"{url}/new", {}) == 403
    may(cloud, "objectUser", "target")
    assert status(cloud, ALICE, "POST", f"{url}/new", {}) == 200


def test_a_grant_on_a_bucket_can_be_limited_by_what_it_changes(cloud: Cloud) -> None:
    only = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/storage.objectViewer'])"
    cloud.store.policies["storage", "b/target"] = {
        "version": 3,
        "bindings": [
            {"role": "roles/storage.admin", "members": [ALICE], "condition": {"title": "t", "expression": only}},
            {
                "role": "roles/storage.objectAdmin",
                "members": [ALICE],
                "condition": {"title": "never", "expression": "false"},
            },
        ],
    }
    kept = cloud.store.policies["storage", "b/target"]["bindings"]

    def put(*bindings: object) -> int:
        return status(cloud, ALICE, "PUT", f"{S}/b/target/iam", {"version": 3, "bindings": list(bindings)})

    viewer = {"role": "roles/storage.objectViewer", "members": [ALICE]}
    unconditional = {"role": "roles/storage.objectAdmin", "members": [ALICE]}
    assert put(*kept, unconditional) == 403
    assert put(kept[0], unconditional) == 403
    assert put(*kept, viewer) == 200
