"""What settings do to controls: levels, what asks less than the tier, and the clauses that this costs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """What a gate does with a finding."""

    OFF = "off"
    """The control is not asked at all."""
    WARN = "warn"
    """The finding is printed."""
    BLOCK = "block"
    """The finding stops the deployment."""

    @property
    def rank(self) -> int:
        """How strict it is, 0 for the laxest."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosening:
    """A level or a parameter of the settings that asks less than the settings it extends.

    Attributes:
        what: The key in the settings file: the id of a control, a family, a severity, or the name of a parameter.
        before: The level or value of the settings that are extended, as text.
        after: The level or value that holds.
        controls: Ids of the controls that are asked less because of it.
        author: Who answers for it; "" if nobody is named.
        reason: Why; "" if nobody says.
        expires: The last day on which the explanation holds, None for no end.
        place: `file:line` of the looser value.
        lapsed: Whether the explanation's last day is over.
    """

    what: str
    before: str
    after: str
    controls: tuple[str, ...] = ()
    author: str = ""
    reason: str = ""
    expires: date | None = None
    place: str = ""
    lapsed: bool = False

    @property
    def explained(self) -> bool:
        """Whether somebody answers for it, says why, and that still holds."""
        return bool(self.author.strip() and self.reason.strip()) and not self.lapsed


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmetClause:
    """A clause of a framework for which a control earns no credit under these settings.

    Attributes:
        framework: Id of the framework, such as `cis-gcp-5.0`.
        clause: The clause, such as `1.11`.
        control: Id of the control.
        reason: Why, as a sentence without the full stop.
    """

    framework: str
    clause: str
    control: str
    reason: str
