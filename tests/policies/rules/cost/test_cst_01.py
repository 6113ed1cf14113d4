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
        ({"monitoringNotificationChannels": [""]}, Verdict.FAIL),
        ({"monitoringNotificationChannels": ["", "projects/p/notificationChannels/1"]}, Verdict.PASS),
        ({"monitoringNotificationChannels": [7]}, Verdict.INDETERMINATE),
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


OURS = R("storage.Bucket", {"project": "acme-ml"}, "bucket")


@pytest.mark.parametrize(
    ("projects", "expected"),
    [
        (["projects/acme-ml"], Verdict.PASS),
        (["projects/acme-web", "projects/acme-ml"], Verdict.PASS),
        (["projects/acme-web"], Verdict.FAIL),
        (["projects/acme-web", "projects/456789012345"], Verdict.PASS),
        ([f"projects/{UNKNOWN}"], Verdict.INDETERMINATE),
    ],
)
def test_it_watches_a_project_of_ours(projects: list[str], expected: Verdict) -> None:
    budget = R("billing.Budget", {**SAID, "budgetFilter": {"projects": projects}})
    assert verdict(CONTROL, budget, OURS) is expected


def test_where_projects_are_not_told_a_budget_may_be_for_ours() -> None:
    budget = R("billing.Budget", {**SAID, "budgetFilter": {"projects": ["projects/acme-web"]}})
    assert verdict(CONTROL, budget, R("storage.Bucket", {}, "bucket")) is Verdict.PASS


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"services": ["services/24E6-581D-38E5"]}, Verdict.FAIL),
        ({"labels": {"team": "a"}}, Verdict.FAIL),
        ({"subaccounts": ["billingAccounts/0"]}, Verdict.FAIL),
        ({"services": UNKNOWN}, Verdict.INDETERMINATE),
        ({"labels": secret()}, Verdict.INDETERMINATE),
    ],
)
def test_a_budget_of_a_part_is_not_one_of_everything(part: dict[str, Any], expected: Verdict) -> None:
    narrow = R("billing.Budget", {**SAID, "budgetFilter": {**SAID["budgetFilter"], **part}}, "narrow")
    found = outcomes(CONTROL, narrow, R("storage.Bucket", {}, "bucket"))
    assert found[""].verdict is expected
    assert found["narrow"].verdict is Verdict.PASS
    assert "" not in outcomes(CONTROL, narrow, R("billing.Budget", SAID, "whole"))


@pytest.mark.parametrize("part", [{"services": []}, {"labels": {}}, {"creditTypesTreatment": "EXCLUDE_ALL_CREDITS"}])
def test_what_narrows_nothing_is_no_part(part: dict[str, Any]) -> None:
    whole = R("billing.Budget", {**SAID, "budgetFilter": {**SAID["budgetFilter"], **part}})
    assert "" not in outcomes(CONTROL, whole)
