"""Parts of services that last, and the form in which what lasts is written."""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol, runtime_checkable

from mockcloud.cloud.snapshots import Part

_BYTES: Final = "$bytes"
"""Key of the object that stands for bytes, which JSON does not have."""


@runtime_checkable
class LastingPart(Part, Protocol):
    """A part that survives a restart of a server that keeps its data: in pieces, so that a change writes one of them.

    A service asks for its part by `cloud.part(NAME, make)`, which fills a new one with what was kept.
    """

    def keys(self) -> Iterable[str]:
        """Give the keys of all pieces, such as the names of tables."""

    def changed(self) -> Iterable[str]:
        """Give the keys of the pieces that changed, came or went since this was last asked."""

    def dump(self, key: str) -> object:
        """Give a piece as JSON has it, bytes allowed; None where there is none any more."""

    def load(self, key: str, data: Any) -> None:  # noqa: ANN401 - what dump gave
        """Take a piece that `dump` gave."""


class Kept:
    """A part as it was read from a file, until its service asks for it.

    Args:
        pieces: What was dumped, by key.
    """

    def __init__(self, pieces: Mapping[str, object]) -> None:
        self.pieces = dict(pieces)

    def snapshot(self) -> "Kept":
        """Give itself: nothing changes it."""
        return self

    def keys(self) -> Iterable[str]:
        """Give the keys of all pieces."""
        return list(self.pieces)

    def changed(self) -> Iterable[str]:
        """Give none."""
        return ()

    def dump(self, key: str) -> object:
        """Give a piece."""
        return self.pieces.get(key)

    def load(self, key: str, data: object) -> None:
        """Take a piece."""
        self.pieces[key] = data


def written(value: object) -> str:
    """Write what JSON has and bytes."""
    return json.dumps(_packed(value), separators=(",", ":"))


def read(text: str) -> Any:  # noqa: ANN401 - whatever was written
    """Read what `written` wrote."""
    return _unpacked(json.loads(text))


def _packed(value: object) -> object:
    if isinstance(value, (bytes, bytearray)):
        return {_BYTES: base64.b64encode(value).decode()}
    if isinstance(value, Mapping):
        packed = {key: _packed(each) for key, each in value.items()}
        # An object of a client's that looks like ours is put into one more, so that it is not taken for bytes.
        return {_BYTES: packed} if list(packed) == [_BYTES] else packed
    if isinstance(value, (list, tuple)):
        return [_packed(each) for each in value]
    return value


def _unpacked(value: object) -> object:
    if isinstance(value, dict):
        if list(value) == [_BYTES]:
            inner = value[_BYTES]
            return (
                base64.b64decode(inner)
                if isinstance(inner, str)
                else {key: _unpacked(each) for key, each in inner.items()}
            )
        return {key: _unpacked(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_unpacked(each) for each in value]
    return value
