"""Which log entries raise an alert: policies that match entries, or that count them by a metric."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import is_false, is_one_of, is_true, unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.projects import home
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, without_unknown
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict, fail, indeterminate
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.encryption.durations import seconds
from groundplan_policies.rules.monitoring.filters import Both, Comparison, FilterError, Node, parse
from groundplan_policies.rules.monitoring.matching import pinned

POLICY: Final = "monitoring.AlertPolicy"
METRIC: Final = "logging.Metric"
CONDITIONS: Final = Path("conditions")
FILTER: Final = Path("filter")
BUCKET: Final = Path("bucketName")
ENABLED = is_true("enabled", absent=Verdict.PASS)
COUNTS = is_false("disabled")
_COMBINER = is_one_of("combiner", "OR")
_TYPES: Final = (("metric", "type"), ("resource", "type"))
_ANY_SERIES: Final[tuple[Value, ...]] = (None, {}, {"count": 1})
"""Triggers by which one time series is enough."""
_ALIGNERS: Final = {
    **dict.fromkeys(("ALIGN_NONE", "ALIGN_DELTA", "ALIGN_SUM", "ALIGN_COUNT", "ALIGN_MAX"), "counted"),
    **dict.fromkeys(("ALIGN_RATE", "ALIGN_MEAN"), "shared"),
}
_REDUCERS: Final = {
    **dict.fromkeys(("REDUCE_NONE", "REDUCE_SUM", "REDUCE_MAX"), "counted"),
    "REDUCE_MEAN": "shared",
}
"""What aligners and reducers make of one entry: see `_aligned`."""
_MOST_FOR_ONE: Final = {"counted": 0.999, "shared": 0.0}
"""The highest threshold that one entry is above."""
_OF_BUCKETS: Final = "logging_bucket"
_ANY_RESOURCE: Final = frozenset({"global", _OF_BUCKETS})
"""Types of resources of the series of metrics: of a log bucket's, and of entries whose own type has no series."""
_USER: Final = "logging.googleapis.com/user/"


class Watch(NamedTuple):
    """One condition that looks at log entries, of a policy that is on.

    Attributes:
        policy: The policy.
        metric: The metric that counts the entries; None where the policy matches them itself.
        filter: The entries.
    """

    policy: Resource
    metric: Resource | None
    filter: Node


def read_filter(reading: Reading) -> Node | Outcome:
    """Read a filter of entries; an outcome where that cannot be done."""
    missing = unreadable(reading, absent=fail("is absent; expected is a filter", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a filter")
    try:
        return parse(reading.value)
    except FilterError:
        return indeterminate("is no filter that can be read here", reading.path)


def watches(policy: Resource, context: Context) -> Iterator[Watch | Outcome]:
    """Give what a policy watches in logs, and what of it cannot be told. Other conditions are passed over."""
    enabled = ENABLED(policy, context)
    if enabled.verdict is Verdict.FAIL:
        return
    listed = CONDITIONS.one(policy)
    missing = unreadable(listed, absent=NOT_APPLICABLE)
    if missing is not None:
        yield missing
        return
    found = entries(listed)
    combined = PASS if len(found) == 1 else _COMBINER(policy, context)
    for each in found:
        for watch in _condition(policy, each, context):
            unclear = next((one for one in (enabled, combined) if one is not PASS), None)
            yield watch if isinstance(watch, Outcome) or unclear is None else _doubt(unclear)


def _doubt(outcome: Outcome) -> Outcome:
    """Take a condition that may not raise an alert by itself for none that can be told."""
    return outcome if outcome.verdict is Verdict.INDETERMINATE else NOT_APPLICABLE


def _condition(policy: Resource, condition: Reading, context: Context) -> Iterator[Watch | Outcome]:
    if not isinstance(condition.value, dict):
        yield unreadable(condition, absent=NOT_APPLICABLE) or wrong_type(condition, "a condition")
        return
    matched = _below(condition, "conditionMatchedLog")
    if matched.state is not State.ABSENT:
        found = read_filter(read_value(matched.value, matched.path, "filter")[0] if matched.value else matched)
        yield found if isinstance(found, Outcome) else Watch(policy, None, found)
    counted = _below(condition, "conditionThreshold")
    if counted.state is not State.ABSENT:
        yield from _counted(policy, counted, context)


def _below(condition: Reading, key: str) -> Reading:
    return read_value(condition.value, condition.path, key)[0]


def _counted(policy: Resource, block: Reading, context: Context) -> Iterator[Watch | Outcome]:
    if not isinstance(block.value, dict):
        yield unreadable(block, absent=NOT_APPLICABLE) or wrong_type(block, "a condition")
        return
    reading = read_value(block.value, block.path, "filter")[0]
    metric = _metric(policy, reading, context.graph)
    if isinstance(metric, Outcome):
        yield metric
        return
    if not _goes_off_at_once(block.value) or COUNTS(metric, context).verdict is Verdict.FAIL:
        yield NOT_APPLICABLE
        return
    found = read_filter(FILTER.one(metric))
    of = _resource_types(reading)
    if _OF_BUCKETS in of and BUCKET.one(metric).state is State.ABSENT:
        yield NOT_APPLICABLE
    else:
        yield found if isinstance(found, Outcome) else Watch(policy, metric, _narrowed(found, of - _ANY_RESOURCE))


def _resource_types(reading: Reading) -> frozenset[str]:
    """Give the type of resource of which a condition takes the time series; none if it takes those of all."""
    asked = parse(without_unknown(str(reading.value)))
    return frozenset(each.lower() for each in pinned(asked, ("resource", "type")))


def _narrowed(entries_: Node, types: frozenset[str]) -> Node:
    """Give the entries of some types of resources: of others a metric has time series that the condition leaves out."""
    asked = [Comparison(("resource", "type"), "=", each) for each in sorted(types)]
    return Both((entries_, *asked)) if asked else entries_


def _metric(policy: Resource, reading: Reading, graph: Graph) -> Resource | Outcome:
    """Give the metric of this document that a condition counts by; not applicable for other time series."""
    text = reading.value if isinstance(reading.value, str) else ""
    if reading.state not in {State.KNOWN, State.UNKNOWN} or not text:
        missing = unreadable(reading, absent=NOT_APPLICABLE)
        return missing or wrong_type(reading, "a filter")
    try:
        asked = parse(without_unknown(text))
    except FilterError:
        return indeterminate("is no filter that can be read here", reading.path)
    types = pinned(asked, ("metric", "type")) if _is_whole(asked) else ()
    names = [each.removeprefix(_USER) for each in types if each.startswith(_USER)]
    if len(names) != 1:
        return NOT_APPLICABLE if reading.state is State.KNOWN else indeterminate("is not known yet", reading.path)
    if reading.state is State.UNKNOWN:
        made = [each for each in graph.origins(policy, reading) if short_name(each.type) == METRIC]
        return made[0] if len(made) == 1 else indeterminate("counts by a metric that nobody can tell", reading.path)
    same = [
        each
        for each in graph.of(METRIC)
        if each.inputs.get("name") == names[0] and home(graph, each) == home(graph, policy)
    ]
    return same[0] if len(same) == 1 else NOT_APPLICABLE


def _is_whole(asked: Node) -> bool:
    """Whether a filter takes in all time series of a metric: it names types, and asks nothing of their labels."""
    terms = asked.terms if isinstance(asked, Both) else (asked,)
    return all(isinstance(each, Comparison) and each.operator == "=" and each.field in _TYPES for each in terms)


def _goes_off_at_once(block: Value) -> bool:
    """Whether one entry is enough: more than none is counted, and it need not last."""
    if not isinstance(block, dict):
        return False
    limit, lasts = block.get("thresholdValue"), seconds(block.get("duration"))
    above = number(limit) if limit is not None else 0
    if block.get("trigger") not in _ANY_SERIES:
        return False
    if block.get("denominatorFilter") or block.get("forecastOptions") or above is None:
        return False
    most = _MOST_FOR_ONE.get(_aligned(block.get("aggregations")), -1.0)
    return block.get("comparison") == "COMPARISON_GT" and 0 <= above <= most and lasts == 0


def _aligned(aggregations: Value) -> str:
    """Say what becomes of one entry in a period: counted as 1, as a share of 1, or as nobody knows what."""
    found = {"counted"}
    for each in aggregations if isinstance(aggregations, list) else [aggregations]:
        if each is not None and not isinstance(each, dict):
            return ""
        aligner, reducer = (each or {}).get("perSeriesAligner"), (each or {}).get("crossSeriesReducer")
        found.add(_ALIGNERS.get(str(aligner or "ALIGN_NONE"), ""))
        found.add(_REDUCERS.get(str(reducer or "REDUCE_NONE"), ""))
    return min(found, key=("", "shared", "counted").index)
