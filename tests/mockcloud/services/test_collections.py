"""What a service says of its collections, and what the standard methods make of it."""

from collections.abc import Callable
from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition
from mockcloud.services.collections import Collection
from mockcloud.services.registry import service
from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import Caller

SPACES = "/v1/projects/acme/locations/europe-west4/namespaces"
Say = Callable[..., None]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    """Say how namespaces behave, in an API that says nothing itself."""

    def of(collection: str = "projects.locations.namespaces", **hooks: Any) -> None:
        monkeypatch.setitem(service("servicedirectory")._collections, collection, Collection(**hooks))

    return of


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


@pytest.fixture
def call(cloud: Cloud) -> Caller:
    return Caller(cloud, "servicedirectory.googleapis.com")


def test_fields_are_required(say: Say, call: Caller) -> None:
    say(required=("labels",))
    found = call("POST", SPACES, {}, namespaceId="a")
    assert (found.status, found.violations[0]["field"]) == (400, "namespace.labels")
    assert call("POST", SPACES, {"labels": {"a": "b"}}, namespaceId="a").status == 200


def test_fields_are_immutable(say: Say, call: Caller) -> None:
    say(immutable=("labels",))
    call("POST", SPACES, {"labels": {"a": "b"}}, namespaceId="a")
    found = call("PATCH", f"{SPACES}/a", {"labels": {"a": "c"}}, updateMask="labels")
    assert (found.status, found.violations[0]["field"]) == (400, "labels")
    assert call("PATCH", f"{SPACES}/a", {"labels": {"a": "b"}}, updateMask="labels").status == 200


def test_fields_are_written_and_never_read(say: Say, call: Caller, cloud: Cloud) -> None:
    say(write_only=("labels",))
    assert "labels" not in call("POST", SPACES, {"labels": {"a": "b"}}, namespaceId="a").json
    assert "labels" not in call("GET", f"{SPACES}/a").json
    call("PATCH", f"{SPACES}/a", {"labels": {"a": "c"}}, updateMask="labels")
    record = cloud.store.get("servicedirectory", "projects/acme/locations/europe-west4/namespaces/a")
    assert record is not None
    assert record.hidden["labels"] == {"a": "c"}


def test_names_must_name_something(say: Say, call: Caller) -> None:
    say(references={"labels.*": "servicedirectory"})
    assert call("POST", SPACES, {"labels": {"a": "projects/acme/none/x"}}, namespaceId="a").status == 404
    call("POST", SPACES, {}, namespaceId="a")
    name = f"{SPACES}/a".removeprefix("/v1/")
    assert call("POST", SPACES, {"labels": {"a": name, "b": ""}}, namespaceId="b").status == 200
    assert call("PATCH", f"{SPACES}/b", {"labels": {"a": "none"}}, updateMask="labels").status == 404


def test_hooks_complete_and_refuse(say: Say, call: Caller) -> None:
    happened: list[str] = []

    def refuse(_: object, record: Any) -> None:
        if record.body["labels"].get("keep"):
            raise failed_precondition("It is kept.")

    say(
        new_id=lambda *_: "chosen",
        created=lambda _, name, body: {**body, "labels": {"made": name.rpartition("/")[2]}},
        after_create=lambda *_: happened.append("created"),
        changed=lambda _, before, body: {**body, "labels": {**body["labels"], "made": before.body["labels"]["made"]}},
        after_change=lambda *_: happened.append("changed"),
        deleting=refuse,
        after_delete=lambda *_: happened.append("deleted"),
    )
    assert call("POST", SPACES, {}).json["name"].endswith("/chosen")
    changed = call("PATCH", f"{SPACES}/chosen", {"labels": {"keep": "yes"}}, updateMask="labels").json
    assert changed["labels"] == {"keep": "yes", "made": "chosen"}
    assert call("DELETE", f"{SPACES}/chosen").status == 400
    call("PATCH", f"{SPACES}/chosen", {"labels": {}}, updateMask="labels")
    assert call("DELETE", f"{SPACES}/chosen").status == 200
    assert happened == ["created", "changed", "changed", "deleted"]


def test_what_is_shown_may_differ_from_what_is_kept(say: Say, call: Caller) -> None:
    say(shown=lambda _, record: {"name": record.id})
    assert call("POST", SPACES, {"labels": {"a": "b"}}, namespaceId="a").json == {"name": "a"}
    assert call("GET", f"{SPACES}/a").json == {"name": "a"}
    assert call("GET", SPACES).json == {"namespaces": [{"name": "a"}]}
    call("POST", SPACES, {}, namespaceId="b")
    assert "nextPageToken" in call("GET", SPACES, pageSize="1").json


def test_a_state_is_told_or_left_out(say: Say, call: Caller) -> None:
    say(state=("uid", "READY"))
    assert call("POST", SPACES, {}, namespaceId="a").json["uid"] == "READY"
    say(state=None)
    assert call("POST", SPACES, {}, namespaceId="b").json["uid"] != "READY"


def test_children_keep_their_parent(say: Say, call: Caller) -> None:
    say(children="refuse")
    call("POST", SPACES, {}, namespaceId="a")
    call("POST", f"{SPACES}/a/services", {}, serviceId="b")
    assert call("DELETE", f"{SPACES}/a").error["status"] == "FAILED_PRECONDITION"
    call("DELETE", f"{SPACES}/a/services/b")
    assert call("DELETE", f"{SPACES}/a").status == 200


def test_some_need_no_parent(say: Say, call: Caller) -> None:
    say("projects.locations.namespaces.services", orphans=True)
    assert call("POST", f"{SPACES}/everywhere/services", {}, serviceId="b").status == 200
    assert len(call("GET", f"{SPACES}/everywhere/services").json["services"]) == 1


def test_names_are_shown_as_the_service_has_them(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    known = service("servicedirectory")
    monkeypatch.setattr(known, "numbers", True)
    made = call("POST", SPACES, {}, namespaceId="a").json["name"]
    assert made == "projects/928330706207/locations/europe-west4/namespaces/a"
    assert call("GET", f"/v1/{made}").status == 200
    assert "928330706207" in call("GET", f"{SPACES}/none").error["message"]
    monkeypatch.setattr(known, "short_names", True)
    assert call("POST", SPACES, {}, namespaceId="b").json["name"] == "b"
    assert call("GET", f"{SPACES}/none").status == 404
    assert call("GET", f"{SPACES}/none/services").status == 404


def test_a_service_may_model_only_what_it_lists(call: Caller, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service("servicedirectory"), "modelled", False)
    assert call("GET", SPACES).status == 501
    say()
    assert call("GET", SPACES).status == 200
