"""A channel without a socket, for Google's asynchronous clients in this process."""

import asyncio
from collections.abc import AsyncIterable, Callable, Iterable, Iterator
from typing import Any, Self

import grpc
from google.protobuf.message import Message
from grpc import aio

from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.streams import Stream
from mockcloud.doors.grpc.aio_calls import AioMockCall, AioMockStream
from mockcloud.doors.grpc.bases import (
    AioStreamStreamBase,
    AioStreamUnaryBase,
    AioUnaryStreamBase,
    AioUnaryUnaryBase,
)
from mockcloud.doors.grpc.calls import MockCall
from mockcloud.doors.grpc.credentials import CredentialsFailed, Metadata
from mockcloud.doors.grpc.exchange import (
    deadline,
    feed,
    feed_in_thread,
    host_of,
    last_of,
    open_stream,
    server_stream,
    streaming,
    unary,
)
from mockcloud.doors.grpc.messages import to_json
from mockcloud.doors.grpc.method import Choose, Deserializer, Method, Serializer, failing, refused
from mockcloud.doors.grpc.rpcs import Rpc, find_rpc


class AioMockChannel(aio.Channel):
    """A channel whose calls a cloud answers. What may take long is waited for in threads.

    Args:
        target: What the client connects to: `us-central1-aiplatform.googleapis.com:443`.
        choose: Chooses the cloud of each call. What it raises reaches the caller as it is.
        credentials: Of the channel or of calls; their `authorization` becomes a header of each call. None for none.
    """

    def __init__(
        self,
        target: str,
        choose: Choose,
        credentials: grpc.ChannelCredentials | grpc.CallCredentials | None = None,
    ) -> None:
        self.target = target
        self.choose = choose
        self.credentials = credentials
        self.host = host_of(target)
        # Google's clients put their interceptors in here.
        self._unary_unary_interceptors: list[Any] = []

    def unary_unary(
        self,
        method: str,
        request_serializer: Serializer | None = None,
        response_deserializer: Deserializer | None = None,
        *_: object,
        **__: object,
    ) -> "AioUnaryUnary":
        """Give a method of one request and one answer."""
        found = AioUnaryUnary(self, method, request_serializer, response_deserializer)
        found.interceptors = self._unary_unary_interceptors
        return found

    def unary_stream(
        self,
        method: str,
        request_serializer: Serializer | None = None,
        response_deserializer: Deserializer | None = None,
        *_: object,
        **__: object,
    ) -> "AioUnaryStream":
        """Give a method of one request and many answers."""
        return AioUnaryStream(self, method, request_serializer, response_deserializer)

    def stream_unary(
        self,
        method: str,
        request_serializer: Serializer | None = None,
        response_deserializer: Deserializer | None = None,
        *_: object,
        **__: object,
    ) -> "AioStreamUnary":
        """Give a method of many requests and one answer."""
        return AioStreamUnary(self, method, request_serializer, response_deserializer)

    def stream_stream(
        self,
        method: str,
        request_serializer: Serializer | None = None,
        response_deserializer: Deserializer | None = None,
        *_: object,
        **__: object,
    ) -> "AioStreamStream":
        """Give a method of many requests and many answers."""
        return AioStreamStream(self, method, request_serializer, response_deserializer)

    async def close(self, grace: float | None = None) -> None:
        """Do nothing: there is no connection."""

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:  # noqa: FBT001, FBT002 - as grpc has it
        """Say that it is connected. It always is."""
        del try_to_connect
        return grpc.ChannelConnectivity.READY

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        """Wait for ever, unless the state is another already: it does not change."""
        if last_observed_state is grpc.ChannelConnectivity.READY:
            await asyncio.Event().wait()

    async def channel_ready(self) -> None:
        """It is connected."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class AioUnaryUnary(Method, AioUnaryUnaryBase):
    """A method of one request and one answer."""

    interceptors: Iterable[Any] = ()

    def __call__(
        self,
        request: object,
        *,
        timeout: float | None = None,
        metadata: Metadata | None = None,
        credentials: grpc.CallCredentials | None = None,
        **_: object,
    ) -> AioMockCall:
        """Call it."""
        details = aio.ClientCallDetails(self.path, timeout, aio.Metadata(*metadata or ()), credentials, None)
        return AioMockCall(self._intercepted(list(self.interceptors), details, request))

    async def _intercepted(self, interceptors: list[Any], details: Any, request: Any) -> MockCall:  # noqa: ANN401 - as grpc has it
        if not interceptors:
            return self._made(details, request)
        first, *others = interceptors

        async def continuation(details: Any, request: Any) -> AioMockCall:  # noqa: ANN401 - as grpc has it
            call = AioMockCall(self._intercepted(others, details, request))
            await call.code()
            return call

        found = await first.intercept_unary_unary(continuation, details, request)
        if isinstance(found, AioMockCall):
            return await found.made()
        return MockCall(found)

    def _made(self, details: Any, request: Any) -> MockCall:  # noqa: ANN401 - as grpc has it
        try:
            cloud, headers = self.opened(details.metadata, details.credentials)
            rpc = find_rpc(self.path)
            message = self.read(rpc, request)
            answer = unary(cloud, rpc, message, self.host, headers, deadline(details.timeout))
        except (ApiError, CredentialsFailed) as error:
            return MockCall(refused=refused(error))
        return MockCall(self.shown(answer))


class AioUnaryStream(Method, AioUnaryStreamBase):
    """A method of one request and many answers."""

    def __call__(
        self,
        request: object,
        *,
        timeout: float | None = None,
        metadata: Metadata | None = None,
        credentials: grpc.CallCredentials | None = None,
        **_: object,
    ) -> AioMockStream:
        """Call it. A refusal comes with the first answer."""
        try:
            cloud, headers = self.opened(metadata, credentials)
            rpc = find_rpc(self.path)
            message = self.read(rpc, request)
            handler = streaming(rpc)
        except (ApiError, CredentialsFailed) as error:
            return AioMockStream(failing(error))
        if handler is None:
            return AioMockStream(
                map(self.shown, server_stream(cloud, rpc, message, self.host, headers, deadline(timeout)))
            )
        stream = self.stream(cloud, headers, timeout)
        feed(stream, iter([message]))
        return AioMockStream(map(self.shown, open_stream(handler, rpc, stream)), stream, waits=True)


class _WithRequests(Method):
    """A method of many requests."""

    def written(self, rpc: Rpc, stream: Stream) -> Callable[[Any], None]:
        """Give what puts a request into a stream."""
        return lambda request: stream.offer(to_json(self.read(rpc, request)))

    def start(self, rpc: Rpc, stream: Stream, requests: Any) -> None:  # noqa: ANN401 - iterable or asynchronous
        """Begin to put requests into a stream, where the client gave them."""
        if requests is None:
            return  # they are written one by one
        if isinstance(requests, AsyncIterable):
            task = asyncio.ensure_future(self._feed(rpc, stream, requests))
            _feeding.add(task)
            task.add_done_callback(_feeding.discard)
        else:
            messages: Iterator[Message] = (self.read(rpc, each) for each in requests)
            feed_in_thread(rpc, stream, messages)

    async def _feed(self, rpc: Rpc, stream: Stream, requests: AsyncIterable[Any]) -> None:
        write = self.written(rpc, stream)
        failure: ApiError | None = None
        try:
            async for request in requests:
                write(request)
        except ApiError as error:
            failure = error
        finally:
            stream.end(failure)


_feeding: set["asyncio.Task[None]"] = set()
"""Tasks that put requests into streams; the event loop itself holds them weakly."""


class AioStreamUnary(_WithRequests, AioStreamUnaryBase):
    """A method of many requests and one answer."""

    def __call__(
        self,
        request_iterator: Any = None,  # noqa: ANN401 - iterable or asynchronous
        timeout: float | None = None,
        metadata: Metadata | None = None,
        credentials: grpc.CallCredentials | None = None,
        *_: object,
        **__: object,
    ) -> AioMockCall:
        """Call it."""
        try:
            cloud, headers = self.opened(metadata, credentials)
            rpc = find_rpc(self.path)
            handler = streaming(rpc)
        except (ApiError, CredentialsFailed) as error:
            return AioMockCall(_over(MockCall(refused=refused(error))))
        stream = self.stream(cloud, headers, timeout)
        self.start(rpc, stream, request_iterator)

        def answer() -> MockCall:
            try:
                return MockCall(self.shown(last_of(open_stream(handler, rpc, stream), rpc)))
            except ApiError as error:
                return MockCall(refused=refused(error))

        return AioMockCall(asyncio.to_thread(answer), stream, self.written(rpc, stream))


class AioStreamStream(_WithRequests, AioStreamStreamBase):
    """A method of many requests and many answers."""

    def __call__(
        self,
        request_iterator: Any = None,  # noqa: ANN401 - iterable or asynchronous
        timeout: float | None = None,
        metadata: Metadata | None = None,
        credentials: grpc.CallCredentials | None = None,
        *_: object,
        **__: object,
    ) -> AioMockStream:
        """Call it."""
        try:
            cloud, headers = self.opened(metadata, credentials)
            rpc = find_rpc(self.path)
            handler = streaming(rpc)
        except (ApiError, CredentialsFailed) as error:
            return AioMockStream(failing(error))
        stream = self.stream(cloud, headers, timeout)
        if handler is not None:
            self.start(rpc, stream, request_iterator)
        answers = map(self.shown, open_stream(handler, rpc, stream))
        return AioMockStream(answers, stream, self.written(rpc, stream), waits=True)


async def _over(call: MockCall) -> MockCall:
    return call
