"""The mock cloud as an ASGI application."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.doors.wire import LARGEST, HttpRequest, HttpResponse, answer, refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


class RestApp:
    """The application. It speaks ASGI itself: a request passes through no more layers than it needs.

    Args:
        cloud: What it opens on.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection's event stream."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _body(receive)
        if body is None:
            return  # the client has gone: nothing was done
        if len(body) > LARGEST:
            too_large = ApiError(413, "INVALID_ARGUMENT", "The body is too large.", reason="uploadTooLarge")
            await _send(send, refused(too_large))
            return
        host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
        request = HttpRequest(
            verb=scope["method"],
            host="" if host in _LOCAL else host,
            path=scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0],
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=body,
        )
        await _send(send, answer(self._cloud, request))


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
        # What is too large is read to its end, so that the client hears why, but it is not kept.
        parts = [b" " * (LARGEST + 1)] if size > LARGEST else [*parts, part]
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def _send(send: Send, response: HttpResponse) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()]
    headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
