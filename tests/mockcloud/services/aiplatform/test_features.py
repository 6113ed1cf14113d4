"""The feature registry, online serving, and the older feature store."""

from typing import Any

import pytest

from mockcloud.services.aiplatform import tables, values
from tests.mockcloud.services.aiplatform.rest import PLACE, Api, strict

URI = "bq://acme-ml.d.t"
GROUP = {"bigQuery": {"bigQuerySource": {"inputUri": URI}}}
STORE = "featureOnlineStores/online"


def _registry(api: Api) -> Api:
    api.done("POST", "featureGroups?featureGroupId=group", GROUP)
    requests = [{"featureId": "age", "feature": {}}, {"featureId": "city", "feature": {"versionColumnName": "town"}}]
    api.done("POST", "featureGroups/group/features:batchCreate", {"requests": requests})
    return api


def _store(api: Api) -> Api:
    api.done("POST", "featureOnlineStores?featureOnlineStoreId=online", {"optimized": {}})
    return api


def _view(api: Api, **fields: object) -> str:
    body = {"bigQuerySource": {"uri": URI, "entityIdColumns": ["id"]}, **fields}
    return str(api.done("POST", f"{STORE}/featureViews?featureViewId=view", body)["name"])


# The registry
# ---------------------------------------------------------------------------------------------------------------------


def test_several_features_are_made_all_or_none() -> None:
    api = _registry(Api())
    columns = {
        each["name"].rpartition("/")[2]: each["versionColumnName"]
        for each in api.ok("GET", "featureGroups/group/features")["features"]
    }
    assert columns == {"age": "age", "city": "town"}
    again = {"requests": [{"featureId": "new"}, {"featureId": "age"}]}
    assert api.refused("POST", "featureGroups/group/features:batchCreate", again) == "ALREADY_EXISTS"
    twice = {"requests": [{"featureId": "new"}, {"featureId": "new"}]}
    assert api.refused("POST", "featureGroups/group/features:batchCreate", twice) == "ALREADY_EXISTS"
    assert api.refused("GET", "featureGroups/group/features/new") == "NOT_FOUND"
    assert api.refused("POST", "featureGroups/none/features:batchCreate", again) == "NOT_FOUND"


def test_a_group_may_have_an_account_of_its_own() -> None:
    api = Api()
    body = {**GROUP, "serviceAgentType": "SERVICE_AGENT_TYPE_FEATURE_GROUP"}
    made = api.done("POST", "featureGroups?featureGroupId=my_group", body)
    assert "fg-my-group" in made["serviceAccountEmail"]
    changed = api.done("PATCH", "featureGroups/my_group?updateMask=description", {"description": "x"})
    assert changed["serviceAccountEmail"] == made["serviceAccountEmail"]
    bad = {"bigQuery": {"bigQuerySource": {"inputUri": "acme-ml.d.t"}}}
    assert api.refused("POST", "featureGroups?featureGroupId=bad", bad) == "INVALID_ARGUMENT"


def test_a_group_that_a_view_uses_stays() -> None:
    api = _store(_registry(strict()))
    source = {"featureGroups": [{"featureGroupId": "group", "featureIds": ["age"]}]}
    api.done("POST", f"{STORE}/featureViews?featureViewId=view", {"featureRegistrySource": source})
    assert api.refused("DELETE", "featureGroups/group?force=true") == "FAILED_PRECONDITION"
    api.done("DELETE", f"{STORE}?force=true")
    assert api.refused("DELETE", "featureGroups/group") == "FAILED_PRECONDITION"
    api.done("DELETE", "featureGroups/group?force=true")


def test_a_monitor_runs_jobs() -> None:
    api = _registry(Api(version="v1beta1"))
    selection = {"featureConfigs": [{"featureId": "age", "driftThreshold": 0.2}]}
    body = {"featureSelectionConfig": selection, "scheduleConfig": {"cron": "0 * * * *"}}
    monitor = api.done("POST", "featureGroups/group/featureMonitors?featureMonitorId=drift", body)["name"]
    bad = {"scheduleConfig": {"cron": "never"}}
    path = "featureGroups/group/featureMonitors?featureMonitorId=bad"
    assert api.refused("POST", path, bad) == "INVALID_ARGUMENT"
    job = api.ok("POST", f"{monitor}/featureMonitorJobs", {})
    assert job["featureSelectionConfig"] == selection
    assert "finalStatus" not in job
    api.cloud.advance(100)
    assert api.ok("GET", job["name"])["jobSummary"] == {"totalSlotMs": "0"}


# Online serving
# ---------------------------------------------------------------------------------------------------------------------


def test_stores_are_of_one_kind() -> None:
    api = Api()
    path = "featureOnlineStores?featureOnlineStoreId="
    assert api.refused("POST", f"{path}none", {}) == "INVALID_ARGUMENT"
    scaling = {"bigtable": {"autoScaling": {"minNodeCount": 1, "maxNodeCount": 2}}}
    made = api.done("POST", f"{path}big", scaling)
    assert made["bigtable"]["autoScaling"]["cpuUtilizationTarget"] == 50
    assert made["state"] == "STABLE"
    domain = api.done("POST", f"{path}fast", {"optimized": {}})["dedicatedServingEndpoint"]["publicEndpointDomainName"]
    assert domain.endswith(".featurestore.vertexai.goog")
    private = {
        "optimized": {},
        "dedicatedServingEndpoint": {"privateServiceConnectConfig": {"enablePrivateServiceConnect": True}},
    }
    attached = api.done("POST", f"{path}private", private)["dedicatedServingEndpoint"]
    assert "/serviceAttachments/" in attached["serviceAttachment"]
    assert "publicEndpointDomainName" not in attached


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "INVALID_ARGUMENT"),
        ({"bigQuerySource": {"uri": URI}, "syncConfig": {"cron": "never"}}, "INVALID_ARGUMENT"),
        ({"featureRegistrySource": {"featureGroups": [{"featureGroupId": "none"}]}}, "NOT_FOUND"),
        ({"featureRegistrySource": {"featureGroups": [{"featureGroupId": "group", "featureIds": ["x"]}]}}, "NOT_FOUND"),
    ],
)
def test_a_view_is_refused(body: dict[str, object], code: str) -> None:
    api = _store(_registry(Api()))
    path = f"{STORE}/featureViews?featureViewId=view"
    assert api.refused("POST", path, body) == code
    if code == "NOT_FOUND":
        api.cloud.rules.switch("references", on=False)
        api.done("POST", path, body)


def test_a_view_takes_columns_of_features() -> None:
    api = _store(_registry(Api()))
    tables.register(
        api.cloud,
        URI,
        [
            {"entity_id": "a", "age": 2, "town": "new", "feature_timestamp": "2026-01-02"},
            {"entity_id": "a", "age": 1, "town": "old", "feature_timestamp": "2026-01-01"},
        ],
    )
    number = api.cloud.projects.number_of("acme-ml")
    source = {"projectNumber": number, "featureGroups": [{"featureGroupId": "group", "featureIds": ["age", "city"]}]}
    body = {"featureRegistrySource": source, "serviceAgentType": "SERVICE_AGENT_TYPE_FEATURE_VIEW"}
    view = api.done("POST", f"{STORE}/featureViews?featureViewId=view", body)
    assert "fv-view" in view["serviceAccountEmail"]
    sync = api.ok("POST", f"{view['name']}:sync")["featureViewSync"]
    api.cloud.advance(100)
    assert api.ok("GET", sync)["syncSummary"]["rowSynced"] == "1"
    struct = api.ok(
        "POST", f"{view['name']}:fetchFeatureValues", {"dataKey": {"key": "a"}, "dataFormat": "PROTO_STRUCT"}
    )
    assert struct["protoStruct"] == {"age": 2, "city": "new"}
    old = Api(api.cloud, "v1beta1").ok("POST", f"{view['name']}:fetchFeatureValues", {"id": "a", "format": "KEY_VALUE"})
    assert {each["name"] for each in old["keyValues"]["features"]} == {"age", "city"}
    assert "accessToken" in api.ok("POST", f"{view['name']}:generateFetchAccessToken", {})


def test_a_table_that_is_nowhere_gives_no_rows() -> None:
    api = _store(Api())
    for uri in ("bq://acme-ml.d.none", "bq://short"):
        name = _view(api, bigQuerySource={"uri": uri, "entityIdColumns": ["id"]})
        sync = api.ok("POST", f"{name}:sync")["featureViewSync"]
        api.cloud.advance(100)
        assert api.ok("GET", sync)["syncSummary"]["rowSynced"] == "0"
        api.done("DELETE", name)
    tables.register(api.cloud, URI, [{"id": "a"}])
    kept = api.cloud.snapshot()
    tables.register(api.cloud, URI, [])
    api.cloud.restore(kept)
    name = _view(api)
    sync = api.ok("POST", f"{name}:sync")["featureViewSync"]
    api.cloud.advance(100)
    assert api.ok("GET", sync)["syncSummary"]["rowSynced"] == "1"


def test_values_are_written_without_a_table() -> None:
    api = _store(Api(version="v1beta1"))
    name = _view(api)
    features = [
        {"name": "age", "value": {"int64Value": "3"}},
        {"name": "city", "valueAndTimestamp": {"value": {"stringValue": "x"}}},
    ]
    key = {"compositeKey": {"parts": ["a", "b"]}}
    written = api.ok(
        "POST", f"{name}:directWrite", {"dataKeyAndFeatureValues": [{"dataKey": key, "features": features}]}
    )
    assert written[0]["writeResponses"] == [{"dataKey": key}]
    read = api.ok("POST", f"{name}:fetchFeatureValues", {"dataKey": key})
    assert {each["name"]: each["value"] for each in read["keyValues"]["features"]} == {
        "age": {"int64Value": "3"},
        "city": {"stringValue": "x"},
    }
    several = api.ok("POST", f"{name}:streamingFetchFeatureValues", {"dataKeys": [key, {"key": "none"}]})[0]
    assert len(several["data"]) == 1
    assert several["dataKeysWithError"] == [{"key": "none"}]
    nameless = {"dataKeyAndFeatureValues": [{"features": features}]}
    assert api.refused("POST", f"{name}:directWrite", nameless) == "INVALID_ARGUMENT"
    search = {"query": {"embedding": {"value": [1]}}}
    assert api.refused("POST", f"{name}:searchNearestEntities", search) == "FAILED_PRECONDITION"


def test_entities_are_searched_by_one_of_them() -> None:
    api = _store(Api())
    index = {
        "embeddingColumn": "v",
        "distanceMeasureType": "SQUARED_L2_DISTANCE",
        "embeddingDimension": 2,
        "bruteForceConfig": {},
    }
    name = _view(api, indexConfig=index, syncConfig={"cron": "0 * * * *"})
    rows = [{"id": each, "v": vector, "kind": kind} for each, vector, kind in (
        ("a", [0.0, 0.0], "x"), ("b", [0.0, 1.0], "y"), ("c", [0.0, 3.0], "x"), ("d", None, "x"))]  # fmt: skip
    tables.register(api.cloud, URI, rows)
    api.cloud.advance(3700)
    query: dict[str, Any] = {"entityId": "b", "neighborCount": 2}
    near = api.ok("POST", f"{name}:searchNearestEntities", {"query": query, "returnFullEntity": True})
    neighbours = near["nearestNeighbors"]["neighbors"]
    assert neighbours[0]["entityId"] == "b"
    assert "entityKeyValues" in neighbours[0]
    only = {**query, "stringFilters": [{"name": "kind", "allowTokens": ["x"]}, {"name": "kind", "denyTokens": ["z"]}]}
    found = api.ok("POST", f"{name}:searchNearestEntities", {"query": only})["nearestNeighbors"]["neighbors"]
    assert "b" not in {each["entityId"] for each in found}
    missing = {"query": {"entityId": "none"}}
    assert api.refused("POST", f"{name}:searchNearestEntities", missing) == "NOT_FOUND"


@pytest.mark.parametrize(
    ("value", "wrapped"),
    [
        (None, {}),
        (True, {"boolValue": True}),
        (7, {"int64Value": "7"}),
        (0.5, {"doubleValue": 0.5}),
        ("x", {"stringValue": "x"}),
        ([True], {"boolArrayValue": {"values": [True]}}),
        ([1, 2], {"int64ArrayValue": {"values": ["1", "2"]}}),
        ([1, 0.5], {"doubleArrayValue": {"values": [1, 0.5]}}),
        (["a"], {"stringArrayValue": {"values": ["a"]}}),
    ],
)
def test_values_become_messages_and_back(value: object, wrapped: dict[str, object]) -> None:
    assert values.wrapped(value) == wrapped
    assert values.plain(wrapped) == value


def test_what_is_no_value_becomes_text() -> None:
    assert values.wrapped({"a": 1}) == {"stringValue": "{'a': 1}"}
    assert values.vector({"stringValue": "x"}) == []


# The older store
# ---------------------------------------------------------------------------------------------------------------------


def _older(api: Api) -> str:
    api.done("POST", "featurestores?featurestoreId=shop", {})
    kind = api.done("POST", "featurestores/shop/entityTypes?entityTypeId=users", {})["name"]
    requests = [{"featureId": each, "feature": {"valueType": "INT64"}} for each in ("age", "size")]
    made = api.done("POST", f"{kind}/features:batchCreate", {"requests": requests})
    assert all("versionColumnName" not in each for each in made["features"])
    return str(kind)


def test_values_are_written_read_and_deleted() -> None:
    api = Api()
    kind = _older(api)
    payload = {"entityId": "a", "featureValues": {"age": {"int64Value": "3"}, "size": {"int64Value": "1"}}}
    api.ok("POST", f"{kind}:writeFeatureValues", {"payloads": [payload]})
    refused: list[dict[str, Any]] = [{"entityId": "a", "featureValues": {"x": {}}}, {"featureValues": {}}]
    for bad in refused:
        assert api.refused("POST", f"{kind}:writeFeatureValues", {"payloads": [bad]}) == "INVALID_ARGUMENT"
    every = {"featureSelector": {"idMatcher": {"ids": ["*"]}}}
    read = api.ok("POST", f"{kind}:readFeatureValues", {"entityId": "a", **every})
    assert [each["id"] for each in read["header"]["featureDescriptors"]] == ["age", "size"]
    assert read["entityView"]["data"][0]["value"]["int64Value"] == "3"
    unknown = {"entityId": "a", "featureSelector": {"idMatcher": {"ids": ["x"]}}}
    assert api.refused("POST", f"{kind}:readFeatureValues", unknown) == "NOT_FOUND"
    stream = api.ok("POST", f"{kind}:streamingReadFeatureValues", {"entityIds": ["a", "b"], **every})
    assert [each.get("entityView", {}).get("entityId") for each in stream] == [None, "a", "b"]
    some = {"selectTimeRangeAndFeature": {"featureSelector": {"idMatcher": {"ids": ["age"]}}}}
    api.done("POST", f"{kind}:deleteFeatureValues", some)
    again = api.ok("POST", f"{kind}:readFeatureValues", {"entityId": "a", **every})
    assert [bool(each) for each in again["entityView"]["data"]] == [False, True]
    file = {"selectEntity": {"entityIdSelector": {"csvSource": {"gcsSource": {"uris": ["gs://b/x"]}}}}}
    assert api.refused("POST", f"{kind}:deleteFeatureValues", file) == "INVALID_ARGUMENT"


def test_values_are_moved_in_bulk() -> None:
    api = Api()
    kind = _older(api)
    body = {"featureSpecs": [{"id": "age"}], "entityIdField": "id", "csvSource": {"gcsSource": {"uris": ["gs://b/x"]}}}
    assert api.done("POST", f"{kind}:importFeatureValues", body)["importedEntityCount"] == "0"
    assert api.refused("POST", f"{kind}:importFeatureValues", {"featureSpecs": [{"id": "x"}]}) == "NOT_FOUND"
    api.done("POST", f"{kind}:exportFeatureValues", {})
    api.done("POST", "featurestores/shop:batchReadFeatureValues", {"entityTypeSpecs": [{"entityTypeId": "users"}]})
    missing = {"entityTypeSpecs": [{"entityTypeId": "none"}]}
    assert api.refused("POST", "featurestores/shop:batchReadFeatureValues", missing) == "NOT_FOUND"
    found = api.ok("GET", f"{PLACE}/featurestores:searchFeatures?pageSize=1")
    assert len(found["features"]) == 1
    assert "nextPageToken" in found
    assert api.ok("GET", f"{PLACE}/featurestores:searchFeatures?query=value_type=STRING") == {}
