"""Calls that are sent again."""

import pytest

from mockcloud.cloud import repeats
from mockcloud.cloud.cloud import Cloud
from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import Caller

ENDPOINTS = "/v2/projects/acme/locations/europe-west4/instances"
BODY = {"gceSetup": {"machineType": "e2-standard-2"}}
ID = "9a3f1c1e-1111-4222-8333-abcdefabcdef"


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


@pytest.fixture
def call(cloud: Cloud) -> Caller:
    return Caller(cloud, "notebooks.googleapis.com")


def test_the_same_call_has_the_same_answer_and_one_effect(call: Caller) -> None:
    first = call("POST", ENDPOINTS, BODY, instanceId="a", requestId=ID)
    again = call("POST", ENDPOINTS, BODY, instanceId="a", requestId=ID)
    assert (first.status, again.json) == (200, first.json)
    assert call("POST", ENDPOINTS, BODY, instanceId="a").status == 409


def test_another_id_or_caller_or_place_is_another_call(call: Caller) -> None:
    assert call("POST", ENDPOINTS, BODY, instanceId="a", requestId=ID).status == 200
    assert call("POST", ENDPOINTS, BODY, instanceId="a", requestId=ID.replace("9", "8")).status == 409
    headers = {"authorization": "Bearer mock.user:alice@acme.test"}
    assert call("POST", ENDPOINTS, BODY, instanceId="a", requestId=ID, headers=headers).status == 409
    other = ENDPOINTS.replace("europe-west4", "us-central1")
    assert call("POST", other, BODY, instanceId="a", requestId=ID).status == 200


def test_a_refusal_is_not_remembered(call: Caller) -> None:
    assert call("DELETE", f"{ENDPOINTS}/a", requestId=ID).status == 404
    call("POST", ENDPOINTS, BODY, instanceId="a")
    assert call("DELETE", f"{ENDPOINTS}/a", requestId=ID).status == 200
    assert call("DELETE", f"{ENDPOINTS}/a", requestId=ID).status == 200


def test_a_snapshot_remembers_what_was_answered_by_then(cloud: Cloud, call: Caller) -> None:
    before = cloud.snapshot()
    first = call("POST", ENDPOINTS, BODY, instanceId="a", requestId=ID)
    after = cloud.snapshot()
    cloud.restore(before)
    assert call("POST", ENDPOINTS, BODY, instanceId="b", requestId=ID).json != first.json
    cloud.restore(after)
    assert call("POST", ENDPOINTS, BODY, instanceId="a", requestId=ID).json == first.json


def test_the_oldest_are_forgotten(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "MOST", 1)
    call("POST", ENDPOINTS, BODY, instanceId="a", requestId="one")
    call("POST", ENDPOINTS, BODY, instanceId="b", requestId="two")
    assert call("POST", ENDPOINTS, BODY, instanceId="a", requestId="one").status == 409
