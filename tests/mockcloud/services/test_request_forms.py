"""Requests that are not the resource itself, and settings of which there is one."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.simulator import new_cloud

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


@pytest.fixture
def ask(cloud: Cloud) -> Ask:
    def send(verb: str, host: str, path: str, query: str = "", body: object = None) -> tuple[int, Any]:
        sent = b"" if body is None else json.dumps(body).encode()
        got = answer(cloud, HttpRequest(verb, host, path, query, {}, sent))
        return got.status, json.loads(got.body)

    return send


def test_a_request_that_wraps_its_resource_carries_the_id_beside_it(ask: Ask) -> None:
    host, place = "bigquerydatapolicy.googleapis.com", "/v2/projects/acme/locations/eu/dataPolicies"
    policy = {"dataPolicyType": "RAW_DATA_ACCESS_POLICY", "grantees": ["principal://x"]}
    status, made = ask("POST", host, place, "", {"dataPolicyId": "raw", "dataPolicy": policy})
    assert status == 200
    assert made["name"].endswith("/dataPolicies/raw")
    assert made["grantees"] == ["principal://x"]
    assert ask("GET", host, f"{place}/raw")[1] == made
    assert ask("POST", host, place, "", {"dataPolicyId": "raw", "dataPolicy": policy})[0] == 409


def test_a_query_may_hold_what_the_body_leaves_out(ask: Ask, cloud: Cloud) -> None:
    host, place = "bigquerydatapolicy.googleapis.com", "/v2/projects/acme/locations/eu/dataPolicies"
    status, made = ask("POST", host, place, "dataPolicyId=raw", {"dataPolicy": {}})
    assert status == 200
    assert made["name"].endswith("/dataPolicies/raw")
    # The body comes first.
    status, made = ask("POST", host, place, "dataPolicyId=other", {"dataPolicyId": "mine", "dataPolicy": {}})
    assert made["name"].endswith("/dataPolicies/mine")
    # A part that is an object cannot stand in a query, and a resource takes none of its fields from there.
    assert ask("POST", host, place, "dataPolicy=x", {})[0] == 400
    status, refused = ask(
        "POST", "workflows.googleapis.com", "/v1/projects/a/locations/l/workflows", "description=x", {}
    )
    assert status == 400
    assert "description" in refused["error"]["message"]


def test_settings_are_there_before_anybody_changes_them(ask: Ask) -> None:
    host, place = "dataform.googleapis.com", "/v1/projects/acme/locations/europe-west4/config"
    assert ask("GET", host, place) == (200, {"name": "projects/acme/locations/europe-west4/config"})
    status, changed = ask("PATCH", host, place, "updateMask=defaultKmsKeyName", {"defaultKmsKeyName": "k"})
    assert status == 200
    assert changed["defaultKmsKeyName"] == "k"
    assert ask("GET", host, place)[1] == changed
    status, again = ask("PATCH", host, place, "", {"internalMetadata": "x"})
    assert again["defaultKmsKeyName"] == "k"
    assert ask("PATCH", host, place, "updateMask=none", {})[0] == 400


def test_settings_that_end_in_an_operation(ask: Ask, cloud: Cloud) -> None:
    host, place = "aiplatform.googleapis.com", "/v1beta1/projects/acme/cacheConfig"
    status, operation = ask("PATCH", host, place, "", {"disableCache": True})
    assert status == 200
    assert "/operations/" in operation["name"]
    cloud.advance(60)
    assert ask("GET", host, place)[1]["disableCache"] is True


def test_an_id_that_the_caller_has_to_choose_is_asked_for(ask: Ask, cloud: Cloud) -> None:
    host, place = "secretmanager.googleapis.com", "/v1/projects/acme/secrets"
    body: dict[str, object] = {"replication": {"automatic": {}}}
    status, refused = ask("POST", host, place, "", body)
    assert status == 400
    assert "secretId" in refused["error"]["message"]
    assert ask("POST", host, place, "secretId=a", body)[0] == 200
    # An endpoint's id may be left to the service.
    assert (
        ask("POST", "aiplatform.googleapis.com", "/v1/projects/acme/locations/l/endpoints", "", {"displayName": "x"})[0]
        == 200
    )


def test_who_only_asks_changes_nothing_whichever_way_it_is_said(ask: Ask, cloud: Cloud) -> None:
    host, place = "run.googleapis.com", "/v2/projects/acme/locations/europe-west4/jobs"
    job = {"template": {"template": {"containers": [{"image": "docker.io/acme/train:1"}]}}}
    assert ask("POST", host, place, "jobId=train", job)[0] == 200
    cloud.advance(60)
    before = {each.name for each in cloud.store}
    status, operation = ask("POST", host, f"{place}/train:run", "", {"validateOnly": True})
    assert status == 200
    assert operation["done"]
    assert {each.name for each in cloud.store} == before
    assert ask("POST", host, f"{place}/train:run", "", {})[0] == 200
    assert {each.name for each in cloud.store} > before
