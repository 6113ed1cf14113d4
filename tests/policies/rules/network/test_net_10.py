"""NET-10: agent runtimes are attached to a network of yours."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_10 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, urn, verdict

TYPE = "vertex.AiReasoningEngine"
PATH = "spec.deploymentSpec.pscInterfaceConfig.networkAttachment"


def engine(attachment: object, **origins: str) -> R:
    interface = {"pscInterfaceConfig": {"networkAttachment": attachment}}
    return R(TYPE, {"spec": {"deploymentSpec": interface}}, origins={PATH: origins["of"]} if origins else {})


test_stated_verdicts = stated_verdicts(CONTROL, [engine("projects/p/regions/r/networkAttachments/agents")])


@pytest.mark.parametrize(
    "spec",
    [{}, {"deploymentSpec": {}}, {"deploymentSpec": {"pscInterfaceConfig": {}}}, {"agentFramework": "langgraph"}],
)
def test_an_agent_without_an_attachment_fails(spec: dict[str, object]) -> None:
    found = outcome(CONTROL, R(TYPE, {"spec": spec}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [PATH])


def test_an_engine_that_runs_nothing_is_not_judged() -> None:
    assert verdict(CONTROL, R(TYPE, {"displayName": "memories"})) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("spec", [UNKNOWN, secret(), 7])
def test_a_specification_that_cannot_be_read_is_indeterminate(spec: object) -> None:
    assert verdict(CONTROL, R(TYPE, {"spec": spec})) is Verdict.INDETERMINATE


def test_an_attachment_of_this_document_may_be_unknown_yet() -> None:
    made = R("compute.NetworkAttachment", {}, "a")
    assert verdict(CONTROL, engine(UNKNOWN, of=urn("compute.NetworkAttachment", "a")), made) is Verdict.PASS
