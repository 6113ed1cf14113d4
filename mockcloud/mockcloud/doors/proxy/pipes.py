"""Bytes that pass from one connection to another, as fast as the slower one takes them."""

import asyncio


class Waiting(asyncio.Protocol):
    """Keeps what comes on a connection until it is known where that goes."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        """Keep it."""
        self._kept.append(data)

    def taken(self) -> list[bytes]:
        """Give what has come, once."""
        kept, self._kept = self._kept, []
        return kept


class Pipe(asyncio.Protocol):
    """One end of a pipe: what comes here goes out at the other end.

    Attributes:
        twin: The pipe of the other end.
        ended: Whether no more comes at this end.

    Args:
        other: The other end.
    """

    def __init__(self, other: asyncio.Transport) -> None:
        self.twin: Pipe | None = None
        self._other = other
        self._half = False
        self.ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Learn whether this end can say that no more comes and still listen; one with TLS cannot."""
        self._half = transport.get_extra_info("ssl_object") is None

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        self._other.write(data)

    def eof_received(self) -> bool:
        """Say at the other end that no more comes. What comes from there still passes; if nothing does, all is over."""
        self.ended = True
        if self._half and self._other.can_write_eof() and self.twin is not None and not self.twin.ended:
            self._other.write_eof()
            return True
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the other end."""
        del exc
        self._other.close()

    def pause_writing(self) -> None:
        """Stop what comes at the other end: this one is full."""
        self._other.pause_reading()

    def resume_writing(self) -> None:
        """Let it come again."""
        self._other.resume_reading()


async def join(
    front: asyncio.Transport, waiting: Waiting, address: tuple[str, int], greeting: bytes = b""
) -> asyncio.Transport:
    """Join a connection with a new one.

    Args:
        front: The connection that there is.
        waiting: What has come on it.
        address: Where the new one leads.
        greeting: What the first one is told when the new one stands.

    Returns:
        The new one; where it could not be made, the first one, which is told so and closed.
    """
    loop = asyncio.get_running_loop()
    try:
        back, other = await loop.create_connection(lambda: Pipe(front), *address)
    except OSError:
        front.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" if greeting else b"")
        front.close()
        return front
    front.write(greeting)
    pipe = Pipe(back)
    pipe.twin, other.twin = other, pipe
    pipe.connection_made(front)
    front.set_protocol(pipe)
    for each in waiting.taken():
        back.write(each)
    front.resume_reading()
    return back
