"""REL-04: clusters are upgraded, and at a time that suits."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.reliability.rel_04 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

CLUSTER = "container.Cluster"
WINDOW = {"recurringWindow": {"recurrence": "FREQ=WEEKLY", "startTime": "x", "endTime": "y"}}
EXCLUSION = {"exclusionName": "fair", "startTime": "2026-06-01T00:00:00Z", "endTime": "2026-06-20T00:00:00Z"}
PLAIN: dict[str, Any] = {"releaseChannel": {"channel": "REGULAR"}, "maintenancePolicy": WINDOW}
GOOD = {**PLAIN, "maintenancePolicy": {**WINDOW, "maintenanceExclusions": [EXCLUSION]}}

test_stated_verdicts = stated_verdicts(CONTROL, [R(CLUSTER, GOOD)])


def test_a_cluster_without_exclusions_passes() -> None:
    assert verdict(CONTROL, R(CLUSTER, PLAIN)) is Verdict.PASS


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("STABLE", Verdict.PASS),
        ("RAPID", Verdict.FAIL),
        ("EXTENDED", Verdict.FAIL),
        ("UNSPECIFIED", Verdict.FAIL),
    ],
)
def test_a_channel_is_regular_or_stable(channel: str, expected: Verdict) -> None:
    found = outcome(CONTROL, R(CLUSTER, put(PLAIN, "releaseChannel.channel", channel)))
    assert found.verdict is expected
    assert [(each.path, each.shown) for each in found.reasons] == (
        [] if expected is Verdict.PASS else [("releaseChannel.channel", channel)]
    )


@pytest.mark.parametrize(
    "policy",
    [
        {"dailyMaintenanceWindow": {"startTime": "03:00"}},
        {"recurringMaintenanceWindow": {"recurrence": "FREQ=DAILY"}},
    ],
    ids=str,
)
def test_other_windows_are_windows(policy: dict[str, Any]) -> None:
    assert verdict(CONTROL, R(CLUSTER, {**PLAIN, "maintenancePolicy": policy})) is Verdict.PASS


@pytest.mark.parametrize("policy", [{}, {"disruptionBudget": {}}, {"recurringWindow": {}}, None], ids=str)
def test_a_cluster_without_a_window_fails(policy: object) -> None:
    found = outcome(CONTROL, R(CLUSTER, {**PLAIN, "maintenancePolicy": policy}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["maintenancePolicy"])


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2026-07-01T00:00:00Z", Verdict.PASS),
        ("2026-07-01T00:00:01Z", Verdict.FAIL),
        ("2026-07-01T02:00:00+02:00", Verdict.PASS),
        ("2026-05-01T00:00:00Z", Verdict.PASS),
        ("2026-06-20T00:00:00", Verdict.INDETERMINATE),
        ("soon", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_an_exclusion_ends_within_thirty_days(end: str, expected: Verdict) -> None:
    exclusions = [EXCLUSION, {**EXCLUSION, "endTime": end}]
    found = outcome(CONTROL, R(CLUSTER, put(GOOD, "maintenancePolicy.maintenanceExclusions", exclusions)))
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == (
        [] if expected is Verdict.PASS else ["maintenancePolicy.maintenanceExclusions[1].endTime"]
    )


@pytest.mark.parametrize("exclusions", [[{}], [UNKNOWN], UNKNOWN], ids=str)
def test_exclusions_that_cannot_be_read_are_no_pass(exclusions: object) -> None:
    found = put(GOOD, "maintenancePolicy.maintenanceExclusions", exclusions)
    assert verdict(CONTROL, R(CLUSTER, found)) is Verdict.INDETERMINATE
