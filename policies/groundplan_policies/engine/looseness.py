"""Whether one value of a parameter asks less than another."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from groundplan_policies.engine.parameters import Looser, Parameters

ParameterValue: TypeAlias = bool | int | str | tuple[str, ...] | Mapping[str, str]
"""A value of a parameter."""


def is_looser(name: str, before: ParameterValue | None, after: ParameterValue | None) -> bool:
    """Whether a value of a parameter asks less than the one before it.

    A value where there was none is no loosening. None in the place of a value is one: nobody says any more what the
    value was.

    Args:
        name: Name of the parameter.
        before: The value before.
        after: The value that holds.
    """
    if before is None or after is None:
        return before is not None
    return _LOOSER[Parameters.describe()[name][1]](before, after)


def _number(value: ParameterValue) -> float:
    return float(value) if isinstance(value, (int, float)) else float("nan")


def _entries(value: ParameterValue) -> frozenset[object]:
    if isinstance(value, Mapping):
        return frozenset(value.items())
    return frozenset(value) if isinstance(value, tuple) else frozenset()


_LOOSER: Mapping[Looser, Callable[[ParameterValue, ParameterValue], bool]] = {
    Looser.HIGHER: lambda before, after: _number(after) > _number(before),
    Looser.LOWER: lambda before, after: _number(after) < _number(before),
    Looser.MORE: lambda before, after: bool(_entries(after) - _entries(before)),
    Looser.FEWER: lambda before, after: bool(_entries(before) - _entries(after)),
    Looser.TRUE: lambda before, after: after is True and before is not True,
    Looser.FALSE: lambda before, after: before is True and after is not True,
    Looser.ANY: lambda before, after: before != after,
}
