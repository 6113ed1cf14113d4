"""Which transports the calls of a block took, as the doors see them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mockcloud.cloud.call import Answer, Request
from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.wire import HttpRequest
from mockcloud.doors.wire.front import ENDPOINTS


@contextmanager
def observed() -> Iterator[set[str]]:
    """Give a set that gets `grpc` and `rest` as calls come, to whichever cloud and by whichever door."""
    seen: set[str] = set()
    dispatch = Cloud.dispatch

    def noted(self: Cloud, request: Request) -> Answer:
        if request.door == "grpc":
            seen.add("grpc")
        return dispatch(self, request)

    def over_http(_: Cloud, request: HttpRequest) -> None:
        del request
        seen.add("rest")

    ENDPOINTS.insert(0, over_http)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Cloud, "dispatch", noted)
            yield seen
    finally:
        ENDPOINTS.remove(over_http)
