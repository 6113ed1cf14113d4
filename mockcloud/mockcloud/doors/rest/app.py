"""The mock cloud as an ASGI application."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any, Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.doors.wire import LARGEST, HttpRequest, HttpResponse, answer, headers_of, refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
_WORTH_PACKING: Final = 1400
"""Bytes of an answer from which packing it saves a packet."""
_PACKED: Final = ("application/json", "text/")
"""Types that are packed; media is sent as it is kept."""
_NO_PAGE: Final = ((b"content-security-policy", b"sandbox"), (b"x-content-type-options", b"nosniff"))
"""What every answer says to browsers: media that somebody stored runs no script beside the console, on its port."""


class RestApp:
    """The application. It speaks ASGI itself: a request passes through no more layers than it needs.

    Args:
        cloud: What it opens on.
        real_delays: Whether a delay that a fault asks for is waited out.
    """

    def __init__(self, cloud: Cloud, *, real_delays: bool = False) -> None:
        self._cloud = cloud
        self._real_delays = real_delays

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection's event stream."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self.respond(scope, headers_in(scope), receive, send)

    async def respond(self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send) -> None:
        """Answer a request whose headers were read already."""
        if self._real_delays:
            send = self._late(send)
        body = await _body(receive)
        if body is None:
            return  # the client has gone: nothing was done
        if len(body) > LARGEST:
            too_large = ApiError(413, "INVALID_ARGUMENT", "The body is too large.", reason="uploadTooLarge")
            await _send(send, refused(too_large))
            return
        request = HttpRequest(
            verb=scope["method"],
            host=host_of(headers.get("host", "")),
            path=scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0],
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=body,
        )
        await _send(send, packed(answer(self._cloud, request), headers))

    def _late(self, send: Send) -> Send:
        """Send an answer as late as a fault asks. The call that it answers has just been dispatched in this thread."""

        async def later(message: MutableMapping[str, Any]) -> None:
            if delay := self._cloud.faults.take_delay():
                await asyncio.sleep(delay)
            await send(message)

        return later


def headers_in(scope: Scope) -> dict[str, str]:
    """Give the headers of a request by lower-case name."""
    return headers_of([(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]])


@lru_cache(maxsize=1024)
def host_of(authority: str) -> str:
    """Give the host of an authority without its port; "" for an address of this machine, which says nothing."""
    host, colon, port = authority.rpartition(":")
    if not colon or not port.isdigit():
        host = authority
    host = host.lower().rstrip(".")
    return "" if host in _LOCAL else host


def packed(response: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    """Pack an answer with gzip, where the client takes that and it is worth it."""
    if len(response.body) < _WORTH_PACKING or "gzip" not in headers.get("accept-encoding", ""):
        return response
    known = {name.lower(): value for name, value in response.headers.items()}
    if "content-encoding" in known or not known.get("content-type", "").startswith(_PACKED):
        return response
    packer = zlib.compressobj(1, wbits=31)
    body = packer.compress(response.body) + packer.flush()
    return HttpResponse(
        response.status, {**response.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}, body
    )


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _body(receive: Receive) -> bytes | None:
    """Give the whole body; None where the client went before it was through."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size <= LARGEST:
            parts.append(part)
        elif len(parts) != 1 or len(parts[0]) <= LARGEST:
            # What is too large is read to its end, so that the client hears why, but it is not kept.
            parts = [b" " * (LARGEST + 1)]
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def _send(send: Send, response: HttpResponse) -> None:
    headers = [_header(name, value) for name, value in response.headers.items()]
    headers += [(b"content-length", b"%d" % len(response.body)), *_NO_PAGE]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


@lru_cache(maxsize=256)
def _header(name: str, value: str) -> tuple[bytes, bytes]:
    """Write a header. What clients have stored, such as a type of media, may hold what none may hold."""
    clean = value if value.isprintable() else "".join(each if each.isprintable() else " " for each in value)
    return name.lower().encode("latin-1"), clean.encode("latin-1", "replace")
