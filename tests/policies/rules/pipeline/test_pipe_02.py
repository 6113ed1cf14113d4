"""PIPE-02: a model is evaluated, with data of its own, before it is uploaded."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.pipeline.pipe_02 import CONTROL
from tests.policies.pipelines.specs import COMPONENTS, TASKS, Spec, component, good, graph, pipeline, task
from tests.policies.rules.harness import stated_verdicts
from tests.policies.rules.pipeline.runs import faults, file, parameters, said, schedule, verdict_of

UPLOAD = "root.dag.tasks.register"

test_stated_verdicts = stated_verdicts(
    CONTROL, [schedule(), file()], best=Verdict.DECLARED, parameters=parameters(good())
)


def changed(**tasks: Spec) -> Spec:
    return pipeline({**TASKS, **tasks}, COMPONENTS)


@pytest.mark.parametrize(
    "upload",
    [task("register", model="train.model"), task("register", "compare", model="train.model"), task("register")],
    ids=["after nothing", "after something else", "by name"],
)
def test_an_upload_before_any_evaluation_fails(upload: Spec) -> None:
    assert faults(said(CONTROL, changed(register=upload))) == [("fail", UPLOAD)]


def test_an_evaluation_of_another_model_does_not_count() -> None:
    other = changed(
        other=task("train", data="split.training"), register=task("register", "evaluate", model="other.model")
    )
    assert verdict_of(CONTROL, other) is Verdict.FAIL


def test_an_evaluation_that_does_not_stop_the_upload_does_not_count() -> None:
    anyway = changed(register=task("register", "evaluate", model="train.model", anyway=True))
    assert verdict_of(CONTROL, anyway) is Verdict.FAIL
    sometimes = changed(evaluate={**TASKS["evaluate"], "triggerPolicy": {"condition": "1 == 1"}})
    assert verdict_of(CONTROL, sometimes) is Verdict.FAIL


@pytest.mark.parametrize("data", ["split.training", "validate.data", "ingest.data"])
def test_an_evaluation_with_what_was_learned_from_fails(data: str) -> None:
    found = said(CONTROL, changed(evaluate=task("evaluate", model="train.model", data=data)))
    assert faults(found) == [("fail", UPLOAD)]
    assert "learned from" in found.reasons[0].message


def test_one_input_of_an_evaluation_that_was_learned_from_is_enough_to_fail() -> None:
    spec = changed(evaluate=task("evaluate", model="train.model", data="split.holdout", more="split.training"))
    assert verdict_of(CONTROL, spec) is Verdict.FAIL


def test_data_that_may_be_made_of_the_trainings_is_indeterminate() -> None:
    made = changed(
        scale=task("split", data="split.training", more="split.holdout"),
        evaluate=task("evaluate", model="train.model", data="scale.holdout"),
    )
    assert verdict_of(CONTROL, made) is Verdict.INDETERMINATE


def test_data_of_its_own_source_passes() -> None:
    other = task("ingest", parameters={"table": "other"})
    apart = changed(other=other, evaluate=task("evaluate", model="train.model", data="other.data"))
    assert verdict_of(CONTROL, apart) is Verdict.DECLARED


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a", "a", Verdict.INDETERMINATE),
        ("a", "b", Verdict.DECLARED),
        ("^table", "^table", Verdict.INDETERMINATE),
        ("^table", "^other", Verdict.DECLARED),
        ("@clean.name", "@clean.name", Verdict.INDETERMINATE),
        ("@clean.name", "@again.name", Verdict.INDETERMINATE),
        ("@clean.name", "@clean.other", Verdict.DECLARED),
    ],
)
def test_the_same_component_brings_the_same_twice(one: str, other: str, expected: Verdict) -> None:
    spec = changed(
        clean=task("clean"),
        again=task("clean"),
        ingest=task("ingest", parameters={"table": one}),
        twice=task("ingest", parameters={"table": other}),
        evaluate=task("evaluate", model="train.model", data="twice.data"),
    )
    assert verdict_of(CONTROL, spec) is expected
    parted = changed(
        **{name: spec["root"]["dag"]["tasks"][name] for name in ("clean", "again", "ingest", "twice")},
        half=task("split", data="twice.data"),
        evaluate=task("evaluate", model="train.model", data="half.holdout"),
    )
    assert verdict_of(CONTROL, parted) is expected


def test_different_steps_may_make_the_same_of_one_artifact() -> None:
    spec = changed(
        one=task("split", data="ingest.data"),
        train=task("train", data="one.training"),
        other=task("split", data="ingest.data", more="split.report"),
        evaluate=task("evaluate", model="train.model", data="other.holdout"),
    )
    assert verdict_of(CONTROL, spec) is Verdict.INDETERMINATE


def test_what_is_made_of_two_parts_stays_apart() -> None:
    spec = changed(
        left=task("split", data="split.training"),
        right=task("split", data="split.holdout"),
        train=task("train", data="left.training"),
        evaluate=task("evaluate", model="train.model", data="right.training"),
    )
    assert verdict_of(CONTROL, spec) is Verdict.DECLARED


def test_two_imports_of_one_address_bring_the_same() -> None:
    def imported(*addresses: str) -> Spec:
        spec = changed(
            one=task("import-one"),
            other=task("import-other"),
            train=task("train", data="one.artifact"),
            evaluate=task("evaluate", model="train.model", data="other.artifact"),
        )
        for name, address in zip(("one", "other"), addresses, strict=True):
            label = f"exec-import-{name}"
            spec["components"][f"import-{name}"] = {"executorLabel": label}
            spec["deploymentSpec"]["executors"][label] = {"importer": {"artifactUri": {"constant": address}}}
        return spec

    assert verdict_of(CONTROL, imported("gs://acme/a.csv", "gs://acme/a.csv")) is Verdict.INDETERMINATE
    assert verdict_of(CONTROL, imported("gs://acme/a.csv", "gs://acme/b.csv")) is Verdict.DECLARED


def test_a_model_that_began_with_another_counts_for_the_data_of_both() -> None:
    spec = changed(
        first=task("train", data="split.holdout"), train=task("train", data="split.training", start="first.model")
    )
    spec["components"]["train"] = component("train", data="Dataset", start="Model")
    assert verdict_of(CONTROL, spec) is Verdict.FAIL


def test_a_model_of_which_nobody_sees_the_data_is_indeterminate() -> None:
    by_name = changed(train=task("train", "split", parameters={"table": "census"}))
    assert verdict_of(CONTROL, by_name) is Verdict.INDETERMINATE
    brought = changed(train=task("ingest"))
    assert verdict_of(CONTROL, brought) is Verdict.INDETERMINATE
    without = changed(evaluate=task("evaluate", "split", model="train.model"))
    assert verdict_of(CONTROL, without) is Verdict.INDETERMINATE
    named = changed(register=task("register", "evaluate", parameters={"model": "census"}))
    assert verdict_of(CONTROL, named) is Verdict.INDETERMINATE


def test_an_upload_of_one_of_two_models_needs_both_evaluated() -> None:
    pick = graph(
        {"one": task("train", data="^data"), "two": task("train", data="^data")}, {"model": "one.model|two.model"}
    )
    spec = pipeline({**TASKS, "train": task("pick", data="split.training")}, {**COMPONENTS, "pick": pick})
    assert verdict_of(CONTROL, spec) is Verdict.FAIL


@pytest.mark.parametrize("name", ["train", "evaluate"])
def test_a_component_without_a_role_on_the_way_is_indeterminate(name: str) -> None:
    assert verdict_of(CONTROL, good(), **{name: None}) is Verdict.INDETERMINATE


def test_one_of_two_uploads_without_an_evaluation_fails() -> None:
    two = changed(again=task("register", model="train.model"))
    assert faults(said(CONTROL, two)) == [("fail", "root.dag.tasks.again")]


def test_what_may_upload_counts_as_an_upload_until_its_role_is_known() -> None:
    unevaluated = changed(register=task("register", model="train.model"))
    assert verdict_of(CONTROL, unevaluated, register=None) is Verdict.INDETERMINATE
    assert verdict_of(CONTROL, unevaluated, register="other") is Verdict.NOT_APPLICABLE
    # Whatever it does with the model, the model was evaluated.
    assert verdict_of(CONTROL, good(), register=None) is Verdict.DECLARED


def test_a_pipeline_without_an_upload_is_not_concerned() -> None:
    assert verdict_of(CONTROL, pipeline({"ingest": task("ingest")}, COMPONENTS)) is Verdict.NOT_APPLICABLE
