"""Which of two classes of data is the stricter one."""

from collections.abc import Sequence

from groundplan_policies.engine.context import Context


def is_laxer(one: str, other: str, context: Context) -> bool | None:
    """Whether a class asks for less than another, by the order of the settings; None where they list none.

    A class that the settings do not know, or that nobody says, counts as the strictest.
    """
    order = context.parameters.classifications
    if order is None:
        return None
    return _rank(one, order) < _rank(other, order)


def _rank(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)
