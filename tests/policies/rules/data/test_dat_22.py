"""DAT-22: erasure reaches hidden copies."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_22 import CONTROL
from tests.policies.rules.data.worlds import CLASSED, labels
from tests.policies.rules.harness import PARAMETERS, R, outcome, stated_verdicts, verdict

SETTINGS = replace(CLASSED, erasure_days=30)
DAY = 86400


def bucket(soft: object = ..., condition: object = ..., *, versioned: object = True) -> R:
    inputs: dict[str, Any] = {"labels": labels("personal")}
    if soft is not ...:
        inputs["softDeletePolicy"] = {"retentionDurationSeconds": soft}
    if condition is not ...:
        inputs["lifecycleRules"] = [{"action": {"type": "Delete"}, "condition": condition}]
    if versioned is not ...:
        inputs["versioning"] = {"enabled": versioned}
    return R("storage.Bucket", inputs)


GOOD = bucket(14 * DAY, {"daysSinceNoncurrentTime": 15, "withState": "ARCHIVED"})
DATASET = R("bigquery.Dataset", {"labels": labels("personal"), "maxTimeTravelHours": 48})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD, DATASET], parameters=SETTINGS)


@pytest.mark.parametrize(
    "good",
    [
        bucket(14 * DAY, {"daysSinceNoncurrentTime": 15}),
        bucket(condition={"daysSinceNoncurrentTime": 22}),
        bucket(7 * DAY, {"age": 22, "withState": "ANY"}),
        bucket(7 * DAY, {"age": 22, "daysSinceNoncurrentTime": 3}),
        bucket(0, {"daysSinceNoncurrentTime": 29}),
        bucket(30 * DAY, versioned=False),
        bucket(30 * DAY, versioned=...),
        bucket(0, {"sendDaysSinceNoncurrentTimeIfZero": True}),
    ],
)
def test_copies_that_are_gone_in_time_pass(good: R) -> None:
    assert verdict(CONTROL, good, parameters=SETTINGS) is Verdict.PASS


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (bucket(14 * DAY, {"daysSinceNoncurrentTime": 16}), "lifecycleRules[0].condition"),
        (bucket(condition={"daysSinceNoncurrentTime": 23}), "lifecycleRules[0].condition"),
        (bucket(7 * DAY, {"age": 3, "daysSinceNoncurrentTime": 23}), "lifecycleRules[0].condition"),
        (bucket(7 * DAY, {"daysSinceNoncurrentTime": 3, "numNewerVersions": 2}), "lifecycleRules[0].condition"),
        (bucket(7 * DAY, {"daysSinceNoncurrentTime": 0}), "lifecycleRules[0].condition"),
        (bucket(7 * DAY, {"age": 3, "withState": "LIVE"}), "lifecycleRules"),
        (bucket(7 * DAY), "lifecycleRules"),
        (bucket(30 * DAY + 1, versioned=False), "softDeletePolicy.retentionDurationSeconds"),
    ],
)
def test_copies_that_stay_too_long_fail(bad: R, path: str) -> None:
    found = outcome(CONTROL, bad, parameters=SETTINGS)
    assert found.verdict is Verdict.FAIL
    assert found.reasons[-1].path == path


@pytest.mark.parametrize("bad", [bucket(UNKNOWN), bucket(-1), bucket("soon"), bucket(0, versioned="yes")])
def test_what_cannot_be_read_is_indeterminate(bad: R) -> None:
    assert verdict(CONTROL, bad, parameters=SETTINGS) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        ("48", 9, Verdict.PASS),
        (48.0, 9, Verdict.PASS),
        ("49", 9, Verdict.FAIL),
        (None, 14, Verdict.PASS),
        (None, 13, Verdict.FAIL),
    ],
)
def test_time_travel_and_the_fail_safe_week_add_up(hours: object, days: int, expected: Verdict) -> None:
    dataset = R("bigquery.Dataset", {"labels": labels("personal"), "maxTimeTravelHours": hours})
    found = outcome(CONTROL, dataset, parameters=replace(SETTINGS, erasure_days=days))
    assert found.verdict is expected
    if expected is Verdict.FAIL:
        assert [each.path for each in found.reasons] == ["maxTimeTravelHours"]


@pytest.mark.parametrize("short", ["storage.Bucket", "bigquery.Dataset"])
def test_only_personal_data_is_judged(short: str) -> None:
    public = R(short, {"labels": labels("public"), "maxTimeTravelHours": "9999"})
    assert verdict(CONTROL, public, parameters=SETTINGS) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("settings", [PARAMETERS, CLASSED, replace(PARAMETERS, erasure_days=30)])
def test_without_settings_nobody_can_say(settings: Any) -> None:
    assert verdict(CONTROL, GOOD, parameters=settings) is Verdict.INDETERMINATE
    assert verdict(CONTROL, DATASET, parameters=settings) is Verdict.INDETERMINATE
