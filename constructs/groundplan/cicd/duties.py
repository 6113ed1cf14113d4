"""Separation of duties: who builds does not approve, and who approves does not run."""

from __future__ import annotations

import enum
from typing import Final

from groundplan.core.principals import Identity
from groundplan.core.validation import Checks


class Duty(enum.StrEnum):
    """A part in delivery; nobody has two of them."""

    RUN = "run builds"
    APPROVE = "approve builds"


class Duties:
    """Who has which duty, across the triggers that share them."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._holders: Final[dict[Duty, set[str]]] = {duty: set() for duty in Duty}

    def take(self, duty: Duty, identity: Identity, where: str) -> None:
        """Give an identity a duty; one that has the other raises ``ArgumentError``.

        Two are the same by address, or by short name where an address is known only later. That a group holds somebody
        who has the other duty cannot be seen from here.
        """
        names = {identity.label, identity.member} if isinstance(identity.member, str) else {identity.label}
        others = [(other, held) for other, held in self._holders.items() if other is not duty]
        checks = Checks(where)
        for other, held in others:
            checks.that(
                not names & held,
                "principal",
                f"would {duty.value} and also {other.value}",
                given=identity.label,
                allowed="one duty for each principal",
                do="give one of the two to somebody else",
            )
        checks.finish()
        self._holders[duty] |= names
