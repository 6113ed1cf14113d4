"""Calls that stay open, as doors and handlers see them."""

import threading

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.streams import Stream
from mockcloud.simulator import new_cloud


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


def test_requests_come_in_their_order_until_the_end(cloud: Cloud) -> None:
    stream = Stream(cloud, {})
    before = stream.waiting
    stream.offer({"a": 1})
    stream.offer({"a": 2})
    assert (before, stream.waiting) == (False, True)
    stream.end()
    assert list(stream) == [{"a": 1}, {"a": 2}]
    assert stream.receive() is None
    assert stream.ended


def test_a_request_that_could_not_be_read_is_heard_in_its_place(cloud: Cloud) -> None:
    stream = Stream(cloud, {})
    stream.offer({"a": 1})
    stream.end(invalid("no message"))
    assert stream.receive() == {"a": 1}
    with pytest.raises(ApiError, match="no message"):
        stream.receive()


def test_whoever_waits_hears_of_other_calls_and_of_time(cloud: Cloud) -> None:
    stream = Stream(cloud, {})
    heard: list[str] = []

    def wait() -> None:
        with cloud.changed:
            ready.set()
            stream.wait()
            heard.append("something")

    for happen in (
        lambda: stream.call("pubsub", "v1", "projects.topics.create", {"projectsId": "a", "topicsId": "news"}, {}),
        lambda: cloud.advance(5),
        lambda: stream.offer({}),
    ):
        ready = threading.Event()
        waiter = threading.Thread(target=wait)
        waiter.start()
        assert ready.wait(5)
        happen()
        waiter.join(5)
    assert heard == ["something"] * 3


def test_a_call_in_the_callers_name_has_the_streams_headers(cloud: Cloud) -> None:
    stream = Stream(cloud, {"authorization": "Bearer mock.user:alice@acme.test"})
    stream.call("secretmanager", "v1", "projects.secrets.list", {"projectsId": "a"})
    called = cloud.journal.calls[-1]
    assert (called.caller, called.door) == ("user:alice@acme.test", "grpc")


def test_a_cancelled_call_ends_whoever_waits(cloud: Cloud) -> None:
    stream = Stream(cloud, {})
    stream.cancel()
    with pytest.raises(ApiError) as caught:
        stream.receive()
    assert caught.value.status == "CANCELLED"


def test_a_deadline_ends_whoever_waits(cloud: Cloud) -> None:
    stream = Stream(cloud, {}, seconds=0)
    with pytest.raises(ApiError) as caught:
        stream.wait()
    assert caught.value.status == "DEADLINE_EXCEEDED"
    short = Stream(cloud, {}, seconds=0.005)
    with pytest.raises(ApiError) as caught:
        short.receive()
    assert caught.value.status == "DEADLINE_EXCEEDED"
