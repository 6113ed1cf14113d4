"""PIPE-03: a deployment stands behind a gate."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.pipeline.pipe_03 import CONTROL
from tests.policies.pipelines.specs import COMPONENTS, SCORE, TASKS, Spec, good, graph, pipeline, task
from tests.policies.rules.harness import stated_verdicts
from tests.policies.rules.pipeline.runs import faults, file, parameters, said, schedule, verdict_of

DEPLOY = "root.dag.tasks.deploy"
READ = f"inputs.parameter_values['{SCORE}']"

test_stated_verdicts = stated_verdicts(
    CONTROL, [schedule(), file()], best=Verdict.DECLARED, parameters=parameters(good())
)


def deployed(condition: str, **values: object) -> Spec:
    given = {SCORE: "@evaluate.score", **values}
    step = task("deploy", "register", parameters=given, condition=condition, model="register.model")
    return pipeline({**TASKS, "deploy": step}, COMPONENTS)


@pytest.mark.parametrize(
    "condition",
    [
        f"{READ} == 'good'",
        f"double({READ}) >= 0.9",
        f"({READ} == 'a') && 1 == 1",
        f"!({READ} == 'a') && {READ} == 'b'",
        f"!(!({READ} == 'good'))",
        f"{READ} == 'a' || {READ} == 'b'",
        READ,
    ],
)
def test_a_condition_that_only_an_evaluation_can_meet_passes(condition: str) -> None:
    assert verdict_of(CONTROL, deployed(condition)) is Verdict.DECLARED


@pytest.mark.parametrize(
    "condition",
    [
        "1 == 1",
        "true",
        f"{READ} == 'good' || 1 == 1",
        f"!({READ} == 'good' && 1 == 2)",
        f"{READ} == {READ}",
        "inputs.parameter_values['force'] == 'yes'",
        f"{READ} == 'good' || inputs.parameter_values['force'] == 'yes'",
        "'inputs.parameter_values[x]' == 'x'",
    ],
)
def test_a_condition_that_can_be_met_otherwise_fails_at_the_condition(condition: str) -> None:
    found = said(CONTROL, deployed(condition, force="^force"))
    assert faults(found) == [("fail", f"{DEPLOY}.triggerPolicy.condition")]


@pytest.mark.parametrize(
    "condition",
    [
        f"{READ} == 'good' ? true : false",
        f"size({READ}) > 3",
        f"{READ} == 'it\\'s'",
        f"({READ} == 'good'",
        f"!{READ}",
        f"!({READ} == 'bad')",
        f"!({READ} == 'bad') && !({READ} == 'worse')",
        f"!(1 == 2 || {READ} == 'bad')",
        f"!({READ} == 'good') && 1 == 1",
        f"{READ} == 'good' == true",
        "inputs.parameter_values['other'] == 'x'",
        "(" * 60 + READ + ")" * 60,
    ],
)
def test_a_condition_that_is_not_understood_is_indeterminate(condition: str) -> None:
    assert verdict_of(CONTROL, deployed(condition)) is Verdict.INDETERMINATE


def test_a_deployment_under_no_condition_fails() -> None:
    spec = pipeline({**TASKS, "deploy": task("deploy", "register", model="register.model")}, COMPONENTS)
    assert faults(said(CONTROL, spec)) == [("fail", DEPLOY)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("@compare.score", Verdict.DECLARED),
        ("@approve.said", Verdict.DECLARED),
        ("@train.score", Verdict.FAIL),
        ("@register.name", Verdict.FAIL),
        ("@early.said", Verdict.FAIL),
        (0.99, Verdict.FAIL),
        ("^score", Verdict.FAIL),
    ],
)
def test_it_matters_whose_output_the_condition_reads(source: object, expected: Verdict) -> None:
    tasks = {
        **TASKS,
        "approve": task("approve", scores="evaluate.scores"),
        "early": task("approve"),
        "deploy": task("deploy", "register", parameters={SCORE: source}, condition=f"{READ} == 'good'"),
    }
    assert verdict_of(CONTROL, pipeline(tasks, COMPONENTS)) is expected


@pytest.mark.parametrize(
    ("measured", "by", "expected"),
    [
        ("train.model", "@evaluate.score", Verdict.DECLARED),
        ("other.model", "@evaluate.score", Verdict.FAIL),
        ("other.model", "@compare.score", Verdict.DECLARED),
        ("other.model", "@approve.said", Verdict.FAIL),
        ("train.model", "@approve.said", Verdict.DECLARED),
    ],
)
@pytest.mark.parametrize("by_name", [False, True])
def test_it_is_the_deployed_model_that_was_measured(
    measured: str, by: str, expected: Verdict, *, by_name: bool
) -> None:
    given = {SCORE: by, "name": "@register.name"}
    deploy = task("deploy", "register", parameters=given, condition=f"{READ} == 'good'", model="register.model")
    if by_name:
        del deploy["inputs"]["artifacts"]
    tasks = {
        **TASKS,
        "other": task("train", data="split.training"),
        "evaluate": task("evaluate", model=measured, data="split.holdout"),
        "compare": task("compare", model="train.model", data="split.holdout"),
        "approve": task("approve", scores="evaluate.scores"),
        "deploy": deploy,
    }
    assert verdict_of(CONTROL, pipeline(tasks, COMPONENTS)) is expected


def test_a_deployment_by_a_name_of_elsewhere_is_gated_by_any_measurement() -> None:
    tasks = {
        **TASKS,
        "evaluate": task("evaluate", model="other.model", data="split.holdout"),
        "other": task("train", data="split.training"),
        "deploy": task("deploy", parameters={SCORE: "@evaluate.score", "name": "^name"}, condition=f"{READ} == 'good'"),
    }
    assert verdict_of(CONTROL, pipeline(tasks, COMPONENTS)) is Verdict.DECLARED


@pytest.mark.parametrize(
    ("role", "expected"),
    [("other", Verdict.INDETERMINATE), (None, Verdict.INDETERMINATE), ("training", Verdict.FAIL)],
)
def test_a_model_in_another_form_may_be_the_one_that_was_measured(role: str | None, expected: Verdict) -> None:
    step = task("deploy", "evaluate", parameters={SCORE: "@evaluate.score"}, model="clean.model", condition=READ)
    tasks = {**TASKS, "clean": task("clean", model="train.model"), "deploy": step}
    assert verdict_of(CONTROL, pipeline(tasks, COMPONENTS), clean=role) is expected


def test_a_part_of_a_value_is_not_read() -> None:
    spec = deployed(f"{READ} == 'good'")
    given = spec["root"]["dag"]["tasks"]["deploy"]["inputs"]["parameters"][SCORE]
    given["parameterExpressionSelector"] = 'parseJson(string_value)["auc"]'
    assert verdict_of(CONTROL, spec) is Verdict.INDETERMINATE


def test_a_condition_around_a_nested_graph_counts_for_what_is_inside() -> None:
    inside = graph({"put": task("deploy", model="^model")})
    gated = task(
        "release", parameters={SCORE: "@evaluate.score"}, condition=f"{READ} == 'good'", model="register.model"
    )
    spec = pipeline({**TASKS, "deploy": gated}, {**COMPONENTS, "release": inside})
    assert verdict_of(CONTROL, spec) is Verdict.DECLARED
    del spec["root"]["dag"]["tasks"]["deploy"]["triggerPolicy"]
    assert faults(said(CONTROL, spec)) == [("fail", "components.release.dag.tasks.put")]


def test_a_value_that_is_handed_through_a_nested_graph_keeps_its_origin() -> None:
    inner = task("deploy", parameters={SCORE: "^handed"}, condition=f"{READ} == 'good'")
    release = graph({"put": inner})
    spec = pipeline(
        {**TASKS, "deploy": task("release", "register", parameters={"handed": "@evaluate.score"})},
        {**COMPONENTS, "release": release},
    )
    assert verdict_of(CONTROL, spec) is Verdict.DECLARED
    spec["root"]["dag"]["tasks"]["deploy"]["inputs"]["parameters"]["handed"] = {"runtimeValue": {"constant": "good"}}
    assert verdict_of(CONTROL, spec) is Verdict.FAIL
    del spec["root"]["dag"]["tasks"]["deploy"]["inputs"]
    assert verdict_of(CONTROL, spec) is Verdict.INDETERMINATE
    release["inputDefinitions"] = {"parameters": {"handed": {"defaultValue": "good"}}}
    spec["components"]["release"] = release
    assert verdict_of(CONTROL, spec) is Verdict.FAIL


@pytest.mark.parametrize("name", ["evaluate"])
def test_a_component_without_a_role_on_the_way_is_indeterminate(name: str) -> None:
    assert verdict_of(CONTROL, good(), **{name: None}) is Verdict.INDETERMINATE


def test_what_may_deploy_counts_as_a_deployment_until_its_role_is_known() -> None:
    assert verdict_of(CONTROL, good(), register=None) is Verdict.INDETERMINATE
    assert verdict_of(CONTROL, good(), deploy=None) is Verdict.DECLARED


def test_a_pipeline_that_ends_at_the_registry_is_not_concerned() -> None:
    ends = pipeline({name: each for name, each in TASKS.items() if name != "deploy"}, COMPONENTS)
    assert verdict_of(CONTROL, ends) is Verdict.NOT_APPLICABLE
