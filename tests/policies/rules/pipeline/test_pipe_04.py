"""PIPE-04: a fairness check stands before the release, where the review asks for one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.pipelines.found import SPEC
from groundplan_policies.rules.pipeline.pipe_04 import CONTROL
from tests.policies.pipelines.specs import COMPONENTS, TASKS, THRESHOLDS, Spec, component, good, pipeline, task
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, urn
from tests.policies.rules.pipeline.runs import AT, faults, file, parameters, schedule

REVIEW = "groundplan:governance:ResponsibleAiReview"
AROUND = "groundplan:pipelines:PipelineEnvironment"
LIMITS = [{"attribute": "sex", "metric": "gap", "slice": "all", "maximum": 0.1}]
ASKS: dict[str, Any] = {"riskClass": "limited", "fairness": LIMITS, "protectedAttributes": [{"name": "sex"}]}


def review(**changes: Any) -> R:
    said = {key: value for key, value in {**ASKS, **changes}.items() if value is not ...}
    return R(REVIEW, {"review": said}, "income", record={"custom": False})


def around(governance: object) -> R:
    return R(AROUND, {"governance": governance}, "pipelines", record={"custom": False})


BELOW = {"parent": urn(AROUND, "pipelines")}
NAMED = around({"review": urn(REVIEW, "income")})


def said(
    spec: Spec, asks: R | None = None, *, given: Mapping[str, str | None] | None = None, held: R = NAMED
) -> Outcome:
    """Give what the control says of a schedule that answers to a review."""
    world = parameters(spec, **(given or {}))
    return outcome(CONTROL, schedule(spec, record=BELOW), review() if asks is None else asks, held, parameters=world)


def checked(thresholds: object, **more: Any) -> Spec:
    step = task("compare", model="train.model", data="split.holdout", parameters={"thresholds": thresholds})
    return pipeline({**TASKS, "compare": step}, COMPONENTS, **more)


def by_default() -> Spec:
    """Give a pipeline that takes its thresholds from a default of the run."""
    return checked("^limits") | {
        "root": {
            **checked("^limits")["root"],
            "inputDefinitions": {"parameters": {"limits": {"defaultValue": LIMITS}}},
        }
    }


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [schedule(by_default(), record=BELOW)],
    review(),
    NAMED,
    best=Verdict.DECLARED,
    parameters=parameters(good()),
)


def test_a_check_with_the_thresholds_of_the_review_passes() -> None:
    assert said(good()).verdict is Verdict.DECLARED
    assert said(good(), review(riskClass="high")).verdict is Verdict.DECLARED


@pytest.mark.parametrize(("most", "expected"), [(0.1, Verdict.DECLARED), (0.2, Verdict.FAIL)])
def test_thresholds_may_be_a_default_of_the_component(most: float, expected: Verdict) -> None:
    spec = checked("^limits")
    del spec["root"]["dag"]["tasks"]["compare"]["inputs"]["parameters"]
    limits = {"parameters": {"thresholds": {"defaultValue": [{**LIMITS[0], "maximum": most}]}}}
    made = {**spec["components"]["compare"]}
    made["inputDefinitions"] = {**made["inputDefinitions"], **limits}
    spec["components"] = {**spec["components"], "compare": made}
    assert said(spec).verdict is expected


def test_an_upload_and_a_deployment_need_the_check() -> None:
    tasks = {name: each for name, each in TASKS.items() if name != "compare"}
    spec = pipeline({**tasks, "register": task("register", "evaluate", model="train.model")}, COMPONENTS)
    assert faults(said(spec)) == [
        ("fail", f"{AT}.root.dag.tasks.register"),
        ("fail", f"{AT}.root.dag.tasks.deploy"),
    ]


def test_a_check_of_another_model_or_beside_the_release_does_not_count() -> None:
    other = task("compare", model="other.model", data="split.holdout", parameters={"thresholds": THRESHOLDS})
    tasks = {**TASKS, "other": task("train", data="split.training"), "compare": other}
    assert said(pipeline(tasks, COMPONENTS)).verdict is Verdict.FAIL
    beside = {**TASKS, "register": task("register", "evaluate", model="train.model")}
    assert said(pipeline(beside, COMPONENTS)).verdict is Verdict.FAIL
    sometimes = {**TASKS, "compare": {**TASKS["compare"], "triggerPolicy": {"condition": "1 == 1"}}}
    assert said(pipeline(sometimes, COMPONENTS)).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"maximum": 0.1}, Verdict.DECLARED),
        ({"maximum": 0.05}, Verdict.DECLARED),
        ({"maximum": 0}, Verdict.DECLARED),
        ({"maximum": 0.11}, Verdict.FAIL),
        ({"minimum": 0.1}, Verdict.FAIL),
        ({"maximum": 0.1, "metric": "other"}, Verdict.FAIL),
        ({"maximum": 0.1, "slice": "young"}, Verdict.FAIL),
        ({"maximum": 0.1, "attribute": "race"}, Verdict.FAIL),
        ({"maximum": "0.1"}, Verdict.INDETERMINATE),
        ({"maximum": True}, Verdict.INDETERMINATE),
        ({}, Verdict.INDETERMINATE),
        ({"maximum": 0.1, "attribute": 7}, Verdict.INDETERMINATE),
        ({"maximum": 0.1, "attribute": ""}, Verdict.INDETERMINATE),
    ],
)
def test_thresholds_are_as_strict_as_the_reviews(row: dict[str, object], expected: Verdict) -> None:
    rows = [{"attribute": "sex", "metric": "gap", "slice": "all", **row}]
    found = said(checked(rows))
    assert found.verdict is expected
    at_fault = AT if expected is Verdict.DECLARED else f"{AT}.root.dag.tasks.compare"
    assert {each.path for each in found.reasons} == {at_fault}


def test_a_minimum_is_met_from_above() -> None:
    asks = review(fairness=[{"attribute": "sex", "metric": "ratio", "slice": "all", "minimum": 0.8}])
    for limit, expected in ((0.8, Verdict.DECLARED), (0.9, Verdict.DECLARED), (0.79, Verdict.FAIL)):
        rows = [{"attribute": "sex", "metric": "ratio", "slice": "all", "minimum": limit}]
        assert said(checked(rows), asks).verdict is expected


def test_every_protected_attribute_is_looked_at() -> None:
    asks = review(protectedAttributes=[{"name": "sex"}, {"name": "age"}])
    assert said(good(), asks).verdict is Verdict.FAIL
    rows = [*LIMITS, {"attribute": "age", "metric": "gap", "slice": "old", "maximum": 1}]
    assert said(checked(rows), asks).verdict is Verdict.DECLARED


@pytest.mark.parametrize("thresholds", [LIMITS, json.dumps(LIMITS)], ids=["list", "text"])
def test_thresholds_may_be_a_default_or_what_the_job_gives(thresholds: object) -> None:
    spec = checked("^limits")
    assert said(spec).verdict is Verdict.INDETERMINATE
    spec["root"]["inputDefinitions"] = {"parameters": {"limits": {"defaultValue": thresholds}}}
    assert said(spec).verdict is Verdict.DECLARED
    made = schedule(spec, record=BELOW)
    path = "createPipelineJobRequest.pipelineJob.runtimeConfig.parameterValues.limits"
    for value, expected in ((json.dumps(LIMITS), Verdict.DECLARED), ("[]", Verdict.FAIL), ("x", Verdict.INDETERMINATE)):
        given = R(made.type, put(made.inputs, path, value), made.name, record=BELOW)
        assert outcome(CONTROL, given, review(), NAMED, parameters=parameters(spec)).verdict is expected


@pytest.mark.parametrize("thresholds", ["", "{}", "[1]", 7, [], "@evaluate.limits", UNKNOWN, "[" * 5000])
def test_thresholds_that_cannot_be_read_never_pass(thresholds: object) -> None:
    assert said(checked(thresholds)).verdict in {Verdict.INDETERMINATE, Verdict.FAIL}


@pytest.mark.parametrize(
    ("asks", "expected"),
    [
        (review(fairness=...), Verdict.NOT_APPLICABLE),
        (review(fairness=[], riskClass="minimal"), Verdict.NOT_APPLICABLE),
        (review(fairness=..., riskClass="high"), Verdict.DECLARED),
        (review(fairness=..., riskClass=...), Verdict.DECLARED),
        (review(fairness=UNKNOWN), Verdict.INDETERMINATE),
        (review(fairness=secret()), Verdict.INDETERMINATE),
        (review(fairness=[7]), Verdict.INDETERMINATE),
        (review(protectedAttributes=UNKNOWN), Verdict.INDETERMINATE),
        (review(protectedAttributes=[{"name": UNKNOWN}]), Verdict.INDETERMINATE),
        (review(protectedAttributes=["sex"]), Verdict.INDETERMINATE),
        (review(protectedAttributes=7), Verdict.INDETERMINATE),
        (review(protectedAttributes=...), Verdict.DECLARED),
    ],
)
def test_the_review_decides_whether_a_check_is_asked_for(asks: R, expected: Verdict) -> None:
    assert said(good(), asks).verdict is expected


def test_a_pipeline_that_answers_to_no_review_is_not_concerned() -> None:
    assert said(good(), held=around({})).verdict is Verdict.NOT_APPLICABLE
    assert outcome(CONTROL, file(), parameters=parameters(good())).verdict is Verdict.NOT_APPLICABLE


def test_a_review_of_elsewhere_is_indeterminate() -> None:
    held = around({"review": urn(REVIEW, "other")})
    assert said(good(), held=held).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize("name", ["compare", "register"])
def test_a_component_without_a_role_on_the_way_is_indeterminate(name: str) -> None:
    assert said(good(), given={name: None}).verdict is Verdict.INDETERMINATE


def test_what_may_release_passes_where_the_check_let_it_through() -> None:
    assert said(good(), given={"deploy": None}).verdict is Verdict.DECLARED


def test_each_model_that_is_released_needs_the_check() -> None:
    tasks = {
        **TASKS,
        "other": task("train", data="split.training"),
        "register": task("register", "compare", model="train.model", second="other.model"),
    }
    spec = pipeline(tasks, {**COMPONENTS, "register": component("register", model="Model", second="Model")})
    assert said(spec).verdict is Verdict.FAIL


def test_a_deployment_may_name_what_an_upload_made() -> None:
    named = task("deploy", parameters={"model": "@register.name"})
    assert said(pipeline({**TASKS, "deploy": named}, COMPONENTS)).verdict is Verdict.DECLARED
    unchecked = task("compare", model="other.model", data="split.holdout", parameters={"thresholds": THRESHOLDS})
    tasks = {**TASKS, "deploy": named, "other": task("train", data="split.training"), "compare": unchecked}
    assert said(pipeline(tasks, COMPONENTS)).verdict is Verdict.FAIL


def test_a_release_of_which_nobody_sees_the_model_is_indeterminate() -> None:
    unnamed = task("deploy", "compare", parameters={"model": "projects/acme-ml/models/1"})
    found = said(pipeline({**TASKS, "deploy": unnamed}, COMPONENTS))
    assert faults(found) == [("indeterminate", f"{AT}.root.dag.tasks.deploy")]


def test_what_releases_nothing_needs_no_check() -> None:
    spec = pipeline({"ingest": task("ingest")}, COMPONENTS)
    assert said(spec).verdict is Verdict.NOT_APPLICABLE


def test_the_file_is_read_by_the_control_all_the_same() -> None:
    assert SPEC in CONTROL.checks
