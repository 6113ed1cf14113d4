"""MON-04: critical changes raise alerts."""

from collections.abc import Iterator, Sequence
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full, partial
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.projects import home, homes, is_id
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    indeterminate,
)
from groundplan_policies.rules.monitoring.changes import Change, changes
from groundplan_policies.rules.monitoring.everywhere import SETTING, lacking
from groundplan_policies.rules.monitoring.matching import matches
from groundplan_policies.rules.monitoring.sinks import LOG_BUCKET, complete, log_buckets, target
from groundplan_policies.rules.monitoring.watching import BUCKET, METRIC, POLICY, Watch, watches

_CLAUSES: Final = ("2.5", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11", "2.12")
_READ_OF_POLICIES: Final = (
    *("conditionMatchedLog.filter", "conditionThreshold.filter", "conditionThreshold.comparison"),
    *("conditionThreshold.thresholdValue", "conditionThreshold.duration", "conditionThreshold.trigger"),
)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    projects = context.graph.once(homes)
    watched: list[Watch] = []
    for policy in context.graph.of(POLICY):
        found = list(watches(policy, context))
        unclear = [each for each in found if isinstance(each, Outcome)]
        clear = [each for each in found if isinstance(each, Watch)]
        watched += clear
        yield policy, all_of([*unclear, PASS if clear else NOT_APPLICABLE])
    if projects:
        yield None, all_of([_project(each, watched, context) for each in projects])


def _project(project: str, watched: Sequence[Watch], context: Context) -> Outcome:
    """Ask for an alert on each change in one project."""
    here = [each for each in watched if _looks_at(each, project, context.graph)]
    known = changes(context.graph, project if is_id(project) else "")
    return all_of([_change(each, here, project, context) for each in known])


def _change(change: Change, here: Sequence[Watch], project: str, context: Context) -> Outcome:
    answers = [[matches(watch.filter, each) for watch in here] for each in change.entries]
    if all(True in each for each in answers):
        return PASS
    if all(True in each or None in each for each in answers):
        return indeterminate(
            f"may raise no alert on some change of {change.what}: filters ask more than is known ({change.clause})",
            "",
            project if is_id(project) else "",
        )
    return lacking([project], f"raises no alert on every change of {change.what} ({change.clause})", context)


def _looks_at(watch: Watch, project: str, graph: Graph) -> bool:
    """Whether the entries of a project are among those that a condition looks at."""
    if watch.metric is None:
        return home(graph, watch.policy) == project
    if home(graph, watch.metric) != home(graph, watch.policy):
        return False
    named = BUCKET.one(watch.metric)
    if named.state in {State.ABSENT, State.EMPTY}:
        return home(graph, watch.metric) == project
    bucket = graph.once(log_buckets).get(named.text) or graph.resolve(watch.metric, named, LOG_BUCKET)
    sinks = graph.once(complete).get(project, ())
    if bucket is not None:
        return any(target(graph, each) is bucket for each in sinks)
    return bool(named.text) and any(
        each.inputs.get("destination") == f"logging.googleapis.com/{named.text}" for each in sinks
    )


CONTROL = Control(
    id="MON-04",
    title="Critical changes raise alerts",
    why=(
        "A new owner, a firewall that opens or an audit log that is switched off is the first step of many attacks, "
        "and the cheapest to see. Each change must be matched by the condition of a policy that is on: of log entries, "
        "or of a whole metric of them, above none, at once. A filter is held to the entries that Google writes, not "
        "to its wording; one that asks for more than is known of them, such as who did it, may leave some out. A "
        "metric of a log bucket is about every project whose sink sends all there. Changes of firewall policies count "
        "where this document has some. Who is told is a matter of MON-05."
    ),
    remedy="Use SecurityAlerts, or a `Metric` and an `AlertPolicy` for each change.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(
        *(full("cis-gcp-5.0", each) for each in _CLAUSES),
        partial("google-ai", "IAM-CO-7.1", "Roles in Cloud Identity."),
        full("google-ai", "GCS-CO-7.3"),
    ),
    reads=(
        *(Read(POLICY, f"conditions.{each}", *[Verdict.NOT_APPLICABLE] * 5) for each in _READ_OF_POLICIES),
        Read(POLICY, "enabled", absent=Verdict.PASS, empty=Verdict.NOT_APPLICABLE),
        Read(POLICY, "combiner", absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE),
        *(Read(METRIC, each, *[Verdict.NOT_APPLICABLE] * 5) for each in ("filter", "disabled", "bucketName")),
    ),
    stack=_stack,
    settings=(SETTING,),
)
