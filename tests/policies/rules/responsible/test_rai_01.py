from __future__ import annotations

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.declarations import SERVED as TYPES
from groundplan_policies.rules.responsible.rai_01 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, outcomes, verdict
from tests.policies.rules.responsible.world import AGREEMENT_ON_DATA, REVIEWED, around, endpoint, review, schedule


@pytest.mark.parametrize("type_", TYPES)
def test_what_is_served_answers_to_the_review_of_what_is_around_it(type_: str) -> None:
    served = around()
    it = R(type_, {"project": PROJECT}, record={"parent": served.urn})
    assert verdict(CONTROL, it, served, REVIEWED) is Verdict.DECLARED
    assert verdict(CONTROL, R(type_, {"project": PROJECT}), served, REVIEWED) is Verdict.FAIL


def test_the_review_may_be_said_further_out() -> None:
    outer = around(name="outer")
    inner = R("groundplan:x:Inner", {}, "inner", record={"custom": False, "parent": outer.urn})
    assert verdict(CONTROL, endpoint(inner), outer, inner, REVIEWED) is Verdict.DECLARED


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (None, "answers to no review"),
        ("", "answers to no review"),
        ({"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}, "answers to no review"),
        ("urn:pulumi:dev::shop::groundplan:governance:ResponsibleAiReview::gone", "not in this document"),
        (AGREEMENT_ON_DATA.urn, "not in this document"),
    ],
)
def test_another_review_is_none(said: object, message: str) -> None:
    served = around(review=said)
    found = outcome(CONTROL, endpoint(served), served, REVIEWED, AGREEMENT_ON_DATA)
    assert found.verdict is Verdict.FAIL
    assert message in found.reasons[0].message


def test_two_reviews_leave_open_which_holds() -> None:
    other = review("other")
    served = around(review=[REVIEWED.urn, other.urn])
    found = outcome(CONTROL, endpoint(served), served, REVIEWED, other)
    assert found.verdict is Verdict.FAIL
    assert "several" in found.reasons[0].message
    twice = around(review=[REVIEWED.urn, REVIEWED.urn])
    assert verdict(CONTROL, endpoint(twice), twice, REVIEWED) is Verdict.DECLARED


def test_without_models_there_is_nothing_to_say() -> None:
    assert outcomes(CONTROL, REVIEWED) == {}


def test_each_type_that_answers_requests_is_looked_at() -> None:
    served = ("AiEndpoint", "AiEndpointWithModelGardenDeployment", "AiIndexEndpoint", "AiReasoningEngine")
    resources = [R(f"vertex.{each}", {"project": PROJECT}, each) for each in served]
    found = outcomes(CONTROL, *resources, R("vertex.AiIndex", {"project": PROJECT}, "index"))
    assert {name: each.verdict for name, each in found.items()} == dict.fromkeys(served, Verdict.FAIL)


def test_a_scheduled_pipeline_answers_to_a_review() -> None:
    answers = around("groundplan:pipelines:PipelineEnvironment", "pipelines")
    silent = around("groundplan:pipelines:PipelineEnvironment", "pipelines", review=None)
    assert verdict(CONTROL, schedule(answers), answers, REVIEWED) is Verdict.DECLARED
    assert verdict(CONTROL, schedule(silent), silent, REVIEWED) is Verdict.FAIL
    notebook = R("colab.Schedule", {"createNotebookExecutionJobRequest": {}}, "notebook")
    assert outcomes(CONTROL, notebook) == {}
