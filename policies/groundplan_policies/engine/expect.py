"""Expectations of one property, as most controls have them: a check that is quick where the value is as it should be.

An expectation is a check (see `Check`): called with a resource it gives an outcome. The usual good case is one
comparison. Everything else goes the slow way, which tells an absent value from an empty, unknown, secret or wrongly
typed one. What it says of each can be stated where it is made, and is part of the control's documentation: `reads`.
"""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Read
from groundplan_policies.engine.fields import kind
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_unknown
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Verdict,
    all_of,
    any_of,
    fail,
    indeterminate,
)

_WORD: Final = re.compile(r"[A-Za-z](?:[A-Za-z_ -]{0,47}|[A-Za-z_]{0,16}[0-9_.]{1,6})\s?|-?[0-9.]{1,20}")
"""A word of an enumeration, such as `INGRESS_TRAFFIC_ALL` or `TLS_1_2`, or a number."""

Judge: TypeAlias = Callable[[Value], "Outcome | bool"]
"""Looks at one known value: true or false for pass or fail, or an outcome of its own."""


_PLAIN = (bool, int, float, str)


def unreadable(reading: Reading, *, absent: Outcome, empty: Outcome | None = None) -> Outcome | None:
    """Give the outcome for a value that cannot be judged, None for one that can.

    Args:
        reading: The value.
        absent: What to say where it is not there.
        empty: What to say of an empty block, list or text; as `absent` by default.
    """
    match reading.state:
        case State.KNOWN:
            return None
        case State.ABSENT:
            return absent
        case State.EMPTY:
            return absent if empty is None else empty
        case State.UNKNOWN:
            return indeterminate("is known only after the deployment", reading.path)
        case State.SECRET:
            return indeterminate("is a secret, so nobody can see what it is", reading.path)
        case State.WRONG:
            return indeterminate("is not what the provider takes there", reading.path)


def wrong_type(reading: Reading, expected: str) -> Outcome:
    """Give the outcome for a value of another type than the provider takes."""
    return indeterminate(f"is {kind(reading.value)} where {expected} is expected", reading.path)


def as_shown(value: Value) -> str:
    """Give a value as programs and documents write it: `true`, and not as Python prints it.

    A text is shown if it looks like a word of an enumeration; what else stands in the place of one may be a secret.
    """
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) else ""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def of_verdict(verdict: Verdict, message: str, path: str) -> Outcome:
    """Give the outcome of a stated verdict."""
    if verdict is Verdict.PASS:
        return PASS
    if verdict is Verdict.NOT_APPLICABLE:
        return NOT_APPLICABLE
    return fail(message, path) if verdict is Verdict.FAIL else indeterminate(message, path)


@dataclass(frozen=True)
class Expectation:
    """An expectation of the values at one path: each of them must be as expected.

    Attributes:
        path: Where.
        expected: What, for messages: "true", "at most 90 days".
        judge: Looks at a known value of the right type.
        type_name: The right type, for messages: "a boolean".
        types: The right Python types.
        quick: A value which passes at once, for the usual case; None if there is none.
        absent: Verdict where nothing is there.
        empty: Verdict for an empty block, list or text.
        wrong: Verdict for a value of another type.
        show: Whether a value at fault may be shown: only where it can be no secret and no personal data.
        sources: Short names of types of which an unknown value may come and passes: a key that is made in this run.
    """

    path: Path
    expected: str
    judge: Judge
    type_name: str
    types: tuple[type, ...]
    quick: Value = None
    absent: Verdict = Verdict.FAIL
    empty: Verdict = Verdict.FAIL
    wrong: Verdict = Verdict.INDETERMINATE
    show: bool = False
    sources: tuple[str, ...] = ()

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Look at one resource."""
        value = self.path.plain(resource.inputs)
        if value is None:
            return self._where_absent
        if value == self.quick and type(value) is type(self.quick):
            return PASS
        if isinstance(value, _PLAIN) and type(value) in self.types and self._is_good(value):
            return PASS
        return all_of([self._look(resource, reading, context) for reading in self.path.read(resource)])

    def _is_good(self, value: Value) -> bool:
        """Whether a plain value of the right type passes at once. False says nothing."""
        return value != "" and not is_unknown(value) and self.judge(value) is True

    @cached_property
    def _where_absent(self) -> Outcome:
        """What to say where nothing is, and no list is on the way there: always the same."""
        return all_of([self._say_absent(self.path.written)])

    def reads(self, type_: str) -> Read:
        """Give what this says of a missing value, for the control's documentation."""
        return Read(type_, self.path.text, absent=self.absent, empty=self.empty, wrong=self.wrong)

    def _look(self, resource: Resource, reading: Reading, context: Context) -> Outcome:
        match reading.state:
            case State.ABSENT:
                return self._say_absent(reading.path)
            case State.EMPTY:
                return of_verdict(self.empty, f"is empty; expected is {self.expected}", reading.path)
            case State.UNKNOWN if self.sources and context.graph.resolve(resource, reading, *self.sources) is not None:
                return PASS
        missing = unreadable(reading, absent=PASS)
        if missing is not None:
            return missing
        return self._judge(reading)

    def _say_absent(self, path: str) -> Outcome:
        return of_verdict(self.absent, f"is absent; expected is {self.expected}", path)

    def _judge(self, reading: Reading) -> Outcome:
        if type(reading.value) not in self.types:
            return wrong_type(reading, self.type_name)
        answer = self.judge(reading.value)
        if isinstance(answer, Outcome):
            return answer
        if answer:
            return PASS
        return fail(f"is not {self.expected}", reading.path, as_shown(reading.value) if self.show else "")


def is_true(path: str, *, absent: Verdict = Verdict.FAIL) -> Expectation:
    """Expect true. Absent fails, if nothing else is said."""
    return Expectation(
        Path(path), "true", lambda value: value is True, "a boolean", (bool,), quick=True, absent=absent, show=True
    )


def is_false(path: str, *, absent: Verdict = Verdict.PASS, empty: Verdict = Verdict.INDETERMINATE) -> Expectation:
    """Expect false. Absent passes, if nothing else is said; in the place of a boolean nothing may be empty."""
    return Expectation(
        Path(path),
        "false",
        lambda value: value is False,
        "a boolean",
        (bool,),
        quick=False,
        absent=absent,
        empty=empty,
        show=True,
    )


def is_one_of(path: str, *allowed: str, absent: Verdict = Verdict.FAIL) -> Expectation:
    """Expect one of a few words, such as the values of an enumeration. The first is the usual one."""
    expected = " or ".join(allowed)
    return Expectation(
        Path(path),
        expected,
        lambda value: value in allowed,
        "a text",
        (str,),
        quick=allowed[0],
        absent=absent,
        show=True,
    )


def is_set(path: str, *sources: str, expected: str = "a value", absent: Verdict = Verdict.FAIL) -> Expectation:
    """Expect a text that is not empty.

    Args:
        path: Where.
        sources: Short names of the types of which an unknown value may come.
        expected: What, for messages.
        absent: Verdict where nothing is there.
    """
    return Expectation(
        Path(path),
        expected,
        lambda value: bool(str(value).strip()),
        "a text",
        (str,),
        absent=absent,
        sources=sources,
    )


def is_number(
    path: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    unit: str = "",
    absent: Verdict = Verdict.FAIL,
) -> Expectation:
    """Expect a number within bounds. A text that is a number counts, as the provider takes it."""
    low = "" if at_least is None else f"at least {at_least:g}"
    high = "" if at_most is None else f"at most {at_most:g}"
    expected = " and ".join(filter(None, (low, high))) + (f" {unit}" if unit else "")

    def judge(value: Value) -> Outcome | bool:
        try:
            number = float(value) if isinstance(value, (int, float, str)) else math.nan
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            return indeterminate("is no number where one is expected", path)
        return (at_least is None or number >= at_least) and (at_most is None or number <= at_most)

    return Expectation(Path(path), expected, judge, "a number", (int, float, str), absent=absent, show=True)


def is_known(path: str, type_name: str, *types: type) -> Expectation:
    """Expect of a value only that it can be read, if it is there: for one that does not decide by itself.

    Args:
        path: Where.
        type_name: The right type, for messages: "a boolean".
        types: The right Python types.
    """
    return Expectation(
        Path(path),
        type_name,
        lambda _: True,
        type_name,
        types,
        absent=Verdict.PASS,
        empty=Verdict.INDETERMINATE,
    )


def is_absent(path: str, what: str) -> Expectation:
    """Expect nothing at all: absent or empty passes, anything else fails.

    Args:
        path: Where.
        what: What stands there otherwise, for messages: "an external address".
    """

    def judge(_: Value) -> bool:
        return False

    return Expectation(
        Path(path),
        f"absent: it asks for {what}",
        judge,
        "nothing",
        (bool, int, float, str, list, dict),
        absent=Verdict.PASS,
        empty=Verdict.PASS,
        wrong=Verdict.FAIL,
    )


def every(*checks: Check) -> Check:
    """Ask for all of several checks."""

    def check(resource: Resource, context: Context) -> Outcome:
        return all_of([each(resource, context) for each in checks])

    return check


def either(*checks: Check) -> Check:
    """Ask for one of several checks."""

    def check(resource: Resource, context: Context) -> Outcome:
        outcomes: list[Outcome] = []
        for each in checks:
            outcome = each(resource, context)
            if outcome is PASS:
                return PASS
            outcomes.append(outcome)
        return any_of(outcomes)

    return check


def reads_of(checks: Mapping[str, Collection[Expectation]]) -> tuple[Read, ...]:
    """Give the documentation of the expectations of each type, for `Control.reads`."""
    return tuple(each.reads(type_) for type_, expectations in checks.items() for each in expectations)
