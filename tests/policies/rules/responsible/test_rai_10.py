from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.responsible.rai_10 import CONTROL
from tests.policies.rules.harness import outcome, secret, stated_verdicts
from tests.policies.rules.responsible.world import REVIEWED, SCHEDULE, TRAINING, WORLD, around, review, schedule

test_stated = stated_verdicts(CONTROL, [REVIEWED], TRAINING, SCHEDULE, best=Verdict.DECLARED, **WORLD)

SEX = {"attribute": "sex", "metric": "ratio", "slice": "all", "minimum": 0.8}


def judged(**changes: Any) -> Outcome:
    return outcome(CONTROL, review(**changes), TRAINING, SCHEDULE, **WORLD)


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (SEX, Verdict.DECLARED),
        ({**SEX, "minimum": None, "maximum": 0}, Verdict.DECLARED),
        ({**SEX, "attribute": "age"}, Verdict.FAIL),
        ({**SEX, "metric": ""}, Verdict.FAIL),
        ({**SEX, "slice": None}, Verdict.FAIL),
        ({**SEX, "minimum": None}, Verdict.FAIL),
        ({**SEX, "minimum": True}, Verdict.FAIL),
        ({**SEX, "minimum": "0.8"}, Verdict.FAIL),
        ({**SEX, "minimum": 0}, Verdict.FAIL),
        ({**SEX, "minimum": -1, "maximum": None}, Verdict.FAIL),
        ({**SEX, "minimum": 0, "maximum": 1.25}, Verdict.DECLARED),
        ({**SEX, "minimum": 0.9, "maximum": 0.8}, Verdict.FAIL),
        ({**SEX, "metric": "error_rate", "minimum": None, "maximum": 1}, Verdict.FAIL),
        ({**SEX, "metric": "error_rate", "minimum": 0, "maximum": 1}, Verdict.FAIL),
        ({**SEX, "metric": "error_rate", "minimum": None, "maximum": 0.2}, Verdict.DECLARED),
        ({**SEX, "metric": "parity_difference", "minimum": 0}, Verdict.DECLARED),
        ({**SEX, "metric": "parity_difference", "minimum": -0.1}, Verdict.DECLARED),
        ({**SEX, "metric": "parity_difference", "minimum": -1, "maximum": 1}, Verdict.FAIL),
        ({**SEX, "metric": "demographic_parity_ratio", "minimum": -0.1}, Verdict.FAIL),
        (secret(), Verdict.FAIL),
    ],
)
def test_a_threshold_has_a_metric_a_slice_and_a_bound(threshold: object, expected: Verdict) -> None:
    assert judged(fairness=[threshold]).verdict is expected


def test_each_attribute_has_one() -> None:
    found = judged(protectedAttributes=[{"name": "sex"}, {"name": "age"}])
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["review.protectedAttributes[1]"]


@pytest.mark.parametrize("attribute", [secret(), "sex", {"proxies": []}])
def test_an_attribute_without_a_name_leaves_it_open(attribute: object) -> None:
    assert judged(protectedAttributes=[attribute]).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("risk", "expected"),
    [("high", Verdict.FAIL), ("limited", Verdict.NOT_APPLICABLE), ("minimal", Verdict.NOT_APPLICABLE)],
)
def test_a_high_risk_use_names_attributes(risk: str, expected: Verdict) -> None:
    assert judged(riskClass=risk, protectedAttributes=[], fairness=[]).verdict is expected


def test_attributes_that_are_named_need_thresholds_at_any_risk() -> None:
    assert judged(riskClass="minimal", fairness=[]).verdict is Verdict.FAIL


def test_a_pipeline_answers_to_the_review() -> None:
    assert outcome(CONTROL, REVIEWED, **WORLD).verdict is Verdict.FAIL
    other = around("groundplan:pipelines:PipelineEnvironment", "pipelines", review=None)
    found = outcome(CONTROL, REVIEWED, other, schedule(other), **WORLD)
    assert found.verdict is Verdict.FAIL
    assert "no pipeline" in found.reasons[0].message


def test_a_notebook_on_a_schedule_reports_no_thresholds() -> None:
    notebook: dict[str, Any] = {
        "createPipelineJobRequest": None,
        "createNotebookExecutionJobRequest": {"notebookExecutionJob": {}},
    }
    assert outcome(CONTROL, REVIEWED, TRAINING, schedule(TRAINING, **notebook), **WORLD).verdict is Verdict.FAIL
