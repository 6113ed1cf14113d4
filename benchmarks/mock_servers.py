"""The servers that the benchmarks of the mock cloud compare: ``python -m benchmarks.mock_servers NAME PORT``.

Each serves until it is ended.
"""

import json
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

TOKEN: Final = "mock.user:owner@mock.test"  # noqa: S105 - the mock cloud's own, which opens nothing else
PROJECT: Final = "acme"
APIS: Final = ("storage.googleapis.com", "aiplatform.googleapis.com", "secretmanager.googleapis.com")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def bare(scope: Message, receive: Receive, send: Send) -> None:
    """Answer at once, whatever is asked: what uvicorn itself costs."""
    if scope["type"] == "http":
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": b'{"name":"projects/acme/secrets/a"}'})


def serve_bare(port: int) -> None:
    """Serve the bare application, with the settings of the mock cloud's server."""
    import socket

    from uvicorn.config import Config
    from uvicorn.server import Server

    listener = socket.create_server(("127.0.0.1", port), backlog=2048)
    settings = {"http": "httptools", "loop": "uvloop", "ws": "none", "lifespan": "off", "interface": "asgi3"}
    Server(Config(bare, log_config=None, access_log=False, server_header=False, **settings)).run(sockets=[listener])  # type: ignore[arg-type] # words that uvicorn knows


def strict_cloud() -> "Cloud":
    """Make a cloud with every rule on, in which the project is there and its APIs are enabled."""
    from mockcloud.doors.wire import HttpRequest, answer
    from mockcloud.simulator import new_cloud

    cloud = new_cloud("strict")
    cloud.projects.ensure(PROJECT)
    enable = json.dumps({"serviceIds": APIS}).encode()
    path = f"/v1/projects/{PROJECT}/services:batchEnable"
    headers = {"authorization": f"Bearer {TOKEN}"}
    answered = answer(cloud, HttpRequest("POST", "serviceusage.googleapis.com", path, "", headers, enable))
    if answered.status != 200:  # noqa: PLR2004 - all is well
        raise SystemExit(f"The APIs cannot be enabled: {answered.body.decode()}")
    cloud.advance(60)
    return cloud


def serve_mock(port: int) -> None:
    """Serve such a cloud, as a process that does nothing else."""
    from mockcloud.doors.memory import serve_only
    from mockcloud.doors.rest.server import serve

    serve_only()
    with serve(strict_cloud(), port=port):
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    {"bare": serve_bare, "mock": serve_mock}[sys.argv[1]](int(sys.argv[2]))
