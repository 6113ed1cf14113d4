"""PIPE-09: no result of an earlier run stands for a step that has to look itself."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.pipeline.pipe_09 import CONTROL
from tests.policies.pipelines.specs import COMPONENTS, ROLES, TASKS, Spec, component, good, graph, pipeline, task
from tests.policies.rules.harness import stated_verdicts
from tests.policies.rules.pipeline.runs import faults, file, parameters, said, schedule, verdict_of

CACHED = {"enableCache": True}

test_stated_verdicts = stated_verdicts(CONTROL, [schedule(), file()], parameters=parameters(good()))


def cached(name: str, **more: object) -> Spec:
    made = {**task(name), "cachingOptions": CACHED, **more}
    return pipeline({**TASKS, "it": made}, COMPONENTS)


@pytest.mark.parametrize("name", sorted(ROLES))
def test_only_training_preparation_and_the_rest_may_be_cached(name: str) -> None:
    found = said(CONTROL, cached(name))
    if name in {"train", "split", "clean"}:
        assert found.verdict is Verdict.DECLARED
    else:
        assert faults(found) == [("fail", "root.dag.tasks.it.cachingOptions.enableCache")]
        assert found.reasons[0].shown == "true"


def test_what_runs_whatever_happened_may_not_be_cached() -> None:
    assert verdict_of(CONTROL, cached("clean", triggerPolicy={"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"})) is (
        Verdict.FAIL
    )


def test_a_component_without_a_role_may_not_be_cached_unseen() -> None:
    assert verdict_of(CONTROL, cached("clean"), clean=None) is Verdict.INDETERMINATE
    assert verdict_of(CONTROL, good(), clean=None, evaluate=None) is Verdict.PASS


def test_a_step_of_a_nested_graph_is_looked_at() -> None:
    inner = graph({"look": {**task("validate"), "cachingOptions": CACHED}})
    spec = pipeline({**TASKS, "it": task("inner")}, {**COMPONENTS, "inner": inner})
    assert faults(said(CONTROL, spec)) == [("fail", "components.inner.dag.tasks.look.cachingOptions.enableCache")]


def test_an_importer_brings_data_in() -> None:
    spec = cached("import")
    spec["components"]["import"] = component("import")
    spec["deploymentSpec"]["executors"]["exec-import"] = {"importer": {}}
    assert verdict_of(CONTROL, spec) is Verdict.FAIL


@pytest.mark.parametrize("options", [{}, {"enableCache": False}, None])
def test_no_caching_passes(options: object) -> None:
    assert verdict_of(CONTROL, cached("validate", cachingOptions=options)) is Verdict.PASS


@pytest.mark.parametrize("options", [{"enableCache": "yes"}, {"enableCache": 1}, "off", []])
def test_caching_of_another_type_never_passes(options: object) -> None:
    assert verdict_of(CONTROL, cached("validate", cachingOptions=options)) is Verdict.INDETERMINATE
