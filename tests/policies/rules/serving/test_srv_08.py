"""SRV-08: agents have bounded tools."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_08 import CONTROL
from tests.policies.rules.harness import R, outcome, outcomes, secret, stated_verdicts, verdict

AGENT = R("vertex.AiReasoningEngine", {"displayName": "helper", "region": "europe-west4"}, "agent")
TOOLS = "mcpTools.tools"


def policy(tools: object = ("search",), name: str = "policy", region: str = "europe-west4", *, tied: bool = True) -> R:
    return R(
        "vertex.AiSemanticGovernancePolicy",
        {
            "agent": UNKNOWN,
            "region": region,
            "mcpTools": {"tools": list(tools) if isinstance(tools, tuple) else tools},
        },
        name,
        origins={"agent": AGENT.urn} if tied else {},
    )


test_stated_verdicts = stated_verdicts(CONTROL, [policy()], AGENT)


@pytest.mark.parametrize(
    ("tools", "expected", "place"),
    [
        (("search", "mail"), Verdict.PASS, ""),
        (("search", "*"), Verdict.FAIL, "[1]"),
        (("search", "mail/*"), Verdict.FAIL, "[1]"),
        (("search", " "), Verdict.FAIL, "[1]"),
        (("search", None), Verdict.FAIL, "[1]"),
        (("search", UNKNOWN), Verdict.INDETERMINATE, "[1]"),
        (("search", secret()), Verdict.INDETERMINATE, "[1]"),
        (("search", 7), Verdict.INDETERMINATE, "[1]"),
        ((), Verdict.FAIL, ""),
    ],
    ids=str,
)
def test_tools_are_named_one_by_one(tools: object, expected: Verdict, place: str) -> None:
    found = outcome(CONTROL, policy(tools), AGENT)
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == ([] if expected is Verdict.PASS else [f"{TOOLS}{place}"])


@pytest.mark.parametrize("inputs", [{}, {"mcpTools": {}}, {"mcpTools": []}], ids=str)
def test_a_policy_without_tools_bounds_none(inputs: dict[str, object]) -> None:
    assert verdict(CONTROL, R("vertex.AiSemanticGovernancePolicy", inputs)) is Verdict.FAIL


def test_an_agent_needs_a_policy_that_names_it() -> None:
    other = R("vertex.AiReasoningEngine", {"region": "europe-west4"}, "other")
    assert outcomes(CONTROL, AGENT)["agent"].verdict is Verdict.FAIL
    found = outcomes(CONTROL, AGENT, other, policy())
    assert {name: each.verdict for name, each in found.items()} == {
        "agent": Verdict.PASS,
        "other": Verdict.FAIL,
        "policy": Verdict.PASS,
    }


def test_a_policy_for_an_agent_that_nobody_can_tell_may_be_for_this_one() -> None:
    assert outcomes(CONTROL, AGENT, policy(tied=False))["agent"].verdict is Verdict.INDETERMINATE
    assert outcomes(CONTROL, AGENT, policy(tied=False), policy(name="own"))["agent"].verdict is Verdict.PASS


def test_a_policy_of_another_region_bounds_nothing_here() -> None:
    assert outcomes(CONTROL, AGENT, policy(region="us-central1"))["agent"].verdict is Verdict.FAIL
    assert outcomes(CONTROL, AGENT, policy(region="us-central1", tied=False))["agent"].verdict is Verdict.FAIL
    assert outcomes(CONTROL, AGENT, policy(region=UNKNOWN, tied=False))["agent"].verdict is Verdict.INDETERMINATE


def test_in_a_part_of_a_deployment_no_agent_passes() -> None:
    assert outcomes(CONTROL, AGENT, policy(), complete=False)["agent"].verdict is Verdict.INDETERMINATE
