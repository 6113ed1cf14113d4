"""Values that are no messages, read as Google's front end reads JSON: whole numbers as text or number, and so on."""

import base64
import binascii
import math
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Final

Read = Callable[[object], object]
"""From what was sent to what is kept. It raises `Unfit`."""


class Unfit(Exception):
    """A value is not of its type.

    Args:
        kind: The type, in the words of Google's front end.
        pattern: What the value would have to match, where that is what is wrong.
    """

    def __init__(self, kind: str, pattern: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.pattern = pattern


WHOLE: Final = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
"""Whole numbers by format: the least and the greatest."""
_INTEGER: Final = re.compile(r"-?[0-9]{1,20}")
_DURATION: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?s")
_LONG_SECOND: Final = re.compile(r"(\.\d{6})\d+")
_NAMED_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity"})


@cache
def reader(kind: str, form: str, enum: tuple[str, ...], pattern: str) -> Read:
    """Give what reads values of a type.

    Args:
        kind: `string`, `integer`, `number`, `boolean`; any other takes everything.
        form: The description's format; "" for none.
        enum: Names of an enumeration; its numbers are read elsewhere.
        pattern: What a text must match whole; "" for anything.
    """
    if enum:
        return _enum(frozenset(enum))
    if kind == "integer" or form in WHOLE:
        return _whole(form or "int32", text=kind == "string")
    if kind == "string":
        formats = {"byte": _bytes, "google-datetime": _moment, "google-duration": _duration}
        return formats.get(form) or (_matching(pattern) if pattern else _text)
    return {"boolean": _boolean, "number": _number_of(form)}.get(kind, _anything)


def _anything(value: object) -> object:
    return value


def _text(value: object) -> object:
    if isinstance(value, str):
        return value
    raise Unfit("TYPE_STRING")


def _matching(pattern: str) -> Read:
    expression = re.compile(pattern, re.DOTALL)

    def read(value: object) -> object:
        # An empty text counts as not set, as everywhere.
        if isinstance(value, str) and (not value or expression.fullmatch(value)):
            return value
        raise Unfit("TYPE_STRING", pattern if isinstance(value, str) else "")

    return read


def _boolean(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in {"true", "false"}:
        return value == "true"
    raise Unfit("TYPE_BOOL")


def _enum(names: frozenset[str]) -> Read:
    def read(value: object) -> object:
        if isinstance(value, str) and value in names:
            return value
        raise Unfit("TYPE_ENUM")

    return read


def _whole(form: str, *, text: bool) -> Read:
    low, high = WHOLE.get(form, WHOLE["int64"])

    def read(value: object) -> object:
        number: int | None = None
        if isinstance(value, int) and not isinstance(value, bool):
            number = value
        elif (isinstance(value, float) and value.is_integer()) or (
            isinstance(value, str) and _INTEGER.fullmatch(value)
        ):
            number = int(value)
        if number is None or not low <= number <= high:
            raise Unfit(f"TYPE_{form.upper()}")
        return str(number) if text else number

    return read


def _number_of(form: str) -> Read:
    def read(value: object) -> object:
        if isinstance(value, str) and value in _NAMED_NUMBERS:
            return value
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            try:
                number = float(value)
            except (ValueError, OverflowError):
                number = math.nan
            if math.isfinite(number):
                return number if isinstance(value, str) else value
        raise Unfit(f"TYPE_{(form or 'double').upper()}")

    return read


def _bytes(value: object) -> object:
    if isinstance(value, str):
        try:
            base64.b64decode(value.replace("-", "+").replace("_", "/") + "=" * (-len(value) % 4), validate=True)
        except (binascii.Error, ValueError):
            pass
        else:
            return value
    raise Unfit("TYPE_BYTES")


def _moment(value: object) -> object:
    if isinstance(value, str):
        # Python reads six digits of a second, Google writes up to nine.
        try:
            if datetime.fromisoformat(_LONG_SECOND.sub(r"\1", value)).tzinfo is not None:
                return value
        except ValueError:
            pass
    raise Unfit("type.googleapis.com/google.protobuf.Timestamp")


def _duration(value: object) -> object:
    if isinstance(value, str) and _DURATION.fullmatch(value):
        return value
    raise Unfit("type.googleapis.com/google.protobuf.Duration")


def shown(value: object) -> str:
    """Show what was given; what is long is cut, as an answer must not grow with what was sent."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    most = 100
    return text if len(text) <= most else text[:most] + "…"
