"""Long-running operations, for every API that has the usual ones (AIP-151)."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud import polls
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud, Event, Handler
from mockcloud.cloud.errors import GRPC_CODES, ApiError, failed_precondition, not_found
from mockcloud.cloud.faults import Fault, ending
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.documents import package_of
from mockcloud.discovery.methods import Kind, Method


def start(  # noqa: PLR0913 - one keyword a property of an operation
    call: Call,
    parent: str,
    response: Body,
    *,
    type_name: str,
    metadata: Body | None = None,
    seconds: float = 1.0,
    error: ApiError | None = None,
    finish: Mapping[str, Any] | None = None,
    about: str = "",
) -> Body:
    """Start an operation, and give it as the client first sees it.

    Args:
        call: What started it.
        parent: Full name below which it lies: `projects/p/locations/l`.
        response: What it ends with; not read where `error` is given.
        type_name: Message type of the response: `google.cloud.aiplatform.v1.Endpoint`.
        metadata: What it says of itself, with its `@type`; by default what the service says of its operations.
        seconds: How long it takes, in virtual seconds.
        error: How it fails.
        finish: A resource of the same API and what changes in its body when the operation ends: `name`, `body`.
        about: Full name of the resource that it is about.
    """
    from mockcloud.services.registry import service

    cloud, known = call.cloud, service(call.api)
    identifier = cloud.ids.numeric(f"{call.api}/operations")
    form = known.form(call, about or parent)
    # Below a location an operation is found by location and id, elsewhere by its name as it is shown.
    below = parent if "/locations/" in parent else form.parent or parent
    name = f"{below}/operations/{identifier}".lstrip("/")
    shown = f"{form.parent or parent}/operations/{identifier}".lstrip("/")
    if known.numbers and name.startswith("projects/"):
        shown = with_number(cloud, shown)
    metadata = metadata if metadata is not None else form.metadata
    body: dict[str, Any] = {"name": shown, **({"metadata": dict(metadata)} if metadata else {})}
    record = cloud.create(Record(call.api, name, body))
    fault = cloud.faults.of_operation(call)
    error = error or (ending(call, fault) if fault else None)
    result: dict[str, Any] = {"response": {"@type": f"type.googleapis.com/{type_name}", **response}}
    if error is not None:
        code = _code(error)
        result = {"error": {"code": code, "message": error.message, "details": list(error.details)}}
    undo = about if fault and error and call.method.kind is Kind.CREATE else ""
    end = {"result": result, "finish": dict(finish or {}), "ended": form.ended, "undo": undo}
    plan_end(cloud, record, seconds, fault, end)
    return body


def plan_end(cloud: Cloud, record: Record, seconds: float, fault: Fault | None, data: Mapping[str, Any]) -> None:
    """Plan the end of an operation, for services with operations of their own too.

    Args:
        cloud: The cloud.
        record: The operation.
        seconds: How long it takes.
        fault: What goes wrong with it: it may take longer, end at a poll, or never.
        data: What the event `operation.done` needs to know.
    """
    if fault is not None and fault.polls:
        polls.plan(cloud, fault.polls, record, "operation.done", **data)
    elif fault is None or not fault.stuck:
        cloud.plan((fault and fault.seconds) or seconds, record, "operation.done", **data)


def _code(error: ApiError) -> int:
    return GRPC_CODES[error.status]


def with_number(cloud: Cloud, name: str) -> str:
    """Give a full name with the project's number in the place of its id."""
    parts = name.split("/", 2)
    if parts[0] != "projects" or len(parts) < 2:  # noqa: PLR2004 - collection and id
        return name
    return "/".join(["projects", cloud.projects.number_of(parts[1]), *parts[2:]])


def _done(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    finish = data["finish"]
    made = cloud.store.get(record.api, data["undo"]) if data.get("undo") else None
    if made is not None:
        cloud.delete(made)  # its creation failed
    target = cloud.store.get(record.api, finish["name"]) if finish else None
    if target is not None:
        cloud.change(target, {**target.body, **finish["body"]})
    body = {**record.body, "done": True, **data["result"]}
    if data.get("ended") and "metadata" in body:
        body["metadata"] = _with(body["metadata"], data["ended"].split("."), stamp(cloud.clock.now))
    cloud.change(record, body)


def _with(body: Body, path: list[str], value: str) -> dict[str, Any]:
    """Give a body with a text at a path."""
    head, *rest = path
    return {**body, head: _with(body.get(head, {}), rest, value) if rest else value}


EVENTS: Final[Mapping[str, Event]] = {"operation.done": _done}


def handler(method: Method) -> Handler | None:
    """Give what a method on operations does; None for a method on something else."""
    words = method.segments
    if method.api in _OF_THEIR_OWN or "operations" not in words[-2:]:
        return None
    name = method.id.rpartition(".")[2]
    return _HANDLERS.get(name)


_OF_THEIR_OWN: Final = frozenset({"compute", "container", "sqladmin", "dns"})
"""APIs whose operations have a form of their own."""


def _get(call: Call) -> Answer | Body:
    record = _found(call)
    if not record.body.get("done"):
        record = call.cloud.polled(record) or record
    return record.body


def _wait(call: Call) -> Answer | Body:
    return (call.cloud.wait_for(_found(call)) or _found(call)).body


def _list(call: Call) -> Answer | Body:
    about = call.name.removesuffix("/operations")
    parts = about.split("/")
    kept = "/".join(parts[:4]) if call.location else about
    found = call.cloud.store.page(call.api, f"{kept}/operations")
    if kept != about:
        # Those of one resource lie with the others of its location; their names say what they are about.
        found = [each for each in found if each.body["name"].split("/")[2:-2] == parts[2:]]
    keep = matcher(call.text("filter"))
    chosen, token = slice_page(call, [each for each in found if keep is None or keep(each.body)])
    return {"operations": [each.body for each in chosen], **({"nextPageToken": token} if token else {})}


def _delete(call: Call) -> Answer | Body:
    record = _found(call)
    if not record.body.get("done"):
        raise failed_precondition(f"Operation '{record.name}' is not done, so it cannot be deleted.")
    call.cloud.delete(record)
    return {}


def _cancel(call: Call) -> Answer | Body:
    record = _found(call)
    if not record.body.get("done"):
        call.cloud.plans.cancel(record.api, record.name)
        error = {"code": 1, "message": "The operation was cancelled."}
        call.cloud.change(record, {**record.body, "done": True, "error": error})
    return {}


def _found(call: Call) -> Record:
    """Find an operation by its name, which may say between location and operation what it is about."""
    record = call.cloud.store.get(call.api, call.name)
    if record is None and call.location:
        parts = call.name.split("/")
        record = call.cloud.store.get(call.api, "/".join([*parts[:4], *parts[-2:]]))
    if record is None and call.name.startswith("operations/"):
        # Its name does not say what it is about.
        places = [each for each in call.cloud.store.collections(call.api) if each.endswith("/operations")]
        found = (call.cloud.store.get(call.api, f"{each}/{call.name.partition('/')[2]}") for each in places)
        record = next((each for each in found if each is not None), None)
    if record is None:
        raise not_found(call.name, what="Operation")
    return record


_HANDLERS: Final[Mapping[str, Handler]] = {
    "get": _get,
    "list": _list,
    "delete": _delete,
    "cancel": _cancel,
    "wait": _wait,
}


def message_type(method: Method, schema: str) -> str:
    """Give the full name of the message that a schema of a description stands for.

    Descriptions flatten packages into names: `GoogleCloudAiplatformV1Endpoint`. Those of other APIs are bare.
    """
    package = package_of(method.api, method.version)
    flat = "".join(part[:1].upper() + part[1:] for part in package.split("."))
    return f"{package}.{schema.removeprefix(flat)}"
