from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.cost.cst_05 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict

SETTINGS = Parameters(quota_cap=100)


def request(value: Any = "8", **more: Any) -> R:
    return R("cloudquota.SQuotaPreference", {"quotaConfig": {"preferredValue": value}, **more})


test_stated = stated_verdicts(
    CONTROL, [request(8), R("cloudquota.SQuotaAdjusterSettings", {"enablement": "DISABLED"})], parameters=SETTINGS
)


@pytest.mark.parametrize(
    ("value", "expected"), [("100", Verdict.PASS), ("101", Verdict.FAIL), ("-1", Verdict.FAIL), ("0", Verdict.PASS)]
)
def test_no_more_than_the_cap(value: str, expected: Verdict) -> None:
    assert verdict(CONTROL, request(value), parameters=SETTINGS) is expected


def test_safety_checks_stay() -> None:
    assert (
        verdict(CONTROL, request(ignoreSafetyChecks="QUOTA_DECREASE_BELOW_USAGE"), parameters=SETTINGS) is Verdict.FAIL
    )
    assert verdict(CONTROL, request(), parameters=Parameters()) is Verdict.INDETERMINATE


def test_google_asks_for_no_more_by_itself() -> None:
    adjusting = R("cloudquota.SQuotaAdjusterSettings", {"enablement": "ENABLED"})
    assert verdict(CONTROL, adjusting, parameters=SETTINGS) is Verdict.FAIL
