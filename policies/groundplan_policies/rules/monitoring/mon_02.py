"""MON-02: every log entry is kept elsewhere."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full
from groundplan_policies.engine.expect import is_true
from groundplan_policies.engine.projects import home, homes
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.monitoring.above import reaches
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
    good = [each for each in wide if each[1].verdict is Verdict.PASS]
    yield from good
    there: dict[str, list[tuple[Resource, Outcome]]] = {}
    for sink in graph.of(SINK):
        outcome = all_of([takes_all(sink, context), goes_somewhere(sink, context)])
        there.setdefault(home(graph, sink), []).append((sink, outcome))
    above = {each: reaches(graph, [sink for sink, _ in good], each) for each in (*graph.once(homes), *there)}
    for project, found in there.items():
        fine = [each for each in found if each[1].verdict is Verdict.PASS]
        yield from fine or ([] if above[project] else found)
    left = [each for each in graph.once(homes) if each not in there and above[each] is not True]
    if graph.once(homes):
        message = "has no sink that sends its log entries anywhere"
        unclear = [each for each in left if above[each] is None]
        sure = [each for each in left if above[each] is False]
        said = [lacking(sure, message, context, unclear="" in there), lacking(unclear, message, context, unclear=True)]
        yield None, all_of(said)


def _of_children(sink: Resource, context: Context) -> Outcome:
    return all_of([_OF_CHILDREN(sink, context), takes_all(sink, context), goes_somewhere(sink, context)])


CONTROL = Control(
    id="MON-02",
    title="Every log entry is kept elsewhere",
    why=(
        "Google keeps most entries for 30 days, where whoever runs the project can delete them. One sink in each "
        "project is on, has no filter and no exclusions, and sends to what this document makes, or to what the "
        "settings name; a sink of an organisation with its children does it for all, one of a folder for those of "
        "which this document says that they are in it. Other sinks may stand "
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
