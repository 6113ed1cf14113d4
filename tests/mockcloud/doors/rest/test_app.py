"""The application below a server: bodies in pieces, clients that go, packing, headers."""

import asyncio
import gzip
import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.rest.app import RestApp, host_of, packed
from mockcloud.doors.wire import HttpResponse
from mockcloud.simulator import new_cloud

Message = MutableMapping[str, Any]
BODY = b'{"replication":{"automatic":{}}}'


def ask(
    cloud: Cloud, *messages: Message, verb: str = "POST", headers: list[tuple[bytes, bytes]] | None = None
) -> list[Message]:
    """Send the pieces of one request, and give what comes back."""
    sent: list[Message] = []
    coming = list(messages)

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": verb,
        "path": "/v1/projects/acme/secrets",
        "raw_path": b"/v1/projects/acme/secrets",
        "query_string": b"secretId=a" if verb == "POST" else b"",
        "headers": headers or [(b"host", b"secretmanager.googleapis.com:443")],
    }
    asyncio.run(RestApp(cloud)(scope, receive, send))
    return sent


def piece(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_in_pieces_is_one() -> None:
    start, end = ask(new_cloud(), piece(BODY[:5], more=True), piece(BODY[5:], more=True), piece(b""))
    assert start["status"] == 200
    assert json.loads(end["body"])["name"].endswith("/secrets/a")


def test_a_client_that_goes_before_it_has_said_all_changes_nothing() -> None:
    cloud = new_cloud()
    assert ask(cloud, piece(BODY, more=True), {"type": "http.disconnect"}) == []
    assert not list(cloud.store.of("secretmanager"))


def test_what_is_too_large_is_read_to_its_end_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockcloud.doors.rest.app.LARGEST", 10)
    cloud = new_cloud()
    start, end = ask(cloud, piece(b"x" * 8, more=True), piece(b"x" * 8, more=True), piece(b"x" * 8))
    assert start["status"] == json.loads(end["body"])["error"]["code"] == 413
    assert not cloud.journal.calls


def test_headers_that_come_twice_are_joined() -> None:
    cloud = new_cloud()
    headers = [(b"host", b"secretmanager.googleapis.com"), (b"user-agent", b"a"), (b"user-agent", b"b")]
    ask(cloud, piece(b""), verb="GET", headers=headers)
    assert cloud.journal.calls[0].agent == "a, b"


def test_the_application_comes_and_goes_with_its_server() -> None:
    coming = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        await RestApp(new_cloud())({"type": "lifespan"}, receive, send)
        await RestApp(new_cloud())({"type": "websocket"}, receive, send)

    asyncio.run(run())
    assert [each["type"] for each in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize(
    ("authority", "host"),
    [
        ("pubsub.googleapis.com", "pubsub.googleapis.com"),
        ("PubSub.googleapis.com:443", "pubsub.googleapis.com"),
        ("pubsub.googleapis.com.", "pubsub.googleapis.com"),
        ("127.0.0.1:8080", ""),
        ("localhost", ""),
        ("[::1]:80", ""),
        ("[::1]", ""),
        ("", ""),
    ],
)
def test_an_authority_names_a_host(authority: str, host: str) -> None:
    assert host_of(authority) == host


def test_a_large_answer_is_packed_for_those_who_take_it() -> None:
    large = HttpResponse(200, {"Content-Type": "application/json"}, b"{" + b" " * 5000 + b"}")
    found = packed(large, {"accept-encoding": "deflate, gzip"})
    assert found.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(found.body) == large.body
    assert packed(large, {}) is large
    assert packed(large, {"accept-encoding": "br"}) is large


def test_what_is_small_or_media_or_packed_stays() -> None:
    for response in (
        HttpResponse(200, {"Content-Type": "application/json"}, b"{}"),
        HttpResponse(200, {"Content-Type": "image/png"}, b"x" * 5000),
        HttpResponse(200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, b"x" * 5000),
    ):
        assert packed(response, {"accept-encoding": "gzip"}) is response


def test_no_header_holds_what_none_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = HttpResponse(200, {"Content-Type": "a\r\nSet-Cookie: é☃"}, b"")
    monkeypatch.setattr("mockcloud.doors.rest.app.answer", lambda *_: stored)
    start, _ = ask(new_cloud(), piece(b""))
    assert dict(start["headers"])[b"content-type"] == "a  Set-Cookie: é?".encode("latin-1")


def test_no_answer_is_a_page_that_may_run_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = HttpResponse(200, {"Content-Type": "text/html"}, b"<script>alert(1)</script>")
    monkeypatch.setattr("mockcloud.doors.rest.app.answer", lambda *_: stored)
    start, _ = ask(new_cloud(), piece(b""))
    said = dict(start["headers"])
    assert said[b"content-security-policy"] == b"sandbox"
    assert said[b"x-content-type-options"] == b"nosniff"
