"""Vector search: indexes, and the endpoints that they are deployed to.

A small local simulation: neighbours are found by brute force over the points that were upserted.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.masks import apply_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import nearest
from mockcloud.services.aiplatform.api import (
    LOCATION,
    SERVICE,
    collection,
    found,
    need,
    now,
    refuse_in_use,
    shown,
    start,
    touch,
)
from mockcloud.services.aiplatform.networks import hold_network

_SCHEMA: Final = "gs://google-cloud-aiplatform/schema/matchingengine/metadata/nearest_neighbor_search_1.0.0.yaml"
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,127}")
_USUAL_COUNT: Final = 10
_SECONDS: Final = 600.0
"""Virtual seconds that building and deploying an index take."""


# Indexes
# ---------------------------------------------------------------------------------------------------------------------


def _config(index: Record) -> Mapping[str, Any]:
    metadata = index.body.get("metadata")
    config = metadata.get("config", {}) if isinstance(metadata, Mapping) else {}
    return config if isinstance(config, Mapping) else {}


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    stats = {"vectorsCount": "0", "shardsCount": 1}
    return {"indexUpdateMethod": "BATCH_UPDATE", "metadataSchemaUri": _SCHEMA, "indexStats": stats, **body}


def _deleting(call: Call, record: Record) -> None:
    deployed = record.body.get("deployedIndexes", [])
    if deployed:
        places = ", ".join(each["indexEndpoint"] for each in deployed)
        refuse_in_use(call, f"'{shown(call.cloud, record.name)}' is deployed at: {places}. Undeploy it first.")


collection(
    "indexes",
    created=_created,
    deleting=_deleting,
    required=("displayName",),
    immutable=("encryptionSpec", "indexUpdateMethod"),
    seconds=_SECONDS,
)


def _points(record: Record) -> dict[str, Body]:
    return dict(record.hidden.get("points", {}))


def _write(call: Call, record: Record, points: Mapping[str, Body]) -> None:
    stats = {**record.body.get("indexStats", {}), "vectorsCount": str(len(points))}
    touch(call.cloud, record, {**record.hidden, "points": dict(points)}, indexStats=stats)


def _hold_streaming(call: Call, record: Record) -> None:
    if record.body.get("indexUpdateMethod") != "STREAM_UPDATE":
        raise failed_precondition(
            f"'{shown(call.cloud, record.name)}' is updated in batches. Only an index with STREAM_UPDATE takes points."
        )


@SERVICE.method(f"{LOCATION}.indexes.upsertDatapoints")
def upsert(call: Call) -> Answer | Body:
    """Add points, or replace those of the same id."""
    record = found(call)
    _hold_streaming(call, record)
    dimensions = _config(record).get("dimensions")
    points = _points(record)
    mask = [tuple(each.split(".")) for each in call.body.get("updateMask", "").split(",") if each]
    for at, each in enumerate(call.body.get("datapoints", [])):
        vector = each.get("featureVector", [])
        if not each.get("datapointId"):
            raise invalid("A point has no id.", Violation(f"datapoints[{at}].datapoint_id", "It is required."))
        if dimensions and vector and len(vector) != int(dimensions):
            raise invalid(
                f"The point '{each['datapointId']}' has {len(vector)} dimensions; the index has {int(dimensions)}.",
                Violation(f"datapoints[{at}].feature_vector", "It has another number of dimensions."),
            )
        before = points.get(each["datapointId"])
        points[each["datapointId"]] = apply_mask(before, each, mask) if before is not None and mask else each
    _write(call, record, points)
    return {}


@SERVICE.method(f"{LOCATION}.indexes.removeDatapoints")
def remove(call: Call) -> Answer | Body:
    """Take points away."""
    record = found(call)
    _hold_streaming(call, record)
    gone = set(call.body.get("datapointIds", []))
    _write(call, record, {key: each for key, each in _points(record).items() if key not in gone})
    return {}


# Endpoints
# ---------------------------------------------------------------------------------------------------------------------


def _endpoint_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    hold_network(body)
    if not body.get("publicEndpointEnabled"):
        return body
    _, project, _, region, _, identifier = name.split("/")
    number = call.cloud.projects.number_of(project)
    return {**body, "publicEndpointDomainName": f"{identifier[:10]}.{region}-{number}.vdb.vertexai.goog"}


def _endpoint_deleting(call: Call, record: Record) -> None:
    deployed = record.body.get("deployedIndexes", [])
    if deployed:
        ids = ", ".join(each["id"] for each in deployed)
        refuse_in_use(call, f"'{shown(call.cloud, record.name)}' has deployed indexes: {ids}. Undeploy them first.")
    for each in deployed:
        _unlink(call, record, each)


collection(
    "indexEndpoints",
    created=_endpoint_created,
    deleting=_endpoint_deleting,
    required=("displayName",),
    immutable=("network", "encryptionSpec"),
)


def _at(endpoint: Record, identifier: str) -> Mapping[str, Any]:
    for each in endpoint.body.get("deployedIndexes", []):
        if each["id"] == identifier:
            return dict(each)
    raise not_found(identifier, what="Deployed index")


@SERVICE.method(f"{LOCATION}.indexEndpoints.deployIndex")
def deploy(call: Call) -> Answer | Body:
    """Deploy an index under an id that the caller chooses."""
    endpoint = found(call)
    asked = call.body.get("deployedIndex", {})
    identifier = asked.get("id", "")
    if not _ID.fullmatch(identifier):
        raise invalid(
            f"Invalid deployed index id: '{identifier}'. It begins with a letter and holds letters, digits and '_'.",
            Violation("deployed_index.id", "It has another form."),
        )
    if any(each["id"] == identifier for each in endpoint.body.get("deployedIndexes", [])):
        raise already_exists(identifier, what="Deployed index")
    index = need(call.cloud, asked.get("index", ""), "Index")
    deployed = {
        **asked,
        "index": shown(call.cloud, index.name),
        "createTime": now(call.cloud),
        "indexSyncTime": now(call.cloud),
    }
    if "dedicatedResources" not in asked:
        automatic = asked.get("automaticResources", {})
        low = automatic.get("minReplicaCount", 2)
        deployed["automaticResources"] = {"minReplicaCount": low, "maxReplicaCount": low, **automatic}
    touch(call.cloud, endpoint, deployedIndexes=[*endpoint.body.get("deployedIndexes", []), deployed])
    ref = {"indexEndpoint": shown(call.cloud, endpoint.name), "deployedIndexId": identifier}
    title = {"displayName": asked["displayName"]} if asked.get("displayName") else {}
    touch(call.cloud, index, deployedIndexes=[*index.body.get("deployedIndexes", []), {**ref, **title}])
    return start(call, endpoint.name, {"deployedIndex": deployed}, seconds=_SECONDS, deployedIndexId=identifier)


def _unlink(call: Call, endpoint: Record, deployed: Mapping[str, Any]) -> None:
    name = shown(call.cloud, endpoint.name)
    index = need(call.cloud, deployed["index"], "Index")
    kept = [
        each
        for each in index.body.get("deployedIndexes", [])
        if (each["indexEndpoint"], each["deployedIndexId"]) != (name, deployed["id"])
    ]
    touch(call.cloud, index, deployedIndexes=kept or None)


@SERVICE.method(f"{LOCATION}.indexEndpoints.undeployIndex")
def undeploy(call: Call) -> Answer | Body:
    """Undeploy an index."""
    endpoint = found(call)
    deployed = _at(endpoint, call.body.get("deployedIndexId", ""))
    kept = [each for each in endpoint.body["deployedIndexes"] if each["id"] != deployed["id"]]
    touch(call.cloud, endpoint, deployedIndexes=kept or None)
    _unlink(call, endpoint, deployed)
    return start(call, endpoint.name, {}, seconds=60)


@SERVICE.method(f"{LOCATION}.indexEndpoints.mutateDeployedIndex")
def mutate(call: Call) -> Answer | Body:
    """Change the machines of a deployed index."""
    endpoint = found(call)
    old = _at(endpoint, call.body.get("id", ""))
    new = {**old, **{key: value for key, value in call.body.items() if key not in {"id", "index"}}}
    models = [new if each["id"] == old["id"] else each for each in endpoint.body["deployedIndexes"]]
    touch(call.cloud, endpoint, deployedIndexes=models)
    return start(call, endpoint.name, {"deployedIndex": new}, seconds=60, deployedIndexId=old["id"])


@SERVICE.method(f"{LOCATION}.indexEndpoints.findNeighbors")
def find_neighbors(call: Call) -> Answer | Body:
    """Find the points that are nearest to those of the queries."""
    index = need(call.cloud, _at(found(call), call.body.get("deployedIndexId", ""))["index"], "Index")
    whole = bool(call.body.get("returnFullDatapoint"))
    return {"nearestNeighbors": [_found(index, each, whole=whole) for each in call.body.get("queries", [])]}


def _found(index: Record, query: Mapping[str, Any], *, whole: bool) -> Body:
    asked = query.get("datapoint", {})
    points = _points(index)
    vector = asked.get("featureVector") or points.get(asked.get("datapointId", ""), {}).get("featureVector", [])
    config = _config(index)
    count = query.get("neighborCount") or int(config.get("approximateNeighborsCount") or _USUAL_COUNT)
    measure = str(config.get("distanceMeasureType") or nearest.DOT)
    kept = (each for each in points.values() if nearest.passes(each, asked))
    neighbours = [
        {"datapoint": dict(each) if whole else _brief(each), "distance": far}
        for far, each in nearest.nearest(measure, vector, kept, count)
    ]
    return {"id": asked.get("datapointId", ""), "neighbors": neighbours}


def _brief(point: Body) -> Body:
    return {key: point[key] for key in ("datapointId", "crowdingTag") if key in point}


@SERVICE.method(f"{LOCATION}.indexEndpoints.readIndexDatapoints")
def read_points(call: Call) -> Answer | Body:
    """Give points by their ids."""
    index = need(call.cloud, _at(found(call), call.body.get("deployedIndexId", ""))["index"], "Index")
    points = _points(index)
    return {"datapoints": [points[each] for each in call.body.get("ids", []) if each in points]}
