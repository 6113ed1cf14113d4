"""RAI-21: what a schedule runs can be looked at."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_21 import CONTROL
from tests.policies.pipelines.specs import good
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict
from tests.policies.rules.pipeline.runs import AT, changed, faults, schedule

TEMPLATE = "createPipelineJobRequest.pipelineJob.templateUri"
ADDRESS = "https://europe-west4-kfp.pkg.dev/acme-ml/templates/income/sha256:1"

test_stated_verdicts = stated_verdicts(CONTROL, [schedule()])


def test_a_template_alone_is_not_looked_at() -> None:
    made = changed("templateUri", ADDRESS)
    assert verdict(CONTROL, made) is Verdict.PASS
    alone = changed("pipelineSpec", ...)
    job = {**alone.inputs["createPipelineJobRequest"]["pipelineJob"], "templateUri": ADDRESS}
    made = replace(alone, inputs={"createPipelineJobRequest": {"pipelineJob": job}})
    assert faults(outcome(CONTROL, made)) == [("indeterminate", TEMPLATE)]


@pytest.mark.parametrize(
    "spec", ["", "x", "[]", "{}", "7", '{"a": 1}', "{" * 9000, '{"root": NaN}', '{"root": 1, "root": 2}', UNKNOWN, ...]
)
def test_what_is_no_pipeline_is_indeterminate(spec: object) -> None:
    assert faults(outcome(CONTROL, changed("pipelineSpec", spec))) == [("indeterminate", AT)]


def test_a_pipeline_with_faults_is_indeterminate() -> None:
    assert faults(outcome(CONTROL, schedule({**good(), "schemaVersion": "3.0.0"}))) == [("indeterminate", AT)]


def test_a_schedule_of_a_notebook_is_not_concerned() -> None:
    notebook = R("colab.Schedule", {"createNotebookExecutionJobRequest": {"notebookExecutionJob": {}}})
    assert verdict(CONTROL, notebook) is Verdict.NOT_APPLICABLE


VERTEX = "https://europe-west4-aiplatform.googleapis.com/v1/projects/acme-ml/locations/europe-west4"


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        (f"{VERTEX}/pipelineJobs", Verdict.INDETERMINATE),
        (f"{VERTEX}/customJobs?x=1", Verdict.INDETERMINATE),
        (f"https://aiplatform.googleapis.com/v1/{UNKNOWN}/trainingPipelines", Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
        (f"{VERTEX}/endpoints/7:predict", Verdict.NOT_APPLICABLE),
        ("https://retrain-abc.a.run.app/", Verdict.NOT_APPLICABLE),
        (UNKNOWN, Verdict.NOT_APPLICABLE),
        (None, Verdict.NOT_APPLICABLE),
    ],
)
def test_a_call_that_starts_a_pipeline_is_not_looked_into(uri: object, expected: Verdict) -> None:
    found = outcome(CONTROL, R("cloudscheduler.Job", {"httpTarget": {"uri": uri}}))
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {"httpTarget.uri"}
