"""RAI-13: agents are evaluated continuously."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_13 import CONTROL
from tests.policies.rules.harness import R, outcome, outcomes, put, secret, stated_verdicts, verdict

TENTH = Parameters(agent_evaluation_percent=10)
AGENT = R("vertex.AiReasoningEngine", {"displayName": "helper"}, "agent")
METRIC = R("vertex.AiEvaluationMetric", {"displayName": "kindness"}, "metric")
SHARE, SOURCES = "config.randomSampling.percentage", "metricSources"
INPUTS: dict[str, Any] = {
    "agentResource": UNKNOWN,
    "config": {"randomSampling": {"percentage": 10}},
    "metricSources": [{"metric": '{"predefinedMetricSpec": {}}'}],
}
GOOD = R("vertex.AiOnlineEvaluator", INPUTS, "evaluator", {"agentResource": AGENT.urn})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD], AGENT, parameters=TENTH)


def evaluator(path: str, value: object, **origins: str) -> R:
    return replace(GOOD, inputs=put(INPUTS, path, value), origins={**GOOD.origins, **origins})


@pytest.mark.parametrize(
    ("share", "percent", "expected"),
    [
        (10, 10, Verdict.PASS),
        (100, 10, Verdict.PASS),
        (9, 10, Verdict.FAIL),
        (9.9, 10, Verdict.FAIL),
        (1, 0, Verdict.PASS),
        (0, 0, Verdict.FAIL),
        (-1, 0, Verdict.FAIL),
        ("10", 10, Verdict.INDETERMINATE),
        (True, 0, Verdict.INDETERMINATE),
        (10, None, Verdict.INDETERMINATE),
    ],
)
def test_as_much_is_evaluated_as_the_settings_ask(share: object, percent: int | None, expected: Verdict) -> None:
    found = outcome(CONTROL, evaluator(SHARE, share), parameters=Parameters(agent_evaluation_percent=percent))
    assert found.verdict is expected
    assert all(each.path == SHARE for each in found.reasons)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"metric": " "}, Verdict.INDETERMINATE),
        ({"metric": {}}, Verdict.FAIL),
        ({"metric": 7}, Verdict.INDETERMINATE),
        ({"metric": secret()}, Verdict.INDETERMINATE),
        ({}, Verdict.FAIL),
        ({"metricResourceName": ""}, Verdict.FAIL),
        ({"metricResourceName": "projects/acme/locations/l/evaluationMetrics/7"}, Verdict.INDETERMINATE),
        ({"metricResourceName": UNKNOWN}, Verdict.INDETERMINATE),
        ({"metricResourceName": secret(), "metric": "{}"}, Verdict.INDETERMINATE),
        ("kindness", Verdict.INDETERMINATE),
        (None, Verdict.FAIL),
    ],
    ids=str,
)
def test_each_metric_can_be_seen(source: object, expected: Verdict) -> None:
    found = outcome(CONTROL, evaluator(SOURCES, [INPUTS[SOURCES][0], source]), METRIC, parameters=TENTH)
    assert found.verdict is expected
    assert all(each.path.startswith(f"{SOURCES}[1]") for each in found.reasons)


def test_a_registered_metric_of_this_document_can_be_seen() -> None:
    path = f"{SOURCES}[0].metricResourceName"
    named = evaluator(SOURCES, [{"metricResourceName": UNKNOWN}], **{path: METRIC.urn})
    assert verdict(CONTROL, named, METRIC, parameters=TENTH) is Verdict.PASS


def test_every_agent_has_an_evaluator() -> None:
    other = R("vertex.AiReasoningEngine", {"displayName": "other"}, "other")
    assert outcomes(CONTROL, AGENT)["agent"].verdict is Verdict.FAIL
    found = outcomes(CONTROL, AGENT, other, GOOD, parameters=TENTH)
    assert {name: each.verdict for name, each in found.items()} == {
        "agent": Verdict.PASS,
        "other": Verdict.FAIL,
        "evaluator": Verdict.PASS,
    }


def test_an_evaluator_of_nobody_knows_whom_leaves_agents_in_doubt() -> None:
    stray = replace(GOOD, name="stray", origins={})
    assert outcomes(CONTROL, AGENT, stray)["agent"].verdict is Verdict.INDETERMINATE
    assert outcomes(CONTROL, AGENT, stray, GOOD)["agent"].verdict is Verdict.PASS


def test_in_a_part_of_a_deployment_no_agent_passes() -> None:
    assert outcomes(CONTROL, AGENT, GOOD, complete=False)["agent"].verdict is Verdict.INDETERMINATE
