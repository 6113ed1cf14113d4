"""A call happens whole or not at all."""

from contextlib import closing
from pathlib import Path

import pytest

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.persistence.keeper import keep
from mockcloud.cloud.store import Body, Record
from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.services.registry import service
from mockcloud.simulator import new_cloud

PLACE = "projects/acme-ml/locations/global"
URL = f"/v1/{PLACE}/workflows"


def state(cloud: Cloud) -> object:
    records = {(each.api, each.name): (each.body, each.hidden, each.revision) for each in cloud.store}
    plans = [(each.at, each.api, each.name, each.event) for each in cloud.plans]
    return records, dict(cloud.store.policies), plans, len(cloud.journal.changes), cloud.store.page("workflows", PLACE)


def half(call: Call) -> Answer | Body:
    """Change much, then fail."""
    cloud = call.cloud
    old = cloud.store.get("workflows", f"{PLACE}/workflows/old")
    assert old is not None
    cloud.create(Record("workflows", f"{PLACE}/workflows/new", {"a": 1}))
    cloud.plan(60, cloud.create(Record("workflows", f"{PLACE}/workflows/newer", {})), "operation.done")
    cloud.store.policies["workflows", old.name] = {"version": 1, "bindings": []}
    cloud.store.policies["workflows", f"{PLACE}/workflows/new"] = {"version": 1, "bindings": []}
    cloud.change(old, {"b": 2})
    cloud.delete(old)
    cloud.advance(30)
    if call.body.get("description") == "bug":
        raise RuntimeError("a bug")
    raise invalid("No.")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    cloud = new_cloud()
    record = cloud.create(Record("workflows", f"{PLACE}/workflows/old", {"name": "old"}, {"secret": b"x"}))
    cloud.store.policies["workflows", record.name] = {"version": 1, "bindings": [{"role": "roles/viewer"}]}
    cloud.plan(10, record, "operation.done", result={}, finish={})
    answer(cloud, HttpRequest("GET", "workflows.googleapis.com", URL))  # makes the project
    known = service("workflows")
    monkeypatch.setitem(known._methods, "projects.locations.workflows.create", half)
    return cloud


def create(cloud: Cloud, description: str = "") -> int:
    body = b'{"description": "%s"}' % description.encode()
    return answer(cloud, HttpRequest("POST", "workflows.googleapis.com", URL, "workflowId=x", {}, body)).status


def test_what_a_call_did_before_it_failed_is_taken_back(cloud: Cloud) -> None:
    before = state(cloud)
    assert create(cloud) == 400
    assert state(cloud) == before


def test_a_fault_of_ours_takes_back_too(cloud: Cloud) -> None:
    before = state(cloud)
    assert create(cloud, "bug") == 500
    assert state(cloud) == before


def test_what_was_to_happen_still_happens(cloud: Cloud) -> None:
    create(cloud)
    cloud.advance(20)
    record = cloud.store.get("workflows", f"{PLACE}/workflows/old")
    assert record is not None
    assert record.body["done"]


def test_what_succeeds_stays(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(call: Call) -> Answer | Body:
        with pytest.raises(ApiError):
            half(call)
        return {}

    monkeypatch.setitem(service("workflows")._methods, "projects.locations.workflows.create", whole)
    assert create(cloud) == 200
    assert cloud.store.get("workflows", f"{PLACE}/workflows/old") is None
    assert cloud.store.get("workflows", f"{PLACE}/workflows/new") is not None


def test_what_is_kept_in_a_file_is_taken_back_there(cloud: Cloud, tmp_path: Path) -> None:
    before = state(cloud)
    with closing(keep(cloud, tmp_path)):
        assert create(cloud) == 400
    again = new_cloud()
    with closing(keep(again, tmp_path)):
        assert state(again) == before


def test_a_call_in_a_call_is_taken_back_by_itself(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = HttpRequest("POST", "workflows.googleapis.com", URL, "workflowId=inner", {}, b"{}")

    def outer(call: Call) -> Answer | Body:
        if call.request.query["workflowId"] == "inner":
            call.cloud.create(Record("workflows", f"{PLACE}/workflows/inner", {}))
            raise invalid("No.")
        call.cloud.create(Record("workflows", f"{PLACE}/workflows/before", {}))
        assert answer(call.cloud, inner).status == 400
        call.cloud.create(Record("workflows", f"{PLACE}/workflows/after", {}))
        if call.body.get("description") == "bug":
            raise invalid("No.")
        return {}

    def there() -> list[str]:
        return [each.id for each in cloud.store.page("workflows", f"{PLACE}/workflows")]

    monkeypatch.setitem(service("workflows")._methods, "projects.locations.workflows.create", outer)
    assert create(cloud, "bug") == 400
    assert there() == ["old"]
    assert create(cloud) == 200
    assert there() == ["after", "before", "old"]


def test_a_call_in_a_call_that_succeeded_is_taken_back_with_the_other(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = HttpRequest("POST", "workflows.googleapis.com", URL, "workflowId=inner", {}, b"{}")

    def outer(call: Call) -> Answer | Body:
        if call.request.query["workflowId"] == "inner":
            return call.cloud.create(Record("workflows", f"{PLACE}/workflows/inner", {})).body
        assert answer(call.cloud, inner).status == 200
        raise invalid("No.")

    before = state(cloud)
    monkeypatch.setitem(service("workflows")._methods, "projects.locations.workflows.create", outer)
    assert create(cloud) == 400
    assert state(cloud) == before


def test_who_waits_hears_of_a_call_that_failed(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bool] = []
    monkeypatch.setattr(cloud.changed, "notify_all", lambda: heard.append(True))
    assert create(cloud) == 400
    assert heard
