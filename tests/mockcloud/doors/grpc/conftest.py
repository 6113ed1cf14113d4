"""What the tests of the gRPC door share: a cloud, and the two ways to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from typing import Any

import grpc
import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.grpc.channel import MockChannel
from mockcloud.doors.grpc.server import serve_grpc
from mockcloud.simulator import new_cloud

Connect = Callable[[str], grpc.Channel]


@pytest.fixture
def cloud() -> Cloud:
    """A cloud in which operations are done when somebody asks."""
    return new_cloud(waits="poll")


@pytest.fixture(params=["channel", "server"])
def connect(request: pytest.FixtureRequest, cloud: Cloud) -> Iterator[Connect]:
    """Give a channel to a host, in this process or by a socket."""
    with ExitStack() as stack:
        if request.param == "channel":
            yield lambda host: MockChannel(f"{host}:443", lambda _: cloud)
            return
        server = stack.enter_context(serve_grpc(cloud))

        def open_channel(host: str) -> grpc.Channel:
            options = [("grpc.default_authority", f"{host}:443")]
            return stack.enter_context(grpc.insecure_channel(f"127.0.0.1:{server.port}", options))

        yield open_channel


@pytest.fixture
def client(connect: Connect) -> Callable[[str, str, str], Any]:
    """Make one of Google's clients: package, service in snake_case, host."""

    def make(package: str, service: str, host: str) -> Any:
        home = import_module(f"{package}.services.{service}")
        transports = import_module(f"{package}.services.{service}.transports")
        kind = next(each for each in vars(home) if each.endswith("Client") and not each.endswith("AsyncClient"))
        transport = getattr(transports, f"{kind.removesuffix('Client')}GrpcTransport")
        return getattr(home, kind)(transport=transport(channel=connect(host)))

    return make
