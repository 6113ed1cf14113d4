"""Bodies of requests, whichever way a library takes them."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable


@runtime_checkable
class _Readable(Protocol):
    def read(self) -> bytes | str: ...


def read(body: object) -> bytes:
    """Give the bytes of a body: None, text, bytes, a file, or an iterable of those."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    if isinstance(body, _Readable):
        return read(body.read())
    if isinstance(body, Iterable):
        return b"".join(read(part) for part in body)
    raise TypeError(f"a body of type {type(body).__name__} cannot be read")
