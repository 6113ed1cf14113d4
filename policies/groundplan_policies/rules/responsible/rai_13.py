"""RAI-13: agents are evaluated continuously."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import as_shown, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate

_AGENT, _EVALUATOR, _METRIC = "vertex.AiReasoningEngine", "vertex.AiOnlineEvaluator", "vertex.AiEvaluationMetric"
_EVALUATED = Path("agentResource")
_SOURCES = Path("metricSources")
_SHARE = Path("config.randomSampling.percentage")


def _evaluator(resource: Resource, context: Context) -> Outcome:
    return all_of([_share(_SHARE.one(resource), context), _metrics(resource, _SOURCES.one(resource), context)])


def _share(reading: Reading, context: Context) -> Outcome:
    missing = unreadable(reading, absent=fail("is absent, so no share of the traces is promised", reading.path))
    if missing is not None:
        return missing
    if isinstance(reading.value, bool) or not isinstance(reading.value, (int, float)):
        return wrong_type(reading, "a whole number")
    needed = context.parameters.agent_evaluation_percent
    if needed is None:
        return indeterminate("the settings do not say how many of 100 traces are evaluated", reading.path)
    enough = reading.value >= max(needed, 1)
    return PASS if enough else fail(f"is lower than {max(needed, 1)}", reading.path, as_shown(reading.value))


def _metrics(resource: Resource, sources: Reading, context: Context) -> Outcome:
    nothing = fail("is absent, so nothing is measured", sources.path)
    missing = unreadable(sources, absent=nothing)
    if missing is not None:
        return missing
    return all_of([_metric(resource, each, context) for each in entries(sources)])


def _metric(resource: Resource, source: Reading, context: Context) -> Outcome:
    missing = unreadable(source, absent=fail("names no metric", source.path))
    if missing is not None:
        return missing
    if not isinstance(source.value, dict):
        return wrong_type(source, "a source of a metric")
    named = read_value(source.value, source.path, "metricResourceName")[0]
    if named.state is State.ABSENT:
        inline = read_value(source.value, source.path, "metric")[0]
        missing = unreadable(inline, absent=fail("names no metric", source.path))
        return missing or (PASS if inline.text.strip() else wrong_type(inline, "a metric as JSON"))
    if context.graph.resolve(resource, named, _METRIC) is not None:
        return PASS
    missing = unreadable(named, absent=PASS, empty=fail("names no metric", named.path))
    if missing is not None:
        return missing
    return indeterminate("names no metric of this document, so nobody can see what it measures", named.path)


def _agents(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    evaluated = [context.graph.resolve(each, _EVALUATED.one(each), _AGENT) for each in context.graph.of(_EVALUATOR)]
    for agent in context.graph.of(_AGENT):
        if any(each is agent for each in evaluated):
            yield agent, PASS
        elif None in evaluated:
            yield agent, indeterminate("of an evaluator nobody can tell which agent it evaluates")
        else:
            yield agent, fail("no evaluator looks at what it does")


CONTROL = Control(
    id="RAI-13",
    title="Agents are evaluated continuously",
    why=(
        "An agent that was good on the day of its release meets other questions, other tools and other models behind "
        "it. An evaluator looks at a share of what it really did, by metrics that can be seen: those that the "
        "evaluator holds itself, and registered ones of this document. Google evaluates at least 1 of 100, so a share "
        "of none is never enough. That an evaluator is in order is said of it, and that an agent has one of the agent."
    ),
    remedy="Give each agent an AiOnlineEvaluator with metrics and `random_sampling.percentage`.",
    ask="Read the evaluations of the last weeks, and ask who acts on a bad one.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.2.a", "6.2.d"),
    clauses=(
        evidence("nist-ai-rmf-1.0", "MEASURE 2.4", "What evaluation finds; this is agents alone."),
        evidence("eu-ai-act", "72", "The plan, and what is learnt; this is agents alone."),
        evidence("iso-42001-2023", "A.6.2.6", "What is done about findings; this is agents alone."),
    ),
    reads=(
        Read(_EVALUATOR, _SHARE.text),
        Read(_EVALUATOR, _SOURCES.text),
        Read(_EVALUATOR, f"{_SOURCES.text}.metric", absent=Verdict.FAIL),
        Read.aside(_EVALUATOR, _EVALUATED.text),
    ),
    checks={_EVALUATOR: _evaluator},
    stack=_agents,
    settings=("agent_evaluation_percent",),
)
