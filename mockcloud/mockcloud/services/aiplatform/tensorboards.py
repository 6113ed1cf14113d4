"""TensorBoard: experiments, runs, and time series with their values."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call, Request
from mockcloud.cloud.errors import already_exists, invalid, not_found
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform.api import (
    API,
    LOCATION,
    SERVICE,
    collection,
    found,
    given_id,
    need,
    now,
    shown,
    touch,
)
from mockcloud.services.creating import replace_call

_BOARDS: Final = f"{LOCATION}.tensorboards"
_RUNS: Final = f"{_BOARDS}.experiments.runs"
_SERIES: Final = f"{_RUNS}.timeSeries"
_ID: Final = r"[a-z0-9][a-z0-9-]{0,127}"
_USUAL_POINTS: Final = 1000
"""Values that a read gives unless it says (ReadTensorboardTimeSeriesDataRequest.max_data_points)."""


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    prefix = f"cloud-ai-platform-{call.cloud.ids.uuid('aiplatform/tensorboardPrefix')}"
    return {"runCount": 0, **body, "blobStoragePathPrefix": prefix}


def _one_default(call: Call, record: Record) -> None:
    """Let at most one TensorBoard of a location be the default one."""
    if record.body.get("isDefault"):
        for each in call.cloud.store.page(API, record.parent):
            if each.name != record.name and each.body.get("isDefault"):
                touch(call.cloud, each, isDefault=None)


collection(
    "tensorboards",
    created=_created,
    after_create=_one_default,
    after_change=_one_default,
    required=("displayName",),
    immutable=("encryptionSpec",),
    children="cascade",
)
collection("tensorboards.experiments", new_id=given_id("tensorboardExperimentId", _ID, required=True))


def _run_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    parent = name.rpartition("/")[0]
    _hold_title(call, parent, body)
    return body


def _hold_title(call: Call, parent: str, body: Mapping[str, Any]) -> None:
    title = body.get("displayName", "")
    if any(each.body.get("displayName") == title for each in call.cloud.store.page(API, parent)):
        raise already_exists(title, what="A resource of the display name")


collection(
    "tensorboards.experiments.runs",
    new_id=given_id("tensorboardRunId", _ID, required=True),
    created=_run_created,
    required=("displayName",),
)


def _series_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    _hold_title(call, name.rpartition("/")[0], body)
    return {"metadata": {}, **body}


collection(
    "tensorboards.experiments.runs.timeSeries",
    new_id=given_id("tensorboardTimeSeriesId", _ID),
    created=_series_created,
    required=("displayName", "valueType"),
    immutable=("valueType",),
)


# Several at once
# ---------------------------------------------------------------------------------------------------------------------


def _stored(call: Call, name: str) -> str:
    """Give the name under which something is kept: with the project's id."""
    first, _, rest = name.partition("/")
    project, slash, rest = rest.partition("/")
    return f"{first}/{call.cloud.projects.id_of(project)}{slash}{rest}"


def _add(call: Call, parent: str, identifier: str, body: Mapping[str, Any]) -> Record:
    if call.cloud.store.get(API, parent.rpartition("/")[0]) is None:
        raise not_found(shown(call.cloud, parent.rpartition("/")[0]))
    name = f"{parent}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(shown(call.cloud, name))
    _hold_title(call, parent, body)
    moment = now(call.cloud)
    full = {**body, "name": shown(call.cloud, name), "createTime": moment, "updateTime": moment}
    return call.cloud.create(Record(API, name, {**full, "etag": call.cloud.etag(1)}))


@SERVICE.method(f"{_RUNS}.batchCreate")
def batch_create_runs(call: Call) -> Answer | Body:
    """Make several runs of an experiment."""
    bodies = []
    for each in call.body.get("requests", []):
        identifier = each.get("tensorboardRunId") or call.cloud.ids.numeric("aiplatform/runs")
        bodies.append(_add(call, call.name, identifier, each.get("tensorboardRun", {})).body)
    return {"tensorboardRuns": bodies}


@SERVICE.method(f"{_BOARDS}.experiments.batchCreate")
def batch_create_series(call: Call) -> Answer | Body:
    """Make several time series, of several runs."""
    bodies = []
    for each in call.body.get("requests", []):
        parent = f"{_stored(call, each.get('parent', ''))}/timeSeries"
        identifier = each.get("tensorboardTimeSeriesId") or call.cloud.ids.numeric("aiplatform/timeSeries")
        body = {"metadata": {}, **each.get("tensorboardTimeSeries", {})}
        bodies.append(_add(call, parent, identifier, body).body)
    return {"tensorboardTimeSeries": bodies}


# Values
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(f"{_BOARDS}.experiments.write")
def write_experiment(call: Call) -> Answer | Body:
    """Write values of several runs."""
    for each in call.body.get("writeRunDataRequests", []):
        _write(call, _stored(call, each.get("tensorboardRun", "")), each.get("timeSeriesData", []))
    return {}


@SERVICE.method(f"{_RUNS}.write")
def write_run(call: Call) -> Answer | Body:
    """Write values of a run."""
    found(call)
    _write(call, call.name, call.body.get("timeSeriesData", []))
    return {}


def _write(call: Call, run: str, data: list[Mapping[str, Any]]) -> None:
    for each in data:
        series = need(call.cloud, f"{run}/timeSeries/{each.get('tensorboardTimeSeriesId', '')}", "TimeSeries")
        if each.get("valueType") not in {None, series.body["valueType"]}:
            raise invalid(
                f"The time series holds {series.body['valueType']}, not {each['valueType']}.",
                Violation("time_series_data.value_type", "It must be that of the time series."),
            )
        points = [_with_blob_ids(call, one) for one in each.get("values", [])]
        values = [*series.hidden.get("values", []), *points]
        touch(call.cloud, series, {**series.hidden, "values": values}, metadata=_metadata(values))


def _with_blob_ids(call: Call, point: Mapping[str, Any]) -> Body:
    if "blobs" not in point:
        return point
    blobs = [{"id": call.cloud.ids.numeric("aiplatform/blobs"), **each} for each in point["blobs"].get("values", [])]
    return {**point, "blobs": {"values": blobs}}


def _metadata(values: list[Body]) -> Body:
    times = [each["wallTime"] for each in values if "wallTime" in each]
    longest = max((len(each.get("blobs", {}).get("values", [])) for each in values), default=0)
    return {
        "maxStep": str(max((int(each.get("step", 0)) for each in values), default=0)),
        **({"maxWallTime": max(times)} if times else {}),
        **({"maxBlobSequenceLength": str(longest)} if longest else {}),
    }


def _data(series: Record, values: list[Body]) -> Body:
    return {"tensorboardTimeSeriesId": series.id, "valueType": series.body["valueType"], "values": values}


def _without_blobs(point: Body) -> Body:
    if "blobs" not in point:
        return point
    return {**point, "blobs": {"values": [{"id": each["id"]} for each in point["blobs"]["values"]]}}


def _values(series: Record, text: str = "") -> list[Body]:
    keep = matcher(text)
    values = [_without_blobs(each) for each in series.hidden.get("values", [])]
    values.sort(key=lambda each: int(each.get("step", 0)))
    return [each for each in values if keep is None or keep(each)]


def _thinned(values: list[Body], most: int) -> list[Body]:
    """Give so many values at most, evenly spread, the last one among them."""
    if len(values) <= most:
        return values
    stride = (len(values) - 1) / max(most - 1, 1)
    return [values[round(at * stride)] for at in range(most - 1)] + [values[-1]]


@SERVICE.method(f"{_SERIES}.read")
def read(call: Call) -> Answer | Body:
    """Give the values of a time series."""
    series = found(call)
    given = call.text("maxDataPoints")
    most = int(given) if given.isdigit() and int(given) else _USUAL_POINTS
    return {"timeSeriesData": _data(series, _thinned(_values(series, call.text("filter")), most))}


@SERVICE.method(f"{_BOARDS}.batchRead")
def batch_read(call: Call) -> Answer | Body:
    """Give the values of several time series."""
    found(call)
    asked = call.query.get("timeSeries", [])
    names = asked if isinstance(asked, list) else [asked]
    return {
        "timeSeriesData": [
            _data(series, _thinned(_values(series), _USUAL_POINTS))
            for series in (need(call.cloud, each, "TimeSeries") for each in names)
        ]
    }


@SERVICE.method(f"{_SERIES}.exportTensorboardTimeSeries")
def export(call: Call) -> Answer | Body:
    """Give the values of a time series, page by page."""
    series = found(call)
    values = _values(series, call.body.get("filter", ""))
    if call.body.get("orderBy", "").endswith("desc"):
        values.reverse()
    # The page is asked for in the body here.
    chosen, token = slice_page(replace_call(call, _asking(call), call.name), values)
    return {"timeSeriesDataPoints": chosen, **({"nextPageToken": token} if token else {})}


def _asking(call: Call) -> Request:
    asked = ("pageSize", "pageToken", "filter", "orderBy")
    query: dict[str, Any] = {key: call.body[key] for key in asked if key in call.body}
    return replace(call.request, query={**call.query, **query})


@SERVICE.method(f"{_SERIES}.readBlobData")
def read_blobs(call: Call) -> Answer | Body:
    """Give the content of blobs."""
    series = found(call)
    asked = call.query.get("blobIds", [])
    wanted = set(asked if isinstance(asked, list) else [asked])
    blobs = [
        blob
        for each in series.hidden.get("values", [])
        for blob in each.get("blobs", {}).get("values", [])
        if not wanted or blob["id"] in wanted
    ]
    body = {"blobs": blobs}
    return Answer(body, stream=(body,))


@SERVICE.method(f"{_BOARDS}.readSize")
def read_size(call: Call) -> Answer | Body:
    """Give how much a TensorBoard holds: the bytes of its values as JSON."""
    board = found(call)
    below = call.cloud.store.below(API, board.name)
    size = sum(len(str(each.hidden["values"])) for each in below if each.hidden.get("values"))
    return {"storageSizeByte": str(size)}


@SERVICE.method(f"{_BOARDS}.readUsage")
def read_usage(call: Call) -> Answer | Body:
    """Give who looked at a TensorBoard: nobody, as there is no page to look at."""
    found(call)
    return {}
