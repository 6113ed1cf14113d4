"""Serves the provider on a port of this machine, for engines that attach to it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, Self

import grpc

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.rules.chain import Rule

if TYPE_CHECKING:
    from mockcloud.doors.pulumi.servicer import Servicer

_THREADS: Final = 32
_LARGEST: Final = 400 * 2**20
"""Bytes of a message, as the engine has it (pulumi `sdk/go/common/util/rpcutil`)."""


class ProviderDoor:
    """The provider while it is served, on a loopback port that the system chooses.

    Pulumi's SDK is loaded when the first engine calls.

    Args:
        cloud: The cloud.
        project: Project where neither program nor environment says one.
        token: Access token of the caller; "" for the cloud's owner.
        late: Waits out a delay, in seconds, that a fault asks for; None to let it pass in the cloud's time only.

    Attributes:
        port: Its port.
    """

    def __init__(
        self, cloud: Cloud, *, project: str = "", token: str = "", late: Callable[[float], object] | None = None
    ) -> None:
        self._cloud, self._project, self._token, self._late = cloud, project, token, late
        self._lock = threading.Lock()
        self._servicer: Servicer | None = None
        limits = (("grpc.max_receive_message_length", _LARGEST), ("grpc.max_send_message_length", _LARGEST))
        pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="provider")
        self._server = grpc.server(pool, handlers=[_Loading(self)], options=limits)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    @property
    def servicer(self) -> "Servicer":
        """What answers; made at its first use."""
        with self._lock:
            if self._servicer is None:
                from mockcloud.doors.pulumi.servicer import Servicer
                from mockcloud.doors.pulumi.transport import InProcess

                strict = self._cloud.rules.on(Rule.AUTHENTICATION)
                transport = InProcess(self._cloud, self._token, late=self._late)
                self._servicer = Servicer(transport, strict=strict, project=self._project)
            return self._servicer

    def stop(self) -> None:
        """Serve no longer; calls that run have a second to end."""
        self._server.stop(1).wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Loading(grpc.GenericRpcHandler):
    """Finds the methods of the service, which are loaded with the first call."""

    def __init__(self, door: ProviderDoor) -> None:
        self._door = door
        self._known: grpc.GenericRpcHandler | None = None

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[Any, Any] | None":
        """Give what answers a method."""
        if self._known is None:
            self._known = _handlers(self._door.servicer)
        return self._known.service(handler_call_details)


class _Taken:
    """Takes the handlers that generated code adds to a server."""

    def __init__(self) -> None:
        self.handlers: list[grpc.GenericRpcHandler] = []

    def add_generic_rpc_handlers(self, handlers: tuple[grpc.GenericRpcHandler, ...]) -> None:
        """Take handlers."""
        self.handlers += handlers

    def add_registered_method_handlers(self, service: str, handlers: object) -> None:
        """Take no notice: the generic ones find the same methods."""


def _handlers(servicer: "Servicer") -> grpc.GenericRpcHandler:
    from pulumi.runtime.proto import provider_pb2_grpc

    taken = _Taken()
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, taken)  # type: ignore[arg-type] # what it calls is there
    return taken.handlers[0]
