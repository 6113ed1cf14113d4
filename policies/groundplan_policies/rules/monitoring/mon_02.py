"""MON-02: every log entry is kept elsewhere."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full
from groundplan_policies.engine.expect import is_true
from groundplan_policies.engine.projects import home, homes
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.monitoring.everywhere import SETTING, lacking
from groundplan_policies.rules.monitoring.sinks import (
    NOTHING_LEFT_OUT,
    ON,
    SINK,
    WHOLE,
    WIDE,
    goes_somewhere,
    takes_all,
)

_OF_CHILDREN = is_true("includeChildren")


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    """Ask for one good sink in each project. Others beside it may take in what they like."""
    graph = context.graph
    wide = [(each, _of_children(each, context)) for type_ in WIDE for each in graph.of(type_)]
    good = [(each, outcome) for each, outcome in wide if outcome.verdict is Verdict.PASS]
    if good:
        yield from good
        return
    there: dict[str, list[tuple[Resource, Outcome]]] = {}
    for sink in graph.of(SINK):
        outcome = all_of([takes_all(sink, context), goes_somewhere(sink, context)])
        there.setdefault(home(graph, sink), []).append((sink, outcome))
    for found in there.values():
        fine = [each for each in found if each[1].verdict is Verdict.PASS]
        yield from fine or found
    projects = graph.once(homes)
    if projects:
        left = projects.keys() - there.keys()
        yield None, lacking(left, "has no sink that sends its log entries anywhere", context, unclear="" in there)


def _of_children(sink: Resource, context: Context) -> Outcome:
    return all_of([_OF_CHILDREN(sink, context), takes_all(sink, context), goes_somewhere(sink, context)])


CONTROL = Control(
    id="MON-02",
    title="Every log entry is kept elsewhere",
    why=(
        "Google keeps most entries for 30 days, where whoever runs the project can delete them. One sink in each "
        "project is on, has no filter and no exclusions, and sends to what this document makes, or to what the "
        "settings name; a sink of a folder or an organisation with its children does it for all. Other sinks may stand "
        "beside it, and take in what they like."
    ),
    remedy="Use LogArchive or LogRouting, or a `ProjectSink` without `filter` and `exclusions` in each project.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(full("cis-gcp-5.0", "2.3"),),
    reads=(
        WHOLE.reads(SINK),
        NOTHING_LEFT_OUT.reads(SINK),
        ON.reads(SINK),
        Read(SINK, "destination"),
    ),
    stack=_stack,
    settings=("log_destinations", SETTING),
)
