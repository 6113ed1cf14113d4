"""From an HTTP request to a call of the cloud."""

import json
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from mockcloud.cloud.call import Request
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.discovery.catalogue import find
from mockcloud.doors.wire.messages import LARGEST, HttpRequest


def understood(request: HttpRequest) -> tuple[Request, Mapping[str, Any]]:
    """Read a request.

    Returns:
        The call, and the query with what is for the protocol and not for the method.

    Raises:
        ApiError: There is no such path, or what came cannot be read.
    """
    verb = request.headers.get("x-http-method-override", request.verb).upper()
    path = request.path.lstrip("/")
    found = find(verb, request.host, path)
    if found is None:
        raise ApiError(404, "NOT_FOUND", f"The requested URL /{path} was not found on this server.", reason="notFound")
    method = found.match.method
    query = _query(request.query)
    body = unpacked(request)
    return (
        Request(
            method=method,
            variables=found.match.variables,
            query=query,
            body=_json(body) if body and method.request else None,
            content=request.media if request.media is not None else body if body and not method.request else None,
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


def unpacked(request: HttpRequest) -> bytes:
    """Give the body, unpacked where it is gzip.

    Raises:
        ApiError: It is not gzip though it says so, or it is too large.
    """
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
