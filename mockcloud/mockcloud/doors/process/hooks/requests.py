"""Requests: every call goes through its adapter."""

from io import BytesIO
from types import ModuleType
from typing import Any

from mockcloud.doors.process import sessions
from mockcloud.doors.process.exchange import exchange
from mockcloud.doors.process.hooks.bodies import read


def install(adapters: ModuleType) -> None:
    """Hook `requests.adapters`."""
    from urllib3.response import HTTPResponse

    original = adapters.HTTPAdapter.send

    def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - requests' own types
        if not sessions.OPEN:
            return original(self, request, *args, **kwargs)
        answered = exchange(request.method, request.url, request.headers, read(request.body))
        if answered is None:
            return original(self, request, *args, **kwargs)
        raw = HTTPResponse(
            BytesIO(answered.body),
            headers=answered.headers,
            status=answered.status,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, raw)

    adapters.HTTPAdapter.send = send
