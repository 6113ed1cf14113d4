"""The components of pipelines by their digests."""

from groundplan_policies.pipelines.found import SCHEDULE
from groundplan_policies.pipelines.listing import listed, pipelines_of
from groundplan_policies.pipelines.read import read_pipeline
from tests.policies.pipelines.specs import COMPONENTS, IMAGE, component, executor, good, graph, pipeline, task
from tests.policies.rules.harness import R, context
from tests.policies.rules.pipeline.runs import file, schedule


def test_equal_components_are_one_with_all_of_their_names_and_tasks() -> None:
    spec = pipeline(
        {"a": task("train"), "b": task("train-2"), "in": task("inner")},
        {**COMPONENTS, "train-2": component("train-2", data="Dataset"), "inner": graph({"c": task("train")})},
    )
    spec["deploymentSpec"]["executors"]["exec-train-2"] = executor("train")
    found = {each.components: each for each in listed(read_pipeline(spec))}
    both = found["train", "train-2"]
    assert (both.tasks, both.images) == (("a", "c", "b"), (IMAGE,))
    assert found["clean",].tasks == ()
    assert ("inner",) not in found


def test_importers_and_what_cannot_be_read_are_left_out() -> None:
    spec = good()
    spec["deploymentSpec"]["executors"]["exec-ingest"] = {"importer": {}}
    spec["deploymentSpec"]["executors"]["exec-clean"] = {"customJob": {}}
    found = {each.components[0]: each for each in listed(read_pipeline(spec))}
    assert "ingest" not in found
    assert found["clean"].images == ()


def test_the_pipelines_of_a_deployment_are_those_that_can_be_read() -> None:
    notebook = R(SCHEDULE, {"createNotebookExecutionJobRequest": {}}, "notebook")
    broken = R(SCHEDULE, {"createPipelineJobRequest": {"pipelineJob": {"pipelineSpec": "x"}}}, "broken")
    graph_ = context(schedule(), file(), notebook, broken).graph
    assert [each.resource.name for each in pipelines_of(graph_)] == ["income", "weekly"]
