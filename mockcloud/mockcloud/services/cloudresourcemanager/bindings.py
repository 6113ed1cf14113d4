"""Bindings of tags to resources, and which tags a resource has in effect."""

from typing import Any, Final
from urllib.parse import quote

from mockcloud.cloud.access.hierarchy import Place, lineage, numbered
from mockcloud.cloud.access.tags import EffectiveTags, full_name
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.rules.access import require
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.catalogue import api_of_host
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.cloudresourcemanager.folders import page
from mockcloud.services.cloudresourcemanager.service import API, SERVICE, TYPES, found, operation, unseen
from mockcloud.services.cloudresourcemanager.tags import resolved

_BINDINGS: Final = "tagBindings"


def _place(call: Call, parent: str) -> Place:
    """Read a full resource name: `//cloudresourcemanager.googleapis.com/projects/1`."""
    host, _, name = parent.removeprefix("//").partition("/")
    api = api_of_host(host)
    if not parent.startswith("//") or api is None or not name:
        raise invalid(f"Invalid parent: '{parent}'.", Violation("parent", "It is no full resource name."))
    parts = name.split("/")
    if parts[0] == "projects" and len(parts) > 1:
        parts[1] = call.cloud.projects.id_of(parts[1])
    return api, "/".join(parts)


def _ask(call: Call, verb: str, place: Place) -> None:
    require(call, f"resourcemanager.hierarchyNodes.{verb}", place[1], place[0])


@SERVICE.method("tagBindings.create")
def create(call: Call) -> Answer | Body:
    """Bind a value to a resource: one value of a key."""
    place = _place(call, call.body.get("parent", ""))
    _ask(call, "createTagBinding", place)
    value = resolved(call, call.body.get("tagValue", ""), call.body.get("tagValueNamespacedName", ""))
    require(call, "resourcemanager.tagValues.get", value.name, API)
    parent = full_name(call.cloud, place)
    for each in call.cloud.store.page(API, _BINDINGS):
        bound = call.cloud.store.get(API, each.body["tagValue"])
        if each.body["parent"] == parent and bound is not None and bound.body["parent"] == value.body["parent"]:
            raise already_exists(f"{parent} with {value.body['parent']}", what="Tag binding")
    identifier = f"{quote(parent, safe='')}/{value.name}"
    body = {
        "name": f"{_BINDINGS}/{identifier}",
        "parent": parent,
        "tagValue": value.name,
        "tagValueNamespacedName": value.body["namespacedName"],
    }
    record = call.cloud.create(Record(API, f"{_BINDINGS}/{parent}/{value.name}", body, collection=_BINDINGS))
    return operation(call, record, record.body, "TagBinding")


@SERVICE.method("tagBindings.delete")
def delete(call: Call) -> Answer | Body:
    """Unbind a value."""
    record = found(call)
    _ask(call, "deleteTagBinding", _place(call, record.body["parent"]))
    call.cloud.delete(record)
    return operations.start(call, "", {}, type_name="google.protobuf.Empty", about=record.name)


@SERVICE.method("tagBindings.list")
def list_(call: Call) -> Answer | Body:
    """Give the bindings of a resource."""
    place = _place(call, call.text("parent"))
    _ask(call, "listTagBindings", place)
    parent = full_name(call.cloud, place)
    records = [each for each in call.cloud.store.page(API, _BINDINGS) if each.body["parent"] == parent]
    return page(call, _BINDINGS, records)


@SERVICE.method("effectiveTags.list")
def effective(call: Call) -> Answer | Body:
    """Give the tags that a resource has, its own and those from above it."""
    place = _place(call, call.text("parent"))
    _ask(call, "listTagBindings", place)
    places = list(lineage(call.cloud, *place))
    own = EffectiveTags(call.cloud, [place]).values
    entries: list[dict[str, Any]] = []
    for key, value in sorted(EffectiveTags(call.cloud, places).values.items()):
        record = call.cloud.store.get(API, key)
        if record is None:
            raise unseen(call, key)
        entries.append(
            {
                "tagValue": value.name,
                "namespacedTagValue": value.body["namespacedName"],
                "tagKey": key,
                "namespacedTagKey": record.body["namespacedName"],
                "tagKeyParentName": numbered(call.cloud, record.body["parent"]),
                "inherited": key not in own,
            }
        )
    chosen, token = slice_page(call, entries)
    return {**({"effectiveTags": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("tagValues.tagHolds.create")
def hold(call: Call) -> Answer | Body:
    """Hold a value, so that it is known to be in use."""
    value = found(call, call.name.rpartition("/")[0])
    name = f"{value.name}/tagHolds/{call.cloud.ids.uuid('tagHolds')}"
    body = {**call.body, "name": name, "createTime": call.cloud.clock.tick()}
    record = call.cloud.create(Record(API, name, body))
    return operations.start(call, "", record.body, type_name=f"{TYPES}.TagHold", about=name)


@SERVICE.method("tagValues.tagHolds.list")
def holds(call: Call) -> Answer | Body:
    """Give the holds of a value."""
    return page(call, "tagHolds", call.cloud.store.page(API, call.name))


@SERVICE.method("tagValues.tagHolds.delete")
def release(call: Call) -> Answer | Body:
    """Release a hold."""
    record = found(call)
    call.cloud.delete(record)
    return operations.start(call, "", {}, type_name="google.protobuf.Empty", about=record.name)
