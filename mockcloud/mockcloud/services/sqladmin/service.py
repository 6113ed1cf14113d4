"""The service: operations and refusals of its own."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.faults import ending
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.operations import end_now, plan_end
from mockcloud.services.service import Service

API: Final = "sqladmin"
ROOT: Final = "https://sqladmin.googleapis.com/sql/v1beta4/"
SERVICE: Final = Service(API, modelled=False)


def found(call: Call, name: str = "", what: str = "instance") -> Record:
    """Find what a call names.

    Raises:
        ApiError: 404; for an instance in the words of this API, which does not tell whether there is one.
    """
    record = call.cloud.store.get(API, name or call.name)
    if record is None:
        message = f"The Cloud SQL {what} '{(name or call.name).rpartition('/')[2]}' does not exist."
        raise ApiError(404, "NOT_FOUND", message, reason=f"{what}DoesNotExist")
    return record


def instance_of(call: Call) -> Record:
    """Find the instance that a call is about or below."""
    return found(call, "/".join(call.name.split("/")[:4]))


def wrong(message: str, *, code: int = 400, reason: str = "invalid") -> ApiError:
    """Give a refusal."""
    status = {409: "ALREADY_EXISTS", 412: "FAILED_PRECONDITION"}.get(code, "INVALID_ARGUMENT")
    return ApiError(code, status, message, reason=reason)


def start(call: Call, instance: Record, kind: str, *, finish: Body | None = None, seconds: float = 10.0) -> Body:
    """Start an operation.

    Args:
        call: What started it.
        instance: The instance that it is about.
        kind: `CREATE`, `UPDATE`, …
        finish: Fields of the instance that change when it ends.
        seconds: How long it takes, in virtual seconds.
    """
    cloud, project = call.cloud, instance.name.split("/")[1]
    identifier = cloud.ids.uuid("sqladmin/operation")
    now = cloud.clock.tick()
    name = f"projects/{project}/operations/{identifier}"
    body = {
        "kind": "sql#operation",
        "name": identifier,
        "operationType": kind,
        "status": "PENDING",
        "user": call.caller.email or "owner@mock.test",
        "insertTime": now,
        "targetId": instance.id,
        "targetProject": project,
        "targetLink": ROOT + instance.name,
        "selfLink": ROOT + name,
    }
    record = cloud.create(Record(API, name, body))
    fault = cloud.faults.of_operation(call)
    failed = ending(call, fault) if fault else None
    error = {"kind": "sql#operationError", "code": failed.status, "message": failed.message} if failed else {}
    end = {
        "target": instance.name,
        "finish": dict(finish or {}),
        "started": now,
        "error": error,
        "made": kind == "CREATE",
    }
    plan_end(cloud, record, seconds, fault, end)
    return body


@SERVICE.on_event("operation.done")
def _done(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    target, error = cloud.store.get(API, data["target"]), data.get("error")
    if target is not None and error and data["made"]:
        cloud.change(target, {**target.body, "state": "FAILED"})  # what could not be made stays there, broken
    elif target is not None and data["finish"] and not error:
        cloud.change(target, {**target.body, **data["finish"]})
    ended = {"status": "DONE", "startTime": data["started"], "endTime": stamp(cloud.clock.now)}
    failed = {"error": {"kind": "sql#operationErrors", "errors": [error]}} if error else {}
    cloud.change(record, {**record.body, **ended, **failed})


@SERVICE.method("operations.get")
def get_operation(call: Call) -> Answer | Body:
    """Give an operation."""
    record = found(call, what="operation")
    return (call.cloud.polled(record) or record).body


@SERVICE.method("operations.list")
def list_operations(call: Call) -> Answer | Body:
    """Give the operations of a project, or of one instance, the newest first."""
    wanted = call.text("instance")
    rows = [each.body for each in call.cloud.store.page(API, call.name) if wanted in {"", each.body["targetId"]}]
    chosen, token = slice_page(call, sorted(rows, key=lambda each: str(each["insertTime"]), reverse=True))
    return {"kind": "sql#operationsList", "items": chosen, **({"nextPageToken": token} if token else {})}


@SERVICE.method("operations.cancel")
def cancel_operation(call: Call) -> Answer | Body:
    """Cancel an operation. What it does cannot be taken back any more, so that it ends well, and at once."""
    record = found(call, call.name.removesuffix("/cancel"), "operation")
    if record.body["status"] != "DONE":
        record = end_now(call.cloud, record)
    if record.body["status"] != "DONE":
        call.cloud.change(record, {**record.body, "status": "DONE", "endTime": call.cloud.clock.tick()})
    return {}
