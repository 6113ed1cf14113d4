"""One server for the tests of a module; each test empties its cloud."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.rest.server import Server, serve
from mockcloud.simulator import new_cloud


@dataclass(frozen=True)
class Answered:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Browser:
    """Sends requests with the headers that a test says, and no others."""

    server: Server

    @property
    def cloud(self) -> Cloud:
        return self.server.cloud

    def send(
        self, verb: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answered:
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.putrequest(verb, path, skip_host=True, skip_accept_encoding=True)
            said = {"Host": f"127.0.0.1:{self.server.port}", **(headers or {})}
            if body is not None:
                said["Content-Length"] = str(len(body))
            for name, value in said.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            return Answered(response.status, dict(response.headers), response.read())
        finally:
            connection.close()

    def ask(self, path: str, body: object = None, verb: str = "") -> Any:
        """Call the console's API as its page does, and give the JSON of an answer that must be one."""
        answered = self.refused(path, body, verb)
        assert answered.status == 200, answered.body
        return answered.json()

    def refused(self, path: str, body: object = None, verb: str = "") -> Answered:
        """The same, whatever the answer."""
        content = None if body is None else json.dumps(body).encode()
        return self.send(
            verb or ("GET" if body is None else "POST"), f"/_mock/{path}", content, {"X-Mock-Cloud": "console"}
        )

    def stream(self, path: str) -> tuple[HTTPConnection, HTTPResponse]:
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        connection.request("GET", path, headers={"X-Mock-Cloud": "console"})
        return connection, connection.getresponse()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve(new_cloud()) as found:
        yield found


@pytest.fixture
def browser(server: Server) -> Browser:
    server.cloud.reset()
    for rule in ("access", "quota"):
        server.cloud.rules.switch(rule, on=False)
    return Browser(server)
