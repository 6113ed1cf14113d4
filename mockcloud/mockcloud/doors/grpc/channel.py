"""A channel without a socket, for Google's synchronous clients in this process."""

from collections.abc import Callable, Iterable
from typing import Any, Self

import grpc

from mockcloud.cloud.errors import ApiError
from mockcloud.doors.grpc.bases import StreamStreamBase, StreamUnaryBase, UnaryStreamBase, UnaryUnaryBase
from mockcloud.doors.grpc.calls import MockCall, MockStream
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
from mockcloud.doors.grpc.method import Choose, Deserializer, Method, Serializer, failing, refused
from mockcloud.doors.grpc.rpcs import find_rpc


class MockChannel(grpc.Channel):
    """A channel whose calls a cloud answers, in the thread that makes them.

    Args:
        target: What the client connects to: `us-central1-aiplatform.googleapis.com:443`. It tells the APIs apart that
            share methods, such as `google.longrunning.Operations`.
        choose: Chooses the cloud of each call. What it raises reaches the caller as it is.
        credentials: Of the channel, as `grpc.composite_channel_credentials` made them, or call credentials; their
            `authorization` becomes a header of each call. None for none.
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

    def unary_unary(
        self,
        method: str,
        request_serializer: Serializer | None = None,
        response_deserializer: Deserializer | None = None,
        *_: object,
        **__: object,
    ) -> "UnaryUnary":
        """Give a method of one request and one answer."""
        return UnaryUnary(self, method, request_serializer, response_deserializer)

    def unary_stream(
        self,
        method: str,
        request_serializer: Serializer | None = None,
        response_deserializer: Deserializer | None = None,
        *_: object,
        **__: object,
    ) -> "UnaryStream":
        """Give a method of one request and many answers."""
        return UnaryStream(self, method, request_serializer, response_deserializer)

    def stream_unary(
        self,
        method: str,
        request_serializer: Serializer | None = None,
        response_deserializer: Deserializer | None = None,
        *_: object,
        **__: object,
    ) -> "StreamUnary":
        """Give a method of many requests and one answer."""
        return StreamUnary(self, method, request_serializer, response_deserializer)

    def stream_stream(
        self,
        method: str,
        request_serializer: Serializer | None = None,
        response_deserializer: Deserializer | None = None,
        *_: object,
        **__: object,
    ) -> "StreamStream":
        """Give a method of many requests and many answers."""
        return StreamStream(self, method, request_serializer, response_deserializer)

    def subscribe(self, callback: Callable[[grpc.ChannelConnectivity], None], try_to_connect: Any = None) -> None:  # noqa: ANN401 - as grpc has it
        """Say that it is connected. It always is."""
        del try_to_connect
        callback(grpc.ChannelConnectivity.READY)

    def unsubscribe(self, callback: Callable[[grpc.ChannelConnectivity], None]) -> None:
        """Do nothing: nothing will change."""

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class UnaryUnary(Method, UnaryUnaryBase):
    """A method of one request and one answer."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as grpc has it
        """Call it, and give the answer.

        Raises:
            MockCall: The cloud refuses.
        """
        return self.future(*args, **kwargs).result()

    def with_call(self, *args: Any, **kwargs: Any) -> tuple[Any, MockCall]:  # noqa: ANN401 - as grpc has it
        """Call it, and give the answer and the call.

        Raises:
            MockCall: The cloud refuses.
        """
        call = self.future(*args, **kwargs)
        return call.result(), call

    def future(
        self,
        request: object,
        timeout: float | None = None,
        metadata: Metadata | None = None,
        credentials: grpc.CallCredentials | None = None,
        *_: object,
        **__: object,
    ) -> MockCall:
        """Call it, and give the call. It is over then: the cloud answers at once."""
        try:
            cloud, headers = self.opened(metadata, credentials)
            rpc = find_rpc(self.path)
            answer = unary(cloud, rpc, self.read(rpc, request), self.host, headers, deadline(timeout))
        except (ApiError, CredentialsFailed) as error:
            return MockCall(refused=refused(error))
        return MockCall(self.shown(answer))


class UnaryStream(Method, UnaryStreamBase):
    """A method of one request and many answers."""

    def __call__(
        self,
        request: object,
        timeout: float | None = None,
        metadata: Metadata | None = None,
        credentials: grpc.CallCredentials | None = None,
        *_: object,
        **__: object,
    ) -> MockStream:
        """Call it. A refusal comes with the first answer."""
        try:
            cloud, headers = self.opened(metadata, credentials)
            rpc = find_rpc(self.path)
            message = self.read(rpc, request)
            handler = streaming(rpc)
        except (ApiError, CredentialsFailed) as error:
            return MockStream(failing(error))
        if handler is None:
            return MockStream(
                map(self.shown, server_stream(cloud, rpc, message, self.host, headers, deadline(timeout)))
            )
        stream = self.stream(cloud, headers, timeout)
        feed(stream, iter([message]))
        return MockStream(map(self.shown, open_stream(handler, rpc, stream)), stream)


class StreamUnary(Method, StreamUnaryBase):
    """A method of many requests and one answer."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as grpc has it
        """Call it, and give the answer.

        Raises:
            MockCall: The cloud refuses.
        """
        return self.future(*args, **kwargs).result()

    def with_call(self, *args: Any, **kwargs: Any) -> tuple[Any, MockCall]:  # noqa: ANN401 - as grpc has it
        """Call it, and give the answer and the call.

        Raises:
            MockCall: The cloud refuses.
        """
        call = self.future(*args, **kwargs)
        return call.result(), call

    def future(
        self,
        request_iterator: Iterable[Any],
        timeout: float | None = None,
        metadata: Metadata | None = None,
        credentials: grpc.CallCredentials | None = None,
        *_: object,
        **__: object,
    ) -> MockCall:
        """Call it, and give the call. All requests are read first."""
        try:
            cloud, headers = self.opened(metadata, credentials)
            rpc = find_rpc(self.path)
            stream = self.stream(cloud, headers, timeout)
            feed(stream, (self.read(rpc, each) for each in request_iterator))
            answer = last_of(open_stream(streaming(rpc), rpc, stream), rpc)
        except (ApiError, CredentialsFailed) as error:
            return MockCall(refused=refused(error))
        return MockCall(self.shown(answer))


class StreamStream(Method, StreamStreamBase):
    """A method of many requests and many answers."""

    def __call__(
        self,
        request_iterator: Iterable[Any],
        timeout: float | None = None,
        metadata: Metadata | None = None,
        credentials: grpc.CallCredentials | None = None,
        *_: object,
        **__: object,
    ) -> MockStream:
        """Call it. Requests are read in a thread of their own; answers come in the thread that asks for them."""
        try:
            cloud, headers = self.opened(metadata, credentials)
            rpc = find_rpc(self.path)
            handler = streaming(rpc)
        except (ApiError, CredentialsFailed) as error:
            return MockStream(failing(error))
        stream = self.stream(cloud, headers, timeout)
        messages = (self.read(rpc, each) for each in request_iterator)
        if handler is not None:
            feed_in_thread(rpc, stream, messages)
        return MockStream(map(self.shown, open_stream(handler, rpc, stream)), stream)
