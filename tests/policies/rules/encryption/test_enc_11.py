"""ENC-11: keys survive accidental destruction."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.encryption.enc_11 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts

PERIOD, POLICY = "destroyScheduledDuration", "deletionPolicy"

test_stated_verdicts = stated_verdicts(CONTROL, [R("kms.CryptoKey", {PERIOD: "2592000s", POLICY: "PREVENT"})])


def of(*, protect: bool = False, **inputs: Any) -> Outcome:
    return outcome(CONTROL, R("kms.CryptoKey", inputs, record={"protect": protect}))


def test_either_guard_is_enough() -> None:
    assert of(protect=True).verdict is Verdict.PASS
    assert of(deletionPolicy="PREVENT").verdict is Verdict.PASS
    assert of(protect=True, deletionPolicy="DELETE").verdict is Verdict.PASS
    assert of(protect=True, deletionPolicy=UNKNOWN).verdict is Verdict.PASS


@pytest.mark.parametrize("policy", ["DELETE", "ABANDON", "prevent"])
def test_other_policies_fail(policy: str) -> None:
    found = of(deletionPolicy=policy)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(POLICY, policy)]


@pytest.mark.parametrize("protect", [True, False])
@pytest.mark.parametrize("period", ["2592000s", "2592000.5s", None])
def test_thirty_days_are_enough_and_the_default(period: str | None, *, protect: bool) -> None:
    assert of(protect=protect, deletionPolicy="PREVENT", destroyScheduledDuration=period).verdict is Verdict.PASS


@pytest.mark.parametrize("period", ["2591999s", "2591999.999s", "86400s", "0s"])
def test_shorter_periods_fail(period: str) -> None:
    found = of(protect=True, deletionPolicy="PREVENT", destroyScheduledDuration=period)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(PERIOD, period)]


@pytest.mark.parametrize("period", ["30d", 2592000, "", UNKNOWN, secret()])
def test_what_is_no_duration_is_left_open(period: object) -> None:
    found = of(protect=True, destroyScheduledDuration=period)
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, PERIOD)


def test_the_guard_is_stated_beside_the_properties() -> None:
    assert "document:protect" in {each.path for each in CONTROL.reads}
