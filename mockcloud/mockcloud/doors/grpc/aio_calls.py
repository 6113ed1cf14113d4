"""Calls of the asynchronous channel in this process, as clients see them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from typing import Any, Final

import grpc
from grpc import aio

from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.streams import Stream
from mockcloud.doors.grpc.bases import (
    AioStreamStreamCall,
    AioStreamUnaryCall,
    AioUnaryStreamCall,
    AioUnaryUnaryCall,
)
from mockcloud.doors.grpc.calls import MockCall
from mockcloud.doors.grpc.statuses import Refusal, refusal

_END: Final = object()
_ONE_REQUEST: Final = "The call has one request, which it was made with."


def raised(refused: Refusal) -> aio.AioRpcError:
    """Give what a client catches."""
    trailers = aio.Metadata(*refused.trailers)
    return aio.AioRpcError(refused.code, aio.Metadata(), trailers, refused.message)


class _Call:
    """What calls of one and of many answers share."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[Any], None]] = []
        self._status: Refusal | None = None
        self._over = asyncio.Event()

    def _end(self, refused: Refusal | None) -> None:
        if self._over.is_set():
            return
        self._status = refused
        self._over.set()
        callbacks, self._callbacks = self._callbacks, []
        for each in callbacks:
            each(self)

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._status is not None and self._status.code is grpc.StatusCode.CANCELLED

    def done(self) -> bool:
        """Whether it is over."""
        return self._over.is_set()

    def time_remaining(self) -> float | None:
        """Say that it has no deadline."""
        return None

    def cancel(self) -> bool:
        """End it."""
        if self.done():
            return False
        self._end(Refusal(grpc.StatusCode.CANCELLED, "Locally cancelled by application!", ()))
        return True

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        """Call back when it is over."""
        if self.done():
            callback(self)
        else:
            self._callbacks.append(callback)

    async def initial_metadata(self) -> aio.Metadata:
        """There is none."""
        return aio.Metadata()

    async def trailing_metadata(self) -> aio.Metadata:
        """Give the details of a refusal."""
        await self._over.wait()
        return aio.Metadata(*(self._status.trailers if self._status else ()))

    async def code(self) -> grpc.StatusCode:
        """Give the status."""
        await self._over.wait()
        return self._status.code if self._status else grpc.StatusCode.OK

    async def details(self) -> str:
        """Give the message of a refusal."""
        await self._over.wait()
        return self._status.message if self._status else ""

    async def wait_for_connection(self) -> None:
        """It is connected."""


class AioMockCall(_Call, AioUnaryUnaryCall, AioStreamUnaryCall):
    """A call with one answer.

    Args:
        run: Makes the call.
        stream: What its requests are written to; None for a call of one request.
        written: Writes a request of the client's into the stream.
    """

    def __init__(
        self,
        run: Coroutine[Any, Any, MockCall],
        stream: Stream | None = None,
        written: Callable[[Any], None] | None = None,
    ) -> None:
        super().__init__()
        self._stream = stream
        self._written = written
        self._task = asyncio.ensure_future(run)
        self._task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[MockCall]") -> None:
        if not task.cancelled() and task.exception() is None:
            self._end(task.result().status)
        self._over.set()

    def cancel(self) -> bool:
        """End it."""
        if self._stream is not None:
            self._stream.cancel()
        return super().cancel()

    def __await__(self) -> Generator[Any, None, Any]:
        """Give the answer.

        Raises:
            AioRpcError: The cloud refuses.
        """
        ended = yield from asyncio.shield(self._task).__await__()
        if self.cancelled():
            raise asyncio.CancelledError
        if ended.status is not None:
            raise raised(ended.status)
        return ended.result()

    async def made(self) -> MockCall:
        """Give the call as it ended."""
        return await asyncio.shield(self._task)

    async def write(self, request: Any) -> None:  # noqa: ANN401 - what the client has for messages
        """Send a request.

        Raises:
            UsageError: The call has one request.
        """
        if self._written is None:
            raise aio.UsageError(_ONE_REQUEST)
        self._written(request)

    async def done_writing(self) -> None:
        """Say that there are no more requests.

        Raises:
            UsageError: The call has one request.
        """
        if self._stream is None:
            raise aio.UsageError(_ONE_REQUEST)
        self._stream.end()


class AioMockStream(_Call, AioUnaryStreamCall, AioStreamStreamCall):
    """A call with many answers.

    Args:
        answers: The answers. They are waited for in a thread.
        stream: What its requests are written to, and what is cancelled with it; None where nothing waits.
        written: Writes a request of the client's into the stream.
        waits: Whether an answer may take long, so that it is not waited for in the event loop.
    """

    def __init__(
        self,
        answers: Iterator[Any],
        stream: Stream | None = None,
        written: Callable[[Any], None] | None = None,
        *,
        waits: bool = False,
    ) -> None:
        super().__init__()
        self._answers = answers
        self._stream = stream
        self._written = written
        self._waits = waits

    async def read(self) -> Any:  # noqa: ANN401 - a message
        """Give the next answer, or `grpc.aio.EOF`.

        Raises:
            AioRpcError: The cloud refuses.
        """
        if not self.done():
            try:
                found = await (asyncio.to_thread(next, self._answers, _END) if self._waits else self._next())
            except ApiError as error:
                self._end(refusal(error))
            except asyncio.CancelledError:
                self.cancel()
                raise
            else:
                if found is not _END:
                    return found
                self._end(None)
        if self.cancelled():
            raise asyncio.CancelledError
        if self._status is not None:
            raise raised(self._status)
        return aio.EOF

    async def _next(self) -> Any:  # noqa: ANN401 - a message
        return next(self._answers, _END)

    async def _all(self) -> AsyncIterator[Any]:
        while (found := await self.read()) is not aio.EOF:
            yield found

    def __aiter__(self) -> AsyncIterator[Any]:
        """Give the answers as they come."""
        return self._all()

    def cancel(self) -> bool:
        """End it. Who waits for an answer is cancelled."""
        if self._stream is not None:
            self._stream.cancel()
        return super().cancel()

    async def write(self, request: Any) -> None:  # noqa: ANN401 - what the client has for messages
        """Send a request.

        Raises:
            UsageError: The call has one request.
        """
        if self._written is None:
            raise aio.UsageError(_ONE_REQUEST)
        self._written(request)

    async def done_writing(self) -> None:
        """Say that there are no more requests.

        Raises:
            UsageError: The call has one request.
        """
        if self._stream is None:
            raise aio.UsageError(_ONE_REQUEST)
        self._stream.end()
