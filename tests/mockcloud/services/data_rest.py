"""Asks the data services over HTTP, without a client's own ways."""

import json
from dataclasses import dataclass, field
from typing import Any

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.wire import HttpRequest, HttpResponse, answer
from mockcloud.simulator import new_cloud


@dataclass
class Rest:
    """One cloud, asked at one host.

    Attributes:
        host: The host.
        front: What every path begins with.
        cloud: The cloud.
    """

    host: str
    front: str = ""
    cloud: Cloud = field(default_factory=new_cloud)

    def raw(self, verb: str, path: str, query: str = "", body: object = None, **headers: str) -> HttpResponse:
        """Send a request; a body that is no bytes is written as JSON. Underscores in names of headers are hyphens."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return answer(self.cloud, HttpRequest(verb, self.host, path, query, named, sent))

    def __call__(self, verb: str, path: str, query: str = "", body: object = None, **headers: str) -> Any:
        """Send a request that is answered 2xx, and give its JSON."""
        found = self.raw(verb, self.front + path, query, body, **headers)
        assert 200 <= found.status < 300, (found.status, found.body)
        return json.loads(found.body) if found.body else None

    def refused(self, verb: str, path: str, query: str = "", body: object = None, **headers: str) -> tuple[int, str]:
        """Send a request that is refused, and give status and reason (or the canonical code)."""
        found = self.raw(verb, self.front + path, query, body, **headers)
        assert found.status >= 300, (found.status, found.body)
        error = json.loads(found.body)["error"] if found.body else {}
        reasons = error.get("errors") or [{}]
        return found.status, reasons[0].get("reason") or error.get("status", "")
