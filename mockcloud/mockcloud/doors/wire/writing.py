"""From an answer of the cloud to an HTTP response."""

import json
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer
from mockcloud.cloud.errors import ApiError
from mockcloud.doors.wire.messages import HttpResponse

_JSON: Final = "application/json; charset=UTF-8"
_OLD: Final = frozenset({"compute", "storage", "bigquery", "sqladmin", "dns"})
"""APIs whose errors carry the list of the older form beside code and message."""


def written(answer: Answer, query: Mapping[str, Any]) -> HttpResponse:
    """Write an answer as the query asks."""
    del query
    if answer.content is not None:
        return HttpResponse(answer.status, {"Content-Type": answer.content_type, **answer.headers}, answer.content)
    headers = {"Content-Type": _JSON, **answer.headers}
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
    return HttpResponse(error.code, {"Content-Type": _JSON, **error.headers}, text)
