"""Compute's own operations: zonal, regional, global, with a status and a target instead of a response."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, not_found
from mockcloud.cloud.faults import ending
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.methods import Kind
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.links import V1, link, scope
from mockcloud.services.operations import end_now, plan_end, waited

API: Final = "compute"
_PATIENCE: Final = 120.0
"""Virtual seconds after which a call that waits is answered (compute.globalOperations.wait)."""


def start(
    call: Call,
    target: str,
    verb: str,
    *,
    target_id: str = "",
    seconds: float = 1.0,
    finish: Body | None = None,
    back: Body | None = None,
    error: ApiError | None = None,
) -> Answer:
    """Start an operation, and give it as the client first sees it.

    Args:
        call: What started it.
        target: Full name of what it is about.
        verb: What it does: `insert`, `setLabels`.
        target_id: The number of what it is about; by default read from it.
        seconds: How long it takes, in virtual seconds.
        finish: Fields of the target that change when it ends.
        back: Fields that the target had before, which it has again if a fault lets the operation fail.
        error: How it fails.
    """
    cloud = call.cloud
    now = cloud.clock.tick()
    place = scope(target)
    below = f"projects/{call.project}/{place}" if target.startswith("projects/") else place
    stem = cloud.ids.hexadecimal("compute/operation", 24)
    name = f"operation-{int(cloud.clock.now.timestamp() * 1000)}-{stem[:13]}-{stem[13:21]}-{stem[16:24]}"
    full = f"{below}/operations/{name}"
    record = cloud.store.get(API, target)
    body: dict[str, Any] = {
        "kind": "compute#operation",
        "id": cloud.ids.numeric("compute/id"),
        "name": name,
        "operationType": verb,
        "targetLink": link(target),
        "targetId": target_id or (record.body.get("id", "0") if record else "0"),
        "status": "RUNNING",
        "user": call.caller.email or "owner@mock.test",
        "progress": 0,
        "insertTime": now,
        "startTime": now,
        "selfLink": link(full),
        **where(full),
    }
    if given := call.text("clientOperationId"):
        body["clientOperationId"] = given
    made = cloud.create(Record(API, full, body))
    fault = cloud.faults.of_operation(call)
    failed = ending(call, fault) if fault else None
    end = {
        "target": target,
        "finish": dict(finish or {}),
        "back": dict(back or {}) if failed is not None else {},
        "error": _error(error or failed),
        "undo": failed is not None and call.method.kind is Kind.CREATE,
    }
    plan_end(cloud, made, seconds, fault, end)
    return shown(call, made)


def _error(error: ApiError | None) -> dict[str, Any]:
    if error is None:
        return {}
    return {
        "error": {"errors": [{"code": error.reason or error.status, "message": error.message}]},
        "httpErrorStatusCode": error.code,
        "httpErrorMessage": error.status,
    }


def where(name: str) -> dict[str, str]:
    """Give the link to the zone or region of a full name, as its body has it."""
    parts = name.split("/")
    if parts[0] != "projects" or len(parts) < 4 or parts[2] not in {"zones", "regions"}:  # noqa: PLR2004 - the place is fourth
        return {}
    return {parts[2][:-1]: V1 + "/".join(parts[:4])}


@SERVICE.on_event("operation.done")
def _done(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    target = cloud.store.get(API, data["target"])
    if target is not None and data.get("undo"):
        cloud.delete(target)  # its creation failed
    elif target is not None and (fields := data["back"] if data["error"] else data["finish"]):
        cloud.change(target, {**target.body, **fields})
    ended = {"status": "DONE", "progress": 100, "endTime": stamp(cloud.clock.now), **data["error"]}
    cloud.change(record, {**record.body, **ended})


def shown(call: Call, record: Record) -> Answer:
    """Give a resource as the version of the call has it."""
    from mockcloud.services.compute.standard import shown as show

    return show(call, record)


def get(call: Call) -> Answer | Body:
    """Give an operation."""
    record = _found(call)
    if record.body["status"] != "DONE":
        record = call.cloud.polled(record) or record
    return shown(call, record)


def wait(call: Call) -> Answer | Body:
    """Give an operation when it is done, or as it is after two minutes."""
    record = _found(call)
    if record.body["status"] != "DONE":
        record = waited(call, record, _PATIENCE) or record
    return shown(call, record)


def delete(call: Call) -> Answer | Body:
    """Forget an operation. What it does is done nevertheless, and so at once."""
    call.cloud.delete(end_now(call.cloud, _found(call)))
    return {}


def _found(call: Call) -> Record:
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise not_found(call.name, what="The resource")
    return record
