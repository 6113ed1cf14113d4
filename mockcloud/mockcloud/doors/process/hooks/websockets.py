"""websockets, with which google-genai talks live: the mock cloud does not model that, and says so."""

import functools

from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign
from mockcloud.doors.process.network import is_googles, permit


def install(client: Foreign) -> None:
    """Hook `websockets.asyncio.client`."""
    original = client.connect.create_connection

    @functools.wraps(original)
    async def create_connection(self: Foreign) -> Foreign:
        _pass(self.uri)
        return await original(self)

    client.connect.create_connection = create_connection


def install_sync(client: Foreign) -> None:
    """Hook `websockets.sync.client`."""
    original = client.connect

    @functools.wraps(original)
    def connect(uri: str, *args: Foreign, **kwargs: Foreign) -> Foreign:
        _pass(uri)
        return original(uri, *args, **kwargs)

    client.connect = connect


def _pass(uri: str) -> None:
    """Let a connection be made, or refuse it.

    Raises:
        InvalidStatus: It leads to Google: 501.
        NetworkRefused: It would leave the process.
    """
    if not sessions.OPEN:
        return
    from websockets.datastructures import Headers
    from websockets.exceptions import InvalidStatus
    from websockets.http11 import Response
    from websockets.uri import parse_uri

    address = parse_uri(uri)
    if not is_googles(address.host):
        permit(address.host)
        return
    body = f"The mock cloud does not model {address.path.rpartition('/')[2]}: it has no WebSockets.".encode()
    raise InvalidStatus(Response(501, "Not Implemented", Headers({"Content-Type": "text/plain"}), body))
