"""A gRPC server on a socket: every method of every API, its messages read when it is first called."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NoReturn, Self

import grpc
from google.protobuf.message import Message

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.streams import Stream
from mockcloud.doors.grpc.credentials import headers_of
from mockcloud.doors.grpc.exchange import (
    Late,
    deadline,
    feed_in_thread,
    host_of,
    last_of,
    open_stream,
    server_stream,
    streaming,
    unary,
)
from mockcloud.doors.grpc.rpcs import Rpc, find_rpc, known_rpc
from mockcloud.doors.grpc.statuses import refusal
from mockcloud.doors.grpc.tls import Tls
from mockcloud.doors.grpc.transcoding import message_of
from mockcloud.errors import Error

_THREADS: Final = 256
"""Calls that are answered at the same time. A stream that stays open holds one; threads are made as they are needed."""

_LARGEST: Final = 100 * 2**20
"""Bytes of a message that are read."""


class PortTaken(Error):
    """The server cannot listen where it should."""


class GrpcServer:
    """A server that runs.

    Args:
        server: The server of grpc.
        host: Address that it listens on.
        port: Its port.
        tls: Its certificates; None for plaintext.
    """

    def __init__(self, server: grpc.Server, host: str, port: int, tls: Tls | None) -> None:
        self._server = server
        self.host = host
        self.port = port
        self.tls = tls

    def stop(self, grace: float | None = None) -> None:
        """Stop it, and wait until it has stopped.

        Args:
            grace: Seconds that open calls get to end by themselves; None for none.
        """
        self._server.stop(grace).wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve_grpc(
    cloud: Cloud, host: str = "127.0.0.1", port: int = 0, tls: Tls | None = None, *, real_delays: bool = False
) -> GrpcServer:
    """Open a cloud to gRPC clients that connect.

    Args:
        cloud: The cloud.
        host: Address to listen on.
        port: Port; 0 for one that the system chooses.
        tls: Certificates; None for plaintext, as emulators speak it.
        real_delays: Whether a delay that a fault asks for is waited out. Else only the caller's deadline is held to it.

    Raises:
        PortTaken: It cannot listen there.
    """
    server = grpc.server(
        ThreadPoolExecutor(_THREADS, "mockcloud-grpc"),
        handlers=[_Handlers(cloud, real_delays=real_delays)],
        options=[
            ("grpc.max_receive_message_length", _LARGEST),
            ("grpc.max_send_message_length", -1),
            # Two servers on one port would share its calls without a word.
            ("grpc.so_reuseport", 0),
        ],
    )
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        if tls is None:
            bound = server.add_insecure_port(address)
        else:
            bound = server.add_secure_port(address, grpc.ssl_server_credentials([(tls.key, tls.chain)]))
    except RuntimeError as error:
        raise PortTaken(
            "The gRPC server cannot listen",
            given=address,
            allowed="an address of this machine and a port that is free",
            remedy="Choose another port; 0 lets the system choose.",
        ) from error
    server.start()
    return GrpcServer(server, host, bound, tls)


class _Handlers(grpc.GenericRpcHandler):
    """Every method there is."""

    def __init__(self, cloud: Cloud, *, real_delays: bool) -> None:
        self._cloud = cloud
        self._real_delays = real_delays

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:  # noqa: ANN401 - a handler of raw bytes
        """Give the handler of a method.

        This runs in the one thread that takes calls, so a method that is not known yet gets a handler that looks for it
        elsewhere: reading the messages of a service can take seconds. As a stream of both, it suits any method.
        """
        path = handler_call_details.method
        rpc = known_rpc(path)
        if rpc is None or rpc.client_streaming:
            return grpc.stream_stream_rpc_method_handler(lambda requests, context: self._any(path, requests, context))
        if rpc.server_streaming:
            return grpc.unary_stream_rpc_method_handler(
                lambda request, context: self._any(path, iter([request]), context)
            )
        return grpc.unary_unary_rpc_method_handler(lambda request, context: self._unary(rpc, request, context))

    def _unary(self, rpc: Rpc, request: bytes, context: grpc.ServicerContext) -> bytes:
        try:
            return self._answer(rpc, request, context).SerializeToString()
        except ApiError as error:
            _abort(context, error)

    def _any(self, path: str, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        try:
            for each in self._answers(find_rpc(path), requests, context):
                yield each.SerializeToString()
        except ApiError as error:
            _abort(context, error)

    def _answers(self, rpc: Rpc, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[Message]:
        handler = streaming(rpc)
        if not rpc.client_streaming and (handler is None or not rpc.server_streaming):
            request = next(requests, b"")
            if not rpc.server_streaming:
                yield self._answer(rpc, request, context)
                return
            message, headers = message_of(rpc, request, None), _headers(context)
            yield from server_stream(self._cloud, rpc, message, _host(context), headers, self._late(context))
            return
        stream = Stream(self._cloud, _headers(context))
        context.add_callback(stream.cancel)
        feed_in_thread(rpc, stream, (message_of(rpc, each, None) for each in requests))
        answers = open_stream(handler, rpc, stream)
        if rpc.server_streaming:
            yield from answers
        else:
            yield last_of(answers, rpc)

    def _answer(self, rpc: Rpc, request: bytes, context: grpc.ServicerContext) -> Message:
        message = message_of(rpc, request, None)
        return unary(self._cloud, rpc, message, _host(context), _headers(context), self._late(context))

    def _late(self, context: grpc.ServicerContext) -> Late:
        return time.sleep if self._real_delays else deadline(context.time_remaining())


def _headers(context: grpc.ServicerContext) -> dict[str, str]:
    metadata: Any = context.invocation_metadata()
    return headers_of(metadata)


def _host(context: grpc.ServicerContext) -> str:
    """Give the host that the client meant (`:authority`), which grpc keeps to itself."""
    event: Any = getattr(context, "_rpc_event", None)
    host: object = getattr(getattr(event, "call_details", None), "host", b"")
    return host_of(host.decode("latin-1")) if isinstance(host, bytes) else ""


def _abort(context: grpc.ServicerContext, error: ApiError) -> NoReturn:
    code, message, trailers = refusal(error)
    trailing: Callable[[Any], None] = context.set_trailing_metadata
    trailing(trailers)
    context.abort(code, message)
