"""One call by gRPC, whichever way it came: in this process or by a socket."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from google.protobuf.message import Message

from mockcloud.cloud.call import Answer
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, invalid, not_modelled
from mockcloud.cloud.streams import Stream, StreamHandler
from mockcloud.doors.grpc.messages import from_json, to_json
from mockcloud.doors.grpc.rpcs import Rpc
from mockcloud.doors.grpc.transcoding import answered, requested
from mockcloud.services.registry import service

_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - a name that a client may use


def host_of(target: str) -> str:
    """Give the host that a target or authority names: `dns:///kms.googleapis.com:443`; "" for this machine."""
    name = target.rpartition("/")[2]
    host = name.partition("]")[0].removeprefix("[") if name.startswith("[") else name.partition(":")[0]
    return "" if host in _LOCAL else host


_LOG: Final = logging.getLogger(__name__)

Late = Callable[[float], None]
"""Is told by how many seconds an answer is late, as a fault asked for; raises an ApiError where that is too late."""


def deadline(seconds: float | None) -> Late:
    """Refuse what is later than a deadline, which is not waited for; None for none."""

    def hold(late: float) -> None:
        if seconds is not None and late > seconds:
            raise ApiError(504, "DEADLINE_EXCEEDED", "Deadline Exceeded")

    return hold


@contextmanager
def _held(rpc: Rpc) -> Iterator[None]:
    """Turn a fault of ours into a refusal in Google's form; the log says where it is."""
    try:
        yield
    except ApiError:
        raise
    except Exception as error:
        _LOG.exception("No answer to %s", rpc.path)
        raise ApiError(500, "INTERNAL", "Internal error encountered.", reason="backendError") from error


@contextmanager
def _timed(cloud: Cloud, late: Late) -> Iterator[None]:
    cloud.faults.take_delay()  # of a call by another door, which asked for none
    try:
        yield
    finally:
        if seconds := cloud.faults.take_delay():
            late(seconds)


def unary(cloud: Cloud, rpc: Rpc, request: Message, host: str, headers: Mapping[str, str], late: Late) -> Message:
    """Answer a call of one request and one answer.

    Args:
        cloud: The cloud.
        rpc: The method.
        request: The request.
        host: Host that was called; "" where it says nothing.
        headers: Metadata of the call, by lower-case name.
        late: Is told where a fault makes the answer late.

    Raises:
        ApiError: The cloud refuses.
    """
    with _held(rpc):
        handler = streaming(rpc)
        if handler is not None:
            stream = Stream(cloud, headers)
            feed(stream, iter([request]))
            return last_of(open_stream(handler, rpc, stream), rpc)
        with _timed(cloud, late):
            answer = cloud.dispatch(requested(cloud, rpc, request, host, headers))
        return answered(rpc, answer)


def streaming(rpc: Rpc) -> StreamHandler | None:
    """Give the handler of a method whose service models it as a stream, or None."""
    return service(rpc.api).stream_handler(rpc.name) if rpc.api else None


def server_stream(
    cloud: Cloud, rpc: Rpc, request: Message, host: str, headers: Mapping[str, str], late: Late
) -> Iterator[Message]:
    """Answer a call of one request and many answers, whose method has an HTTP form. The arguments are those of `unary`.

    Raises:
        ApiError: The cloud refuses. It does before the first answer.
    """
    with _held(rpc):
        with _timed(cloud, late):
            answer = cloud.dispatch(requested(cloud, rpc, request, host, headers))
        if answer.stream is None:
            yield answered(rpc, answer)
            return
        for body in answer.stream:
            yield answered(rpc, Answer(body))


def open_stream(handler: StreamHandler | None, rpc: Rpc, stream: Stream) -> Iterator[Message]:
    """Answer a call that stays open.

    Raises:
        ApiError: The cloud refuses, then or later.
    """
    if handler is None:
        raise not_modelled(f"the method {rpc.path}")
    with _held(rpc):
        for body in handler(stream):
            yield from_json(rpc.response, body)


def last_of(answers: Iterator[Message], rpc: Rpc) -> Message:
    """Give the one answer of a call of many requests.

    Raises:
        ApiError: The cloud refuses.
    """
    found = None
    for found in answers:  # noqa: B007 - the last one counts
        pass
    return rpc.response() if found is None else found


def feed_in_thread(rpc: Rpc, stream: Stream, requests: Iterator[Message]) -> None:
    """Put the requests of a client into a stream as they come."""
    threading.Thread(target=feed, args=(stream, requests), name=f"requests of {rpc.name}", daemon=True).start()


def feed(stream: Stream, requests: Iterator[Message]) -> None:
    """Put the requests of a client into a stream until there are no more."""
    refused: ApiError | None = None
    try:
        for request in requests:
            stream.offer(to_json(request))
    except ApiError as error:
        refused = error
    except Exception as error:  # noqa: BLE001 - whatever the client's own iterator raises ends the call, not the thread
        refused = invalid(f"The requests ended with an error: {error}")
    finally:
        stream.end(refused)
