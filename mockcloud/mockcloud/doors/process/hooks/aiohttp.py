"""aiohttp, with which gcsfs and google-genai call: a connection to Google's hosts leads to the cloud."""

import asyncio

from mockcloud.doors.process import sessions
from mockcloud.doors.process.conversation import Conversation
from mockcloud.doors.process.foreign import Foreign
from mockcloud.doors.process.network import is_googles, permit


def install(connector: Foreign) -> None:
    """Hook `aiohttp.connector`."""
    original = connector.TCPConnector._create_connection  # noqa: SLF001 - nothing public comes so late

    async def create(self: Foreign, req: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        if not sessions.OPEN:
            return await original(self, req, *args, **kwargs)
        host = req.url.raw_host or ""
        if not is_googles(host):
            permit(host)
            return await original(self, req, *args, **kwargs)
        protocol = self._factory()
        protocol.connection_made(_Transport(protocol, str(req.url.origin())))
        return protocol

    connector.TCPConnector._create_connection = create  # noqa: SLF001 - as above


class _Transport(asyncio.Transport):
    """What aiohttp takes for the connection.

    Args:
        protocol: Where the answers go.
        origin: Where the connection leads.
    """

    def __init__(self, protocol: Foreign, origin: str) -> None:
        super().__init__()
        self._protocol = protocol
        self._conversation = Conversation(origin, protocol.data_received)
        self._closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take what aiohttp sends."""
        try:
            self._conversation.feed(bytes(data))
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller who waits for the answer gets it
            self._protocol.set_exception(error)

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return self._closing

    def close(self) -> None:
        """Close it."""
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        """Close it."""
        self.close()

    def pause_reading(self) -> None:
        """Nothing is read from anywhere."""

    def resume_reading(self) -> None:
        """Nothing is read from anywhere."""
