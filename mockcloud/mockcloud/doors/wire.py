"""HTTP as Google speaks it: from a request to a call of the cloud, and back. For every door that has HTTP.

A door gives verb, host, path, query, headers and body; how those came is its own affair.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from mockcloud.cloud.call import Answer, Request
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.discovery.catalogue import find

LARGEST: Final = 100 * 2**20
"""Bytes of a body that are read, packed or not."""

_OLD: Final = frozenset({"compute", "storage", "bigquery", "sqladmin", "dns"})
"""APIs whose errors carry the list of the older form beside code and message."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it came.

    Attributes:
        verb: `GET`, `POST`, …
        host: Host that it was sent to, without the port.
        path: Path, percent-encoded, with the first slash.
        query: What follows the question mark.
        headers: By lower-case name.
        body: The bytes of the body, as sent.
        door: By which door it came.
    """

    verb: str
    host: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    door: str = "rest"


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What is sent back.

    Attributes:
        status: HTTP status.
        headers: By name.
        body: The bytes.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def answer(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    """Answer a request. Whatever is wrong with it becomes an answer too."""
    api = ""
    try:
        found, query = _understood(request)
        api = found.method.api
        return _written(cloud.dispatch(found), query)
    except ApiError as error:
        return refused(error, api)


def _understood(request: HttpRequest) -> tuple[Request, Mapping[str, Any]]:
    verb = request.headers.get("x-http-method-override", request.verb).upper()
    path = request.path.lstrip("/")
    found = find(verb, request.host, path)
    if found is None:
        raise ApiError(404, "NOT_FOUND", f"The requested URL /{path} was not found on this server.", reason="notFound")
    method = found.match.method
    query = _query(request.query)
    body = _unpacked(request)
    return (
        Request(
            method=method,
            variables=found.match.variables,
            query=query,
            body=_json(body) if body and method.request else None,
            content=body if body and not method.request else None,
            headers=request.headers,
            door=request.door,
        ),
        query,
    )


def _query(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        if key in found:
            before = found[key]
            found[key] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            found[key] = value
    return found


def _unpacked(request: HttpRequest) -> bytes:
    if request.headers.get("content-encoding", "").lower() != "gzip":
        return request.body
    try:
        unpacker = zlib.decompressobj(wbits=31)
        body = unpacker.decompress(request.body, LARGEST)
    except zlib.error:
        raise invalid("The body is not gzip, though its Content-Encoding says so.") from None
    if unpacker.unconsumed_tail:
        raise ApiError(413, "INVALID_ARGUMENT", "The body is too large.", reason="uploadTooLarge")
    return body


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise invalid(f"Invalid JSON payload received. {error}", reason="parseError") from None


def _written(answer: Answer, query: Mapping[str, Any]) -> HttpResponse:
    del query
    if answer.content is not None:
        return HttpResponse(answer.status, {"Content-Type": answer.content_type, **answer.headers}, answer.content)
    headers = {"Content-Type": "application/json; charset=UTF-8", **answer.headers}
    if answer.ready is not None:
        return HttpResponse(answer.status, headers, answer.ready)
    body: Any = list(answer.stream) if answer.stream is not None else answer.body
    return HttpResponse(answer.status, headers, json.dumps(body, ensure_ascii=False).encode())


def refused(error: ApiError, api: str = "") -> HttpResponse:
    """Write a refusal in the form of its API."""
    body: dict[str, Any] = {"code": error.code, "message": error.message, "status": error.status}
    if error.details:
        body["details"] = [dict(each) for each in error.details]
    if api in _OLD:
        body["errors"] = [{"message": error.message, "domain": "global", "reason": error.reason}]
    text = json.dumps({"error": body}, ensure_ascii=False).encode()
    return HttpResponse(error.code, {"Content-Type": "application/json; charset=UTF-8", **error.headers}, text)


def headers_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give headers by lower-case name; of one that comes twice, the last."""
    return {name.lower(): value for name, value in pairs}
