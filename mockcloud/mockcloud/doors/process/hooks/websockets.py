"""websockets, with which google-genai talks live: the mock cloud does not model that, and says so."""

import functools

from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign
from mockcloud.doors.process.network import is_googles, permit


def install(client: Foreign) -> None:
    """Hook `websockets.asyncio.client`, or another of its clients: each reads the address first of all.

    The hooked function raises `InvalidStatus`, a 501, for an address of Google's.
    """
    original = client.parse_uri

    @functools.wraps(original)
    def parse_uri(uri: str) -> Foreign:
        found = original(uri)
        if not sessions.OPEN:
            return found
        if is_googles(found.host):
            raise _not_modelled(found.path)
        permit(found.host)
        return found

    client.parse_uri = parse_uri


def _not_modelled(path: str) -> Exception:
    from websockets.datastructures import Headers
    from websockets.exceptions import InvalidStatus
    from websockets.http11 import Response

    body = f"The mock cloud does not model {path.rpartition('/')[2]}: it has no WebSockets.".encode()
    return InvalidStatus(Response(501, "Not Implemented", Headers({"Content-Type": "text/plain"}), body))
