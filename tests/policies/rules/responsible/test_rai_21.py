"""RAI-21: what a schedule runs can be looked at."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_21 import CONTROL
from tests.policies.pipelines.specs import good
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict
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
