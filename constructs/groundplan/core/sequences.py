"""Text that stands where several values are wanted: Python reads it as one value a letter, so it is told once."""

from __future__ import annotations

import dataclasses
from typing import Any, Final, TypeVar

from groundplan.core.validation import Checks

D = TypeVar("D")

_SEVERAL: Final = "tuple["
_CHECKED_BEFORE: Final = "Environment"
_KNOWN: Final[dict[type[Any], tuple[tuple[str, bool], ...]]] = {}


def check_several(checks: Checks, field: str, value: object) -> bool:
    """Record where text stands for several values, as in ``approvers="group:ml@acme.test"``."""
    return checks.that(
        not isinstance(value, str),
        field,
        "is text, where several values are wanted",
        given=value,
        allowed="a tuple of values",
        do="write a comma after the one value, inside brackets, as in ('one',)",
    )


def as_tuples(checks: Checks, holder: D, place: str = "") -> D:
    """Return a dataclass with each text that stands for several values as a tuple of that one, and record them all.

    It looks into dataclasses and tuples of them. The further checks of such a field then find one value, not letters.
    """
    changed: dict[str, Any] = {}
    kind: type[Any] = type(holder)
    for name, several in _fields(kind):
        value, field = getattr(holder, name), f"{place}{name}"
        if several and not check_several(checks, field, value):
            changed[name] = (value,)
        elif isinstance(value, tuple):
            inner = tuple(_inside(checks, entry, f"{field}[{index}]") for index, entry in enumerate(value))
            if any(new is not old for new, old in zip(inner, value, strict=True)):
                changed[name] = inner
        elif (inside := _inside(checks, value, field)) is not value:
            changed[name] = inside
    return dataclasses.replace(holder, **changed) if changed else holder  # type: ignore[type-var] # has fields, so it is one


def _inside(checks: Checks, value: object, place: str) -> object:
    kind: type[Any] = type(value)
    return as_tuples(checks, value, f"{place}.") if _fields(kind) else value


def _fields(kind: type[Any]) -> tuple[tuple[str, bool], ...]:
    """Return the fields that a dataclass is given, and whether each takes several values; nothing of another class."""
    if kind not in _KNOWN:
        fields = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
        given = [field for field in fields if field.init and field.type != _CHECKED_BEFORE]
        _KNOWN[kind] = tuple((field.name, str(field.type).startswith(_SEVERAL)) for field in given)
    return _KNOWN[kind]
