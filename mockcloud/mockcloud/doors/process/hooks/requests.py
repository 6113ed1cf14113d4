"""Requests: every call goes through its adapter."""

from io import BytesIO

from mockcloud.doors.process.exchange import exchange
from mockcloud.doors.process.foreign import Foreign


def install(adapters: Foreign) -> None:
    """Hook `requests.adapters`."""
    from urllib3.response import HTTPResponse

    original = adapters.HTTPAdapter.send

    def send(self: Foreign, request: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        answered = exchange(request.method, request.url, request.headers, request.body)
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
