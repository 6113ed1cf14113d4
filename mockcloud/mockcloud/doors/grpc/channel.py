"""A channel without a socket, for Google's synchronous clients in this process."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import grpc
from google.protobuf.message import Message

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.streams import Stream
from mockcloud.doors.grpc.calls import MockCall, MockStream
from mockcloud.doors.grpc.credentials import CredentialsFailed, Metadata, call_metadata, headers_of
from mockcloud.doors.grpc.exchange import feed, host_of, last_of, open_stream, server_stream, streaming, unary
from mockcloud.doors.grpc.rpcs import Rpc, find_rpc
from mockcloud.doors.grpc.statuses import Refusal, refusal
from mockcloud.doors.grpc.transcoding import message_of

Choose = Callable[[Mapping[str, str]], Cloud]
"""Chooses the cloud of a call, by the headers that it has: `authorization`, `x-goog-user-project`, …"""


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
        request_serializer: Any = None,  # noqa: ANN401 - as grpc has it
        response_deserializer: Any = None,  # noqa: ANN401 - as grpc has it
        _registered_method: bool | None = False,  # noqa: FBT002 - grpc passes it so
    ) -> "UnaryUnary":
        """Give a method of one request and one answer."""
        return UnaryUnary(self, method, request_serializer, response_deserializer)

    def unary_stream(
        self,
        method: str,
        request_serializer: Any = None,  # noqa: ANN401 - as grpc has it
        response_deserializer: Any = None,  # noqa: ANN401 - as grpc has it
        _registered_method: bool | None = False,  # noqa: FBT002 - grpc passes it so
    ) -> "UnaryStream":
        """Give a method of one request and many answers."""
        return UnaryStream(self, method, request_serializer, response_deserializer)

    def stream_unary(
        self,
        method: str,
        request_serializer: Any = None,  # noqa: ANN401 - as grpc has it
        response_deserializer: Any = None,  # noqa: ANN401 - as grpc has it
        _registered_method: bool | None = False,  # noqa: FBT002 - grpc passes it so
    ) -> "StreamUnary":
        """Give a method of many requests and one answer."""
        return StreamUnary(self, method, request_serializer, response_deserializer)

    def stream_stream(
        self,
        method: str,
        request_serializer: Any = None,  # noqa: ANN401 - as grpc has it
        response_deserializer: Any = None,  # noqa: ANN401 - as grpc has it
        _registered_method: bool | None = False,  # noqa: FBT002 - grpc passes it so
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

    def __enter__(self) -> "MockChannel":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Method:
    """A method of a channel.

    Args:
        channel: The channel.
        path: The method: `/google.cloud.kms.v1.KeyManagementService/GetKeyRing`.
        serializer: Writes a request of the client's as bytes; None where requests are messages or bytes.
        deserializer: Reads an answer from bytes into what the client has; None where it takes the bytes.
    """

    def __init__(
        self,
        channel: MockChannel,
        path: str | bytes,
        serializer: Callable[[Any], bytes] | None,
        deserializer: Callable[[bytes], Any] | None,
    ) -> None:
        self._channel = channel
        self._path = path.decode() if isinstance(path, bytes) else path
        self._serializer = serializer
        self._deserializer = deserializer

    def _opened(self, metadata: Metadata | None, credentials: object) -> tuple[Cloud, dict[str, str]]:
        """Choose the cloud of a call, and give its headers."""
        headers = headers_of(metadata)
        for each in (self._channel.credentials, credentials):
            if each is not None:
                headers.update(call_metadata(each, self._channel.host, self._path))
        return self._channel.choose(headers), headers

    def _read(self, rpc: Rpc, request: object) -> Message:
        return message_of(rpc, request, self._serializer)

    def _shown(self, answer: Message) -> Any:  # noqa: ANN401 - what the client has for messages
        written = answer.SerializeToString()
        return self._deserializer(written) if self._deserializer else written

    def _stream(self, cloud: Cloud, headers: Mapping[str, str], timeout: float | None) -> Stream:
        return Stream(cloud, headers, seconds=timeout)


class UnaryUnary(_Method, grpc.UnaryUnaryMultiCallable):
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
        request: Any,  # noqa: ANN401 - what the client has for messages
        timeout: float | None = None,
        metadata: Any = None,  # noqa: ANN401 - as grpc has it
        credentials: grpc.CallCredentials | None = None,
        wait_for_ready: bool | None = None,
        compression: grpc.Compression | None = None,
    ) -> MockCall:
        """Call it, and give the call. It is over then: the cloud answers at once."""
        del timeout, wait_for_ready, compression
        try:
            cloud, headers = self._opened(metadata, credentials)
            rpc = find_rpc(self._path)
            answer = unary(cloud, rpc, self._read(rpc, request), self._channel.host, headers)
        except (ApiError, CredentialsFailed) as error:
            return MockCall(refused=refused(error))
        return MockCall(self._shown(answer))


class UnaryStream(_Method, grpc.UnaryStreamMultiCallable):
    """A method of one request and many answers."""

    def __call__(
        self,
        request: Any,  # noqa: ANN401 - what the client has for messages
        timeout: float | None = None,
        metadata: Any = None,  # noqa: ANN401 - as grpc has it
        credentials: grpc.CallCredentials | None = None,
        wait_for_ready: bool | None = None,
        compression: grpc.Compression | None = None,
    ) -> MockStream:
        """Call it. A refusal comes with the first answer."""
        del wait_for_ready, compression
        try:
            cloud, headers = self._opened(metadata, credentials)
            rpc = find_rpc(self._path)
            message = self._read(rpc, request)
            handler = streaming(rpc)
        except (ApiError, CredentialsFailed) as error:
            return MockStream(_failing(error))
        if handler is None:
            return MockStream(map(self._shown, server_stream(cloud, rpc, message, self._channel.host, headers)))
        stream = self._stream(cloud, headers, timeout)
        feed(stream, iter([message]))
        return MockStream(map(self._shown, open_stream(handler, rpc, stream)), stream)


class StreamUnary(_Method, grpc.StreamUnaryMultiCallable):
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
        metadata: Any = None,  # noqa: ANN401 - as grpc has it
        credentials: grpc.CallCredentials | None = None,
        wait_for_ready: bool | None = None,
        compression: grpc.Compression | None = None,
    ) -> MockCall:
        """Call it, and give the call. All requests are read first."""
        del wait_for_ready, compression
        try:
            cloud, headers = self._opened(metadata, credentials)
            rpc = find_rpc(self._path)
            stream = self._stream(cloud, headers, timeout)
            feed(stream, (self._read(rpc, each) for each in request_iterator))
            answer = last_of(open_stream(streaming(rpc), rpc, stream), rpc)
        except (ApiError, CredentialsFailed) as error:
            return MockCall(refused=refused(error))
        return MockCall(self._shown(answer))


class StreamStream(_Method, grpc.StreamStreamMultiCallable):
    """A method of many requests and many answers."""

    def __call__(
        self,
        request_iterator: Iterable[Any],
        timeout: float | None = None,
        metadata: Any = None,  # noqa: ANN401 - as grpc has it
        credentials: grpc.CallCredentials | None = None,
        wait_for_ready: bool | None = None,
        compression: grpc.Compression | None = None,
    ) -> MockStream:
        """Call it. Requests are read in a thread of their own; answers come in the thread that asks for them."""
        del wait_for_ready, compression
        try:
            cloud, headers = self._opened(metadata, credentials)
            rpc = find_rpc(self._path)
            handler = streaming(rpc)
        except (ApiError, CredentialsFailed) as error:
            return MockStream(_failing(error))
        stream = self._stream(cloud, headers, timeout)
        messages = (self._read(rpc, each) for each in request_iterator)
        if handler is not None:
            threading.Thread(target=feed, args=(stream, messages), name=f"requests of {rpc.name}", daemon=True).start()
        return MockStream(map(self._shown, open_stream(handler, rpc, stream)), stream)


def refused(error: ApiError | CredentialsFailed) -> Refusal:
    """Give the status that a call ends with."""
    if isinstance(error, CredentialsFailed):
        return Refusal(grpc.StatusCode.UNAVAILABLE, str(error), ())
    return refusal(error)


def _failing(error: ApiError | CredentialsFailed) -> Iterator[Any]:
    if isinstance(error, CredentialsFailed):
        raise ApiError(503, "UNAVAILABLE", str(error)) from None
    raise error
    yield
