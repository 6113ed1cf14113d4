"""ENC-09: keys rotate."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.encryption.durations import seconds
from groundplan_policies.rules.encryption.enc_09 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts

NINETY = "7776000s"
PARAMETERS = Parameters(key_rotation_days=90)

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [R("kms.CryptoKey", {"purpose": "ENCRYPT_DECRYPT", "rotationPeriod": NINETY})],
    parameters=PARAMETERS,
)


def of(parameters: Parameters = PARAMETERS, **inputs: Any) -> Outcome:
    return outcome(CONTROL, R("kms.CryptoKey", inputs), parameters=parameters)


@pytest.mark.parametrize("period", [NINETY, "7776000.0s", "86400s"])
def test_periods_within_the_limit_pass(period: str) -> None:
    assert of(rotationPeriod=period).verdict is Verdict.PASS


@pytest.mark.parametrize("period", ["7776001s", "7776000.000000001s", "31536000s", "0s", "0.0s", "86399s"])
def test_other_periods_fail(period: str) -> None:
    found = of(rotationPeriod=period)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("rotationPeriod", period)]


@pytest.mark.parametrize("period", ["7776000", "90d", "-1s", "1e3s", "s", " 1s", "1s ", "1.s", "٣s", "1.0123456789s"])
def test_what_is_no_duration_is_left_open(period: str) -> None:
    assert of(rotationPeriod=period).verdict is Verdict.INDETERMINATE
    assert of(rotationPeriod=7776000).verdict is Verdict.INDETERMINATE


def test_the_limit_is_the_tiers() -> None:
    assert of(Parameters(key_rotation_days=365), rotationPeriod="31536000s").verdict is Verdict.PASS
    assert of(Parameters(key_rotation_days=365), rotationPeriod="31536001s").verdict is Verdict.FAIL
    assert of(Parameters(), rotationPeriod=NINETY).verdict is Verdict.INDETERMINATE
    assert of(Parameters()).verdict is Verdict.FAIL


@pytest.mark.parametrize("purpose", ["ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC", "RAW_ENCRYPT_DECRYPT"])
def test_google_rotates_symmetric_keys_only(purpose: str) -> None:
    assert of(purpose=purpose).verdict is Verdict.NOT_APPLICABLE
    assert of(purpose=purpose, rotationPeriod=NINETY).verdict is Verdict.NOT_APPLICABLE


def test_encrypting_is_the_default_purpose() -> None:
    assert of().verdict is Verdict.FAIL
    assert of(purpose=None).verdict is Verdict.FAIL
    assert of(purpose=None, rotationPeriod=NINETY).verdict is Verdict.PASS


@pytest.mark.parametrize("purpose", [UNKNOWN, secret(), "", 7])
def test_an_unclear_purpose_is_left_open(purpose: object) -> None:
    found = of(purpose=purpose)
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "purpose")


def test_seconds() -> None:
    assert seconds("1.5s") == 1.5
    assert seconds("0s") == 0
    assert seconds(None) is None
    assert seconds(["1s"]) is None
    assert seconds("1" * 15 + "s") == 111111111111111
    assert seconds("1" * 16 + "s") is None
