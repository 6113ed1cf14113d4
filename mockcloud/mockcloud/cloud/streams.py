"""Calls that stay open: requests come one by one, and answers go out between them."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mockcloud.cloud.call import Answer, Request
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.store import Body
from mockcloud.discovery.catalogue import description

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

StreamHandler = Callable[["Stream"], Iterator[Body]]
"""What a streaming method does: takes requests from the stream and yields answers, in the API's representation. It runs
outside of the cloud's lock, in a thread of the door."""


class Stream:
    """One open call, as its handler sees it.

    The door puts requests in with `offer`, says with `end` that there will be no more, and with `cancel` that nobody
    listens. The handler takes them with `receive` or by iterating, and waits with `wait` for anything to happen in the
    cloud.

    Args:
        cloud: The cloud.
        headers: Metadata of the call, by lower-case name.
        door: By which door it came.
        seconds: Real seconds after which it ends with DEADLINE_EXCEEDED; None for never.
    """

    def __init__(
        self, cloud: "Cloud", headers: Mapping[str, str], *, door: str = "grpc", seconds: float | None = None
    ) -> None:
        self.cloud = cloud
        self.headers = headers
        self._door = door
        self._until = None if seconds is None else time.monotonic() + seconds
        self._requests: deque[Body] = deque()
        self._refused: ApiError | None = None
        self.ended = False
        """Whether the client sends no more."""
        self.cancelled = False
        """Whether the client listens no more."""

    # For the door
    # -----------------------------------------------------------------------------------------------------------------

    def offer(self, request: Body) -> None:
        """Add a request."""
        with self.cloud.changed:
            self._requests.append(request)
            self.cloud.changed.notify_all()

    def end(self, refused: ApiError | None = None) -> None:
        """Say that there are no more requests; where one could not be read, the handler hears why in its place."""
        with self.cloud.changed:
            self.ended = True
            self._refused = refused
            self.cloud.changed.notify_all()

    def cancel(self) -> None:
        """Say that nobody listens any more. Whatever waits ends with CANCELLED."""
        with self.cloud.changed:
            self.cancelled = True
            self.cloud.changed.notify_all()

    # For the handler
    # -----------------------------------------------------------------------------------------------------------------

    def receive(self) -> Body | None:
        """Give the next request, and wait for it; None where there will be no more.

        Raises:
            ApiError: The call was cancelled, its time is over, or the next request cannot be read.
        """
        with self.cloud.changed:
            while not self._requests:
                if self.ended:
                    if self._refused is not None:
                        raise self._refused
                    return None
                self.wait()
            return self._requests.popleft()

    def __iter__(self) -> Iterator[Body]:
        """Give the requests as they come."""
        while (request := self.receive()) is not None:
            yield request

    @property
    def waiting(self) -> bool:
        """Whether `receive` would answer at once: a request is there, or there will be none."""
        return bool(self._requests) or self.ended

    def wait(self) -> None:
        """Wait until something happens: a request, the end of requests, any call of the cloud, time that passes.

        What is looked at before must be looked at inside `with stream.cloud.changed`, else what happens in between is
        missed.

        Raises:
            ApiError: The call was cancelled, or its time is over.
        """
        with self.cloud.changed:
            self._hold()
            left = None if self._until is None else self._until - time.monotonic()
            self.cloud.changed.wait(left)
            self._hold()

    def _hold(self) -> None:
        if self.cancelled:
            raise ApiError(499, "CANCELLED", "The client cancelled the call.")
        if self._until is not None and time.monotonic() >= self._until:
            raise ApiError(504, "DEADLINE_EXCEEDED", "The deadline of the call is over.")

    def call(
        self,
        api: str,
        version: str,
        method: str,
        variables: Mapping[str, str],
        body: Any = None,  # noqa: ANN401 - JSON
    ) -> Answer:
        """Call another method in the name of the caller, with every rule: pulling, say, what the stream then passes on.

        Args:
            api: Its API.
            version: Its version.
            method: Its id without the API's name: `projects.subscriptions.pull`.
            variables: What the variables of its path stand for.
            body: Its body.

        Raises:
            ApiError: The cloud refuses.
        """
        return self.cloud.dispatch(self._request(api, version, method, variables, body))

    def strike(self, api: str, version: str, method: str, variables: Mapping[str, str]) -> None:
        """Let happen what faults ask for at the method that does once what the stream does: pulling, say.

        Raises:
            ApiError: What a fault says.
        """
        self.cloud.strike(self._request(api, version, method, variables, None))

    def _request(self, api: str, version: str, method: str, variables: Mapping[str, str], body: object) -> Request:
        found = description(api, version).routes.by_id[method]
        return Request(method=found, variables=variables, body=body, headers=self.headers, door=self._door)
