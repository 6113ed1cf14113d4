"""What standard methods do: create, get, list, update, delete (AIP-131 to AIP-135), and policies."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from mockcloud.cloud import policies
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Handler
from mockcloud.cloud.errors import aborted, already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.ordering import ordered
from mockcloud.cloud.paging import page, slice_page
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.methods import OPERATIONS, Kind, Method
from mockcloud.discovery.names import singular
from mockcloud.discovery.schemas import Field, Schemas, Violation
from mockcloud.services import operations
from mockcloud.services.collections import READY_STATES, Collection
from mockcloud.services.references import hold_references
from mockcloud.services.registry import service

_ID: Final = re.compile(r"[A-Za-z0-9_.~%+-][A-Za-z0-9_.~%+:@-]{0,254}")
"""What an id may look like in any API; services ask for more."""

_SERVER_SET: Final = ("createTime", "updateTime", "etag", "uid")


def handler(method: Method) -> Handler | None:
    """Give what a standard method does; None for a custom one."""
    return _HANDLERS.get(method.kind)


def resource_schema(method: Method, schemas: Schemas, behaviour: Collection) -> str:
    """Give the schema of the resource that a method is about; "" where it cannot be told."""
    if behaviour.wrapper in (fields := schemas.fields(method.request)):
        return fields[behaviour.wrapper].ref
    if method.kind in {Kind.CREATE, Kind.PATCH, Kind.UPDATE}:
        return method.request
    return "" if method.response in OPERATIONS else method.response


def _sent(call: Call, behaviour: Collection) -> dict[str, Any]:
    """Give the resource as it was sent; a service may wrap it in one method and not in another."""
    wrapped = behaviour.wrapper in call.schemas.fields(call.method.request)
    return dict(call.body.get(behaviour.wrapper, {})) if wrapped else call.body


# Create
# ---------------------------------------------------------------------------------------------------------------------


def create(call: Call) -> Answer | Body:
    """Make a resource."""
    behaviour = _behaviour(call)
    schema = resource_schema(call.method, call.schemas, behaviour)
    body = _sent(call, behaviour)
    _require(behaviour, body)
    name = f"{call.name}/{_new_id(call, behaviour, body)}"
    if call.method.segments[-1].startswith("{"):
        name = call.name  # a PUT on the new resource itself, as Pub/Sub has it
    if call.cloud.store.get(call.api, name) is not None:
        raise already_exists(shown_name(call, name))
    if call.cloud.rules.on(Rule.REFERENCES):
        hold_references(call, behaviour, body)
    complete = _completed(call, behaviour, schema, name, body)
    if behaviour.created is not None:
        complete = dict(behaviour.created(call, name, complete))
    ready = _ready(call.schemas, schema, behaviour)
    hidden = {field: complete.pop(field) for field in behaviour.write_only if field in complete}
    record = Record(call.api, name, {**complete, **ready}, hidden)
    if call.flag("validateOnly"):
        return _answer(call, behaviour, record, schema)
    record = call.cloud.create(record)
    if behaviour.after_create is not None:
        behaviour.after_create(call, record)
        record = call.cloud.store.get(call.api, name) or record
    return _answer(call, behaviour, record, schema)


def _require(behaviour: Collection, body: Body) -> None:
    missing = [each for each in behaviour.required if body.get(each) in (None, "", [], {})]
    if missing:
        raise invalid(
            f"Required field '{missing[0]}' is not set.",
            *(Violation(each, "It is required and not set.") for each in missing),
        )


def _new_id(call: Call, behaviour: Collection, body: dict[str, Any]) -> str:
    if behaviour.new_id is not None:
        return behaviour.new_id(call, body)
    parameter = call.method.id_parameter
    given = call.text(parameter) if parameter else ""
    if not given and isinstance(body.get("name"), str):
        given = body["name"].rpartition("/")[2]
    if given and not _ID.fullmatch(given):
        raise invalid(
            f"Invalid resource id: '{given}'.", Violation(parameter or "name", "It holds what an id may not.")
        )
    return given or call.cloud.ids.numeric(f"{call.api}/{call.method.resource}")


def _completed(call: Call, behaviour: Collection, schema: str, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Add what the server sets, as far as the description has fields for it."""
    del behaviour
    fields = call.schemas.fields(schema)
    now = _now(call)
    usual = {
        "name": shown_name(call, name),
        "createTime": now,
        "updateTime": now,
        "etag": call.cloud.etag(1),
        "uid": call.cloud.ids.uuid(f"{call.api}/uid") if "uid" in fields else "",
    }
    return {**body, **{key: value for key, value in usual.items() if key in fields}}


def _now(call: Call) -> str:
    from mockcloud.cloud.clock import TICK, stamp

    return stamp(call.cloud.clock.now + TICK)


def _ready(schemas: Schemas, schema: str, behaviour: Collection) -> Mapping[str, str]:
    if behaviour.state is None:
        return {}
    name, value = behaviour.state
    if name:
        return {name: value}
    field = schemas.fields(schema).get("state")
    if field is None or not field.enum or not field.read_only:
        return {}
    return {"state": found} if (found := _first_ready(field)) else {}


@lru_cache(maxsize=1024)
def _first_ready(field: Field) -> str:
    return next((each for each in READY_STATES if each in field.enum), "")


def shown_name(call: Call, name: str) -> str:
    """Give a full name as the API shows it: with the project's number, or only its last part."""
    known = service(call.api)
    if known.short_names:
        return name.rpartition("/")[2]
    return operations.with_number(call.cloud, name) if known.numbers else name


def _answer(call: Call, behaviour: Collection, record: Record, schema: str) -> Answer | Body:
    """Give a resource, or the operation that ends with it."""
    if call.method.response not in OPERATIONS:
        return show(call, behaviour, record)
    shown = show(call, behaviour, record)
    return operations.start(
        call,
        operation_parent(record.name),
        shown if isinstance(shown, Mapping) else dict(shown.body),
        type_name=operations.message_type(call.method, schema) if schema else "google.protobuf.Empty",
        seconds=behaviour.seconds,
        about=record.name,
    )


def operation_parent(name: str) -> str:
    """Give the full name below which a resource's operations lie: its location, else nothing above the API."""
    parts = name.split("/")
    if len(parts) >= 4 and parts[2] == "locations":  # noqa: PLR2004 - project and location, two segments each
        return "/".join(parts[:4])
    return "/".join(parts[:2]) if parts[0] in {"projects", "folders", "organizations"} else parts[0]


def show(call: Call, behaviour: Collection, record: Record) -> Answer | Body:
    """Give a resource as the client sees it."""
    if behaviour.shown is not None:
        return behaviour.shown(call, record)
    return Answer(record.body, ready=record.json())


# Read
# ---------------------------------------------------------------------------------------------------------------------


def get(call: Call) -> Answer | Body:
    """Give a resource."""
    record = call.cloud.polled(found(call))
    return show(call, _behaviour(call), record or found(call))


def found(call: Call, name: str = "") -> Record:
    """Find the resource that a call names.

    Raises:
        ApiError: 404.
    """
    wanted = name or call.name
    record = call.cloud.store.get(call.api, wanted)
    if record is None:
        raise not_found(shown_name(call, wanted) if not service(call.api).short_names else wanted)
    return record


def list_(call: Call) -> Answer | Body:
    """Give a page of a collection, or of those in all locations."""
    behaviour = _behaviour(call)
    items = behaviour.items or _items(call.schemas, call.method.response)
    keep = matcher(call.text("filter"))
    order = call.text("orderBy")
    if "/-/" in f"{call.name}/" or order:
        records: list[Record] = []
        for each in _collections(call):
            records += [one for one in call.cloud.store.page(call.api, each) if keep is None or keep(one.body)]
        chosen, token = slice_page(call, ordered(records, order))
    else:
        chosen, token = page(call, call.name, keep and (lambda one: keep(one.body)))
    shown = [show(call, behaviour, each) for each in chosen]
    bodies = [each.body if isinstance(each, Answer) else each for each in shown]
    return {**({items: bodies} if bodies else {}), **({"nextPageToken": token} if token else {})}


def _collections(call: Call) -> list[str]:
    if "/-/" not in f"{call.name}/":
        return [call.name]
    pattern = re.compile("/".join("[^/]+" if each == "-" else re.escape(each) for each in call.name.split("/")))
    return [each for each in call.cloud.store.collections(call.api) if pattern.fullmatch(each)]


@lru_cache(maxsize=4096)
def _items_of(fields: tuple[Field, ...]) -> str:
    return next((each.name for each in fields if each.repeated and each.ref), "items")


def _items(schemas: Schemas, response: str) -> str:
    return _items_of(tuple(schemas.fields(response).values()))


# Update
# ---------------------------------------------------------------------------------------------------------------------


def update(call: Call) -> Answer | Body:
    """Change a resource: what the mask names, else what the body holds; PUT and `update` replace it."""
    behaviour = _behaviour(call)
    record = call.cloud.store.get(call.api, call.name)
    if record is None:
        if call.flag("allowMissing") or call.flag("upsert"):
            return _create_missing(call)
        record = found(call)
    schema = resource_schema(call.method, call.schemas, behaviour)
    body = _sent(call, behaviour)
    _hold_etag(record, body)
    new = _updated(call, record, schema, body)
    _hold_immutable(behaviour, record, new)
    if call.cloud.rules.on(Rule.REFERENCES):
        hold_references(call, behaviour, body)
    if behaviour.changed is not None:
        new = dict(behaviour.changed(call, record, new))
    if "updateTime" in record.body:
        new["updateTime"] = _now(call)
    if "etag" in record.body:
        new["etag"] = call.cloud.etag(record.revision + 1)
    hidden = {**record.hidden, **{field: new.pop(field) for field in behaviour.write_only if field in new}}
    if call.flag("validateOnly"):
        return _answer(call, behaviour, replace(record, body=new, cached=[]), schema)
    changed = call.cloud.change(record, new, hidden=hidden)
    if behaviour.after_change is not None:
        behaviour.after_change(call, changed)
        changed = call.cloud.store.get(call.api, call.name) or changed
    return _answer(call, behaviour, changed, schema)


def _create_missing(call: Call) -> Answer | Body:
    parent, _, identifier = call.name.rpartition("/")
    method = replace(call.method, kind=Kind.CREATE, segments=call.method.segments[:-1])
    parameter = f"{singular(method.resource)}Id"
    method = replace(method, parameters={**method.parameters, parameter: {"location": "query"}})
    request = replace(call.request, method=method, query={**call.query, parameter: identifier})
    return create(replace_call(call, request, parent))


def replace_call(call: Call, request: Any, name: str) -> Call:  # noqa: ANN401 - a Request
    """Give a call like another one, for another method or name."""
    return Call(call.cloud, request, call.schemas, name, call.body, call.caller)


def _updated(call: Call, record: Record, schema: str, body: Mapping[str, Any]) -> dict[str, Any]:
    # A request that wraps its resource carries the mask beside it.
    mask = call.text("updateMask") or ("" if body is call.body else str(call.body.get("updateMask", "")))
    if mask:
        changed = apply_mask(record.body, body, read_mask(mask, call.schemas, schema))
    elif call.method.http == "PUT" or call.method.kind is Kind.UPDATE:
        changed = dict(body)
    else:
        changed = merged(record.body, body)
    kept = {
        name: record.body[name]
        for name, field in call.schemas.fields(schema).items()
        if name in record.body and (field.read_only or name in _SERVER_SET or name == "name")
    }
    return {**changed, **kept}


def _hold_etag(record: Record, body: Mapping[str, Any]) -> None:
    given, current = body.get("etag"), record.body.get("etag")
    if given and current and given != current:
        raise aborted(f"The etag of '{record.name}' does not match: somebody changed it meanwhile. Read it again.")


def _hold_immutable(behaviour: Collection, record: Record, new: Mapping[str, Any]) -> None:
    for each in behaviour.immutable:
        if new.get(each) != record.body.get(each):
            raise invalid(f"The field '{each}' is immutable.", Violation(each, "It cannot be changed."))


# Delete
# ---------------------------------------------------------------------------------------------------------------------


def delete(call: Call) -> Answer | Body:
    """Delete a resource, with or without what is below it."""
    behaviour = _behaviour(call)
    record = call.cloud.store.get(call.api, call.name)
    if record is None and call.flag("allowMissing"):
        return _deleted(call, behaviour)
    record = record or found(call)
    given = call.text("etag")
    if given and record.body.get("etag") not in (None, given):
        raise aborted(f"The etag of '{record.name}' does not match: somebody changed it meanwhile. Read it again.")
    if behaviour.deleting is not None:
        behaviour.deleting(call, record)
    if (
        behaviour.children != "cascade"
        and not (behaviour.children == "force" and call.flag("force"))
        and call.cloud.store.below(call.api, record.name)
    ):
        raise failed_precondition(f"'{record.name}' has resources below it. Delete those first.")
    if call.flag("validateOnly"):
        return _deleted(call, behaviour)
    call.cloud.delete(record)
    if behaviour.after_delete is not None:
        behaviour.after_delete(call, record)
    return _deleted(call, behaviour)


def _deleted(call: Call, behaviour: Collection) -> Answer | Body:
    if call.method.response not in OPERATIONS:
        return {}
    return operations.start(
        call,
        operation_parent(call.name),
        {},
        type_name="google.protobuf.Empty",
        seconds=behaviour.seconds,
        about=call.name,
    )


# Policies
# ---------------------------------------------------------------------------------------------------------------------


def get_policy(call: Call) -> Answer | Body:
    """Give the policy on a resource."""
    found(call)
    return policies.read(call, call.api, call.name)


def set_policy(call: Call) -> Answer | Body:
    """Put a policy on a resource."""
    found(call)
    policy = call.body.get("policy", call.body)
    return policies.write(call, call.api, call.name, policy, call.body.get("updateMask", ""))


def test_permissions(call: Call) -> Answer | Body:
    """Give those of the permissions that the caller has."""
    asked = call.body.get("permissions", call.query.get("permissions", []))
    asked = asked if isinstance(asked, list) else [asked]
    held = [each for each in asked if call.cloud.allows(call, each)]
    return {"permissions": held} if held else {}


def _behaviour(call: Call) -> Collection:
    return service(call.api).behaviour(call.method.collection)


_HANDLERS: Final[Mapping[Kind, Callable[[Call], Answer | Body]]] = {
    Kind.CREATE: create,
    Kind.GET: get,
    Kind.LIST: list_,
    Kind.PATCH: update,
    Kind.UPDATE: update,
    Kind.DELETE: delete,
    Kind.GET_IAM_POLICY: get_policy,
    Kind.SET_IAM_POLICY: set_policy,
    Kind.TEST_IAM_PERMISSIONS: test_permissions,
}
