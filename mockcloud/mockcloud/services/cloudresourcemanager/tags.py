"""Tag keys and their values."""

import re
from typing import Any, Final

from mockcloud.cloud.access.hierarchy import numbered
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import aborted, already_exists, failed_precondition, invalid
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.rules.access import require
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudresourcemanager.folders import page
from mockcloud.services.cloudresourcemanager.service import API, SERVICE, found, operation, read_parent, unseen

_SHORT: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,254}[A-Za-z0-9])?")
_KEYS, _VALUES = "tagKeys", "tagValues"
_KIND: Final = {_KEYS: "TagKey", _VALUES: "TagValue"}


def _collection(call: Call) -> str:
    return call.name.partition("/")[0]


def _parent(call: Call, text: str) -> str:
    """Read what keys or values lie below, as the store and IAM know it."""
    return text if text.startswith("tagKeys/") else read_parent(call, text)


def _ask(call: Call, verb: str, parent: str) -> None:
    require(call, f"resourcemanager.{_collection(call)}.{verb}", parent, API)


@SERVICE.method("tagKeys.create", "tagValues.create")
def create(call: Call) -> Answer | Body:
    """Make a key of an organisation or project, or a value of a key."""
    collection = _collection(call)
    short = call.body.get("shortName", "")
    if not _SHORT.fullmatch(short):
        raise invalid(
            f"Invalid short name: '{short}'.", Violation("short_name", "It holds what it may not, or nothing.")
        )
    parent = _parent(call, call.body.get("parent", ""))
    if not parent or (collection == _VALUES) is not parent.startswith("tagKeys/"):
        raise invalid(
            "Invalid parent.", Violation("parent", "A key lies in an organization or project, a value in a key.")
        )
    above = found(call, parent)
    _ask(call, "create", parent)
    shown = numbered(call.cloud, parent)
    if any(each.body["parent"] == shown and each.body["shortName"] == short for each in _all(call, collection)):
        raise already_exists(short, what=_KIND[collection])
    return _made(call, collection, above, shown)


def _made(call: Call, collection: str, above: Record, parent: str) -> Body:
    short = call.body["shortName"]
    space = above.body["namespacedName"] if collection == _VALUES else _space(above)
    name = f"{collection}/{call.cloud.ids.numeric(collection, 15)}"
    now = call.cloud.clock.tick()
    body = {
        **call.body,
        "name": name,
        "parent": parent,
        "namespacedName": f"{space}/{short}",
        "createTime": now,
        "updateTime": now,
        "etag": call.cloud.etag(1),
    }
    record = call.cloud.create(Record(API, name, body))
    return operation(call, record, record.body, _KIND[collection])


def _space(container: Record) -> str:
    """Give the name space of a container's keys: the organisation's number, or the project's id."""
    return str(container.body.get("projectId") or container.name.partition("/")[2])


def _all(call: Call, collection: str) -> list[Record]:
    return call.cloud.store.page(API, collection)


@SERVICE.method("tagKeys.get", "tagValues.get")
def get(call: Call) -> Answer | Body:
    """Give a key or value."""
    return found(call).body


@SERVICE.method("tagKeys.getNamespaced", "tagValues.getNamespaced")
def get_namespaced(call: Call) -> Answer | Body:
    """Give a key or value by its name with the name space: `123456/env/prod`."""
    collection = _KEYS if call.method.id.startswith(_KEYS) else _VALUES
    record = next((each for each in _all(call, collection) if each.body["namespacedName"] == call.text("name")), None)
    if record is None:
        raise unseen(call, call.text("name"))
    require(call, f"resourcemanager.{collection}.get", record.name, API)
    return record.body


@SERVICE.method("tagKeys.list", "tagValues.list")
def list_(call: Call) -> Answer | Body:
    """Give the keys of an organisation or project, or the values of a key."""
    parent = _parent(call, call.text("parent"))
    if not parent:
        raise invalid("The parent must be set.", Violation("parent", "It is not set."))
    _ask(call, "list", parent)
    shown = numbered(call.cloud, parent)
    collection = _collection(call)
    return page(call, collection, [each for each in _all(call, collection) if each.body["parent"] == shown])


@SERVICE.method("tagKeys.patch", "tagValues.patch")
def patch(call: Call) -> Answer | Body:
    """Change a description."""
    record = found(call)
    _hold_etag(record, call.body.get("etag"))
    kind = _KIND[_collection(call)]
    mask = call.text("updateMask") or "description"
    new: dict[str, Any] = apply_mask(record.body, call.body, read_mask(mask, call.schemas, kind))
    kept = {key: record.body[key] for key in ("name", "parent", "shortName", "namespacedName", "createTime")}
    new |= {**kept, "updateTime": call.cloud.clock.tick(), "etag": call.cloud.etag(record.revision + 1)}
    changed = call.cloud.change(record, new)
    return operation(call, changed, changed.body, kind)


def _hold_etag(record: Record, given: object) -> None:
    if given and given != record.body["etag"]:
        raise aborted("The etag does not match: somebody changed the tag meanwhile.")


@SERVICE.method("tagKeys.delete", "tagValues.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a key without values, or a value that is bound nowhere."""
    record = found(call)
    _hold_etag(record, call.text("etag"))
    if any(each.body["parent"] == record.name for each in _all(call, _VALUES)):
        raise failed_precondition("Cannot delete tag key still attached to tag values.")
    if any(each.body["tagValue"] == record.name for each in _all(call, "tagBindings")):
        raise failed_precondition("Cannot delete tag value still attached to resources.")
    call.cloud.delete(record)
    return operation(call, record, record.body, _KIND[_collection(call)])


def resolved(call: Call, value: str, namespaced: str = "") -> Record:
    """Give a tag value by id, or by its name with the name space."""
    for each in _all(call, _VALUES):
        if value == each.name or (namespaced or value) == each.body["namespacedName"]:
            return each
    raise unseen(call, value or namespaced)
