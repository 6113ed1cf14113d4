"""Parts of conditions put together: how the value of a whole follows from those of its parts."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from mockcloud.cloud.access.cel_budget import CelError, spend_reading

Variables = Mapping[str, Any]
Expression = Callable[[Variables], Any]


def is_there(arguments: list[Expression], given: Variables) -> bool:
    """Whether a field can be read."""
    try:
        arguments[0](given)
    except CelError:
        return False
    return True


def variable(given: Variables, name: str) -> Any:  # noqa: ANN401 - a value of the language
    """Give a variable."""
    if name not in given:
        raise CelError(f"there is no '{name}'")
    return given[name]


def field(on: Expression, name: str) -> Expression:
    """Give what reads a field of a value."""

    def read(given: Variables) -> Any:  # noqa: ANN401 - a value of the language
        value = on(given)
        if not isinstance(value, Mapping) or name not in value:
            raise CelError(f"there is no field '{name}'")
        return value[name]

    return read


def arithmetic(left: Expression, operation: Callable[[Any, Any], Any], right: Expression) -> Expression:
    """Give what joins two values."""
    return lambda given: operation(left(given), right(given))


_FAILURES: Final = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, OSError, RecursionError)
"""What Python raises for values that a function does not take, or too few or too many of them."""


def called(function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - a value of the language
    """Call a function with values of any type and number, as conditions have them."""
    spend_reading(arguments)
    try:
        return function(*arguments)
    except _FAILURES as error:
        raise CelError(f"a function does not take these values: {error}") from None


def negated(value: object) -> bool:
    """Give the other truth."""
    if not isinstance(value, bool):
        raise CelError("'!' takes true or false")
    return not value


def any_of(parts: list[Expression]) -> Expression:
    """Join with `||`: one that is true decides, even beside one that cannot be evaluated."""
    return lambda given: _joined(parts, given, deciding=True)


def all_of(parts: list[Expression]) -> Expression:
    """Join with `&&`: one that is false decides, even beside one that cannot be evaluated."""
    return lambda given: _joined(parts, given, deciding=False)


def _joined(parts: list[Expression], given: Variables, *, deciding: bool) -> bool:
    failed: CelError | None = None
    for each in parts:
        try:
            value = each(given)
        except CelError as error:
            failed = error
            continue
        if not isinstance(value, bool):
            failed = CelError("'&&' and '||' take true or false")
        elif value is deciding:
            return deciding
    if failed is not None:
        raise failed
    return not deciding
