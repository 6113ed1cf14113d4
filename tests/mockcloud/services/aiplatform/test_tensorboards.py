"""TensorBoard."""

import base64
from typing import Any

from tests.mockcloud.services.aiplatform.rest import Api


def _run(api: Api) -> str:
    board = api.done("POST", "tensorboards", {"displayName": "board"})["name"]
    experiment = api.ok("POST", f"{board}/experiments?tensorboardExperimentId=exp", {})["name"]
    return str(api.ok("POST", f"{experiment}/runs?tensorboardRunId=run", {"displayName": "run"})["name"])


def _series(api: Api, run: str, kind: str = "SCALAR", name: str = "loss") -> str:
    body = {"displayName": name, "valueType": kind}
    return str(api.ok("POST", f"{run}/timeSeries?tensorboardTimeSeriesId={name}", body)["name"])


def _points(*values: float) -> list[dict[str, Any]]:
    return [
        {"step": str(at), "wallTime": f"2026-01-01T00:00:0{at}Z", "scalar": {"value": value}}
        for at, value in enumerate(values)
    ]


def _write(api: Api, run: str, values: list[dict[str, Any]], kind: str = "SCALAR", name: str = "loss") -> None:
    data = [{"tensorboardTimeSeriesId": name, "valueType": kind, "values": values}]
    api.ok("POST", f"{run}:write", {"tensorboardRun": run, "timeSeriesData": data})


def test_one_board_is_the_default_one() -> None:
    api = Api()
    first = api.done("POST", "tensorboards", {"displayName": "a", "isDefault": True})
    second = api.done("POST", "tensorboards", {"displayName": "b", "isDefault": True})
    assert first["blobStoragePathPrefix"].startswith("cloud-ai-platform-")
    assert "isDefault" not in api.ok("GET", first["name"])
    listed = api.ok("GET", "tensorboards?filter=is_default=true")
    assert [each["name"] for each in listed["tensorboards"]] == [second["name"]]


def test_display_names_are_used_once() -> None:
    api = Api()
    run = _run(api)
    runs = run.rpartition("/")[0]
    assert api.refused("POST", f"{runs}?tensorboardRunId=other", {"displayName": "run"}) == "ALREADY_EXISTS"
    _series(api, run)
    again = {"displayName": "loss", "valueType": "SCALAR"}
    assert api.refused("POST", f"{run}/timeSeries", again) == "ALREADY_EXISTS"
    assert api.refused("POST", f"{runs}", {"displayName": "no id"}) == "INVALID_ARGUMENT"


def test_several_are_made_at_once() -> None:
    api = Api()
    run = _run(api)
    experiment = run.partition("/runs/")[0]
    requests: list[dict[str, Any]] = [
        {"tensorboardRunId": "two", "tensorboardRun": {"displayName": "two"}},
        {"tensorboardRun": {"displayName": "three"}},
    ]
    made = api.ok("POST", f"{experiment}/runs:batchCreate", {"requests": requests})["tensorboardRuns"]
    assert [each["displayName"] for each in made] == ["two", "three"]
    assert api.refused("POST", f"{experiment}/runs:batchCreate", {"requests": requests[:1]}) == "ALREADY_EXISTS"
    series = {"displayName": "auc", "valueType": "SCALAR"}
    request = {"parent": run, "tensorboardTimeSeries": series, "tensorboardTimeSeriesId": "auc"}
    made = api.ok("POST", f"{experiment}:batchCreate", {"requests": [request]})["tensorboardTimeSeries"]
    assert made[0]["name"] == f"{run}/timeSeries/auc"
    elsewhere = {**request, "parent": f"{run}-2"}
    assert api.refused("POST", f"{experiment}:batchCreate", {"requests": [elsewhere]}) == "NOT_FOUND"
    unnamed = {**request, "tensorboardTimeSeriesId": "", "tensorboardTimeSeries": {**series, "displayName": "f1"}}
    assert api.ok("POST", f"{experiment}:batchCreate", {"requests": [unnamed]})


def test_values_are_read_as_they_were_written() -> None:
    api = Api()
    run = _run(api)
    name = _series(api, run)
    _write(api, run, _points(3, 2, 1))
    _write(api, run, [{"step": "3", "scalar": {"value": 0}}])
    metadata = api.ok("GET", name)["metadata"]
    assert metadata == {"maxStep": "3", "maxWallTime": "2026-01-01T00:00:02Z"}
    data = api.ok("GET", f"{name}:read")["timeSeriesData"]
    assert [each["scalar"]["value"] for each in data["values"]] == [3, 2, 1, 0]
    few = api.ok("GET", f"{name}:read?maxDataPoints=2")["timeSeriesData"]["values"]
    assert [each["step"] for each in few] == ["0", "3"]
    late = api.ok("GET", f"{name}:read?filter=step>1")["timeSeriesData"]["values"]
    assert [each["step"] for each in late] == ["2", "3"]
    board = run.partition("/experiments/")[0]
    both = api.ok("GET", f"{board}:batchRead?timeSeries={name}&timeSeries={name}")
    assert len(both["timeSeriesData"]) == 2
    one = api.ok("GET", f"{board}:batchRead?timeSeries={name}")
    assert one["timeSeriesData"][0]["tensorboardTimeSeriesId"] == "loss"
    assert int(api.ok("GET", f"{board}:readSize")["storageSizeByte"]) > 0
    assert api.ok("GET", f"{board}:readUsage") == {}


def test_values_are_exported_page_by_page() -> None:
    api = Api()
    run = _run(api)
    name = _series(api, run)
    _write(api, run, _points(3, 2, 1))
    first = api.ok("POST", f"{name}:exportTensorboardTimeSeries", {"pageSize": 2, "orderBy": "step desc"})
    assert [each["step"] for each in first["timeSeriesDataPoints"]] == ["2", "1"]
    second = {"pageSize": 2, "orderBy": "step desc", "pageToken": first["nextPageToken"]}
    rest = api.ok("POST", f"{name}:exportTensorboardTimeSeries", second)
    assert [each["step"] for each in rest["timeSeriesDataPoints"]] == ["0"]
    assert len(api.ok("POST", f"{name}:exportTensorboardTimeSeries", {})["timeSeriesDataPoints"]) == 3


def test_an_experiment_is_written_as_a_whole() -> None:
    api = Api()
    run = _run(api)
    name = _series(api, run)
    data = [{"tensorboardTimeSeriesId": "loss", "valueType": "SCALAR", "values": _points(1)}]
    request = {"writeRunDataRequests": [{"tensorboardRun": run, "timeSeriesData": data}]}
    api.ok("POST", f"{run.partition('/runs/')[0]}:write", request)
    assert len(api.ok("GET", f"{name}:read")["timeSeriesData"]["values"]) == 1
    wrong = [{"tensorboardTimeSeriesId": "loss", "valueType": "TENSOR", "values": []}]
    assert api.refused("POST", f"{run}:write", {"timeSeriesData": wrong}) == "INVALID_ARGUMENT"
    missing = [{"tensorboardTimeSeriesId": "none", "values": []}]
    assert api.refused("POST", f"{run}:write", {"timeSeriesData": missing}) == "NOT_FOUND"


def test_blobs_are_read_by_themselves() -> None:
    api = Api()
    run = _run(api)
    name = _series(api, run, "BLOB_SEQUENCE", "images")
    blob = {"data": base64.b64encode(b"pixels").decode()}
    _write(api, run, [{"step": "1", "blobs": {"values": [blob, blob]}}], "BLOB_SEQUENCE", "images")
    assert api.ok("GET", name)["metadata"]["maxBlobSequenceLength"] == "2"
    values = api.ok("GET", f"{name}:read")["timeSeriesData"]["values"][0]["blobs"]["values"]
    assert all("data" not in each for each in values)
    whole = api.ok("GET", f"{name}:readBlobData")
    one = api.ok("GET", f"{name}:readBlobData?blobIds={values[0]['id']}")
    assert [len(each[0]["blobs"]) for each in (whole, one)] == [2, 1]
    assert one[0]["blobs"][0]["data"] == blob["data"]
