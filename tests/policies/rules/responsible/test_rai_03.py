from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_03 import CONTROL
from tests.policies.rules.harness import outcome, outcomes, secret, stated_verdicts, verdict
from tests.policies.rules.responsible.world import DIGEST, ENDPOINT, REVIEWED, SERVED, WORLD, around, endpoint, review

test_stated = stated_verdicts(CONTROL, [REVIEWED], best=Verdict.DECLARED, **WORLD)


@pytest.mark.parametrize(
    ("risk", "expected"),
    [
        ("minimal", Verdict.DECLARED),
        ("limited", Verdict.DECLARED),
        ("high", Verdict.FAIL),
        ("prohibited", Verdict.FAIL),
        ("unacceptable", Verdict.FAIL),
    ],
)
def test_high_risk_needs_oversight_and_an_assessment(risk: str, expected: Verdict) -> None:
    assert verdict(CONTROL, review(riskClass=risk, oversight=None, impactAssessment=None), **WORLD) is expected


def test_a_prohibited_use_fails_whatever_else_is_said() -> None:
    found = outcome(CONTROL, review(riskClass="prohibited"), **WORLD)
    assert found.verdict is Verdict.FAIL
    assert "Article 5" in found.reasons[0].message


def test_somebody_must_be_able_to_stop_a_high_risk_use() -> None:
    assert verdict(CONTROL, review(oversight={"who": "x", "how": "y", "canStop": False}), **WORLD) is Verdict.FAIL


def of_endpoint(served: Any, reviewed: Any = REVIEWED) -> Verdict:
    return verdict(CONTROL, endpoint(served), served, reviewed, **WORLD)


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("credit-scoring", Verdict.DECLARED),
        ("hiring", Verdict.FAIL),
        ("credit", Verdict.FAIL),
        (None, Verdict.FAIL),
        (secret(), Verdict.FAIL),
    ],
)
def test_what_is_served_serves_a_reviewed_purpose(purpose: object, expected: Verdict) -> None:
    assert of_endpoint(around(purpose=purpose)) is expected


def test_purposes_that_cannot_be_read_leave_it_open() -> None:
    assert of_endpoint(around(purpose="hiring"), review(purposes=secret())) is Verdict.INDETERMINATE
    assert of_endpoint(SERVED, review(purposes=["hiring", secret()])) is Verdict.INDETERMINATE
    assert of_endpoint(SERVED, review(purposes=["hiring", "credit-scoring"])) is Verdict.DECLARED
    assert of_endpoint(SERVED, review(purposes=[])) is Verdict.FAIL


def test_a_model_without_a_review_is_reported_elsewhere() -> None:
    alone = around(review=None)
    assert outcomes(CONTROL, alone, endpoint(alone), **WORLD) == {}
    assert set(outcomes(CONTROL, SERVED, ENDPOINT, REVIEWED, **WORLD)) == {"income", "endpoint"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"uri": "documents/impact.md", "digest": DIGEST}, Verdict.DECLARED),
        ({"uri": "documents/impact.md", "digest": "to be done"}, Verdict.FAIL),
        ({"uri": "documents/impact.md", "digest": DIGEST[:-1]}, Verdict.FAIL),
        ({"uri": "documents/impact.md"}, Verdict.FAIL),
        ({"digest": DIGEST}, Verdict.FAIL),
        ({"uri": "documents/impact.md", "digest": UNKNOWN}, Verdict.INDETERMINATE),
    ],
)
def test_an_assessment_is_known_by_its_digest(said: dict[str, str], expected: Verdict) -> None:
    assert verdict(CONTROL, review(riskClass="high", impactAssessment=said), **WORLD) is expected


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        (Opened(digest=DIGEST, text="It may refuse the wrong people."), Verdict.DECLARED),
        (Opened(digest=f"sha256:{'1' * 64}", text=""), Verdict.FAIL),
        (Opened(problem="is not there"), Verdict.FAIL),
    ],
)
def test_an_assessment_that_was_opened_is_the_one(opened: Opened, expected: Verdict) -> None:
    files = {"documents/impact.md": opened}
    assert verdict(CONTROL, review(riskClass="high"), opened=files, **WORLD) is expected
    assert verdict(CONTROL, review(riskClass="limited"), opened=files, **WORLD) is Verdict.DECLARED
