"""uvicorn's protocol, with head and body of an answer sent in one piece.

uvicorn writes them one after the other, and uvloop sends each at once: two calls of the system, two packets, and two
times that the client wakes up. They are most of what a small answer costs a server.
"""

import asyncio
from typing import Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MOST: Final = 64 * 1024
"""Bytes of one piece that wait for what is written behind them; a larger one is sent at once, and never copied."""


class JoiningProtocol(HttpToolsProtocol):
    """The protocol of one connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Take a connection."""
        super().connection_made(cast("asyncio.Transport", JoiningTransport(transport, self.loop)))


class JoiningTransport:
    """A transport that sends in one piece what is written in one turn of the loop.

    Args:
        transport: The transport that sends.
        loop: The loop.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send bytes when the turn is over."""
        if len(data) > _MOST:
            self._send()
            self._write(data)
            return
        if not self._waiting:
            self._loop.call_soon(self._send)
        self._waiting.append(data)

    def close(self) -> None:
        """Send what waits, and close."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._write(b"".join(waiting))

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def __getattr__(self, name: str) -> object:
        """Give whatever else a transport does."""
        return getattr(self._transport, name)
