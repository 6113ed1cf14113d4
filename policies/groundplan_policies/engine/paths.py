"""Reads properties of a resource by path, and says of each value whether it can be judged at all."""

from collections.abc import Mapping
from enum import StrEnum, auto
from functools import lru_cache
from typing import Final, NamedTuple

from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import SIGNATURE, Value, is_secret, is_unknown, join_key


class State(StrEnum):
    """What is known of a property."""

    KNOWN = auto()
    """A plain value that is not empty; false and 0 are such values."""
    ABSENT = auto()
    """The property, or the block that would hold it, is not there, or is null."""
    EMPTY = auto()
    """It is there and holds nothing: `{}`, `[]` or an empty text; or a block around it is an empty list."""
    UNKNOWN = auto()
    """It is known only after the deployment."""
    SECRET = auto()
    """It is a secret, encrypted, redacted or in the clear. Rules never look inside."""
    WRONG = auto()
    """A block around it is no object, or it is an asset."""


class Reading(NamedTuple):
    """One value at a path.

    Attributes:
        path: The place, with the indices of lists: `gceSetup.networkInterfaces[0].subnet`.
        state: What is known of it.
        value: The value where the state is `KNOWN`; the text with its unknown part where it is `UNKNOWN`; else None.
    """

    path: str
    state: State
    value: Value = None

    @property
    def text(self) -> str:
        """The value if it is a text, else ""."""
        return self.value if isinstance(self.value, str) else ""


_MISSING = object()
_SEEN: Final = (State.KNOWN, State.EMPTY)


class Path:
    """A property path without indices, such as `gceSetup.networkInterfaces.subnet`. Lists on the way are gone into.

    Made once, when a rule is loaded, and read for every resource.

    Attributes:
        text: The path, without the key below it.
        written: The path as readings have it, where no list is on the way: with quotes around keys that need them.
    """

    __slots__ = ("_keys", "text", "written")

    def __init__(self, text: str, below: str = "") -> None:
        """Make a path.

        Args:
            text: The path.
            below: A further key, which may have dots in it: `run.googleapis.com/ingress` of a map of annotations.
        """
        self.text = text
        self._keys = (*_split(text), below) if below else _split(text)
        self.written = _joined("", self._keys)

    def __repr__(self) -> str:
        return f"Path({self.written!r})"

    def plain(self, inputs: Mapping[str, Value]) -> object:
        """Give the value if only objects lie on the way to it, None for an absent one; else what equals nothing.

        For the quick answer to the usual case. It may be a marker: compare it with a plain value, and with its type.
        """
        here: object = inputs
        for key in self._keys:
            if type(here) is not dict or SIGNATURE in here:
                return None if here is None else _MISSING
            here = here.get(key)
        return here

    def is_absent(self, inputs: Mapping[str, Value]) -> bool:
        """Whether nothing is there, as far as only objects lie on the way; false where a list does."""
        return self.plain(inputs) is None

    def read(self, resource: Resource) -> list[Reading]:
        """Give every value at the path, at least one: where nothing is, a reading that says so."""
        usual = self._usual(resource.inputs)
        return _walk(resource.inputs, self._keys, "") if usual is None else [usual]

    def one(self, resource: Resource) -> Reading:
        """Give the value at a path that holds one; the first of several."""
        usual = self._usual(resource.inputs)
        return _walk(resource.inputs, self._keys, "", first=True)[0] if usual is None else usual

    def _usual(self, inputs: Mapping[str, Value]) -> Reading | None:
        """Give the one value if only objects lie on the way to it; else None."""
        here: Value = inputs
        for key in self._keys:
            if type(here) is not dict or SIGNATURE in here:
                return Reading(self.written, State.ABSENT) if here is None else None
            here = here.get(key)
        return _classify(here, self.written)


def read_value(value: Value, path: str, below: str = "") -> list[Reading]:
    """Read below a value that was reached in another way, such as an entry of a list.

    Args:
        value: The value.
        path: Where it stands, for the paths of the readings.
        below: The path from there on; "" for the value itself.
    """
    return _walk(value, _split(below), path) if below else [_classify(value, path)]


def entries(reading: Reading) -> list[Reading]:
    """Give the entries of a list one by one; a value that is no list is its own only entry, as Pulumi writes it."""
    if reading.state is State.KNOWN and isinstance(reading.value, list):
        return [_classify(each, f"{reading.path}[{index}]") for index, each in enumerate(reading.value)]
    return [reading]


@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("."))


def _walk(value: Value, keys: tuple[str, ...], path: str, *, first: bool = False) -> list[Reading]:
    """Read every value below another one, or only the first of several. The usual way leads through objects alone."""
    for index, key in enumerate(keys):
        if not isinstance(value, dict) or SIGNATURE in value:
            return _leave(value, keys[index:], _joined(path, keys[:index]), first=first)
        value = value.get(key)
    return [_classify(value, _joined(path, keys))]


def _leave(value: Value, keys: tuple[str, ...], path: str, *, first: bool) -> list[Reading]:
    """Read on where no plain object is, but further keys are asked for."""
    if value is None:
        return [Reading(_joined(path, keys), State.ABSENT)]
    if not isinstance(value, list):
        opaque = _classify(value, path)
        return [Reading(path, State.WRONG) if opaque.state in _SEEN else opaque]
    if not value:
        return [Reading(path, State.EMPTY)]
    found: list[Reading] = []
    for at, each in enumerate(value[:1] if first else value):
        found += _walk(each, keys, f"{path}[{at}]", first=first)
    return found


def _joined(path: str, keys: tuple[str, ...]) -> str:
    return f"{path}{_below(keys)}" if path else _below(keys).removeprefix(".")


@lru_cache(maxsize=4096)
def _below(keys: tuple[str, ...]) -> str:
    """Give what keys append to a path that is not empty."""
    path = "."
    for key in keys:
        path = join_key(path, key)
    return path[1:]


def _classify(value: Value, path: str) -> Reading:
    if value is None:
        return Reading(path, State.ABSENT)
    if isinstance(value, str):
        if is_unknown(value):
            return Reading(path, State.UNKNOWN, value)
        return Reading(path, State.KNOWN, value) if value else Reading(path, State.EMPTY)
    if isinstance(value, (dict, list)):
        if not value:
            return Reading(path, State.EMPTY)
        if isinstance(value, dict) and SIGNATURE in value:
            return Reading(path, State.SECRET if is_secret(value) else State.WRONG)
    return Reading(path, State.KNOWN, value)
