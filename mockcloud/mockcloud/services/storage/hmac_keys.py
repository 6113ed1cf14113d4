"""Keys of service accounts for the XML API's older signatures."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError, failed_precondition, invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import buckets
from mockcloud.services.storage.checksums import etag
from mockcloud.services.storage.preconditions import failed
from mockcloud.services.storage.service import API, SERVICE


@SERVICE.method("projects.hmacKeys.create")
def create(call: Call) -> Answer | Body:
    """Make a key. Its secret is told once."""
    account = call.text("serviceAccountEmail")
    if not account:
        raise invalid("Required parameter: serviceAccountEmail", reason="required")
    access = "GOOG1E" + call.cloud.ids.hexadecimal("storage/hmacKeys", 55).upper()
    now = call.cloud.clock.tick()
    body: dict[str, Any] = {
        "kind": "storage#hmacKeyMetadata",
        "id": f"{call.project}/{access}",
        "selfLink": f"{buckets.LINK}/projects/{call.project}/hmacKeys/{access}",
        "accessId": access,
        "projectId": call.project,
        "serviceAccountEmail": account,
        "state": "ACTIVE",
        "timeCreated": now,
        "updated": now,
        "etag": etag(1),
    }
    secret = call.cloud.ids.hexadecimal("storage/hmacSecrets", 40)
    record = call.cloud.create(Record(API, f"{call.name}/{access}", body, {"secret": secret}))
    return {"kind": "storage#hmacKey", "metadata": record.body, "secret": secret}


def _found(call: Call) -> Record:
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise ApiError(404, "NOT_FOUND", "Access ID not found in project.", reason="notFound")
    return record


@SERVICE.method("projects.hmacKeys.get")
def get(call: Call) -> Answer | Body:
    """Give what is known of a key, without its secret."""
    return _found(call).body


@SERVICE.method("projects.hmacKeys.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a project's keys."""
    account = call.text("serviceAccountEmail")
    records = [
        each
        for each in call.cloud.store.page(API, call.name)
        if account in {"", each.body["serviceAccountEmail"]}
        and (each.body["state"] != "DELETED" or call.flag("showDeletedKeys"))
    ]
    chosen, token = slice_page(call, records)
    return {
        "kind": "storage#hmacKeysMetadata",
        **({"items": [each.body for each in chosen]} if chosen else {}),
        **({"nextPageToken": token} if token else {}),
    }


@SERVICE.method("projects.hmacKeys.update")
def update(call: Call) -> Answer | Body:
    """Switch a key on or off."""
    record = _found(call)
    state = call.body.get("state", "")
    if state not in {"ACTIVE", "INACTIVE"}:
        raise invalid(f"Invalid argument: state '{state}'.", reason="invalid")
    if call.body.get("etag") not in {None, record.body["etag"]}:
        raise failed()
    body = {**record.body, "state": state, "updated": call.cloud.clock.tick(), "etag": etag(record.revision + 1)}
    return call.cloud.change(record, body).body


@SERVICE.method("projects.hmacKeys.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a key that is switched off. It is still listed where deleted ones are asked for."""
    record = _found(call)
    if record.body["state"] == "ACTIVE":
        raise failed_precondition("Cannot delete keys in ACTIVE state.", reason="invalid")
    call.cloud.change(record, {**record.body, "state": "DELETED"}, hidden={})
    return Answer(status=204, content=b"")
