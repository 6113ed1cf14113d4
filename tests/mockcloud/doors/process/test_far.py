"""A cloud of another process, called as if it were one's own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from mockcloud import mock_gcp
from mockcloud.cloud.call import Request
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.streams import Stream
from mockcloud.discovery.catalogue import description
from mockcloud.doors.process import children, sessions
from mockcloud.doors.process.far import FarCloud
from mockcloud.services.aiplatform import generation

CONTENTS = {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}


@pytest.fixture
def near() -> Iterator[Cloud]:
    with mock_gcp(project="acme") as cloud:
        yield cloud


@pytest.fixture
def far(near: Cloud) -> FarCloud:
    session = sessions.of_context()
    assert session is not None
    return FarCloud(children.url_of(session), near.clock.now)


def call(api: str, version: str, method: str, **parts: Any) -> Request:
    return Request(description(api, version).routes.by_id[method], **parts)


def test_calls_are_handed_on(near: Cloud, far: FarCloud) -> None:
    secret: dict[str, Any] = {"replication": {"automatic": {}}}
    create = call(
        "secretmanager",
        "v1",
        "projects.secrets.create",
        variables={"projectsId": "acme"},
        query={"secretId": "a"},
        body=secret,
        headers={"authorization": "Bearer mock.user:alice@acme.test"},
    )
    assert far.dispatch(create).body["name"].endswith("/secrets/a")
    assert near.journal.calls[-1].caller == "user:alice@acme.test"
    with pytest.raises(ApiError, match="already exists") as caught:
        far.dispatch(create)
    assert (caught.value.code, caught.value.status) == (409, "ALREADY_EXISTS")


def test_names_are_written_as_one_segment(near: Cloud, far: FarCloud) -> None:
    near.projects.ensure("acme")
    far.dispatch(call("storage", "v1", "buckets.insert", query={"project": "acme"}, body={"name": "data"}))
    with pytest.raises(ApiError) as caught:
        far.dispatch(call("storage", "v1", "objects.get", variables={"bucket": "data", "object": "a/b c"}))
    assert caught.value.code == 404
    assert near.journal.calls[-1].name == "b/data/o/a/b c"


def test_an_answer_of_many_and_an_answer_that_is_no_json(near: Cloud, far: FarCloud) -> None:
    generation.register(near, "gemini-2.5-flash", lambda _: ["Good ", "morning."])
    ids = {
        "projectsId": "acme",
        "locationsId": "europe-west4",
        "publishersId": "google",
        "modelsId": "gemini-2.5-flash",
    }
    method = "projects.locations.publishers.models.streamGenerateContent"
    streamed = far.dispatch(call("aiplatform", "v1", method, variables=ids, body=CONTENTS))
    assert streamed.stream is not None
    assert len(streamed.stream) >= 2
    answered = far.dispatch(call("aiplatform", "v1", method, variables=ids, body=CONTENTS, query={"alt": "sse"}))
    assert answered.content is not None
    assert answered.content.startswith(b"data: ")


def test_time_is_moved_on_there(near: Cloud, far: FarCloud) -> None:
    begun = near.clock.now
    far.advance(timedelta(hours=1))
    far.advance(60.0)
    assert near.clock.now - begun == timedelta(hours=1, minutes=1)
    assert far.clock.now == near.clock.now


def test_a_call_that_stays_open_is_not_modelled(far: FarCloud) -> None:
    with pytest.raises(ApiError, match="stay open") as caught:
        Stream(far, {}).offer({})
    assert caught.value.code == 501
    with pytest.raises(AttributeError):
        far.nothing  # noqa: B018 - there is none
