"""PIPE-05: jobs of pipelines run as an account of their own."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.pipelines.found import SCHEDULE
from groundplan_policies.rules.pipeline.pipe_05 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, urn, verdict
from tests.policies.rules.pipeline.runs import changed, file, schedule

PATH = "createPipelineJobRequest.pipelineJob.serviceAccount"
OWN = R("serviceaccount.Account", {"accountId": "trainer"}, "trainer")

test_stated_verdicts = stated_verdicts(CONTROL, [schedule()])


@pytest.mark.parametrize(
    "account", ["123-compute@developer.gserviceaccount.com", "default", "acme-ml@appspot.gserviceaccount.com", "", ...]
)
def test_a_default_account_fails(account: object) -> None:
    found = outcome(CONTROL, changed("serviceAccount", account))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, PATH)


def test_an_account_of_this_document_passes_before_its_address_is_known() -> None:
    made = changed("serviceAccount", UNKNOWN)
    assert verdict(CONTROL, made) is Verdict.INDETERMINATE
    named = R(made.type, made.inputs, made.name, origins={PATH: urn("serviceaccount.Account", "trainer")})
    assert verdict(CONTROL, named, OWN) is Verdict.PASS


def test_a_file_never_says_as_whom_it_runs() -> None:
    assert verdict(CONTROL, file()) is Verdict.INDETERMINATE
    assert verdict(CONTROL, file("no pipeline")) is Verdict.INDETERMINATE


def test_a_schedule_of_a_notebook_is_not_concerned() -> None:
    notebook = R(SCHEDULE, {"createNotebookExecutionJobRequest": {"notebookExecutionJob": {}}})
    assert verdict(CONTROL, notebook) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(SCHEDULE, {"createPipelineJobRequest": {}})) is Verdict.FAIL
