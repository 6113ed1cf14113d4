"""Vector search."""

import pytest

from mockcloud.services.aiplatform import nearest
from tests.mockcloud.services.aiplatform.rest import PLACE, Api, strict


def _index(api: Api, method: str = "STREAM_UPDATE") -> str:
    config = {"config": {"dimensions": 2, "approximateNeighborsCount": 3}}
    body = {"displayName": "i", "indexUpdateMethod": method, "metadata": config}
    return str(api.done("POST", "indexes", body)["name"])


def _deployed(api: Api, index: str) -> str:
    endpoint = str(api.done("POST", "indexEndpoints", {"displayName": "e"})["name"])
    api.done("POST", f"{endpoint}:deployIndex", {"deployedIndex": {"id": "d", "index": index, "displayName": "D"}})
    return endpoint


def test_the_service_fills_in_an_index() -> None:
    api = Api()
    made = api.done("POST", "indexes", {"displayName": "i"})
    assert made["indexUpdateMethod"] == "BATCH_UPDATE"
    assert made["metadataSchemaUri"].endswith("nearest_neighbor_search_1.0.0.yaml")
    assert made["indexStats"] == {"vectorsCount": "0", "shardsCount": 1}


def test_points_are_held_to_the_index() -> None:
    api = Api()
    index = _index(api)
    points = [{"datapointId": "a", "featureVector": [1, 2], "restricts": [{"namespace": "n", "allowList": ["x"]}]}]
    api.ok("POST", f"{index}:upsertDatapoints", {"datapoints": points})
    for bad in ({"featureVector": [1, 2]}, {"datapointId": "b", "featureVector": [1]}):
        assert api.refused("POST", f"{index}:upsertDatapoints", {"datapoints": [bad]}) == "INVALID_ARGUMENT"
    only = {"datapoints": [{"datapointId": "a", "featureVector": [3, 4]}], "updateMask": "featureVector"}
    Api(api.cloud, "v1beta1").ok("POST", f"{index}:upsertDatapoints", only)
    endpoint = _deployed(api, index)
    read = api.ok("POST", f"{endpoint}:readIndexDatapoints", {"deployedIndexId": "d", "ids": ["a", "b"]})
    assert read["datapoints"] == [{**points[0], "featureVector": [3, 4]}]
    batch = _index(api, "BATCH_UPDATE")
    assert api.refused("POST", f"{batch}:upsertDatapoints", {"datapoints": points}) == "FAILED_PRECONDITION"
    assert api.refused("POST", f"{batch}:removeDatapoints", {"datapointIds": ["a"]}) == "FAILED_PRECONDITION"


def test_a_deployed_index_stays() -> None:
    api = strict()
    index = _index(api)
    endpoint = _deployed(api, index)
    assert api.ok("GET", index)["deployedIndexes"][0]["deployedIndexId"] == "d"
    deployed = api.ok("GET", endpoint)["deployedIndexes"][0]
    assert deployed["automaticResources"] == {"minReplicaCount": 2, "maxReplicaCount": 2}
    assert api.refused("DELETE", index) == "FAILED_PRECONDITION"
    assert api.refused("DELETE", endpoint) == "FAILED_PRECONDITION"
    again = {"deployedIndex": {"id": "d", "index": index}}
    assert api.refused("POST", f"{endpoint}:deployIndex", again) == "ALREADY_EXISTS"
    assert api.refused("POST", f"{endpoint}:deployIndex", {"deployedIndex": {"id": "1d"}}) == "INVALID_ARGUMENT"
    missing = {"deployedIndex": {"id": "x", "index": f"{PLACE}/indexes/1"}}
    assert api.refused("POST", f"{endpoint}:deployIndex", missing) == "NOT_FOUND"
    machines = {"dedicatedResources": {"minReplicaCount": 1}}
    api.done("POST", f"{endpoint}:deployIndex", {"deployedIndex": {"id": "e", "index": index, **machines}})
    changed = api.done("POST", f"{endpoint}:mutateDeployedIndex", {"id": "e", "enableAccessLogging": True})
    assert changed["deployedIndex"]["dedicatedResources"] == machines["dedicatedResources"]
    assert api.refused("POST", f"{endpoint}:mutateDeployedIndex", {"id": "none"}) == "NOT_FOUND"
    for each in ("d", "e"):
        api.done("POST", f"{endpoint}:undeployIndex", {"deployedIndexId": each})
    assert "deployedIndexes" not in api.ok("GET", index)
    api.done("DELETE", endpoint)
    api.done("DELETE", index)


def test_an_endpoint_with_indexes_is_deleted_where_nobody_minds() -> None:
    api = Api()
    index = _index(api)
    api.done("DELETE", _deployed(api, index))
    assert "deployedIndexes" not in api.ok("GET", index)


def test_a_query_may_name_a_point() -> None:
    api = Api()
    index = _index(api)
    points = [{"datapointId": each, "featureVector": vector} for each, vector in (("a", [1, 0]), ("b", [2, 0]))]
    api.ok("POST", f"{index}:upsertDatapoints", {"datapoints": points})
    endpoint = _deployed(api, index)
    query = {"queries": [{"datapoint": {"datapointId": "a"}}], "deployedIndexId": "d", "returnFullDatapoint": True}
    found = api.ok("POST", f"{endpoint}:findNeighbors", query)["nearestNeighbors"][0]
    assert found["id"] == "a"
    assert [each["datapoint"] for each in found["neighbors"]] == [points[1], points[0]]
    api.ok("POST", f"{index}:removeDatapoints", {"datapointIds": ["b"]})
    few = api.ok("POST", f"{endpoint}:findNeighbors", query)["nearestNeighbors"][0]["neighbors"]
    assert [each["datapoint"]["datapointId"] for each in few] == ["a"]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("SQUARED_L2_DISTANCE", 4.0),
        ("L1_DISTANCE", 2.0),
        ("COSINE_DISTANCE", 0.0),
        ("DOT_PRODUCT_DISTANCE", 3.0),
    ],
)
def test_distances(measure: str, expected: float) -> None:
    assert nearest.distance(measure, [1, 0], [3, 0]) == expected
    assert nearest.distance("COSINE_DISTANCE", [0, 0], [1, 0]) == 1


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        ({}, True),
        ({"restricts": [{"namespace": "kind", "allowList": ["a", "z"]}]}, True),
        ({"restricts": [{"namespace": "kind", "allowList": ["b"]}]}, False),
        ({"restricts": [{"namespace": "kind", "denyList": ["a"]}]}, False),
        ({"restricts": [{"namespace": "kind", "allowList": ["c"]}]}, False),
        ({"restricts": [{"namespace": "other", "allowList": ["a"]}]}, False),
        ({"numericRestricts": [{"namespace": "price", "op": "LESS", "valueInt": "10"}]}, True),
        ({"numericRestricts": [{"namespace": "price", "op": "GREATER_EQUAL", "valueFloat": 10}]}, False),
        ({"numericRestricts": [{"namespace": "size", "op": "EQUAL", "valueInt": "5"}]}, False),
        ({"numericRestricts": [{"namespace": "price"}]}, True),
    ],
)
def test_restricts(query: dict[str, object], passes: bool) -> None:
    point = {
        "restricts": [{"namespace": "kind", "allowList": ["a", "c"], "denyList": ["c"]}],
        "numericRestricts": [{"namespace": "price", "valueInt": "5"}],
    }
    assert nearest.passes(point, query) is passes
