"""PIPE-10: a pipeline is of a known version, can be walked, and bounds its retries."""

from typing import Any

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.pipeline import pipe_01, pipe_02, pipe_03, pipe_09
from groundplan_policies.rules.pipeline.pipe_10 import CONTROL
from tests.policies.pipelines.specs import COMPONENTS, TASKS, Spec, good, graph, pipeline, task
from tests.policies.rules.harness import outcome, stated_verdicts
from tests.policies.rules.pipeline.runs import faults, file, parameters, said, schedule, verdict_of

test_stated_verdicts = stated_verdicts(CONTROL, [schedule(), file()], parameters=parameters(good()))


def retried(name: str, count: object) -> Spec:
    return pipeline({**TASKS, "it": {**task(name), "retryPolicy": {"maxRetryCount": count}}}, COMPONENTS)


@pytest.mark.parametrize("count", [0, 1, 3, 3.0])
def test_up_to_three_retries_pass(count: float) -> None:
    assert verdict_of(CONTROL, retried("train", count)) is Verdict.PASS


@pytest.mark.parametrize("count", [4, -1, 2.5, 100000])
def test_more_fail_at_the_count(count: float) -> None:
    found = said(CONTROL, retried("train", count))
    assert faults(found) == [("fail", "root.dag.tasks.it.retryPolicy.maxRetryCount")]
    assert found.reasons[0].shown == f"{count:g}"


@pytest.mark.parametrize("name", ["register", "deploy"])
def test_an_upload_or_a_deployment_is_never_repeated(name: str) -> None:
    assert verdict_of(CONTROL, retried(name, 1)) is Verdict.FAIL
    assert verdict_of(CONTROL, retried(name, 0)) is Verdict.PASS
    assert verdict_of(CONTROL, retried(name, 1), **{name: None}) is Verdict.INDETERMINATE


def test_a_task_that_holds_an_upload_is_never_repeated() -> None:
    inner = graph({"put": task("register", model="^model")})
    release = {**task("inner", model="train.model"), "retryPolicy": {"maxRetryCount": 1}}
    spec = pipeline({**TASKS, "it": release}, {**COMPONENTS, "inner": inner})
    assert faults(said(CONTROL, spec)) == [("fail", "root.dag.tasks.it.retryPolicy.maxRetryCount")]


def test_a_count_inside_of_a_nested_graph_is_read() -> None:
    inner = graph({"look": {**task("validate"), "retryPolicy": {"maxRetryCount": 9}}})
    spec = pipeline({**TASKS, "it": task("inner")}, {**COMPONENTS, "inner": inner})
    assert faults(said(CONTROL, spec)) == [("fail", "components.inner.dag.tasks.look.retryPolicy.maxRetryCount")]


def test_without_roles_only_what_is_repeated_is_unclear() -> None:
    assert outcome(CONTROL, schedule()).verdict is Verdict.PASS
    assert outcome(CONTROL, schedule(retried("train", 1))).verdict is Verdict.INDETERMINATE


def _with(**changes: Any) -> Spec:
    return {**good(), **changes}


def _task(**changes: Any) -> Spec:
    spec = good()
    spec["root"]["dag"]["tasks"]["train"].update(changes)
    return spec


FAULTY: dict[str, tuple[Spec, str]] = {
    "another version": (_with(schemaVersion="2.0.0"), "schemaVersion"),
    "no version": ({key: each for key, each in good().items() if key != "schemaVersion"}, "schemaVersion"),
    "a version of another type": (_with(schemaVersion=2.1), "schemaVersion"),
    "no root": ({key: each for key, each in good().items() if key != "root"}, "root"),
    "no task": (_with(root={"dag": {"tasks": {}}}), "root"),
    "an unknown component": (_task(componentRef={"name": "gone"}), "root.dag.tasks.train.componentRef.name"),
    "no component": (_task(componentRef={}), "root.dag.tasks.train.componentRef.name"),
    "a task that is not there": (_task(dependentTasks=["gone"]), "root.dag.tasks.train"),
    "a circle of tasks": (_task(dependentTasks=["register"]), "root.dag.tasks"),
    "a task that waits for itself": (_task(dependentTasks=["train"]), "root.dag.tasks"),
    "an unknown strategy": (
        _task(triggerPolicy={"strategy": "SOMETIMES"}),
        "root.dag.tasks.train.triggerPolicy.strategy",
    ),
    "an unknown field of a task": (_task(skipIf="x"), "root.dag.tasks.train.skipIf"),
    "an input from nowhere": (
        _task(inputs={"artifacts": {"data": {}}}),
        "root.dag.tasks.train.inputs.artifacts.data",
    ),
    "a parameter from nowhere": (
        _task(inputs={"parameters": {"x": {}}}),
        "root.dag.tasks.train.inputs.parameters.x",
    ),
    "retries of another type": (
        _task(retryPolicy={"maxRetryCount": "3"}),
        "root.dag.tasks.train.retryPolicy.maxRetryCount",
    ),
    "a loop over nothing": (
        _task(parameterIterator={"itemInput": "x", "items": {"inputParameter": "gone"}}),
        "root.dag.tasks.train",
    ),
    "tasks that are a list": (_with(root={"dag": {"tasks": []}}), "root.dag.tasks"),
    "a task that is null": (_with(root={"dag": {"tasks": {"a": None}}}), "root.dag.tasks.a"),
    "a component without an executor": (_with(deploymentSpec={"executors": {}}), "components.train"),
    "an executor of no kind": (
        _with(deploymentSpec={"executors": {**good()["deploymentSpec"]["executors"], "exec-train": {}}}),
        'deploymentSpec.executors["exec-train"]',
    ),
    "an executor of two kinds": (
        _with(
            deploymentSpec={
                "executors": {**good()["deploymentSpec"]["executors"], "exec-train": {"container": {}, "importer": {}}}
            }
        ),
        'deploymentSpec.executors["exec-train"]',
    ),
    "an output of a task that is not there": (
        _with(root={"dag": {**good()["root"]["dag"], "outputs": {"artifacts": {"x": {"artifactSelectors": []}}}}}),
        "root.dag.outputs",
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_what_cannot_be_walked_fails_here_and_is_indeterminate_elsewhere(name: str) -> None:
    spec, path = FAULTY[name]
    found = said(CONTROL, spec)
    assert found.verdict is Verdict.FAIL
    assert path in {each.path for each in found.reasons}
    for other in (pipe_01, pipe_02, pipe_03, pipe_09):
        assert verdict_of(other.CONTROL, spec) is Verdict.INDETERMINATE


def test_graphs_that_hold_one_another_fail() -> None:
    nested = {"one": graph({"a": task("two")}), "two": graph({"b": task("one")})}
    found = said(CONTROL, pipeline({**TASKS, "it": task("one")}, {**COMPONENTS, **nested}))
    assert faults(found) == [("fail", "components")]
    itself = {"one": graph({"a": task("one")})}
    assert verdict_of(CONTROL, pipeline({"it": task("one")}, itself)) is Verdict.FAIL


def test_a_few_graphs_that_make_a_million_steps_fail_at_once() -> None:
    nested = {f"g{level}": graph({"a": task(f"g{level + 1}"), "b": task(f"g{level + 1}")}) for level in range(24)}
    spec = pipeline({"it": task("g0")}, {**nested, "g24": COMPONENTS["clean"]})
    spec["deploymentSpec"]["executors"]["exec-clean"] = good()["deploymentSpec"]["executors"]["exec-clean"]
    assert faults(said(CONTROL, spec)) == [("fail", "root")]


@pytest.mark.parametrize(("deep", "expected"), [(29, Verdict.PASS), (30, Verdict.FAIL)])
def test_graphs_inside_of_graphs_have_a_limit(deep: int, expected: Verdict) -> None:
    nested = {f"g{level}": graph({"a": task(f"g{level + 1}")}) for level in range(deep)}
    spec = pipeline({"it": task("g0")}, {**nested, f"g{deep}": COMPONENTS["clean"]})
    spec["deploymentSpec"]["executors"]["exec-clean"] = good()["deploymentSpec"]["executors"]["exec-clean"]
    assert verdict_of(CONTROL, spec) is expected


@pytest.mark.parametrize(("steps", "expected"), [(1000, Verdict.PASS), (1001, Verdict.FAIL)])
def test_steps_have_a_limit(steps: int, expected: Verdict) -> None:
    spec = pipeline({f"t{number}": task("clean") for number in range(steps)}, COMPONENTS)
    assert verdict_of(CONTROL, spec) is expected


def _retried(name: str, times: int) -> Spec:
    return {**task(name), "retryPolicy": {"maxRetryCount": times}}


@pytest.mark.parametrize(
    ("outer", "middle", "inner", "expected"),
    [
        (0, 0, 3, Verdict.PASS),
        (3, 0, 0, Verdict.PASS),
        (1, 0, 1, Verdict.PASS),
        (1, 0, 2, Verdict.FAIL),
        (1, 1, 1, Verdict.FAIL),
        (2, 0, 1, Verdict.FAIL),
        (0, 3, 3, Verdict.FAIL),
    ],
)
def test_retries_of_nested_graphs_multiply(outer: int, middle: int, inner: int, expected: Verdict) -> None:
    nested = {
        "one": graph({"two": _retried("two", middle)}),
        "two": graph({"look": _retried("clean", inner)}),
    }
    found = said(CONTROL, pipeline({**TASKS, "one": _retried("one", outer)}, {**COMPONENTS, **nested}))
    assert found.verdict is expected
