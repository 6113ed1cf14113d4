"""Serves the provider on a port of this machine, for engines that attach to it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.rules.chain import Rule
from mockcloud.doors.pulumi.servicer import Servicer
from mockcloud.doors.pulumi.transport import InProcess

_THREADS: Final = 32
_LARGEST: Final = 400 * 2**20
"""Bytes of a message, as the engine has it (pulumi `sdk/go/common/util/rpcutil`)."""


@dataclass(frozen=True)
class ProviderDoor:
    """The provider while it is served.

    Attributes:
        port: Its port on the loopback interface.
        servicer: What answers.
    """

    port: int
    servicer: Servicer
    _server: grpc.Server

    def stop(self) -> None:
        """Serve no longer; calls that run have a second to end."""
        self._server.stop(1).wait()


def serve_provider(cloud: Cloud, *, project: str = "", token: str = "") -> ProviderDoor:
    """Serve the provider for a cloud, on a port that the system chooses.

    Args:
        cloud: The cloud.
        project: Project where neither program nor environment says one.
        token: Access token of the caller; "" for the cloud's owner.
    """
    servicer = Servicer(InProcess(cloud, token), strict=cloud.rules.on(Rule.AUTHENTICATION), project=project)
    limits = (("grpc.max_receive_message_length", _LARGEST), ("grpc.max_send_message_length", _LARGEST))
    server = grpc.server(ThreadPoolExecutor(_THREADS, thread_name_prefix="provider"), options=limits)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return ProviderDoor(port, servicer, server)
