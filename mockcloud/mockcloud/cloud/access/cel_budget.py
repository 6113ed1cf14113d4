"""How much a condition may do: it is a client's, and a few letters of it can ask for more than anybody waits for."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, Final

MOST_TEXT: Final = 1_000_000
"""Characters of a text, and entries of a list, that a condition may make."""
_STEPS: Final = 200_000
"""Steps of an evaluation: parts of an expression evaluated for entries, entries compared, thousands of characters read.
A fraction of a second; conditions on what people make take some thousands."""
_left: ContextVar[int] = ContextVar("steps left", default=_STEPS)


class CelError(Exception):
    """A condition has no value for these variables."""


def spend(steps: int) -> None:
    """Take steps from what is left to the evaluation that runs.

    Raises:
        CelError: There are not so many left.
    """
    left = _left.get() - steps
    # What is overspent stays so: `||` and has() go on after an error.
    _left.set(left)
    if left < 0:
        raise CelError("the condition takes too many steps")


def budgeted(function: Callable[[Mapping[str, Any]], Any], given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a value
    """Evaluate an expression with steps of its own."""
    before = _left.set(_STEPS)
    try:
        return function(given)
    finally:
        _left.reset(before)


def hold_size(size: int) -> None:
    """Hold what is about to be made to a size.

    Raises:
        CelError: It would be larger.
    """
    if size > MOST_TEXT:
        raise CelError(f"a text or list of more than {MOST_TEXT} characters or entries")


def spend_reading(values: tuple[object, ...]) -> None:
    """Take a step for a call, and one for each thousand characters that it reads."""
    spend(1 + sum(len(each) for each in values if isinstance(each, str)) // 1000)
