from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.declarations import REVIEW
from groundplan_policies.rules.responsible.rai_02 import CONTROL
from tests.policies.rules.harness import outcome, put, stated_verdicts, verdict
from tests.policies.rules.responsible.world import REVIEWED, TODAY, WORLD, component, review


def changed(**changes: Any) -> Verdict:
    return verdict(CONTROL, review(**changes), **WORLD)


test_stated = stated_verdicts(CONTROL, [REVIEWED], best=Verdict.DECLARED, **WORLD)


@pytest.mark.parametrize(
    ("ago", "expected"),
    [(0, Verdict.DECLARED), (365, Verdict.DECLARED), (366, Verdict.FAIL), (-1, Verdict.FAIL)],
)
def test_a_review_is_of_some_day_within_the_limit(ago: int, expected: Verdict) -> None:
    assert changed(reviewed=(TODAY - timedelta(days=ago)).isoformat()) is expected


@pytest.mark.parametrize(("ahead", "expected"), [(0, Verdict.DECLARED), (1, Verdict.DECLARED), (-1, Verdict.FAIL)])
def test_the_next_review_is_not_past(ahead: int, expected: Verdict) -> None:
    assert changed(nextReview=(TODAY + timedelta(days=ahead)).isoformat()) is expected


@pytest.mark.parametrize("text", ["last spring", "2026-13-01", "26.11.2026"])
def test_what_is_no_date_cannot_be_judged(text: str) -> None:
    assert changed(reviewed=text) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "reviewer",
    [
        *(
            "group:ml@acme.test",
            "ML@acme.test",
            " user:ml@acme.test ",
            "Emma Ell <ml@acme.test>",
            "ml+review@acme.test",
        ),
        "principal://goog/subject/ml@acme.test",
    ],
)
def test_nobody_reviews_their_own_work(reviewer: str) -> None:
    found = outcome(CONTROL, review(reviewer=reviewer), **WORLD)
    assert found.verdict is Verdict.FAIL
    assert found.reasons[0].path == "review.reviewer"


def test_a_review_that_was_changed_has_another_digest() -> None:
    good = REVIEWED.inputs
    edited = component(REVIEW, put(good, "review.riskClass", "minimal"), "income")
    assert verdict(CONTROL, edited, **WORLD) is Verdict.FAIL
    floats = component(REVIEW, put(good, "review.rollback.keptVersions", 3.0), "income")
    assert verdict(CONTROL, floats, **WORLD) is Verdict.DECLARED


def test_without_a_day_or_a_limit_nobody_can_tell() -> None:
    assert verdict(CONTROL, REVIEWED, parameters=WORLD["parameters"]) is Verdict.INDETERMINATE
    assert verdict(CONTROL, REVIEWED, parameters=Parameters(), as_of=date(2026, 11, 26)) is Verdict.INDETERMINATE


@pytest.mark.parametrize("who", ["group:", " ", "user: "])
def test_who_cannot_be_told_may_be_anybody(who: str) -> None:
    assert changed(reviewer=who) is Verdict.INDETERMINATE
    assert changed(owner=who) is Verdict.INDETERMINATE
