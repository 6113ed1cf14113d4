"""Head and body of an answer go out in one piece."""

import asyncio
from typing import cast

import pytest

from mockcloud.doors.rest.protocol import JoiningTransport


class Wire:
    """What a transport sent, and whether it is closed."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def get_extra_info(self, name: str) -> str:
        return f"the {name}"


@pytest.fixture
def wire() -> Wire:
    return Wire()


def turns(wire: Wire, *turns: list[bytes], close: bool = False) -> JoiningTransport:
    """Write pieces turn by turn of a loop."""

    async def write() -> JoiningTransport:
        joining = JoiningTransport(cast("asyncio.Transport", wire), asyncio.get_running_loop())
        for turn in turns:
            for piece in turn:
                joining.write(piece)
            if not close:
                await asyncio.sleep(0)
        if close:
            joining.close()
        await asyncio.sleep(0)
        return joining

    return asyncio.run(write())


def test_what_is_written_in_one_turn_is_one_piece(wire: Wire) -> None:
    joining = turns(wire, [b"head", b"body"], [b"next"])
    assert wire.sent == [b"headbody", b"next"]
    assert joining.is_closing() is False  # type: ignore[operator] # whatever else a transport does
    assert joining.get_extra_info("socket") == "the socket"  # type: ignore[operator] # as above


def test_what_is_large_is_sent_at_once_behind_what_waits(wire: Wire) -> None:
    large = b"x" * 100_000
    turns(wire, [b"head", large, b"end"])
    assert wire.sent == [b"head", large, b"end"]
    assert wire.sent[1] is large


def test_nothing_is_lost_where_the_connection_is_closed(wire: Wire) -> None:
    turns(wire, [b"head", b"body"], close=True)
    assert wire.sent == [b"headbody"]
    assert wire.closed


def test_nobody_writes_to_who_has_gone(wire: Wire) -> None:
    wire.closed = True
    turns(wire, [b"head", b"x" * 100_000])
    assert wire.sent == []
