"""A method of a channel in this process: what the synchronous and the asynchronous one share."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import grpc
from google.protobuf.message import Message

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.streams import Stream
from mockcloud.doors.grpc.credentials import CredentialsFailed, Metadata, call_metadata, headers_of
from mockcloud.doors.grpc.rpcs import Rpc
from mockcloud.doors.grpc.statuses import Refusal, refusal
from mockcloud.doors.grpc.transcoding import message_of

Choose = Callable[[Mapping[str, str]], Cloud]
"""Chooses the cloud of a call, by the headers that it has: `authorization`, `x-goog-user-project`, …"""


Serializer = Callable[[Any], bytes]
"""Writes what a client has for messages as bytes."""

Deserializer = Callable[[bytes], Any]
"""Reads bytes as what a client has for messages."""


class Channel(Protocol):
    """What a method asks of its channel."""

    host: str
    choose: Choose
    credentials: grpc.ChannelCredentials | grpc.CallCredentials | None


class Method:
    """A method of a channel.

    Args:
        channel: The channel.
        path: The method: `/google.cloud.kms.v1.KeyManagementService/GetKeyRing`.
        serializer: Writes a request of the client's as bytes; None where requests are messages or bytes.
        deserializer: Reads an answer from bytes into what the client has; None where it takes the bytes.
    """

    def __init__(
        self,
        channel: Channel,
        path: str | bytes,
        serializer: Serializer | None,
        deserializer: Deserializer | None,
    ) -> None:
        self._channel = channel
        self.host = channel.host
        self.path = path.decode() if isinstance(path, bytes) else path
        self._serializer = serializer
        self._deserializer = deserializer

    def opened(self, metadata: Metadata | None, credentials: object) -> tuple[Cloud, dict[str, str]]:
        """Choose the cloud of a call, and give its headers."""
        headers = headers_of(metadata)
        for each in (self._channel.credentials, credentials):
            if each is not None:
                headers.update(call_metadata(each, self.host, self.path))
        return self._channel.choose(headers), headers

    def read(self, rpc: Rpc, request: object) -> Message:
        """Read a request of the client's."""
        return message_of(rpc, request, self._serializer)

    def shown(self, answer: Message) -> Any:  # noqa: ANN401 - what the client has for messages
        """Give an answer as the client has it."""
        written = answer.SerializeToString()
        return self._deserializer(written) if self._deserializer else written

    def stream(self, cloud: Cloud, headers: Mapping[str, str], timeout: float | None) -> Stream:
        """Open a stream.

        Args:
            cloud: The cloud.
            headers: Of the call.
            timeout: Seconds after which it ends; None for never.
        """
        return Stream(cloud, headers, seconds=timeout)


def refused(error: ApiError | CredentialsFailed) -> Refusal:
    """Give the status that a call ends with."""
    if isinstance(error, CredentialsFailed):
        return Refusal(grpc.StatusCode.UNAVAILABLE, str(error), ())
    return refusal(error)


def failing(error: ApiError | CredentialsFailed) -> Iterator[Any]:
    """Give no answers but the refusal, at the first answer that is asked for."""
    failure = ApiError(503, "UNAVAILABLE", str(error)) if isinstance(error, CredentialsFailed) else error

    def refuse(_: object) -> None:
        raise failure

    return map(refuse, [None])
