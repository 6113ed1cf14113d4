"""A cloud that is asked by HTTP, as a test writes it."""

import json
from typing import Any

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.wire import HttpRequest, answer


class Asking:
    """Asks a cloud.

    Args:
        cloud: The cloud.
        host: Host of the API.
        front: What every path begins with.
    """

    def __init__(self, cloud: Cloud, host: str, front: str) -> None:
        self.cloud = cloud
        self._host = host
        self._front = front

    def ask(self, verb: str, path: str, body: object = None, query: str = "") -> tuple[int, Any]:
        """Ask, and give the status with the answer."""
        sent = b"" if body is None else json.dumps(body).encode()
        got = answer(self.cloud, HttpRequest(verb, self._host, f"{self._front}/{path}", query, {}, sent))
        return got.status, json.loads(got.body) if got.body else {}

    def get(self, path: str, query: str = "") -> Any:
        """Get what must be there."""
        status, body = self.ask("GET", path, None, query)
        assert status == 200, body
        return body

    def done(self, verb: str, path: str, body: object = None, query: str = "") -> Any:
        """Do what must be accepted, and let it end."""
        status, answered = self.ask(verb, path, body, query)
        assert status == 200, answered
        self.cloud.advance(600)
        return answered

    def refused(self, verb: str, path: str, body: object = None, query: str = "") -> int:
        """Do what must be refused; give the status."""
        status, _ = self.ask(verb, path, body, query)
        assert status >= 400
        return status
