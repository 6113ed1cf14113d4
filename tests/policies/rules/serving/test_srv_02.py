"""SRV-02: requests for predictions are logged."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_02 import CONTROL
from tests.policies.rules.harness import STACK, R, outcome, put, stated_verdicts, verdict

INPUTS: dict[str, Any] = {
    "displayName": "income",
    "predictRequestResponseLoggingConfig": {"enabled": True, "samplingRate": 1},
}
GOOD = R("vertex.AiEndpoint", INPUTS)
ENABLED = "predictRequestResponseLoggingConfig.enabled"
RATE = "predictRequestResponseLoggingConfig.samplingRate"
TENTH = Parameters(request_sampling_percent=10)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD], parameters=TENTH)


def component(type_: str, name: str, inputs: dict[str, Any]) -> R:
    return R(type_, inputs, name, record={"custom": False})


def reviewed(risk: object) -> tuple[R, R]:
    """Give a review of a class of risk, and a construct that answers to it."""
    review = component("groundplan:governance:ResponsibleAiReview", "review", {"review": {"riskClass": risk}})
    around = component("groundplan:serving:OnlineEndpoint", "around", {"governance": {"review": review.urn}})
    return review, around


def sampled(rate: object, parent: str = STACK) -> R:
    return R("vertex.AiEndpoint", put(INPUTS, RATE, rate), record={"parent": parent})


@pytest.mark.parametrize(
    ("risk", "rate", "expected"),
    [
        ("limited", 0.1, Verdict.PASS),
        ("minimal", "0.1", Verdict.PASS),
        ("limited", 0.29, Verdict.PASS),
        ("limited", 0.09, Verdict.FAIL),
        ("limited", 0, Verdict.FAIL),
        ("high", 1.0, Verdict.PASS),
        ("high", "1", Verdict.PASS),
        ("high", 0.99, Verdict.FAIL),
        ("prohibited", 0.5, Verdict.FAIL),
        (UNKNOWN, 0.5, Verdict.FAIL),
        (None, 0.5, Verdict.FAIL),
    ],
)
def test_how_much_is_logged_hangs_on_the_class_of_risk(risk: object, rate: object, expected: Verdict) -> None:
    review, around = reviewed(risk)
    assert verdict(CONTROL, sampled(rate, around.urn), review, around, parameters=TENTH) is expected


def test_without_a_review_everything_is_logged() -> None:
    found = outcome(CONTROL, sampled(0.5), parameters=TENTH)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(RATE, "0.5")]
    assert "high-risk" in found.reasons[0].message


def test_a_low_share_of_a_limited_use_names_the_settings() -> None:
    review, around = reviewed("limited")
    found = outcome(CONTROL, sampled(0.05, around.urn), review, around, parameters=TENTH)
    assert "lower than 0.1: as the settings say" in found.reasons[0].message


def test_where_the_settings_say_nothing_only_high_risk_is_judged() -> None:
    review, around = reviewed("limited")
    assert verdict(CONTROL, sampled(1, around.urn), review, around, parameters=Parameters()) is Verdict.INDETERMINATE
    assert verdict(CONTROL, sampled(1), parameters=Parameters()) is Verdict.PASS


@pytest.mark.parametrize("rate", [1.01, -0.1, 100, "much", "nan", "inf", True, [1], {"value": 1}], ids=str)
def test_what_is_no_fraction_is_indeterminate(rate: object) -> None:
    assert verdict(CONTROL, sampled(rate), parameters=TENTH) is Verdict.INDETERMINATE


@pytest.mark.parametrize("value", [..., {}, None], ids=str)
def test_an_endpoint_without_a_log_fails_once(value: object) -> None:
    found = outcome(CONTROL, R("vertex.AiEndpoint", put(INPUTS, "predictRequestResponseLoggingConfig", value)))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [ENABLED]


def test_a_log_that_is_off_fails_at_its_switch() -> None:
    found = outcome(CONTROL, R("vertex.AiEndpoint", put(INPUTS, ENABLED, value=False)))
    assert [(each.path, each.shown) for each in found.reasons] == [(ENABLED, "false")]


def test_an_endpoint_of_the_garden_cannot_say_it() -> None:
    made = R("vertex.AiEndpointWithModelGardenDeployment", {"publisherModelName": "publishers/google/models/x@1"})
    assert verdict(CONTROL, made, parameters=TENTH) is Verdict.INDETERMINATE
