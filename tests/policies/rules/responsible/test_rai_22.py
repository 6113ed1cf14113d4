from __future__ import annotations

from typing import Any

import pytest

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
