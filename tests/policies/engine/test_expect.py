"""Expectations: what is answered at once is what a look at every reading says."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import (
    Expectation,
    as_shown,
    is_absent,
    is_false,
    is_known,
    is_number,
    is_one_of,
    is_set,
    is_true,
    unreadable,
    wrong_type,
)
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.values import UNKNOWN, Value
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, fail, indeterminate
from tests.policies.engine.examples import secret
from tests.policies.rules.harness import R, document

EXPECTATIONS = {
    "true": is_true("a.b"),
    "true or absent": is_true("a.b", absent=Verdict.PASS),
    "false": is_false("a.b"),
    "word": is_one_of("a.b", "one", "two"),
    "not applicable": is_one_of("a.b", "one", absent=Verdict.NOT_APPLICABLE),
    "set": is_set("a.b", "kms.CryptoKey"),
    "number": is_number("a.b", at_least=1, at_most=5, absent=Verdict.INDETERMINATE),
    "known": is_known("a.b", "a text", str),
    "nothing": is_absent("a.b", "an address"),
}
PLAIN: tuple[Value, ...] = (None, True, False, 0, 1, 7, 1.0, "", " ", "one", "two", "3", "x", UNKNOWN, f"one{UNKNOWN}")
HOLDERS: tuple[Value, ...] = (secret("v1:x"), {}, [], {"c": 1}, ["one"], [1, "one"])
SHAPES: dict[str, Callable[[Value], Value]] = {
    "there": lambda leaf: {"b": leaf},
    "in place of the block": lambda leaf: leaf,
    "in an only block": lambda leaf: [{"b": leaf}],
    "in the second block": lambda leaf: [{"b": "one"}, {"b": leaf}],
    "in place of the second block": lambda leaf: [{"b": True}, leaf],
}
FOUND = document(R("storage.Bucket", {}, "b"))
CONTEXT = Context(Graph(FOUND))
BUCKET = next(each for each in FOUND if each.name == "b")


def slowly(expectation: Expectation, reading: Reading) -> Outcome:
    """Judge a reading as the fields of an expectation are described; nothing here comes from a resource."""
    stated = {Verdict.FAIL: fail, Verdict.INDETERMINATE: indeterminate}
    for state, verdict, what in (
        (State.ABSENT, expectation.absent, "absent"),
        (State.EMPTY, expectation.empty, "empty"),
    ):
        if reading.state is state:
            message = f"is {what}; expected is {expectation.expected}"
            return stated[verdict](message, reading.path) if verdict in stated else Outcome(verdict)
    unclear = unreadable(reading, absent=PASS)
    if unclear is not None:
        return unclear
    if type(reading.value) not in expectation.types:
        return wrong_type(reading, expectation.type_name)
    answer = expectation.judge(reading.value)
    if isinstance(answer, Outcome):
        return answer
    return PASS if answer else fail(f"is not {expectation.expected}", reading.path)


def without_values(outcome: Outcome) -> tuple[Verdict, list[tuple[str, str]]]:
    return outcome.verdict, [(each.path, each.message) for each in outcome.reasons]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", EXPECTATIONS)
def test_the_quick_answer_is_the_slow_one(name: str, shape: str) -> None:
    expectation = EXPECTATIONS[name]
    for leaf in (*PLAIN, *HOLDERS):
        bucket = replace(BUCKET, inputs={"a": SHAPES[shape](leaf)})
        expected = all_of([slowly(expectation, each) for each in expectation.path.read(bucket)])

        assert without_values(expectation(bucket, CONTEXT)) == without_values(expected), leaf


def test_the_answer_to_an_absent_value_is_made_once() -> None:
    assert EXPECTATIONS["true or absent"](BUCKET, CONTEXT) is PASS
    assert EXPECTATIONS["true"](BUCKET, CONTEXT) is EXPECTATIONS["true"](BUCKET, CONTEXT)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_ALL"),
        ("TLS_1_2", "TLS_1_2"),
        ("rsasha1", "rsasha1"),
        ("inherited", "inherited"),
        ("7776000", "7776000"),
        (True, "true"),
        (7, "7"),
        ("ya29.a0AfB_byC3x", ""),
        ("sk-8f2c1d", ""),
        ("x" * 60, ""),
        ("canary 1 <b>", ""),
    ],
    ids=str,
)
def test_only_what_looks_like_a_word_of_an_enumeration_is_shown(value: Value, expected: str) -> None:
    assert as_shown(value) == expected
