"""Versions of secrets: added, read, switched off and on, destroyed."""

import base64
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import google_crc32c

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import aborted, failed_precondition, invalid, not_found
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.operations import with_number
from mockcloud.services.secretmanager.service import API, COLLECTIONS, SERVICE

_LARGEST: Final = 64 * 1024
"""Bytes of a payload (https://cloud.google.com/secret-manager/quotas)."""


def _methods(verb: str) -> tuple[str, ...]:
    return tuple(f"{each}.{verb}" for each in COLLECTIONS)


def _secret(call: Call, name: str) -> Record:
    record = call.cloud.store.get(API, name)
    if record is None:
        raise not_found(with_number(call.cloud, name), what="Secret")
    return record


@SERVICE.method(*_methods("addVersion"))
def add(call: Call) -> Answer | Body:
    """Add a version. Versions are counted from 1, and a number never comes again."""
    secret = _secret(call, call.name)
    payload = call.body.get("payload")
    if not payload or "data" not in payload:
        raise invalid("The payload must be set.", Violation("payload", "It is not set."))
    data = base64.b64decode(payload["data"].replace("-", "+").replace("_", "/") + "===")
    if len(data) > _LARGEST:
        raise invalid(f"The payload is larger than {_LARGEST} bytes.", Violation("payload.data", "It is too large."))
    checksum = google_crc32c.value(data)
    stated = payload.get("dataCrc32c")
    if stated is not None and int(stated) != checksum:
        raise invalid(
            "The provided payload checksum doesn't match the payload.", Violation("payload.data_crc32c", "It differs.")
        )
    number = secret.hidden.get("versions", 0) + 1
    name = f"{secret.name}/versions/{number}"
    body: dict[str, Any] = {
        "name": with_number(call.cloud, name),
        "createTime": call.cloud.clock.tick(),
        "state": "ENABLED",
        **_replication(secret),
        "etag": call.cloud.etag(1),
        "clientSpecifiedPayloadChecksum": stated is not None,
    }
    call.cloud.change(secret, secret.body, hidden={**secret.hidden, "versions": number})
    return call.cloud.create(Record(API, name, body, {"data": data, "checksum": checksum})).body


def _replication(secret: Record) -> dict[str, Any]:
    replication = secret.body.get("replication", {})
    if "userManaged" in replication:
        replicas = [{"location": each.get("location", "")} for each in replication["userManaged"].get("replicas", [])]
        return {"replicationStatus": {"userManaged": {"replicas": replicas}}}
    return {"replicationStatus": {"automatic": {}}} if replication else {}


def _found(call: Call) -> Record:
    """Find the version that a path names: by number, by alias, or as `latest`, which is the newest one.

    Raises:
        ApiError: 404.
    """
    front, _, wanted = call.name.rpartition("/")
    secret = _secret(call, front.rpartition("/")[0])
    number = wanted
    if not wanted.isdigit():
        number = str(secret.body.get("versionAliases", {}).get(wanted, ""))
        if wanted == "latest":
            number = str(max((int(each.id) for each in call.cloud.store.page(API, front)), default=""))
    record = call.cloud.store.get(API, f"{front}/{number}")
    if record is None:
        raise not_found(with_number(call.cloud, call.name), what="Secret Version")
    return record


@SERVICE.method(*_methods("versions.get"))
def get(call: Call) -> Answer | Body:
    """Give what is known of a version, without its payload."""
    return _found(call).body


@SERVICE.method(*_methods("versions.access"))
def access(call: Call) -> Answer | Body:
    """Give a version's payload."""
    record = _found(call)
    if record.body["state"] != "ENABLED":
        raise failed_precondition(f"Secret Version [{record.body['name']}] is in {record.body['state']} state.")
    data = base64.b64encode(record.hidden["data"]).decode()
    return {"name": record.body["name"], "payload": {"data": data, "dataCrc32c": str(record.hidden["checksum"])}}


@SERVICE.method(*_methods("versions.list"))
def list_(call: Call) -> Answer | Body:
    """Give a page of a secret's versions, the newest one first."""
    _secret(call, call.name.rpartition("/")[0])
    keep = matcher(call.text("filter"))
    records = sorted(call.cloud.store.page(API, call.name), key=lambda each: -int(each.id))
    wanted = [each for each in records if keep is None or keep(each.body)]
    chosen, token = slice_page(call, wanted)
    return {
        **({"versions": [each.body for each in chosen]} if chosen else {}),
        **({"nextPageToken": token} if token else {}),
        "totalSize": len(wanted),
    }


def _changed(call: Call, record: Record, changes: Mapping[str, Any], hidden: Body | None = None) -> Body:
    given = call.body.get("etag")
    if given and given != record.body["etag"]:
        raise aborted(f"The etag of '{record.body['name']}' does not match: somebody changed it meanwhile.")
    return _set(call.cloud, record, changes, hidden).body


def _set(cloud: Cloud, record: Record, changes: Mapping[str, Any], hidden: Body | None = None) -> Record:
    body = {**record.body, **changes, "etag": cloud.etag(record.revision + 1)}
    return cloud.change(record, {key: value for key, value in body.items() if value is not None}, hidden=hidden)


@SERVICE.method(*_methods("versions.enable"), *_methods("versions.disable"))
def switch(call: Call) -> Answer | Body:
    """Switch a version on or off."""
    record = _found(call)
    if record.body["state"] == "DESTROYED":
        raise failed_precondition(f"Secret Version [{record.body['name']}] is in DESTROYED state.")
    state = "ENABLED" if call.method.id.endswith("enable") else "DISABLED"
    call.cloud.plans.cancel(record.api, record.name)
    return _changed(call, record, {"state": state, "scheduledDestroyTime": None})


@SERVICE.method(*_methods("versions.destroy"))
def destroy(call: Call) -> Answer | Body:
    """Destroy a version's payload; where the secret says so, only after a while in which it can be saved."""
    record = _found(call)
    if record.body["state"] == "DESTROYED":
        raise failed_precondition(f"Secret Version [{record.body['name']}] is in DESTROYED state.")
    secret = _secret(call, record.name.rpartition("/versions/")[0])
    delay = secret.body.get("versionDestroyTtl")
    if delay:
        seconds = float(delay.removesuffix("s"))
        moment = stamp(call.cloud.clock.now + timedelta(seconds=seconds))
        shown = _changed(call, record, {"state": "DISABLED", "scheduledDestroyTime": moment})
        call.cloud.plan(seconds, record, "version.destroy", recurring=True)
        return shown
    return _changed(call, record, {"state": "DESTROYED", "destroyTime": call.cloud.clock.tick()}, {})


@SERVICE.on_event("version.destroy")
def _destroyed(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    del data
    changes = {"state": "DESTROYED", "destroyTime": stamp(cloud.clock.now), "scheduledDestroyTime": None}
    _set(cloud, record, changes, {})
