"""What a control says of a resource, and how several answers become one."""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Verdict(StrEnum):
    """The answer of a control. None of the five is ever pooled with another."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    """What the control asks for is there."""
    FAIL = "fail"
    """It is not there."""
    INDETERMINATE = "indeterminate"
    """The document does not say. In a gate this blocks wherever a fail would."""
    NOT_APPLICABLE = "not applicable"
    """The control has nothing to say about this resource."""
    DECLARED = "declared"
    """A person says so, and nothing that can be seen contradicts it."""


class Severity(StrEnum):
    """How much harm follows from what a control is about."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Place in the order of harm, 0 for the worst."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Reason(NamedTuple):
    """Why a verdict is no pass.

    Attributes:
        path: Property path of what is at fault, such as `gceSetup.networkInterfaces[0].accessConfigs`; "" for the
            resource as a whole.
        message: What is wrong, in the rule's own words. It holds no value of the document.
        shown: The value at fault, where the rule knows that it can be no secret; else "". Untrusted: whoever prints it
            escapes it.
    """

    path: str
    message: str
    shown: str = ""


class Outcome(NamedTuple):
    """A verdict with its reasons.

    Attributes:
        verdict: The verdict.
        reasons: Why, for fail, indeterminate and declared. A pass needs none.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


PASS = Outcome(Verdict.PASS)
NOT_APPLICABLE = Outcome(Verdict.NOT_APPLICABLE)


def fail(message: str, path: str = "", shown: str = "") -> Outcome:
    """Say that what the control asks for is not there."""
    return Outcome(Verdict.FAIL, (Reason(path, message, shown),))


def indeterminate(message: str, path: str = "", shown: str = "") -> Outcome:
    """Say that the document does not tell."""
    return Outcome(Verdict.INDETERMINATE, (Reason(path, message, shown),))


def declared(message: str, path: str = "", shown: str = "") -> Outcome:
    """Say that it is only a declaration which speaks for a pass."""
    return Outcome(Verdict.DECLARED, (Reason(path, message, shown),))


_WORST_FIRST = (Verdict.FAIL, Verdict.INDETERMINATE, Verdict.DECLARED, Verdict.PASS)
_BEST_FIRST = (Verdict.PASS, Verdict.DECLARED, Verdict.INDETERMINATE, Verdict.FAIL)


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Join answers of which each must hold: the worst counts. Without any that applies, the control does not apply.

    The reasons of a fail stand before those that are only indeterminate; both are kept. What is only declared is no
    reason beside them.
    """
    found = list(outcomes)
    passed = False
    for each in found:
        if each is PASS:
            passed = True
        elif each is not NOT_APPLICABLE:
            return _join(tuple(found), _WORST_FIRST)
    return PASS if passed else NOT_APPLICABLE


def any_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Join answers of which one is enough: the best counts."""
    return _join(tuple(outcomes), _BEST_FIRST)


@lru_cache(maxsize=4096)
def _join(outcomes: tuple[Outcome, ...], order: tuple[Verdict, ...]) -> Outcome:
    found = {each.verdict for each in outcomes}
    verdict = next((each for each in order if each in found), Verdict.NOT_APPLICABLE)
    if verdict is Verdict.PASS:
        return PASS
    if verdict is Verdict.NOT_APPLICABLE:
        return NOT_APPLICABLE
    told = {Verdict.DECLARED} if verdict is Verdict.DECLARED else {Verdict.FAIL, Verdict.INDETERMINATE}
    ranked = sorted(
        (each for each in outcomes if each.verdict in told), key=lambda each: _WORST_FIRST.index(each.verdict)
    )
    return Outcome(verdict, tuple(dict.fromkeys(reason for each in ranked for reason in each.reasons)))
