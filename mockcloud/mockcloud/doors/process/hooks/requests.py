"""Requests: every call goes through its adapter."""

from io import BytesIO

from mockcloud.doors.process.exchange import TooLate, exchange
from mockcloud.doors.process.foreign import Foreign


def install(adapters: Foreign) -> None:
    """Hook `requests.adapters`."""
    from urllib3.response import HTTPResponse

    original = adapters.HTTPAdapter.send

    def send(
        self: Foreign,
        request: Foreign,
        stream: Foreign = None,
        timeout: Foreign = None,
        *args: Foreign,
        **kwargs: Foreign,
    ) -> Foreign:
        try:
            answered = exchange(request.method, request.url, request.headers, request.body, patience=_patience(timeout))
        except TooLate as late:
            raise adapters.ReadTimeout(late, request=request) from late
        if answered is None:
            return original(self, request, stream, timeout, *args, **kwargs)
        raw = HTTPResponse(
            BytesIO(answered.body),
            headers=answered.headers,
            status=answered.status,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, raw)

    adapters.HTTPAdapter.send = send


def _patience(timeout: Foreign) -> float | None:
    """Give the seconds for which an answer is waited for: of a number, or of one for connecting and one for that."""
    found = timeout[1] if isinstance(timeout, tuple) else timeout
    return float(found) if isinstance(found, (int, float)) else getattr(found, "read_timeout", None)
