"""What the compiler of Kubeflow Pipelines 2.17 writes for everything that a pipeline can be made of.

`compiled/everything.yaml` is of one pipeline with an exit handler, an importer, a nested pipeline, a loop whose outputs
are collected, `dsl.If`, `dsl.Elif` and `dsl.Else` with `dsl.OneOf` over them, and a task that ignores failures.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.pipelines.read import read_pipeline
from groundplan_policies.pipelines.steps import Output, Step, read_steps
from groundplan_policies.pipelines.text import read_text
from groundplan_policies.rules.pipeline import pipe_01, pipe_03, pipe_09, pipe_10
from tests.policies.pipelines.specs import roles
from tests.policies.rules.harness import PARAMETERS, outcome
from tests.policies.rules.pipeline.runs import schedule

FILE = Path(__file__).parent / "compiled" / "everything.yaml"
SPEC = dict(read_text(FILE.read_bytes(), FILE.name).spec)
COMPONENT_ROLES = {
    **dict.fromkeys(("comp-train", "comp-train-2"), "training"),
    **dict.fromkeys(("comp-deploy", "comp-deploy-2", "comp-deploy-3"), "deployment"),
    **dict.fromkeys(("comp-tell", "comp-tell-2", "comp-pick"), "other"),
    "comp-ingest": "ingestion",
    "comp-validate": "validation",
    "comp-evaluate": "evaluation",
    "comp-notify": "exit",
}
WORLD = replace(PARAMETERS, pipeline_components=roles(SPEC, **COMPONENT_ROLES))


@pytest.fixture(scope="module")
def steps() -> dict[str, Step]:
    read = read_pipeline(SPEC)
    assert read.faults == ()
    return {way[-1]: step for way, step in read_steps(read).items()}


def test_every_task_is_walked(steps: dict[str, Step]) -> None:
    assert list(steps) == [
        *("importer", "ingest", "validate", "train", "pick", "evaluate", "tell-2"),
        *("deploy", "deploy-2", "deploy-3", "tell", "notify"),
    ]


def test_what_runs_at_the_end_has_nothing_before_it(steps: dict[str, Step]) -> None:
    assert steps["notify"].needs == steps["tell-2"].needs == frozenset()
    assert steps["notify"].task.trigger.anyway
    assert steps["tell-2"].task.trigger.anyway


def test_what_is_collected_comes_from_the_loop(steps: dict[str, Step]) -> None:
    assert steps["pick"].artifacts == {"models": (Output(("exit-handler-1", "for-loop-2", "train"), "model"),)}


def test_one_of_several_comes_from_each_branch(steps: dict[str, Step]) -> None:
    found = {each.step[-1] for each in steps["tell"].parameters["text"] if isinstance(each, Output)}
    assert found == {"deploy", "deploy-2", "deploy-3"}


def test_a_branch_holds_its_condition_and_denies_those_before(steps: dict[str, Step]) -> None:
    read = "inputs.parameter_values['pipelinechannel--evaluate-Output'] > 0.9"
    flag = "inputs.parameter_values['pipelinechannel--flag'] == 'yes'"
    texts = [[each.text for each in steps[name].conditions] for name in ("deploy", "deploy-2", "deploy-3")]
    assert texts == [[read], [f"!({read}) && {flag}"], [f"!({read}) && !({flag})"]]


def test_controls_say_of_it_what_is_so() -> None:
    said = {each.CONTROL.id: outcome(each.CONTROL, schedule(SPEC), parameters=WORLD) for each in MODULES}
    assert {name: each.verdict for name, each in said.items()} == {
        "PIPE-01": Verdict.DECLARED,
        "PIPE-03": Verdict.FAIL,  # what is deployed otherwise is a model that nothing measured
        "PIPE-09": Verdict.FAIL,  # the compiler switches caching on where nobody says otherwise
        "PIPE-10": Verdict.PASS,
    }
    assert [each.path.rpartition("components")[2] for each in said["PIPE-03"].reasons] == [
        '["comp-condition-branches-3"].dag.tasks["condition-5"].triggerPolicy.condition',
        '["comp-condition-branches-3"].dag.tasks["condition-6"].triggerPolicy.condition',
    ]


MODULES = (pipe_01, pipe_03, pipe_09, pipe_10)
