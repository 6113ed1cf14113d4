"""MON-06: access to buckets is logged."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.projects import home
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, fail
from groundplan_policies.rules.data.targets import bucket
from groundplan_policies.rules.monitoring.audit import logs_access
from groundplan_policies.rules.monitoring.sinks import SINK, WIDE, target

_BUCKET: Final = "storage.Bucket"
_LOG_BUCKET, _NAME = Path("logging.logBucket"), Path("name")


def _bucket(resource: Resource, context: Context) -> Outcome:
    graph = context.graph
    if resource.urn in graph.once(_holds_logs):
        return NOT_APPLICABLE
    if logs_access(graph, home(graph, resource), "storage.googleapis.com"):
        return PASS
    named = _LOG_BUCKET.one(resource)
    made = bucket(graph, resource, named)
    if made is not None:
        return PASS if made.urn != resource.urn else fail("is the bucket itself", named.path)
    absent = fail("is absent, and the project does not audit access to storage", named.path)
    missing = unreadable(named, absent=absent)
    if missing is not None:
        return missing
    if not named.text:
        return wrong_type(named, "the name of a bucket")
    return fail("is the bucket itself", named.path) if named.value == _NAME.one(resource).value else PASS


def _holds_logs(graph: Graph) -> frozenset[str]:
    """The buckets to which sinks write, or other buckets log their access."""
    by_sinks = (target(graph, each) for each in graph.of(SINK, *WIDE))
    by_buckets = (
        made
        for each in graph.of(_BUCKET)
        if _LOG_BUCKET.one(each).state is not State.ABSENT
        and (made := bucket(graph, each, _LOG_BUCKET.one(each))) is not None
        and made.urn != each.urn
    )
    return frozenset(each.urn for each in (*by_sinks, *by_buckets) if each is not None)


CONTROL = Control(
    id="MON-06",
    title="Access to buckets is logged",
    why=(
        "Whoever reads a bucket leaves no trace unless somebody asked for one. The project's audit logs of reading and "
        "writing data are the better way, as nobody who owns the bucket can switch them off; with them, in a project "
        "that exempts nobody, there is nothing more to ask. Without them a bucket logs to another bucket. Buckets that "
        "hold logs are left out, since each entry would make the next."
    ),
    remedy="Use ProjectFoundation, or set `logging` with another bucket as `log_bucket`.",
    severity=Severity.LOW,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(full("google-ai", "GCS-CO-6.3"),),
    reads=(Read(_BUCKET, "logging.logBucket"),),
    checks={_BUCKET: _bucket},
)
