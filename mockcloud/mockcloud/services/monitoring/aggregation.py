"""Time series aligned to periods, and reduced to fewer: the basic ways."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.errors import invalid, not_modelled
from mockcloud.discovery.schemas import Violation

Series = Mapping[str, Any]
Numbers = Sequence[float]


def _deviation(values: Numbers) -> float:
    mean = sum(values) / len(values)
    return math.sqrt(sum((each - mean) ** 2 for each in values) / len(values))


def _percentile(values: Numbers, percent: int) -> float:
    """Give a percentile, with a straight line between neighbours."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


_ALIGNERS: Final[Mapping[str, Callable[[Numbers, float], float]]] = {
    "ALIGN_MEAN": lambda values, _: sum(values) / len(values),
    "ALIGN_MAX": lambda values, _: max(values),
    "ALIGN_MIN": lambda values, _: min(values),
    "ALIGN_SUM": lambda values, _: sum(values),
    "ALIGN_COUNT": lambda values, _: len(values),
    "ALIGN_NEXT_OLDER": lambda values, _: values[-1],
    "ALIGN_DELTA": lambda values, _: values[-1] - values[0],
    "ALIGN_RATE": lambda values, seconds: (values[-1] - values[0]) / seconds,
    "ALIGN_STDDEV": lambda values, _: _deviation(values),
    "ALIGN_PERCENTILE_99": lambda values, _: _percentile(values, 99),
    "ALIGN_PERCENTILE_95": lambda values, _: _percentile(values, 95),
    "ALIGN_PERCENTILE_50": lambda values, _: _percentile(values, 50),
    "ALIGN_PERCENTILE_05": lambda values, _: _percentile(values, 5),
}
_REDUCERS: Final[Mapping[str, Callable[[Numbers], float]]] = {
    "REDUCE_MEAN": lambda values: sum(values) / len(values),
    "REDUCE_MAX": max,
    "REDUCE_MIN": min,
    "REDUCE_SUM": sum,
    "REDUCE_COUNT": len,
    "REDUCE_STDDEV": _deviation,
    "REDUCE_PERCENTILE_99": lambda values: _percentile(values, 99),
    "REDUCE_PERCENTILE_95": lambda values: _percentile(values, 95),
    "REDUCE_PERCENTILE_50": lambda values: _percentile(values, 50),
    "REDUCE_PERCENTILE_05": lambda values: _percentile(values, 5),
}
_WHOLE: Final = frozenset({"ALIGN_COUNT", "REDUCE_COUNT"})


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How to align and reduce.

    Attributes:
        seconds: The period.
        aligner: How the points of a period become one.
        reducer: How time series become fewer; "" for not.
        fields: The labels by which those that are kept apart differ.
    """

    seconds: float
    aligner: str
    reducer: str
    fields: tuple[str, ...]


def read(call: Call, prefix: str) -> Aggregation | None:
    """Read what a call asks for; None where it asks for nothing.

    Raises:
        ApiError: It makes no sense, or is not modelled.
    """
    aligner = call.text(f"{prefix}.perSeriesAligner")
    reducer = call.text(f"{prefix}.crossSeriesReducer").removeprefix("REDUCE_NONE")
    if aligner in {"", "ALIGN_NONE"}:
        if reducer:
            raise invalid("A reducer needs an aligner.", Violation(f"{prefix}.per_series_aligner", "It is not set."))
        return None
    for word, known in ((aligner, _ALIGNERS), (reducer, _REDUCERS)):
        if word and word not in known:
            raise not_modelled(f"the aggregation {word} of time series")
    period = call.text(f"{prefix}.alignmentPeriod").removesuffix("s")
    seconds = float(period or 0)
    if not seconds > 0:
        raise invalid("The alignment period must be positive.", Violation(f"{prefix}.alignment_period", "It is not."))
    fields = call.query.get(f"{prefix}.groupByFields") or []
    return Aggregation(seconds, aligner, reducer, tuple(fields if isinstance(fields, list) else [str(fields)]))


def apply(series: Sequence[Series], asked: Aggregation, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Align time series, and reduce them.

    Args:
        series: The time series, the oldest point first.
        asked: How.
        since: Where the first period begins at the latest.
        until: Where the last period ends.
    """
    aligned = [found for each in series if (found := _aligned(each, asked, since, until))["points"]]
    return _reduced(aligned, asked) if asked.reducer else aligned


def _number(point: Mapping[str, Any]) -> float:
    value = point["value"]
    if "distributionValue" in value:
        return float(value["distributionValue"].get("mean", 0))
    if "boolValue" in value:
        return float(value["boolValue"])
    try:
        return float(value.get("doubleValue", value.get("int64Value")))
    except (TypeError, ValueError):
        raise invalid(
            "Values that are text cannot be aligned.", Violation("aggregation", "The values are text.")
        ) from None


def _aligned(series: Series, asked: Aggregation, since: datetime, until: datetime) -> dict[str, Any]:
    """Give one point a period; periods end at `until`, and before it every so many seconds."""
    by_period: dict[int, list[float]] = {}
    for point in series["points"]:
        end = parse_stamp(point["interval"]["endTime"])
        if since <= end <= until:
            by_period.setdefault(int((until - end).total_seconds() // asked.seconds), []).append(_number(point))
    whole = asked.aligner in _WHOLE
    points = []
    for back in sorted(by_period, reverse=True):
        end = until - timedelta(seconds=back * asked.seconds)
        value = _ALIGNERS[asked.aligner](by_period[back], asked.seconds)
        points.append(_point(end - timedelta(seconds=asked.seconds), end, value, whole=whole))
    kind = "INT64" if whole else "DOUBLE"
    return {**series, "metricKind": "GAUGE", "valueType": kind, "points": points}


def _point(start: datetime, end: datetime, value: float, *, whole: bool) -> dict[str, Any]:
    return {"interval": {"startTime": stamp(start), "endTime": stamp(end)}, "value": _shown(value, whole=whole)}


def _reduced(series: Sequence[Series], asked: Aggregation) -> list[dict[str, Any]]:
    groups: dict[tuple[str, ...], list[Series]] = {}
    for each in series:
        groups.setdefault(tuple(_label(each, field) for field in asked.fields), []).append(each)
    whole = asked.reducer in _WHOLE
    found = []
    for key, members in groups.items():
        by_end: dict[str, list[Mapping[str, Any]]] = {}
        for each in members:
            for point in each["points"]:
                by_end.setdefault(point["interval"]["endTime"], []).append(point)
        points = [
            {**points[0], "value": _shown(_REDUCERS[asked.reducer]([_number(one) for one in points]), whole=whole)}
            for _, points in sorted(by_end.items(), key=lambda each: parse_stamp(each[0]))
        ]
        first = members[0]
        labels: dict[str, dict[str, str]] = {"metric": {}, "resource": {}}
        for field, value in zip(asked.fields, key, strict=True):
            place, _, name = field.partition(".")
            if place in labels:
                labels[place][name.removeprefix("labels.").removeprefix("label.")] = value
        found.append(
            {
                "metric": {"type": first["metric"]["type"], "labels": labels["metric"]},
                "resource": {"type": first["resource"]["type"], "labels": labels["resource"]},
                "metricKind": "GAUGE",
                "valueType": "INT64" if whole else "DOUBLE",
                "points": points,
            }
        )
    return found


def _shown(value: float, *, whole: bool) -> dict[str, Any]:
    return {"int64Value": str(int(value))} if whole else {"doubleValue": float(value)}


def _label(series: Series, field: str) -> str:
    current: Any = series
    for part in field.replace(".label.", ".labels.").split("."):
        current = current.get(part, "") if isinstance(current, Mapping) else ""
    return str(current)
