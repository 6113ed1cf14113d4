from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_22 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts
from tests.policies.rules.responsible.world import (
    ENDPOINT,
    MONITOR,
    REVIEWED,
    SAID,
    SCHEDULE,
    SERVED,
    TRAINING,
    WORLD,
    around,
    review,
    schedule,
)

test_stated = stated_verdicts(CONTROL, [REVIEWED], TRAINING, SCHEDULE, best=Verdict.DECLARED, **WORLD)


def judged(*others: R, **changes: Any) -> Verdict:
    return outcome(CONTROL, review(retraining={**SAID["retraining"], **changes}), *others, **WORLD).verdict


def test_a_schedule_that_is_on_realises_it() -> None:
    assert judged(TRAINING, SCHEDULE) is Verdict.DECLARED
    assert judged(TRAINING, schedule(desiredState="ACTIVE")) is Verdict.DECLARED
    assert judged(TRAINING, schedule(desiredState="PAUSED")) is Verdict.FAIL
    assert judged() is Verdict.FAIL
    other = around("groundplan:pipelines:PipelineEnvironment", "pipelines", review=None)
    assert judged(other, schedule(other)) is Verdict.FAIL


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"desiredState": UNKNOWN}, Verdict.INDETERMINATE),
        ({"desiredState": "paused"}, Verdict.FAIL),
        ({"endTime": "2026-11-26T00:00:00Z"}, Verdict.FAIL),
        ({"endTime": "2026-11-27T00:00:00Z"}, Verdict.DECLARED),
        ({"endTime": "soon"}, Verdict.INDETERMINATE),
        ({"endTime": UNKNOWN}, Verdict.INDETERMINATE),
        ({"maxRunCount": "1"}, Verdict.FAIL),
        ({"maxRunCount": 1}, Verdict.FAIL),
        ({"maxRunCount": "52"}, Verdict.DECLARED),
        ({"maxRunCount": "2"}, Verdict.DECLARED),
        ({"maxRunCount": ""}, Verdict.DECLARED),
        ({"endTime": ""}, Verdict.DECLARED),
        ({"desiredState": ""}, Verdict.DECLARED),
        ({"maxRunCount": UNKNOWN}, Verdict.INDETERMINATE),
    ],
)
def test_a_schedule_goes_on(inputs: dict[str, Any], expected: Verdict) -> None:
    assert judged(TRAINING, schedule(**inputs)) is expected


def test_one_schedule_that_goes_on_is_enough() -> None:
    once = R("colab.Schedule", {**SCHEDULE.inputs, "maxRunCount": "1"}, "once", record=SCHEDULE.record)
    assert judged(TRAINING, once, SCHEDULE) is Verdict.DECLARED


def test_an_end_is_judged_by_the_day_of_the_check() -> None:
    kept = review(retraining=SAID["retraining"])
    ends = schedule(endTime="2030-01-01T00:00:00Z")
    world = {**WORLD, "as_of": None}
    assert outcome(CONTROL, kept, TRAINING, ends, **world).verdict is Verdict.INDETERMINATE


def test_drift_is_seen_by_monitoring() -> None:
    assert judged(SERVED, ENDPOINT, MONITOR, trigger="drift") is Verdict.DECLARED
    assert judged(SERVED, ENDPOINT, trigger="drift") is Verdict.FAIL
    assert judged(TRAINING, SCHEDULE, trigger="drift") is Verdict.FAIL


@pytest.mark.parametrize("trigger", ["manual", "sometimes"])
def test_nothing_reminds_a_hand(trigger: str) -> None:
    assert judged(TRAINING, SCHEDULE, SERVED, ENDPOINT, MONITOR, trigger=trigger) is Verdict.FAIL


@pytest.mark.parametrize("key", ["dataWindowDays", "maximumAgeDays"])
@pytest.mark.parametrize(("days", "expected"), [(1, Verdict.DECLARED), (0, Verdict.FAIL)])
def test_days_are_days(key: str, days: int, expected: Verdict) -> None:
    assert judged(TRAINING, SCHEDULE, **{key: days}) is expected


def test_a_hand_is_a_trigger_that_somebody_may_name() -> None:
    kept = {**SAID["retraining"], "trigger": "manual"}
    by_hand = outcome(CONTROL, review(retraining=kept), TRAINING, SCHEDULE, **WORLD)
    odd = outcome(CONTROL, review(retraining={**kept, "trigger": "sometimes"}), TRAINING, SCHEDULE, **WORLD)
    assert by_hand.reasons[0].message != odd.reasons[0].message
    assert (by_hand.verdict, by_hand.reasons[0].path) == (Verdict.FAIL, "review.retraining.trigger")
