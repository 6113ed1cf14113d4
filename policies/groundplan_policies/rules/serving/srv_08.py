"""SRV-08: agents have bounded tools."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail, indeterminate

_AGENT = "vertex.AiReasoningEngine"
_POLICY = "vertex.AiSemanticGovernancePolicy"
_NAMED = Path("agent")
_TOOLS = Path("mcpTools.tools")


def _tools(resource: Resource, _: Context) -> Outcome:
    return all_of([_listed(each) for each in _TOOLS.read(resource)])


def _listed(reading: Reading) -> Outcome:
    nothing = fail("names no tool, so the policy bounds none", reading.path)
    missing = unreadable(reading, absent=nothing)
    return missing if missing is not None else all_of([_tool(each) for each in entries(reading)])


def _tool(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=fail("names no tool", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the name of a tool")
    if "*" in reading.value:
        return fail("stands for tools that nobody has looked at", reading.path)
    return PASS if reading.value.strip() else fail("names no tool", reading.path)


def _agents(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    policies = [(each, context.graph.resolve(each, _NAMED.one(each), _AGENT)) for each in context.graph.of(_POLICY)]
    for agent in context.graph.of(_AGENT):
        near = [(policy, named) for policy, named in policies if _same_region(agent, policy, context)]
        if any(named is agent for _, named in near):
            yield agent, PASS
        elif any(named is None for _, named in near):
            yield agent, indeterminate("a policy names an agent of the registry, and nobody can tell which it is")
        else:
            yield agent, fail("no policy bounds its tools")


def _same_region(agent: Resource, policy: Resource, context: Context) -> bool:
    """Whether a policy may hold for an agent: both are in one region, or nobody can tell."""
    here, there = (context.graph.effective(each, "region") for each in (agent, policy))
    return State.KNOWN not in {here.state, there.state} or here.state is not there.state or here.text == there.text


CONTROL = Control(
    id="SRV-08",
    title="Agents have bounded tools",
    why=(
        "What an agent may do is what its tools do, and a prompt decides which of them. A policy of semantic "
        "governance names the agent and the tools that it bounds, one by one: a wildcard takes in tools that come "
        "later. It names the agent as the registry knows it, which is an output of no resource, so where nothing ties "
        "a policy of the region to the agent the answer is indeterminate. Google refuses a policy without an engine "
        "in its region, so engines are not asked for."
    ),
    remedy="Give each agent an AiSemanticGovernancePolicy with the `mcp_tools` that it needs, by name.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    reads=(Read(_POLICY, _TOOLS.text), Read.aside(_POLICY, _NAMED.text)),
    checks={_POLICY: _tools},
    stack=_agents,
)
