from __future__ import annotations

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_12 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict
from tests.policies.rules.responsible.world import CONTRACT, ENDPOINT, REVIEWED, SERVED, WORLD, around, endpoint, review

test_stated = stated_verdicts(CONTROL, [REVIEWED], SERVED, ENDPOINT, best=Verdict.DECLARED, **WORLD)


@pytest.mark.parametrize(
    ("risk", "expected"), [("high", Verdict.FAIL), ("limited", Verdict.NOT_APPLICABLE), ("odd", Verdict.FAIL)]
)
def test_high_risk_use_is_explained(risk: str, expected: Verdict) -> None:
    assert verdict(CONTROL, review(riskClass=risk, explanation=None), **WORLD) is expected


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        (CONTRACT, Verdict.DECLARED),
        ({"deployContract": {"explanation": None}}, Verdict.FAIL),
        ({"deployContract": {}}, Verdict.INDETERMINATE),
        ({"deployContract": {"access": "private"}}, Verdict.FAIL),
        ({"deployContract": secret()}, Verdict.INDETERMINATE),
        ({"deployContract": "text"}, Verdict.INDETERMINATE),
        ({}, Verdict.INDETERMINATE),
        ({"deployContract": {"explanation": UNKNOWN}}, Verdict.INDETERMINATE),
        ({"deployContract": {"explanation": secret()}}, Verdict.INDETERMINATE),
        ({"deployContract": {"explanation": {}}}, Verdict.FAIL),
        ({"deployContract": {"explanation": "yes"}}, Verdict.FAIL),
    ],
)
def test_contracts_ask_for_attributions(outputs: object, expected: Verdict) -> None:
    served = around(outputs=outputs)
    assert verdict(CONTROL, REVIEWED, served, endpoint(served), **WORLD) is expected


def test_endpoints_of_other_reviews_do_not_count() -> None:
    other = around(review=None, outputs={"deployContract": {"explanation": None, "access": "x"}})
    assert outcome(CONTROL, REVIEWED, other, endpoint(other), **WORLD).verdict is Verdict.DECLARED


def test_an_endpoint_without_a_construct_has_no_contract() -> None:
    bare = R("vertex.AiEndpoint", {}, record={"parent": ""})
    assert verdict(CONTROL, REVIEWED, bare, **WORLD) is Verdict.DECLARED
