"""The older feature store: entity types with features, values that are written and read."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, collection, found, given_id, start
from mockcloud.services.aiplatform.features import ID, create_features

_STORES: Final = f"{LOCATION}.featurestores"
_TYPES: Final = f"{_STORES}.entityTypes"

collection(
    "featurestores",
    new_id=given_id("featurestoreId", ID % 59, required=True),
    state=("state", "STABLE"),
    children="force",
    seconds=300.0,
    immutable=("encryptionSpec",),
)
collection("featurestores.entityTypes", new_id=given_id("entityTypeId", ID % 59, required=True), children="force")
collection(
    "featurestores.entityTypes.features",
    new_id=given_id("featureId", ID % 127, required=True),
    required=("valueType",),
    immutable=("valueType",),
)


@SERVICE.method(f"{_TYPES}.features.batchCreate")
def batch_create(call: Call) -> Answer | Body:
    """Make several features of an entity type, all or none."""
    return create_features(call, column=False)


@SERVICE.method(f"{_STORES}.searchFeatures")
def search(call: Call) -> Answer | Body:
    """Give the features of a location that fit a query."""
    keep = matcher(call.text("query"))
    stores = f"{call.name.removesuffix('/featurestores')}/featurestores"
    features = [each for each in call.cloud.store.below(API, stores) if "/features/" in each.name]
    chosen, token = slice_page(call, [each.body for each in features if keep is None or keep(each.body)])
    return {**({"features": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


# Values
# ---------------------------------------------------------------------------------------------------------------------


def _features(call: Call, entity_type: Record) -> dict[str, Record]:
    return {each.id: each for each in call.cloud.store.page(API, f"{entity_type.name}/features")}


@SERVICE.method(f"{_TYPES}.writeFeatureValues")
def write(call: Call) -> Answer | Body:
    """Write features of entities."""
    entity_type = found(call)
    known = _features(call, entity_type)
    entities = dict(entity_type.hidden.get("entities", {}))
    moment = stamp(call.cloud.clock.now)
    for at, payload in enumerate(call.body.get("payloads", [])):
        given = payload.get("featureValues", {})
        unknown = [each for each in given if each not in known]
        if not payload.get("entityId") or unknown:
            what = f"no feature is called '{unknown[0]}'" if unknown else "it names no entity"
            raise invalid(f"A payload cannot be written: {what}.", Violation(f"payloads[{at}]", what))
        stamped = {
            name: {**value, "metadata": {"generateTime": value.get("metadata", {}).get("generateTime", moment)}}
            for name, value in given.items()
        }
        entities[payload["entityId"]] = {**entities.get(payload["entityId"], {}), **stamped}
    call.cloud.change(entity_type, entity_type.body, hidden={**entity_type.hidden, "entities": entities})
    return {}


def _chosen(call: Call, entity_type: Record) -> list[str]:
    asked = call.body.get("featureSelector", {}).get("idMatcher", {}).get("ids", [])
    known = _features(call, entity_type)
    if "*" in asked:
        return list(known)
    missing = [each for each in asked if each not in known]
    if missing:
        raise not_found(f"{entity_type.body['name']}/features/{missing[0]}", what="Feature")
    return list(asked)


def _header(entity_type: Record, ids: Iterable[str]) -> Body:
    return {"entityType": entity_type.body["name"], "featureDescriptors": [{"id": each} for each in ids]}


def _view(entity_type: Record, entity: str, ids: Iterable[str]) -> Body:
    kept = entity_type.hidden.get("entities", {}).get(entity, {})
    return {"entityId": entity, "data": [{"value": kept[each]} if each in kept else {} for each in ids]}


@SERVICE.method(f"{_TYPES}.readFeatureValues")
def read(call: Call) -> Answer | Body:
    """Give the newest values of an entity; one that nobody wrote has none."""
    entity_type = found(call)
    ids = _chosen(call, entity_type)
    return {"header": _header(entity_type, ids), "entityView": _view(entity_type, call.body.get("entityId", ""), ids)}


@SERVICE.method(f"{_TYPES}.streamingReadFeatureValues")
def read_several(call: Call) -> Answer | Body:
    """Give the newest values of several entities: first what they mean, then one entity an answer."""
    entity_type = found(call)
    ids = _chosen(call, entity_type)
    views = [{"entityView": _view(entity_type, each, ids)} for each in call.body.get("entityIds", [])]
    return Answer(stream=({"header": _header(entity_type, ids)}, *views))


@SERVICE.method(f"{_TYPES}.deleteFeatureValues")
def delete(call: Call) -> Answer | Body:
    """Delete the values of entities, or of some features of all of them."""
    entity_type = found(call)
    entities: Mapping[str, Any] = entity_type.hidden.get("entities", {})
    chosen = call.body.get("selectEntity", {}).get("entityIdSelector", {})
    if "csvSource" in chosen:
        raise invalid(
            "Ids from a file are not read by the mock cloud.",
            Violation("select_entity.entity_id_selector", "Select features instead."),
        )
    selector = call.body.get("selectTimeRangeAndFeature", {})
    gone = set(selector.get("featureSelector", {}).get("idMatcher", {}).get("ids", []))
    kept = {
        entity: {name: value for name, value in row.items() if name not in gone and "*" not in gone}
        for entity, row in entities.items()
    }
    call.cloud.change(entity_type, entity_type.body, hidden={**entity_type.hidden, "entities": kept})
    return start(call, entity_type.name, {})


@SERVICE.method(f"{_TYPES}.importFeatureValues")
def import_values(call: Call) -> Answer | Body:
    """Import values. The files and tables are not read, so nothing is imported."""
    entity_type = found(call)
    known = _features(call, entity_type)
    for each in call.body.get("featureSpecs", []):
        if each.get("id") not in known:
            raise not_found(f"{entity_type.body['name']}/features/{each.get('id')}", what="Feature")
    return start(
        call, entity_type.name, {"importedEntityCount": "0", "importedFeatureValueCount": "0"}, seconds=300, back={}
    )


@SERVICE.method(f"{_TYPES}.exportFeatureValues")
def export_values(call: Call) -> Answer | Body:
    """Export values. No files or tables are written."""
    return start(call, found(call).name, {}, seconds=300, back={})


@SERVICE.method(f"{_STORES}.batchReadFeatureValues")
def batch_read(call: Call) -> Answer | Body:
    """Read values of many entities at points in time. No files or tables are written."""
    store = found(call)
    for each in call.body.get("entityTypeSpecs", []):
        name = f"{store.name}/entityTypes/{each.get('entityTypeId', '')}"
        if call.cloud.store.get(API, name) is None:
            raise not_found(name, what="EntityType")
    return start(call, store.name, {}, seconds=300, back={})
