"""Caches of a bucket in a zone, as they are configured."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services import operations
from mockcloud.services.storage import buckets
from mockcloud.services.storage.service import API, SERVICE

_TYPE = "google.storage.control.v2.AnywhereCache"


def _word(call: Call) -> str:
    return "anywhereCache" if call.method.id.startswith("anywhere") else "rapidCache"


def _collection(call: Call) -> str:
    return f"{buckets.found(call).name}/{_word(call)}s"


def _found(call: Call) -> Record:
    identifier = call.request.variables[f"{_word(call)}Id"]
    record = call.cloud.store.get(API, f"{_collection(call)}/{identifier}")
    if record is None:
        raise ApiError(404, "NOT_FOUND", f"The cache '{identifier}' does not exist.", reason="notFound")
    return record


@SERVICE.method("anywhereCaches.insert", "rapidCaches.insert")
def insert(call: Call) -> Answer | Body:
    """Make a cache in a zone."""
    zone = call.body.get("zone", "")
    if not zone:
        raise invalid("Required parameter: zone", reason="required")
    collection, word = _collection(call), _word(call)
    if call.cloud.store.get(API, f"{collection}/{zone}") is not None:
        raise ApiError(409, "ALREADY_EXISTS", f"A cache in zone '{zone}' already exists.", reason="conflict")
    bucket = buckets.found(call)
    now = call.cloud.clock.tick()
    body: dict[str, Any] = {
        "admissionPolicy": "admit-on-first-miss",
        "ttl": "86400s",
        "ingestOnWrite": False,
        **call.body,
        "kind": f"storage#{word}",
        "id": f"{bucket.id}/{zone}",
        "selfLink": f"{buckets.LINK}/{collection}/{zone}",
        f"{word}Id": zone,
        "bucket": bucket.id,
        "state": "running",
        "pendingUpdate": False,
        "createTime": now,
        "updateTime": now,
    }
    record = call.cloud.create(Record(API, f"{collection}/{zone}", body))
    return operations.start(call, bucket.name, record.body, type_name=_TYPE)


@SERVICE.method("anywhereCaches.get", "rapidCaches.get")
def get(call: Call) -> Answer | Body:
    """Give a cache."""
    return _found(call).body


@SERVICE.method("anywhereCaches.list", "rapidCaches.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a bucket's caches."""
    chosen, token = slice_page(call, call.cloud.store.page(API, _collection(call)))
    return {
        "kind": f"storage#{_word(call)}s",
        **({"items": [each.body for each in chosen]} if chosen else {}),
        **({"nextPageToken": token} if token else {}),
    }


@SERVICE.method("anywhereCaches.update", "rapidCaches.update")
def update(call: Call) -> Answer | Body:
    """Change how a cache takes in and keeps."""
    record = _found(call)
    settings: dict[str, Any] = {
        key: call.body[key] for key in ("admissionPolicy", "ttl", "ingestOnWrite") if key in call.body
    }
    changed = call.cloud.change(record, {**record.body, **settings, "updateTime": call.cloud.clock.tick()})
    return operations.start(call, buckets.found(call).name, changed.body, type_name=_TYPE)


@SERVICE.method("anywhereCaches.disable", "anywhereCaches.pause", "anywhereCaches.resume", "rapidCaches.disable")
def switch(call: Call) -> Answer | Body:
    """Switch a cache."""
    record = _found(call)
    state = {"disable": "disabled", "pause": "paused", "resume": "running"}[call.method.id.rpartition(".")[2]]
    changed = call.cloud.change(record, {**record.body, "state": state, "updateTime": call.cloud.clock.tick()})
    if call.method.long_running:
        return operations.start(call, buckets.found(call).name, changed.body, type_name=_TYPE)
    return changed.body
