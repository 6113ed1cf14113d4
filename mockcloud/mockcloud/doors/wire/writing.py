"""From an answer of the cloud to an HTTP response."""

import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from mockcloud.cloud.call import Answer
from mockcloud.cloud.errors import ApiError
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.methods import Method
from mockcloud.doors.wire.enums import numbered
from mockcloud.doors.wire.forms import PLAIN, Form
from mockcloud.doors.wire.messages import HttpResponse
from mockcloud.doors.wire.partial import part, wanted

_JSON: Final = "application/json; charset=UTF-8"
OLD: Final = frozenset({"compute", "storage", "bigquery", "sqladmin", "dns"})
"""APIs whose errors carry the list of the older form beside code and message."""

_REASONS: Final[Mapping[str, Mapping[str, str]]] = {
    "bigquery": {"alreadyExists": "duplicate", "badRequest": "invalid", "aborted": "conditionNotMet"},
    "storage": {"alreadyExists": "conflict", "badRequest": "invalid", "aborted": "conditionNotMet"},
    "compute": {"alreadyExists": "alreadyExists", "badRequest": "invalid", "aborted": "conditionNotMet"},
    "sqladmin": {"alreadyExists": "instanceAlreadyExists", "badRequest": "invalid"},
    "dns": {"badRequest": "invalid"},
}
"""The older APIs' own words for a reason, as they are known; not checked against their pages."""


def written(answer: Answer, form: Form, method: Method) -> HttpResponse:
    """Write an answer in the form that was asked for."""
    if answer.content is not None:
        return HttpResponse(answer.status, {"Content-Type": answer.content_type, **answer.headers}, answer.content)
    headers = {"Content-Type": _JSON, **answer.headers}
    if answer.ready is not None and form.plain:
        return HttpResponse(answer.status, headers, answer.ready)
    if answer.stream is None:
        return HttpResponse(answer.status, headers, json_bytes(_shaped(answer.body, form, method), form))
    bodies = [_shaped(each, form, method) for each in answer.stream]
    if form.alt == "sse":
        headers["Content-Type"] = "text/event-stream"
        return HttpResponse(
            answer.status, headers, b"".join(b"data: " + json_bytes(each) + b"\r\n\r\n" for each in bodies)
        )
    return HttpResponse(answer.status, headers, json_bytes(bodies, form))


def _shaped(body: object, form: Form, method: Method) -> object:
    if not (form.fields or form.numbers):
        return body
    schemas = description(method.api, method.version).schemas
    if form.fields:
        tree = wanted(form.fields, schemas, method.response, old=method.api in OLD)
        body = part(body, tree, schemas, method.response)
    return numbered(body, schemas, method.response) if form.numbers else body


_PLAIN: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"))
_PRETTY: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, indent=2)


def json_bytes(body: object, form: Form = PLAIN) -> bytes:
    """Write JSON. Numbers that JSON has no word for become texts, as in protocol buffers."""
    encoder = _PRETTY if form.pretty else _PLAIN
    try:
        return encoder.encode(body).encode()
    except ValueError:
        return encoder.encode(_finite(body)).encode("utf-8", "replace")


def _finite(body: object) -> object:
    if isinstance(body, Mapping):
        return {key: _finite(each) for key, each in body.items()}
    if isinstance(body, (list, tuple)):
        return [_finite(each) for each in body]
    if isinstance(body, float) and not math.isfinite(body):
        return "NaN" if math.isnan(body) else "Infinity" if body > 0 else "-Infinity"
    return body


def refused(error: ApiError, api: str = "", form: Form = PLAIN) -> HttpResponse:
    """Write a refusal in the form of its API."""
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if api != "storage":
        body["status"] = error.status
    if error.details:
        body["details"] = [dict(each) for each in error.details]
    if api in OLD or form.old_errors:
        reason = _REASONS.get(api, {}).get(error.reason, error.reason)
        body["errors"] = [{"message": error.message, "domain": "global", "reason": reason}]
        if error.code == HTTPStatus.UNAUTHORIZED:
            body["errors"][0] |= {"location": "Authorization", "locationType": "header"}
    return HttpResponse(error.code, {"Content-Type": _JSON, **error.headers}, json_bytes({"error": body}))
