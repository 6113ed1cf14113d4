"""Calls of the channel in this process, as clients see them."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import grpc

from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.streams import Stream
from mockcloud.doors.grpc.bases import CallFuture, CallIterator
from mockcloud.doors.grpc.statuses import Refusal, refusal

Pairs = tuple[tuple[str, str | bytes], ...]


class MockCall(grpc.RpcError, CallFuture):
    """A call, its status, and its answer: what a client holds of it, and what is raised where it was refused."""

    def __init__(self, response: Any = None, refused: Refusal | None = None) -> None:  # noqa: ANN401 - a message
        super().__init__(refused.message if refused else "")
        self._response = response
        self.status = refused
        """How it ended; None where it was answered, or is not over."""

    # Call
    # -----------------------------------------------------------------------------------------------------------------

    def initial_metadata(self) -> Pairs:
        """There is none."""
        return ()

    def trailing_metadata(self) -> Any:  # noqa: ANN401 - pairs, as the real one has them, not what its stubs say
        """Give the details of a refusal."""
        return self.status.trailers if self.status else ()

    def code(self) -> grpc.StatusCode:
        """Give the status."""
        return self.status.code if self.status else grpc.StatusCode.OK

    def details(self) -> str:
        """Give the message of a refusal."""
        return self.status.message if self.status else ""

    def debug_error_string(self) -> str:
        """Give the message of a refusal."""
        return self.details()

    def is_active(self) -> bool:
        """It is over."""
        return False

    def time_remaining(self) -> Any:  # noqa: ANN401 - None, as the real one has it without a deadline
        """It is over."""
        return None

    def add_callback(self, callback: Callable[[], None]) -> bool:
        """It is over: nothing will call back."""
        del callback
        return False

    # Future
    # -----------------------------------------------------------------------------------------------------------------

    def cancel(self) -> bool:
        """It is over: nothing is left to cancel."""
        return False

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self.code() is grpc.StatusCode.CANCELLED

    def running(self) -> bool:
        """Whether it runs."""
        return self.is_active()

    def done(self) -> bool:
        """Whether it is over."""
        return not self.is_active()

    def result(self, timeout: float | None = None) -> Any:  # noqa: ANN401 - a message
        """Give the answer.

        Raises:
            MockCall: It was refused.
        """
        del timeout
        if self.status is not None:
            raise self
        return self._response

    def exception(self, timeout: float | None = None) -> "MockCall | None":
        """Give the refusal, or None."""
        del timeout
        return self if self.status is not None else None

    def traceback(self, timeout: float | None = None) -> Any:  # noqa: ANN401 - a traceback
        """Give where it was raised, or None."""
        del timeout
        return self.__traceback__

    def add_done_callback(self, fn: Callable[[Any], None]) -> None:
        """Call back: at once, as it is over."""
        fn(self)

    def __str__(self) -> str:
        """Give code and message."""
        return f"<{type(self).__name__} of {self.code()}: {self.details()}>"

    def __repr__(self) -> str:
        """Give code and message."""
        return str(self)


class MockStream(MockCall, CallIterator):
    """A call with many answers.

    Args:
        answers: The answers. They come as they are asked for, in the thread that asks.
        stream: What is cancelled with the call; None where nothing waits.
    """

    def __init__(self, answers: Iterator[Any], stream: Stream | None = None) -> None:
        super().__init__()
        self._answers = answers
        self._stream = stream
        self._over = False
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[Any], None]] = []

    def __iter__(self) -> "MockStream":
        return self

    def __next__(self) -> Any:  # noqa: ANN401 - a message
        """Give the next answer.

        Raises:
            MockCall: The call itself, where it was refused.
        """
        if self._over:
            raise self._ending()
        try:
            return next(self._answers)
        except StopIteration:
            self._end(None)
        except ApiError as error:
            self._end(refusal(error))
        raise self._ending()

    def _ending(self) -> Exception:
        return StopIteration() if self.status is None else self

    def _end(self, refused: Refusal | None) -> None:
        with self._lock:  # who cancels is another thread than who listens
            if self._over:
                return
            self.status = refused
            self._over = True
            callbacks, self._callbacks = self._callbacks, []
        for each in callbacks:
            each(self)

    def is_active(self) -> bool:
        """Whether answers may come."""
        return not self._over

    def add_callback(self, callback: Callable[[], None]) -> bool:
        """Call back when it is over; False where it is already."""
        with self._lock:
            if not self._over:
                self._callbacks.append(lambda _: callback())
            return not self._over

    def add_done_callback(self, fn: Callable[[Any], None]) -> None:
        """Call back when it is over."""
        if not self.add_callback(lambda: fn(self)):
            fn(self)

    def cancel(self) -> bool:
        """End it. Who waits for an answer gets CANCELLED."""
        if self._over:
            return False
        if self._stream is not None:
            self._stream.cancel()
        self._end(Refusal(grpc.StatusCode.CANCELLED, "Locally cancelled by application!", ()))
        return True

    def result(self, timeout: float | None = None) -> Any:  # noqa: ANN401 - itself
        """Take it to its end."""
        del timeout
        for _ in self:
            pass
        return self
