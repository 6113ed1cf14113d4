"""A cloud of another process: what a child calls, as if the cloud were its own."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from mockcloud.cloud.call import Answer, Request
from mockcloud.cloud.clock import parse_stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, not_modelled
from mockcloud.doors.console.guard import HEADER
from mockcloud.doors.process.cloud import MockCloud
from mockcloud.doors.wire import HttpRequest, HttpResponse, answer
from mockcloud.services.registry import service

_NOT_SENT: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
"""Headers that are of one connection, and not of the call."""


class FarCloud(MockCloud):
    """The cloud of a parent process, reached through its server. It has no state of its own but the time.

    Args:
        url: The server: `http://127.0.0.1:PORT`.
        now: Time of the cloud.
    """

    def __init__(self, url: str, now: datetime) -> None:
        super().__init__(service, start=now)
        self._address = urlsplit(url).netloc
        # Streams wait for what changes in a cloud; here nothing does.
        del self.changed

    def __getattr__(self, name: str) -> object:
        if name == "changed":
            raise not_modelled("calls that stay open, from a child process")
        raise AttributeError(name)

    def send(self, request: HttpRequest) -> HttpResponse:
        """Hand on a request as it came."""
        # Imported here: its own hook needs this module.
        from http.client import HTTPConnection

        headers = {name: value for name, value in request.headers.items() if name not in _NOT_SENT}
        target = request.path + (f"?{request.query}" if request.query else "")
        connection = HTTPConnection(self._address)
        try:
            connection.request(request.verb, target, body=request.body, headers={"host": request.host, **headers})
            found = connection.getresponse()
            return HttpResponse(found.status, dict(found.getheaders()), found.read())
        finally:
            connection.close()

    def dispatch(self, request: Request) -> Answer:
        """Hand on a call, in its HTTP form.

        Raises:
            ApiError: The cloud refuses.
        """
        found = self.send(_written(request))
        content = found.headers.get("content-type", "")
        if not content.startswith("application/json"):
            return Answer(status=found.status, content=found.body, content_type=content)
        body = json.loads(found.body)
        if isinstance(body, list):
            return Answer(status=found.status, stream=tuple(body))
        if "error" in body and found.status >= 400:  # noqa: PLR2004 - HTTP's errors begin there
            raise _error(found.status, body["error"])
        return Answer(body, status=found.status)

    def advance(self, by: timedelta | float) -> None:
        """Let time pass."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        body = json.dumps({"seconds": seconds}).encode()
        host = self._address.rpartition(":")[0]
        moved = self.send(HttpRequest("POST", host, "/_mock/advance", headers={HEADER: "child"}, body=body))
        self.clock.to(parse_stamp(json.loads(moved.body)["now"]))


def _written(request: Request) -> HttpRequest:
    """Write a call in its HTTP form."""
    method = request.method
    parts = [
        quote(request.variables[each[1:-1]], safe="") if each.startswith("{") else each for each in method.segments
    ]
    path = "/".join(filter(None, [method.prefix, *parts])) + (f":{method.verb}" if method.verb else "")
    body = b"" if request.body is None else json.dumps(request.body).encode()
    headers = {**request.headers, "content-type": "application/json"}
    return HttpRequest(
        verb=method.http,
        host=f"{method.api}.googleapis.com",
        path=f"/{path}",
        query=urlencode(dict(request.query), doseq=True),
        headers=headers,
        body=body,
    )


def _error(status: int, error: Mapping[str, Any]) -> ApiError:
    details = error.get("details", [])
    return ApiError(status, error.get("status", "UNKNOWN"), error.get("message", ""), details=details)


def send(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    """Answer a request in a cloud, here or far."""
    return cloud.send(request) if isinstance(cloud, FarCloud) else answer(cloud, request)
