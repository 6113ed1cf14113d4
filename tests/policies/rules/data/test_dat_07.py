"""DAT-07: objects can be recovered after a change or a deletion."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_07 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

GOOD = R(
    "storage.Bucket",
    {
        "versioning": {"enabled": True},
        "retentionPolicy": {"retentionPeriod": 86400},
        "softDeletePolicy": {"retentionDurationSeconds": 604800},
    },
)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize(
    "inputs",
    [
        {"versioning": {"enabled": True}},
        {"versioning": {"enabled": True}, "softDeletePolicy": {}},
        {"retentionPolicy": {"retentionPeriod": "1"}},
        {"versioning": {"enabled": False}, "retentionPolicy": {"retentionPeriod": 86400}},
        {"versioning": {"enabled": True}, "softDeletePolicy": {"retentionDurationSeconds": 7776000}},
    ],
)
def test_versions_or_retention_and_a_week_of_soft_delete_pass(inputs: dict[str, object]) -> None:
    assert verdict(CONTROL, R("storage.Bucket", inputs)) is Verdict.PASS


@pytest.mark.parametrize(
    ("inputs", "paths"),
    [
        ({}, ["versioning.enabled", "retentionPolicy.retentionPeriod"]),
        ({"versioning": {"enabled": False}}, ["versioning.enabled", "retentionPolicy.retentionPeriod"]),
        ({"retentionPolicy": {"retentionPeriod": "0"}}, ["versioning.enabled", "retentionPolicy.retentionPeriod"]),
        (
            {"versioning": {"enabled": True}, "softDeletePolicy": {"retentionDurationSeconds": 0}},
            ["softDeletePolicy.retentionDurationSeconds"],
        ),
        (
            {"versioning": {"enabled": True}, "softDeletePolicy": {"retentionDurationSeconds": 604799}},
            ["softDeletePolicy.retentionDurationSeconds"],
        ),
    ],
)
def test_what_cannot_be_recovered_fails(inputs: dict[str, object], paths: list[str]) -> None:
    found = outcome(CONTROL, R("storage.Bucket", inputs))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == paths


@pytest.mark.parametrize("period", ["soon", "inf", "nan", UNKNOWN])
def test_a_period_that_is_no_number_is_indeterminate(period: str) -> None:
    inputs = {"retentionPolicy": {"retentionPeriod": period}}
    assert verdict(CONTROL, R("storage.Bucket", inputs)) is Verdict.INDETERMINATE
