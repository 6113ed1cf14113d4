"""Long-running operations, for every API that has the usual ones (AIP-151)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mockcloud.cloud import polls
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud, Event, Handler
from mockcloud.cloud.errors import GRPC_CODES, ApiError, failed_precondition, not_found
from mockcloud.cloud.faults import Fault, ending
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.plans import Plan
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.documents import package_of
from mockcloud.discovery.methods import Kind, Method

Back = Mapping[str, Any]
"""What takes back what a call did, as JSON: `name` of a resource; beside it `fields` as they were before (null for one
that was not there), or an `event` of the service with its `data`; neither of both where the resource was made. Empty
where there is nothing to take back."""

_BACK: Final = "back"
"""Hidden field of an operation that holds it."""


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
    back: Back | None = None,
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
        back: What takes back what the call did, where the operation is cancelled or a fault lets it fail; by default a
            resource that it makes goes. Without one the operation cannot be cancelled.
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
    if back is None and about and call.method.kind is Kind.CREATE:
        back = {"name": about}
    record = cloud.create(Record(call.api, name, body, {_BACK: back} if back is not None else {}))
    fault = cloud.faults.of_operation(call)
    error = error or (ending(call, fault) if fault else None)
    result: dict[str, Any] = {"response": {"@type": f"type.googleapis.com/{type_name}", **response}}
    if error is not None:
        code = _code(error)
        result = {"error": {"code": code, "message": error.message, "details": list(error.details)}}
    undo = bool(fault and error)
    end = {"result": result, "finish": dict(finish or {}), "ended": form.ended, "undo": undo, "about": about}
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
    if data.get("undo"):
        take_back(cloud, record)
    elif (finish := data.get("finish")) and (target := cloud.store.get(record.api, finish["name"])) is not None:
        cloud.change(target, {**target.body, **finish["body"]})
    result = data["result"]
    about = cloud.store.get(record.api, data.get("about", ""))
    if "etag" in result.get("response", {}) and about is not None and "etag" in about.body:
        result = {"response": {**result["response"], "etag": about.body["etag"]}}  # it may have changed meanwhile
    end(cloud, record, result, data.get("ended", ""))


def end(cloud: Cloud, record: Record, result: Body, ended: str = "") -> Record:
    """End an operation now.

    Args:
        cloud: The cloud.
        record: The operation.
        result: `response` or `error`.
        ended: Path in its metadata of the moment when it ended; "" for none.
    """
    body = {**record.body, "done": True, **result}
    if ended and "metadata" in body:
        body["metadata"] = _with(body["metadata"], ended.split("."), stamp(cloud.clock.now))
    hidden = {key: value for key, value in record.hidden.items() if key not in {_BACK, polls.LEFT}}
    return cloud.change(record, body, hidden=hidden)


def take_back(cloud: Cloud, record: Record) -> None:
    """Take back what the call did that started an operation, as far as that is known."""
    back = record.hidden.get(_BACK) or {}
    target = cloud.store.get(record.api, back["name"]) if "name" in back else None
    if target is None:
        return
    if "event" in back:
        cloud.happen(Plan(cloud.clock.now, 0, target.api, target.name, back["event"], back["data"]))
    elif "fields" in back:
        body = {**target.body, **back["fields"]}
        if "etag" in body:
            body["etag"] = cloud.etag(target.revision + 1)
        cloud.change(target, {key: value for key, value in body.items() if value is not None})
    else:
        cloud.delete(target)


def end_now(cloud: Cloud, record: Record) -> Record:
    """Let an operation end now as it would later, and give it; one that never would is given as it is."""
    planned = cloud.plans.of(record.api, record.name)
    cloud.plans.cancel(record.api, record.name)
    for plan in planned:
        cloud.happen(plan)
    current: Record | None = record
    while current is not None and polls.LEFT in current.hidden:
        current = polls.count(cloud, current)
    return cloud.store.get(record.api, record.name) or record


def fields_back(before: Record, names: Iterable[str]) -> Back:
    """Give what takes back a change of fields of a resource, from what it was before."""
    return {"name": before.name, "fields": {each: before.body.get(each) for each in names if each != "etag"}}


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
    record = _found(call)
    if not record.body.get("done"):
        record = waited(call, record, _seconds(call.text("timeout") or call.body.get("timeout"))) or record
    return record.body


def waited(call: Call, record: Record, most: float | None) -> Record | None:
    """Give an operation to somebody who waits for it, at most for some seconds; None for as long as it takes.

    Where a fault lets it end at a poll, this is one.
    """
    if polls.LEFT in record.hidden:
        return call.cloud.polled(record)
    return call.cloud.wait_for(record, most)


def _seconds(span: object) -> float | None:
    """Read a span as JSON has it (`3.5s`); None where there is none, or no positive one."""
    number = str(span or "").removesuffix("s")
    return float(number) if number.replace(".", "", 1).isdecimal() and float(number) > 0 else None


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
    """Cancel an operation: what it did is taken back. One for which that is not known goes on to its end."""
    record = _found(call)
    cloud = call.cloud
    goes_on = _BACK not in record.hidden and (polls.LEFT in record.hidden or cloud.plans.of(record.api, record.name))
    if not record.body.get("done") and not goes_on:
        cloud.plans.cancel(record.api, record.name)
        take_back(cloud, record)
        end(cloud, record, {"error": {"code": 1, "message": "The operation was cancelled."}})
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
