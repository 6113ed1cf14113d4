"""Answers that are joined: which counts, and which reasons stay."""

from groundplan_policies.engine.verdicts import PASS, Verdict, all_of, declared, fail, indeterminate


def test_the_worst_counts_and_what_is_only_declared_is_no_reason_beside_it() -> None:
    found = all_of([PASS, declared("said"), indeterminate("not told"), fail("wrong")])

    assert found.verdict is Verdict.FAIL
    assert [each.message for each in found.reasons] == ["wrong", "not told"]


def test_what_cannot_be_told_does_not_say_what_is_declared() -> None:
    found = all_of([declared("said"), indeterminate("not told")])

    assert [each.message for each in found.reasons] == ["not told"]


def test_what_is_declared_says_all_that_is() -> None:
    found = all_of([declared("said"), PASS, declared("said as well")])

    assert found.verdict is Verdict.DECLARED
    assert [each.message for each in found.reasons] == ["said", "said as well"]
