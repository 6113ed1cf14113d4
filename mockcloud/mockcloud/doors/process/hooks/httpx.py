"""httpx, with which google-genai calls: every call goes through a transport."""

from mockcloud.doors.process import sessions
from mockcloud.doors.process.exchange import TooLate, exchange
from mockcloud.doors.process.foreign import Foreign


def install(httpx: Foreign) -> None:
    """Hook `httpx`."""
    original = httpx.HTTPTransport.handle_request
    original_async = httpx.AsyncHTTPTransport.handle_async_request

    def answered(request: Foreign, body: object) -> Foreign:
        patience = request.extensions.get("timeout", {}).get("read")
        try:
            found = exchange(request.method, str(request.url), request.headers, body, patience=patience)
        except TooLate as late:
            raise httpx.ReadTimeout(str(late), request=request) from late
        return found and httpx.Response(found.status, headers=found.headers, content=found.body, request=request)

    def handle_request(self: Foreign, request: Foreign) -> Foreign:
        response = answered(request, request.stream)
        return original(self, request) if response is None else response

    async def handle_async_request(self: Foreign, request: Foreign) -> Foreign:
        # A body that is read here is kept by the request, and can be sent on.
        response = answered(request, await request.aread() if sessions.OPEN else b"")
        return await original_async(self, request) if response is None else response

    httpx.HTTPTransport.handle_request = handle_request
    httpx.AsyncHTTPTransport.handle_async_request = handle_async_request
