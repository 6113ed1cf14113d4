"""PIPE-01: data is validated before a model is trained on it."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.pipeline.pipe_01 import CONTROL
from tests.policies.pipelines.specs import COMPONENTS, TASKS, Spec, component, good, graph, pipeline, task
from tests.policies.rules.harness import R, outcome, stated_verdicts
from tests.policies.rules.pipeline.runs import faults, file, parameters, said, schedule, verdict_of

TRAIN = "root.dag.tasks.train"

test_stated_verdicts = stated_verdicts(
    CONTROL, [schedule(), file()], best=Verdict.DECLARED, parameters=parameters(good())
)


def changed(**tasks: Spec) -> Spec:
    return pipeline({**TASKS, **tasks}, COMPONENTS)


def test_data_that_nothing_validated_fails_at_the_training() -> None:
    assert faults(said(CONTROL, changed(train=task("train", data="ingest.data")))) == [("fail", TRAIN)]


def test_a_validation_may_write_the_data_or_only_look_at_it() -> None:
    assert verdict_of(CONTROL, changed(train=task("train", data="validate.data"))) is Verdict.DECLARED
    assert verdict_of(CONTROL, changed(train=task("train", "validate", data="ingest.data"))) is Verdict.DECLARED


def test_a_validation_of_other_data_does_not_count() -> None:
    other = changed(other=task("ingest"), train=task("train", "validate", data="other.data"))
    assert verdict_of(CONTROL, other) is Verdict.FAIL


def test_a_validation_beside_the_training_does_not_stop_it() -> None:
    beside = changed(split=task("split", data="ingest.data"))
    assert verdict_of(CONTROL, beside) is Verdict.FAIL


def test_one_of_two_data_inputs_without_validation_fails() -> None:
    spec = changed(other=task("ingest"), train=task("train", data="validate.data", more="other.data"))
    spec["components"]["train"] = component("train", data="Dataset", more="Artifact")
    assert verdict_of(CONTROL, spec) is Verdict.FAIL


@pytest.mark.parametrize("title", ["Model", "Metrics", "HTML"])
def test_models_and_metrics_are_no_data(title: str) -> None:
    spec = changed(other=task("ingest"), train=task("train", data="validate.data", more="other.data"))
    spec["components"]["train"] = component("train", data="Dataset", more=title)
    assert verdict_of(CONTROL, spec) is Verdict.DECLARED


def test_a_training_that_starts_whatever_happened_before_is_not_stopped() -> None:
    assert verdict_of(CONTROL, changed(train=task("train", data="validate.data", anyway=True))) is Verdict.FAIL
    # What comes before it in the same way is of no use either.
    late = changed(split=task("split", data="validate.data", anyway=True))
    assert verdict_of(CONTROL, late) is Verdict.FAIL


def test_a_validation_under_a_condition_only_counts_for_what_is_under_it_too() -> None:
    sometimes = task("validate", data="ingest.data", condition="1 == 1")
    looked_at = {"validate": sometimes, "train": task("train", "validate", data="ingest.data")}
    assert verdict_of(CONTROL, changed(**looked_at)) is Verdict.FAIL
    # What it wrote is only there if it ran.
    assert verdict_of(CONTROL, changed(validate=sometimes)) is Verdict.DECLARED


def test_a_validation_in_a_loop_may_never_run() -> None:
    looped = {**task("validate", data="ingest.data"), "parameterIterator": {"items": {"raw": "[]"}, "itemInput": "x"}}
    spec = changed(validate=looped, train=task("train", "validate", data="ingest.data"))
    assert verdict_of(CONTROL, spec) is Verdict.FAIL


@pytest.mark.parametrize(("inside", "expected"), [("validate", Verdict.DECLARED), ("clean", Verdict.FAIL)])
def test_nested_graphs_are_walked_through(inside: str, expected: Verdict) -> None:
    checked = graph({"look": task(inside, data="^raw")}, {"data": "look.data"})
    learned = graph({"learn": task("train", data="^given")}, {"model": "learn.model"})
    tasks = {
        **TASKS,
        "validate": task("checked", raw="ingest.data"),
        "train": task("learned", given="split.training"),
    }
    spec = pipeline(tasks, {**COMPONENTS, "checked": checked, "learned": learned})
    found = said(CONTROL, spec)
    assert found.verdict is expected
    at_fault = "" if expected is Verdict.DECLARED else "components.learned.dag.tasks.learn"
    assert {each.path for each in found.reasons} == {at_fault}


def test_of_several_producers_each_must_be_validated() -> None:
    either = graph({"one": task("validate", data="^raw"), "two": task("ingest")}, {"data": "one.data|two.data"})
    both = graph(
        {"one": task("validate", data="^raw"), "two": task("validate", data="^raw")}, {"data": "one.data|two.data"}
    )
    for checked, expected in ((either, Verdict.FAIL), (both, Verdict.DECLARED)):
        spec = pipeline({**TASKS, "validate": task("checked", raw="ingest.data")}, {**COMPONENTS, "checked": checked})
        assert verdict_of(CONTROL, spec) is expected


@pytest.mark.parametrize("name", ["validate", "split"])
def test_a_component_without_a_role_makes_what_hangs_on_it_indeterminate(name: str) -> None:
    assert verdict_of(CONTROL, good(), **{name: None}) is Verdict.INDETERMINATE


def test_a_component_without_a_role_is_no_matter_where_nothing_hangs_on_it() -> None:
    # Whatever it is, it takes what was validated, and nothing that trains takes anything of it.
    assert verdict_of(CONTROL, good(), train=None) is Verdict.DECLARED
    assert verdict_of(CONTROL, good(), evaluate=None) is Verdict.DECLARED
    unsure = changed(other=task("ingest"), more=task("clean", data="other.data"))
    assert verdict_of(CONTROL, unsure, clean=None) is Verdict.INDETERMINATE
    assert verdict_of(CONTROL, unsure) is Verdict.DECLARED
    unfit = changed(train=task("train", data="ingest.data"))
    assert verdict_of(CONTROL, unfit, evaluate=None) is Verdict.FAIL
    assert verdict_of(CONTROL, unfit, validate=None) is Verdict.FAIL


def test_the_role_is_the_digests_and_not_the_names() -> None:
    spec = good()
    world = parameters(spec)
    spec["deploymentSpec"]["executors"]["exec-validate"]["container"]["command"] = ["true"]
    assert outcome(CONTROL, schedule(spec), parameters=world).verdict is Verdict.INDETERMINATE


def test_data_by_a_parameter_is_indeterminate_behind_a_validation_and_else_fails() -> None:
    by_name = changed(train=task("train", "validate", parameters={"table": "census"}))
    assert verdict_of(CONTROL, by_name) is Verdict.INDETERMINATE
    assert verdict_of(CONTROL, changed(train=task("train", parameters={"table": "census"}))) is Verdict.FAIL


def test_a_pipeline_that_trains_nothing_is_not_concerned() -> None:
    assert verdict_of(CONTROL, pipeline({"ingest": task("ingest")}, COMPONENTS)) is Verdict.NOT_APPLICABLE


def test_a_schedule_of_a_notebook_is_not_concerned() -> None:
    notebook = R("colab.Schedule", {"createNotebookExecutionJobRequest": {"notebookExecutionJob": {}}})
    assert outcome(CONTROL, notebook).verdict is Verdict.NOT_APPLICABLE


def test_without_roles_in_the_settings_nobody_can_tell() -> None:
    found = outcome(CONTROL, schedule())
    assert found.verdict is Verdict.INDETERMINATE
    assert "pipeline_components" in found.reasons[0].message


def test_an_importer_is_known_to_run_no_code() -> None:
    spec = changed(ingest=task("import"))
    spec["components"]["import"] = component("import")
    spec["deploymentSpec"]["executors"]["exec-import"] = {"importer": {"artifactUri": {"constant": "gs://a/b"}}}
    assert verdict_of(CONTROL, spec) is Verdict.DECLARED
    spec["root"]["dag"]["tasks"]["train"] = task("train", data="ingest.artifact")
    assert verdict_of(CONTROL, spec) is Verdict.FAIL


def _over(name: str, many: str) -> Spec:
    return {
        **task(name, many=many),
        "artifactIterator": {"itemInput": "one", "items": {"inputArtifact": "many"}},
    }


@pytest.mark.parametrize(
    ("checked", "trained", "expected"),
    [
        ("^one", "^one", Verdict.DECLARED),
        ("^many", "^one", Verdict.DECLARED),
        ("^many", "^many", Verdict.DECLARED),
        ("^one", "^many", Verdict.FAIL),
    ],
)
def test_in_a_loop_one_item_is_not_the_list(checked: str, trained: str, expected: Verdict) -> None:
    inside = graph({"look": task("validate", data=checked), "learn": task("train", "look", data=trained)})
    tasks = {"ingest": task("ingest"), "each": _over("inside", many="ingest.files")}
    assert verdict_of(CONTROL, pipeline(tasks, {**COMPONENTS, "inside": inside})) is expected


def test_items_of_two_loops_are_two() -> None:
    inner = graph({"learn": task("train", data="^one")})
    outer = graph(
        {"look": task("validate", data="^one"), "each": {**_over("inner", many="^many"), "dependentTasks": ["look"]}}
    )
    tasks = {"ingest": task("ingest"), "each": _over("outer", many="ingest.files")}
    assert verdict_of(CONTROL, pipeline(tasks, {**COMPONENTS, "outer": outer, "inner": inner})) is Verdict.FAIL
