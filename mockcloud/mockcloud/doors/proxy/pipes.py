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
    """One end of a pipe: what comes here goes out at the other end."""

    def __init__(self, other: asyncio.Transport | None = None) -> None:
        self.other = other

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        if self.other is not None:
            self.other.write(data)

    def eof_received(self) -> bool:
        """Say at the other end that no more comes; what comes from there still passes."""
        if self.other is not None and self.other.can_write_eof():
            self.other.write_eof()
            return True
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the other end."""
        del exc
        if self.other is not None:
            self.other.close()

    def pause_writing(self) -> None:
        """Stop what comes at the other end: this one is full."""
        if self.other is not None:
            self.other.pause_reading()

    def resume_writing(self) -> None:
        """Let it come again."""
        if self.other is not None:
            self.other.resume_reading()


async def join(front: asyncio.Transport, waiting: Waiting, address: tuple[str, int], greeting: bytes = b"") -> None:
    """Join a connection with a new one.

    Args:
        front: The connection that there is.
        waiting: What has come on it.
        address: Where the new one leads.
        greeting: What the first one is told when the new one stands.
    """
    loop = asyncio.get_running_loop()
    try:
        back, protocol = await loop.create_connection(lambda: Pipe(front), *address)
    except OSError:
        front.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" if greeting else b"")
        front.close()
        return
    del protocol
    front.write(greeting)
    front.set_protocol(Pipe(back))
    for each in waiting.taken():
        back.write(each)
    front.resume_reading()
