"""Time series: points written and read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import parse_stamp
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.monitoring import aggregation, descriptors
from mockcloud.services.monitoring.filtering import plain
from mockcloud.services.monitoring.service import API, SERVICE

Series = Mapping[str, Any]

_MOST: Final = 200
"""Time series of one call."""
_TYPES: Final = {
    "boolValue": "BOOL",
    "int64Value": "INT64",
    "doubleValue": "DOUBLE",
    "stringValue": "STRING",
    "distributionValue": "DISTRIBUTION",
}


@SERVICE.method("projects.timeSeries.create", "projects.timeSeries.createService")
def create(call: Call) -> Answer | Body:
    """Write points, one for each time series, each younger than the one before it."""
    given = call.body.get("timeSeries", [])
    if not 0 < len(given) <= _MOST:
        raise invalid(f"1 to {_MOST} time series are needed.", Violation("time_series", f"There are {len(given)}."))
    project = call.name.rpartition("/")[0]
    for at, each in enumerate(given):
        _hold(call, project, at, each)
    for each in given:
        _add(call, project, each)
    return {}


def _wrong(at: int, field: str, why: str) -> Exception:
    return invalid(
        f"One or more TimeSeries could not be written: timeSeries[{at}] (field {field}): {why}",
        Violation(f"time_series[{at}].{field}", why),
    )


def _hold(call: Call, project: str, at: int, series: Series) -> None:
    if "/" not in series.get("metric", {}).get("type", ""):
        raise _wrong(at, "metric.type", "It names no metric.")
    points = series.get("points", [])
    if len(points) != 1:
        raise _wrong(at, "points", "There must be exactly one point.")
    interval, value = points[0].get("interval", {}), points[0].get("value", {})
    if not interval.get("endTime"):
        raise _wrong(at, "points[0].interval.end_time", "It is not set.")
    if sum(each in value for each in _TYPES) != 1:
        raise _wrong(at, "points[0].value", "There must be one value.")
    kept = _kept(call, project, series).get(_key(series))
    if kept and parse_stamp(kept["points"][-1]["interval"]["endTime"]) >= parse_stamp(interval["endTime"]):
        raise _wrong(
            at, "points[0].interval", "Points must be written in order: the end time is not after the last one."
        )


def _key(series: Series) -> str:
    """Give what tells a time series from another: labels of the metric and the resource."""
    resource = series.get("resource") or {"type": "global"}
    return json.dumps([series["metric"].get("labels", {}), resource], sort_keys=True)


def _name(project: str, series: Series) -> str:
    return f"{project}/timeSeries/{series['metric']['type']}"


def _kept(call: Call, project: str, series: Series) -> Mapping[str, dict[str, Any]]:
    record = call.cloud.store.get(API, _name(project, series))
    found: Mapping[str, dict[str, Any]] = record.hidden["series"] if record is not None else {}
    return found


def _add(call: Call, project: str, series: Series) -> None:
    name, point = _name(project, series), series["points"][0]
    value_type = series.get("valueType") or next(_TYPES[each] for each in _TYPES if each in point["value"])
    kind = series.get("metricKind") or "GAUGE"
    interval = {"startTime": point["interval"]["endTime"], **point["interval"]}
    kept = _kept(call, project, series)
    before = kept.get(_key(series))
    points = [*(before["points"] if before else []), {"interval": interval, "value": point["value"]}]
    resource = series.get("resource") or {"type": "global"}
    labels = {"project_id": project.split("/")[1], **resource.get("labels", {})}
    whole = {
        "metric": series["metric"],
        "resource": {**resource, "labels": labels},
        "metricKind": kind,
        "valueType": value_type,
        "points": points,
    }
    hidden = {"series": {**kept, _key(series): whole}}
    record = call.cloud.store.get(API, name)
    if record is None:
        call.cloud.create(Record(API, name, {"name": name}, hidden, collection=f"{project}/timeSeries"))
        _describe(call, project, series, kind, value_type)
    else:
        # Points are no resources: the journal does not tell of each.
        call.cloud.store.change(record, record.body, updated=record.updated, hidden=hidden)


def _describe(call: Call, project: str, series: Series, kind: str, value_type: str) -> None:
    """Make the descriptor of a metric that has none."""
    collection = f"{project}/metricDescriptors"
    metric = series["metric"]
    if call.cloud.store.get(API, f"{collection}/{metric['type']}") is None:
        labels = [{"key": each} for each in metric.get("labels", {})]
        described = {"type": metric["type"], "metricKind": kind, "valueType": value_type}
        descriptors.put(call.cloud, collection, {**described, **({"labels": labels} if labels else {})})


# Reading
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("projects.timeSeries.list", "folders.timeSeries.list", "organizations.timeSeries.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of time series, the newest point first; aligned and reduced where the call asks for it."""
    text = call.text("filter")
    end = call.text("interval.endTime")
    if "metric.type" not in text:
        raise invalid("The filter must name a metric type.", Violation("filter", "It names no metric type."))
    if not end:
        raise invalid("The interval needs an end.", Violation("interval.end_time", "It is not set."))
    until = parse_stamp(end)
    start = call.text("interval.startTime")
    since = parse_stamp(start) if start else until
    keep = matcher(plain(text))
    chosen = [each for each in _all(call) if keep is None or keep(each)]
    windowed = []
    for each in chosen:
        points = [one for one in each["points"] if since <= parse_stamp(one["interval"]["endTime"]) <= until]
        if points:
            windowed.append({**each, "points": points})
    for prefix in ("aggregation", "secondaryAggregation"):
        asked = aggregation.read(call, prefix)
        if asked is not None:
            windowed = aggregation.apply(windowed, asked, since, until)
    shown = [{**each, "points": list(reversed(each["points"]))} for each in windowed]
    if call.text("view") == "HEADERS":
        shown = [{key: value for key, value in each.items() if key != "points"} for each in shown]
    page, token = slice_page(replace(call, name=f"{call.name} {start} {end}"), shown)
    return {**({"timeSeries": page} if page else {}), **({"nextPageToken": token} if token else {}), "unit": "1"}


def _all(call: Call) -> Iterator[dict[str, Any]]:
    for record in call.cloud.store.page(API, call.name):
        yield from record.hidden["series"].values()
