"""Reading a feature view: values of an entity, and entities whose embeddings are near.

A small local simulation: it serves what was synchronised or written directly.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import nearest, values
from mockcloud.services.aiplatform.api import LOCATION, SERVICE, found, shown
from mockcloud.services.aiplatform.tables import SEPARATOR

_VIEWS: Final = f"{LOCATION}.featureOnlineStores.featureViews"
_USUAL_COUNT: Final = 10


def key_of(data: Mapping[str, Any]) -> str:
    """Give the key of an entity as one text, from a FeatureViewDataKey."""
    if "compositeKey" in data:
        return SEPARATOR.join(data["compositeKey"].get("parts", []))
    return str(data.get("key", ""))


def rows(view: Record) -> dict[str, Body]:
    """Give what a view serves: features by name, each by the key of its entity."""
    return dict(view.hidden.get("rows", {}))


@SERVICE.method(f"{_VIEWS}.fetchFeatureValues")
def fetch(call: Call) -> Answer | Body:
    """Give the features of an entity."""
    view = found(call)
    data = call.body.get("dataKey", {})
    key = key_of(data) or call.body.get("id", "")
    wanted = call.body.get("dataFormat") or call.body.get("format") or "KEY_VALUE"
    return _shown(call, view, key, wanted, data)


@SERVICE.method(f"{_VIEWS}.streamingFetchFeatureValues")
def fetch_several(call: Call) -> Answer | Body:
    """Give the features of several entities; those that there are not have a data key only."""
    view = found(call)
    keys = call.body.get("dataKeys", [])
    here = rows(view)
    known = [each for each in keys if key_of(each) in here]
    wanted = call.body.get("dataFormat") or "KEY_VALUE"
    answer = {
        "status": {},
        "data": [_shown(call, view, key_of(each), wanted, each) for each in known],
        "dataKeysWithError": [each for each in keys if key_of(each) not in here],
    }
    return Answer(answer, stream=(answer,))


def _shown(call: Call, view: Record, key: str, wanted: str, data: Mapping[str, Any]) -> dict[str, Any]:
    row = rows(view).get(key)
    if row is None:
        raise not_found(f"{shown(call.cloud, view.name)}: {key}", what="Entity")
    asked = {"dataKey": dict(data)} if data else {}
    if wanted == "PROTO_STRUCT":
        return {"protoStruct": {name: values.plain(each) for name, each in row.items()}, **asked}
    features = [{"name": name, "value": dict(each)} for name, each in row.items()]
    return {"keyValues": {"features": features}, **asked}


@SERVICE.method(f"{_VIEWS}.directWrite")
def write(call: Call) -> Answer | Body:
    """Write features of entities without a table."""
    view = found(call)
    here = rows(view)
    answers = []
    for each in call.body.get("dataKeyAndFeatureValues", []):
        key = key_of(each.get("dataKey", {}))
        if not key:
            raise invalid("An entity has no key.", Violation("data_key_and_feature_values.data_key", "It is required."))
        here[key] = {**here.get(key, {}), **dict(_written(each.get("features", [])))}
        answers.append({"dataKey": each["dataKey"]})
    call.cloud.change(view, view.body, hidden={**view.hidden, "rows": here})
    answer = {"status": {}, "writeResponses": answers}
    return Answer(answer, stream=(answer,))


def _written(features: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, Body]]:
    for each in features:
        value = each.get("value") or each.get("valueAndTimestamp", {}).get("value", {})
        yield each.get("name", ""), value


@SERVICE.method(f"{_VIEWS}.searchNearestEntities")
def search(call: Call) -> Answer | Body:
    """Give the entities whose embeddings are nearest to one, or to that of an entity."""
    view = found(call)
    config = view.body.get("indexConfig") or view.body.get("vectorSearchConfig") or {}
    column = config.get("embeddingColumn", "")
    if not column:
        raise failed_precondition(f"'{shown(call.cloud, view.name)}' has no index, so it cannot be searched.")
    query = call.body.get("query", {})
    here = rows(view)
    vector = query.get("embedding", {}).get("value", [])
    if query.get("entityId"):
        if query["entityId"] not in here:
            raise not_found(query["entityId"], what="Entity")
        vector = values.vector(here[query["entityId"]].get(column, {}))
    points = [
        {"datapointId": key, "featureVector": values.vector(row.get(column, {}))}
        for key, row in here.items()
        if _passes(row, query)
    ]
    measure = config.get("distanceMeasureType", "")
    hits = nearest.nearest(measure, vector, points, query.get("neighborCount") or _USUAL_COUNT)
    return {"nearestNeighbors": {"neighbors": [_neighbour(call, view, each, far) for far, each in hits]}}


def _neighbour(call: Call, view: Record, point: Mapping[str, Any], far: float) -> Body:
    key = point["datapointId"]
    whole = call.body.get("returnFullEntity")
    entity = {"entityKeyValues": _shown(call, view, key, "KEY_VALUE", {"key": key})} if whole else {}
    return {"entityId": key, "distance": far, **entity}


def _passes(row: Mapping[str, Body], query: Mapping[str, Any]) -> bool:
    for each in query.get("stringFilters", []):
        value = str(values.plain(row.get(each.get("name", ""), {})))
        allowed, denied = each.get("allowTokens", []), each.get("denyTokens", [])
        if (allowed and value not in allowed) or value in denied:
            return False
    return True
