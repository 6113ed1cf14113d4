"""Calls of the service over REST, as short as tests want them."""

import json
from typing import Any

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.wire import HttpRequest, HttpResponse, answer
from mockcloud.simulator import new_cloud

HOST = "europe-west4-aiplatform.googleapis.com"
PLACE = "projects/acme-ml/locations/europe-west4"


class Api:
    """The service of one cloud.

    Args:
        cloud: The cloud; by default a new lenient one.
        version: Version that is called.
    """

    def __init__(self, cloud: Cloud | None = None, version: str = "v1") -> None:
        self.cloud = cloud or new_cloud()
        self.version = version

    def call(self, verb: str, path: str, body: object = None) -> tuple[int, Any]:
        """Call; give the status and the body."""
        response = self._send(verb, path, body)
        return response.status, json.loads(response.body) if response.body else {}

    def raw(self, verb: str, path: str, body: object = None) -> bytes:
        """Call what is answered by something else than one JSON; give that."""
        response = self._send(verb, path, body)
        assert response.status == 200, response.body
        return response.body

    def _send(self, verb: str, path: str, body: object) -> HttpResponse:
        path, _, query = path.partition("?")
        name = path if path.startswith("projects/") else f"{PLACE}/{path}"
        request = HttpRequest(
            verb,
            HOST,
            f"/{self.version}/{name}",
            query=query,
            headers={"content-type": "application/json"},
            body=b"" if body is None else json.dumps(body).encode(),
        )
        return answer(self.cloud, request)

    def ok(self, verb: str, path: str, body: object = None) -> Any:
        """Call what is answered; give the body."""
        status, found = self.call(verb, path, body)
        assert status == 200, found
        return found

    def done(self, verb: str, path: str, body: object = None) -> Any:
        """Call what starts an operation, wait for it; give its response."""
        operation = self.ok(verb, path, body)
        finished = self.ok("POST", f"{operation['name']}:wait")
        assert finished["done"]
        assert "error" not in finished, finished
        return finished["response"]

    def refused(self, verb: str, path: str, body: object = None) -> str:
        """Call what is refused; give the canonical code."""
        status, found = self.call(verb, path, body)
        assert status >= 400, found
        return str(found["error"]["status"])


def strict(*rules: str) -> Api:
    """Give a cloud with some rules of the strict profile on."""
    return Api(new_cloud(on=rules or ("in-use",)))
