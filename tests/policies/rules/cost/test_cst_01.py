from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.cost.cst_01 import CONTROL
from tests.policies.rules.harness import R, outcomes, secret, stated_verdicts, verdict

SAID: dict[str, Any] = {
    "budgetFilter": {"projects": ["projects/456789012345"]},
    "thresholdRules": [{"thresholdPercent": 0.5}, {"thresholdPercent": 0.9}, {"thresholdPercent": 1}],
    "allUpdatesRule": {"monitoringNotificationChannels": ["projects/p/notificationChannels/1"]},
}
test_stated = stated_verdicts(CONTROL, [R("billing.Budget", SAID)])


def judged(**changes: Any) -> Verdict:
    return verdict(CONTROL, R("billing.Budget", {**SAID, **changes}))


@pytest.mark.parametrize(
    ("percents", "expected"),
    [
        ([0.5, 1.0], Verdict.PASS),
        (["0.5", 1], Verdict.PASS),
        ([0.5, 0.9], Verdict.FAIL),
        ([1.0], Verdict.FAIL),
        ([0.9, "half"], Verdict.INDETERMINATE),
        ([0.5, UNKNOWN, 1], Verdict.PASS),
    ],
)
def test_alerts_at_half_and_all(percents: list[Any], expected: Verdict) -> None:
    assert judged(thresholdRules=[{"thresholdPercent": each} for each in percents]) is expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"pubsubTopic": "projects/p/topics/t"}, Verdict.PASS),
        ({"pubsubTopic": UNKNOWN}, Verdict.PASS),
        ({"monitoringNotificationChannels": [UNKNOWN]}, Verdict.PASS),
        ({}, Verdict.FAIL),
        ({"monitoringNotificationChannels": []}, Verdict.FAIL),
        ({"pubsubTopic": secret()}, Verdict.INDETERMINATE),
        ({"pubsubTopic": 7}, Verdict.INDETERMINATE),
    ],
)
def test_somebody_hears_of_it(rule: dict[str, Any], expected: Verdict) -> None:
    assert judged(allUpdatesRule=rule) is expected


@pytest.mark.parametrize(
    ("projects", "expected"), [([], Verdict.FAIL), (["acme"], Verdict.INDETERMINATE), ([""], Verdict.INDETERMINATE)]
)
def test_it_watches_projects(projects: list[str], expected: Verdict) -> None:
    assert judged(budgetFilter={"projects": projects}) is expected


def test_without_a_budget_nobody_hears() -> None:
    bucket = R("storage.Bucket", {}, "bucket")
    assert outcomes(CONTROL, bucket)[""].verdict is Verdict.FAIL
    assert outcomes(CONTROL, bucket, complete=False)[""].verdict is Verdict.INDETERMINATE
    assert "" not in outcomes(CONTROL, bucket, R("billing.Budget", SAID))
    assert outcomes(CONTROL, R("random:index:RandomId", {})) == {}
