"""The order of the rules, and which are on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Final

from mockcloud.errors import Error

if TYPE_CHECKING:
    from mockcloud.cloud.call import Call


class Profile(StrEnum):
    """How much the cloud asks.

    `LENIENT`: the caller owns everything, APIs are on, projects appear on first use; values, references and uniqueness
    hold.
    `STRICT`: everything is asked.
    """

    LENIENT = "lenient"
    STRICT = "strict"


class Rule(StrEnum):
    """What can be switched, in the order in which it is asked."""

    AUTHENTICATION = "authentication"
    """Somebody must call, with credentials that the cloud knows."""
    PROJECTS = "projects"
    """The project must exist; else it appears on first use."""
    ENABLEMENT = "enablement"
    """The API must be enabled in the project."""
    ORGANISATION = "organisation"
    """Organisation policies hold."""
    PERIMETER = "perimeter"
    """Service perimeters hold."""
    ACCESS = "access"
    """IAM decides."""
    QUOTA = "quota"
    """Quotas hold."""
    VALUES = "values"
    """Labels, names, ids and members have the forms that Google allows."""
    REFERENCES = "references"
    """What a resource names must exist."""
    OFFERS = "offers"
    """Places, machine types, accelerators and disk types are those that Google has, as far as the tables know."""
    IN_USE = "in-use"
    """What is in use cannot be deleted."""


LENIENT: Final = frozenset({Rule.VALUES, Rule.REFERENCES})
STRICT: Final = frozenset(Rule)

_ON_THE_WAY: Final = (
    Rule.AUTHENTICATION,
    Rule.PROJECTS,
    Rule.ENABLEMENT,
    Rule.ORGANISATION,
    Rule.PERIMETER,
    Rule.ACCESS,
    Rule.QUOTA,
    Rule.VALUES,
    Rule.REFERENCES,
    Rule.OFFERS,
)
"""The rules that every call passes. Handlers ask for the others, and for references that only they know: `Rules.on`."""


class NoSuchRule(Error):
    """A rule or profile is named that there is not."""


Check = Callable[["Call"], None]


@dataclass(frozen=True, slots=True)
class _Step:
    rule: Rule
    check: Check
    otherwise: Check | None


class Rules:
    """Which rules are on in one cloud.

    Args:
        profile: Where to begin.
        on: Names of rules that are on beside.
        off: Names of rules that are off.

    Raises:
        NoSuchRule: A name is unknown.
    """

    def __init__(self, profile: str = "lenient", *, on: Iterable[str] = (), off: Iterable[str] = ()) -> None:
        self.profile = Profile(_known(profile, [each.value for each in Profile], "profile"))
        base = STRICT if self.profile is Profile.STRICT else LENIENT
        self._steps = _steps()
        self._set((base | _rules(on)) - _rules(off))

    def on(self, rule: Rule) -> bool:
        """Whether a rule is on."""
        return rule in self._on

    def switch(self, rule: str, *, on: bool) -> None:
        """Switch a rule."""
        chosen = _rules([rule])
        self._set(self._on | chosen if on else self._on - chosen)

    def _set(self, on: frozenset[Rule]) -> None:
        self._on = on
        asked = (step.check if step.rule in on else step.otherwise for step in self._steps)
        self._identify, *self._checks = [each or _nothing for each in asked]

    @property
    def names(self) -> list[str]:
        """The rules that are on, in their order."""
        return [each.value for each in Rule if each in self._on]

    def identify(self, call: "Call") -> None:
        """Ask the first rule: who calls.

        Raises:
            ApiError: Nobody does.
        """
        self._identify(call)

    def ask(self, call: "Call") -> None:
        """Ask the other rules, now that caller and body are known.

        Raises:
            ApiError: One refuses.
        """
        for check in self._checks:
            check(call)


def _nothing(_: "Call") -> None:
    """Ask nothing."""


def _rules(names: Iterable[str]) -> frozenset[Rule]:
    return frozenset(Rule(_known(each, [rule.value for rule in Rule], "rule")) for each in names)


def _known(name: str, names: list[str], what: str) -> str:
    if name in names:
        return name
    raise NoSuchRule(
        f"There is no such {what}",
        given=repr(name),
        allowed=", ".join(names),
        remedy=f"Name a {what} of this list.",
    )


def _steps() -> tuple[_Step, ...]:
    """Give the steps. Each rule is a module of its name: `check`, and `otherwise` where something holds without it."""
    found = []
    for rule in _ON_THE_WAY:
        module = import_module(f"mockcloud.cloud.rules.{rule.value}")
        found.append(_Step(rule, module.check, getattr(module, "otherwise", None)))
    return tuple(found)
