"""The end of a resource's life comes with time, not with somebody who looks; and what is reset is forgotten."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.masks import apply_mask
from mockcloud.cloud.store import Record
from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.services.registry import service
from mockcloud.simulator import new_cloud

SECRETS = "/v1/projects/acme/secrets"


def ask(cloud: Cloud, verb: str, path: str, query: str = "", body: bytes = b"") -> int:
    return answer(cloud, HttpRequest(verb, "secretmanager.googleapis.com", path, query, {}, body)).status


def test_looking_at_a_secret_does_not_end_it() -> None:
    cloud = new_cloud(waits="poll")
    body = b'{"replication": {"automatic": {}}, "ttl": "86400s"}'
    assert ask(cloud, "POST", SECRETS, "secretId=a", body) == 200
    before = cloud.clock.now
    assert ask(cloud, "GET", f"{SECRETS}/a") == 200
    assert cloud.clock.now - before < timedelta(minutes=1)
    cloud.advance(90_000)
    assert ask(cloud, "GET", f"{SECRETS}/a") == 404


def test_policies_that_were_to_count_later_are_forgotten_with_the_cloud() -> None:
    cloud = new_cloud()
    cloud.access.delay = timedelta(hours=1)
    assert ask(cloud, "POST", SECRETS, "secretId=a", b'{"replication": {"automatic": {}}}') == 200
    policy = b'{"policy": {"bindings": [{"role": "roles/viewer", "members": ["user:alice@acme.test"]}]}}'
    assert ask(cloud, "POST", f"{SECRETS}/a:setIamPolicy", "", policy) == 200
    assert cloud.access._late
    cloud.reset()
    assert not cloud.access._late


def test_a_mask_clears_what_is_null() -> None:
    old = {"labels": {"a": "b"}, "name": "n"}
    assert apply_mask(old, {"labels": None}, [("labels",)]) == {"name": "n"}
    assert apply_mask(old, {"labels": None, "name": "n"}, [("*",)]) == {"name": "n"}


def test_what_fails_by_itself_is_taken_back_and_time_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cloud = new_cloud()
    record = cloud.create(Record("workflows", "projects/p/locations/l/workflows/w", {}))

    def broken(cloud: Cloud, record: Record, data: Mapping[str, object]) -> None:
        del data
        cloud.change(record, {"half": True})
        raise RuntimeError("a bug")

    monkeypatch.setitem(service("workflows")._events, "broken", broken)
    cloud.plan(10, record, "broken")
    cloud.plan(20, record, "operation.done", result={"response": {}}, finish={})
    before = cloud.clock.now
    cloud.advance(60)
    assert cloud.clock.now - before == timedelta(seconds=60)
    after = cloud.store.get("workflows", record.name)
    assert after is not None
    assert after.body["done"]
    assert "half" not in after.body
    assert "The event broken" in caplog.text


def test_times_beyond_all_time_are_refused_or_never_come() -> None:
    cloud = new_cloud()
    record = cloud.create(Record("workflows", "projects/p/locations/l/workflows/w", {}))
    cloud.plan(1e15, record, "operation.done")
    assert list(cloud.plans) == []
    body = b'{"replication": {"automatic": {}}, "ttl": "315576000000s"}'
    assert ask(cloud, "POST", SECRETS, "secretId=a", body) in {200, 400}
