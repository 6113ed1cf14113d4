"""From an HTTP request to a call of the cloud."""

import json
import re
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from mockcloud.cloud.call import Request
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.discovery.catalogue import api_of_host, description, find
from mockcloud.discovery.methods import Method
from mockcloud.discovery.parameters import Query, read_query, wrong_variables
from mockcloud.discovery.schemas import Violation
from mockcloud.doors.wire.forms import Form, form_of, hold
from mockcloud.doors.wire.messages import LARGEST, HttpRequest
from mockcloud.doors.wire.partial import wanted
from mockcloud.doors.wire.writing import OLD

_WORTH_REMEMBERING: Final = 256
"""Characters of a query up to which it is remembered what it asks for."""
_DEEPEST: Final = 100
"""Brackets in brackets of JSON that are read, as in protocol buffers."""
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def verb_of(request: HttpRequest) -> str:
    """Give the HTTP method that a request means: one that was overridden, and GET for HEAD."""
    verb = request.verb.upper()
    if verb == "POST":
        return request.headers.get("x-http-method-override", verb).strip().upper()
    return "GET" if verb == "HEAD" else verb


def asked_of(request: HttpRequest, method: Method) -> tuple[Form, Query]:
    """Read how the answer is to be written, and the query. Of a GET that came as a POST, it may be the body."""
    text, mask = request.query, request.headers.get("x-goog-fieldmask", "")
    if "x-http-method-override" in request.headers and _is_form(request.headers):
        text = "&".join(filter(None, (text, request.body.decode("latin-1"))))
    return (_remembered if len(text) + len(mask) < _WORTH_REMEMBERING else _asked)(method, text, mask)


def _asked(method: Method, text: str, mask: str) -> tuple[Form, Query]:
    pairs = parse_qsl(text, keep_blank_values=True) if text else []
    return form_of(pairs, mask), read_query(method, pairs)


_remembered: Final = lru_cache(maxsize=4096)(_asked)


def _is_form(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


def method_of(request: HttpRequest) -> tuple[Method, Mapping[str, str]]:
    """Find the method that a request means, and the variables of its path.

    Raises:
        ApiError: There is none.
    """
    path = request.path.removeprefix("/")
    found = find(verb_of(request), request.host, path)
    if found is None:
        shown = path if len(path) <= LONGEST_SHOWN else path[:LONGEST_SHOWN] + "…"
        raise ApiError(404, "NOT_FOUND", f"The requested URL /{shown} was not found on this server.", reason="notFound")
    return found.match.method, found.match.variables


LONGEST_SHOWN: Final = 200
"""Characters of what was sent that are shown in an answer."""


def call_of(request: HttpRequest, method: Method, variables: Mapping[str, str], query: Query, form: Form) -> Request:
    """Read a request for a method.

    Args:
        request: The request.
        method: The method.
        variables: What the variables of its path stand for.
        query: The query.
        form: How the answer is to be written.

    Raises:
        ApiError: What came cannot be read.
    """
    hold(form)
    violations = [*wrong_variables(method, variables), *query.violations]
    if violations:
        missing = all(each.description.startswith("Required parameter") for each in violations)
        message = "\n".join(each.description for each in violations)
        raise invalid(message, *violations, reason="required" if missing else "badRequest")
    if form.fields:
        wanted(form.fields, description(method.api, method.version).schemas, method.response, old=method.api in OLD)
    body = unpacked(request)
    content = request.media if request.media is not None else body if body and not method.request else None
    return Request(
        method=method,
        variables=variables,
        query=query.values,
        body=read_json(body) if body and method.request else None,
        content=content,
        headers=_with_token(request.headers, query.values),
        door=request.door,
        host=_host(request),
    )


def _host(request: HttpRequest) -> str:
    """Give the host of Google's that a request was sent to; its path begins with it where its own says nothing."""
    first = request.path.removeprefix("/").partition("/")[0]
    return first if api_of_host(request.host) is None and api_of_host(first) is not None else request.host


def _with_token(headers: Mapping[str, str], query: Mapping[str, object]) -> Mapping[str, str]:
    """Give the headers with the token that may come as a parameter instead."""
    token = query.get("access_token") or query.get("oauth_token")
    return {**headers, "authorization": f"Bearer {token}"} if token and "authorization" not in headers else headers


def unpacked(request: HttpRequest) -> bytes:
    """Give the body, unpacked where it is gzip.

    Raises:
        ApiError: It is not gzip though it says so, or it is too large.
    """
    if request.headers.get("content-encoding", "").lower() != "gzip" or not request.body:
        return request.body
    try:
        unpacker = zlib.decompressobj(wbits=31)
        body = unpacker.decompress(request.body, LARGEST)
    except zlib.error:
        raise invalid("The body is not gzip, though its Content-Encoding says so.") from None
    if unpacker.unconsumed_tail:
        raise ApiError(413, "INVALID_ARGUMENT", "The body is too large.", reason="uploadTooLarge")
    if not unpacker.eof:
        raise invalid("The body ends before its gzip does.")
    return body


def read_json(body: bytes) -> object:
    """Read JSON, as strictly as Google's front end: no NaN, no text that is not Unicode, no endless nesting.

    Raises:
        ApiError: It cannot be read.
    """
    try:
        found: object = _DECODER.decode(body.decode())
        if body.count(b"{") + body.count(b"[") > _DEEPEST:
            _hold_depth(found)
        if _SURROGATE.search(body) is not None:
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        why = str(error).partition("\n")[0][:LONGEST_SHOWN]
        description = f"Invalid JSON payload received. {why}"
        raise invalid(description, Violation("", description), reason="parseError") from None
    return found


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is no value of JSON")


def _finite(text: str) -> float:
    found = float(text)
    if found in {float("inf"), float("-inf")}:
        raise ValueError(f"Number out of range: {text[:50]}")
    return found


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)


def _hold_depth(found: object) -> None:
    level = [found]
    for _ in range(_DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise ValueError("Message too deep. Max recursion depth reached.")
