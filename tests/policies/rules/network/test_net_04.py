"""NET-04: Colab runtimes have no access to the internet."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_04 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, urn, verdict

SPEC = {"enableInternetAccess": False, "network": "core", "subnetwork": "core"}
TEMPLATE = R("colab.RuntimeTemplate", {"networkSpec": SPEC})
RUN = R("colab.NotebookExecution", {"customEnvironmentSpec": {"networkSpec": SPEC}})


def scheduled(**job: object) -> R:
    return R("colab.Schedule", {"createNotebookExecutionJobRequest": {"notebookExecutionJob": job}})


test_stated_verdicts = stated_verdicts(CONTROL, [TEMPLATE, RUN, scheduled(customEnvironmentSpec={"networkSpec": SPEC})])


@pytest.mark.parametrize(
    ("spec", "paths"),
    [
        ({**SPEC, "enableInternetAccess": True}, ["networkSpec.enableInternetAccess"]),
        ({**SPEC, "network": "projects/acme-ml/global/networks/default"}, ["networkSpec.network"]),
        ({**SPEC, "subnetwork": "default"}, ["networkSpec.subnetwork"]),
        ({"enableInternetAccess": False, "network": "core"}, ["networkSpec.subnetwork"]),
        ({}, ["networkSpec.enableInternetAccess", "networkSpec.network", "networkSpec.subnetwork"]),
    ],
)
def test_a_template_that_reaches_out_fails(spec: dict[str, object], paths: list[str]) -> None:
    found = outcome(CONTROL, R("colab.RuntimeTemplate", {"networkSpec": spec}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, paths)


def test_a_template_without_a_network_fails() -> None:
    assert verdict(CONTROL, R("colab.RuntimeTemplate", {"displayName": "x"})) is Verdict.FAIL


def test_a_job_with_neither_template_nor_environment_fails() -> None:
    assert verdict(CONTROL, R("colab.NotebookExecution", {"displayName": "x"})) is Verdict.FAIL
    assert verdict(CONTROL, scheduled(displayName="x")) is Verdict.FAIL


def test_a_schedule_of_something_else_is_not_judged() -> None:
    assert verdict(CONTROL, R("colab.Schedule", {"createPipelineJobRequest": {}})) is Verdict.NOT_APPLICABLE


def test_a_job_on_a_template_of_this_document_has_its_verdict() -> None:
    template = R("colab.RuntimeTemplate", {"networkSpec": SPEC}, "t")
    key = "notebookRuntimeTemplateResourceName"
    run = R("colab.NotebookExecution", {key: UNKNOWN}, origins={key: urn("colab.RuntimeTemplate", "t")})
    assert verdict(CONTROL, run, template) is Verdict.NOT_APPLICABLE
    open_too = R("colab.NotebookExecution", {key: UNKNOWN, "customEnvironmentSpec": {}}, origins=run.origins)
    assert verdict(CONTROL, open_too, template) is Verdict.FAIL


@pytest.mark.parametrize("name", [UNKNOWN, "projects/p/locations/l/notebookRuntimeTemplates/1"])
def test_a_template_of_another_document_cannot_be_told(name: str) -> None:
    found = outcome(CONTROL, R("colab.NotebookExecution", {"notebookRuntimeTemplateResourceName": name}))
    assert found.verdict is Verdict.INDETERMINATE
    assert [each.path for each in found.reasons] == ["notebookRuntimeTemplateResourceName"]
    assert verdict(CONTROL, scheduled(notebookRuntimeTemplateResourceName=name)) is Verdict.INDETERMINATE
