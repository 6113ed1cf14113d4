"""Which of two classes of data is the stricter one."""

from collections.abc import Sequence
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource

CLASS: Final = Path("agreement.dataClass")


def is_laxer(one: str, other: str, context: Context) -> bool | None:
    """Whether a class asks for less than another, by the order of the settings; None where they list none.

    A class that the settings do not know, or that nobody says, counts as the strictest.
    """
    order = context.parameters.classifications
    if order is None:
        return None
    return _rank(one, order) < _rank(other, order)


def is_about_people(agreement: Resource, context: Context) -> bool | None:
    """Whether an agreement is on data about people; None where the settings do not say which classes are.

    One whose class nobody says, or that the settings do not know, counts as about people.
    """
    personal, known = context.parameters.personal_classes, context.parameters.classifications
    if personal is None or known is None:
        return None
    return CLASS.one(agreement).text not in set(known) - set(personal)


def _rank(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)
