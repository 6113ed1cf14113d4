"""Secret Manager over HTTP: what its client does not show."""

import base64
from typing import Any

import pytest

from tests.mockcloud.services.data_rest import Rest

SECRETS = "/projects/acme/secrets"
AUTOMATIC: dict[str, Any] = {"replication": {"automatic": {}}}


@pytest.fixture
def rest() -> Rest:
    made = Rest("secretmanager.googleapis.com", "/v1")
    made("POST", SECRETS, "secretId=token", AUTOMATIC)
    return made


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.b", AUTOMATIC),
        ("ok", {}),
        ("ok", {**AUTOMATIC, "expireTime": "2020-01-01T00:00:00Z"}),
        ("ok", {**AUTOMATIC, "rotation": {"nextRotationTime": "2027-01-01T00:00:00Z"}}),
    ],
)
def test_secrets_that_cannot_be(rest: Rest, name: str, body: dict[str, object]) -> None:
    assert rest.refused("POST", SECRETS, f"secretId={name}", body)[0] == 400


def test_a_rotation_needs_a_next_time(rest: Rest) -> None:
    Rest("pubsub.googleapis.com", "/v1", rest.cloud)("PUT", "/projects/acme/topics/rotations", "", {})
    body = {
        **AUTOMATIC,
        "topics": [{"name": "projects/acme/topics/rotations"}],
        "rotation": {"rotationPeriod": "86400s"},
    }
    assert rest.refused("POST", SECRETS, "secretId=ok", body)[0] == 400
    body["rotation"] = {"nextRotationTime": "2026-01-02T00:00:00Z"}
    rest("POST", SECRETS, "secretId=ok", body)
    rest.cloud.advance(2 * 86400)
    assert rest("GET", f"{SECRETS}/ok")["rotation"] == {}


def test_replication_stays(rest: Rest) -> None:
    other = {"replication": {"userManaged": {"replicas": [{"location": "europe-west4"}]}}}
    assert rest.refused("PATCH", f"{SECRETS}/token", "updateMask=replication", other)[0] == 400
    rest("POST", SECRETS, "secretId=managed", other)
    version = rest("POST", f"{SECRETS}/managed:addVersion", "", {"payload": {"data": "YQ=="}})
    assert version["replicationStatus"]["userManaged"]["replicas"] == [{"location": "europe-west4"}]


def test_versions_that_cannot_be(rest: Rest) -> None:
    assert rest.refused("POST", f"{SECRETS}/token:addVersion", "", {})[0] == 400
    large = base64.b64encode(b"x" * 65537).decode()
    assert rest.refused("POST", f"{SECRETS}/token:addVersion", "", {"payload": {"data": large}})[0] == 400
    assert rest.refused("POST", f"{SECRETS}/none:addVersion", "", {"payload": {"data": ""}})[0] == 404
    assert rest.refused("GET", f"{SECRETS}/token/versions/latest")[0] == 404
    assert rest.refused("GET", f"{SECRETS}/token/versions/alias:access")[0] == 404


def test_versions_are_listed_by_filter(rest: Rest) -> None:
    for text in ("YQ==", "Yg=="):
        rest("POST", f"{SECRETS}/token:addVersion", "", {"payload": {"data": text}})
    rest("POST", f"{SECRETS}/token/versions/1:destroy", "", {})
    listed = rest("GET", f"{SECRETS}/token/versions", "filter=state:ENABLED")
    assert ([each["name"][-1] for each in listed["versions"]], listed["totalSize"]) == (["2"], 1)
    assert rest.refused("POST", f"{SECRETS}/token/versions/1:destroy", "", {})[0] == 400
    assert rest("GET", f"{SECRETS}/token/versions", "filter=state:DISABLED") == {"totalSize": 0}
    page = rest("GET", f"{SECRETS}/token/versions", "pageSize=1")
    assert page["nextPageToken"]
    assert rest.refused("POST", f"{SECRETS}/token:rotateSecret", "", {})[0] == 501
