"""The standard method that makes a resource (AIP-133)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call, Request
from mockcloud.cloud.clock import TICK, stamp
from mockcloud.cloud.errors import already_exists, invalid
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.bodies import bound
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.fields import Field
from mockcloud.discovery.methods import OPERATIONS, Kind, Method
from mockcloud.discovery.names import singular, snake
from mockcloud.discovery.schemas import Schemas, Violation
from mockcloud.services.collections import READY_STATES, Collection
from mockcloud.services.given import with_given
from mockcloud.services.presentation import answered, shown_name
from mockcloud.services.reading import behaviour_of, hold_parent
from mockcloud.services.references import hold_references

_ID: Final = re.compile(r"[A-Za-z0-9_.~%+-][A-Za-z0-9_.~%+:@-]{0,254}")
"""What an id may look like in any API; services ask for more."""


def create(call: Call) -> Answer | Body:
    """Make a resource."""
    behaviour = behaviour_of(call)
    schema = resource_schema(call.method, call.schemas, behaviour)
    body = sent(call, behaviour)
    _require(call.method, schema, behaviour, body)
    # A PUT is on the new resource itself, as Pub/Sub has it.
    itself = call.method.segments[-1].startswith("{")
    name = call.name if itself else f"{call.name}/{_new_id(call, behaviour, body)}"
    hold_parent(call, behaviour, name.rpartition("/")[0])
    if call.cloud.store.get(call.api, name) is not None:
        raise already_exists(shown_name(call, name))
    if behaviour.references and call.cloud.rules.on(Rule.REFERENCES):
        hold_references(call, behaviour, body)
    complete = {**_defaults(call.method, schema), **body, **_server_set(call, schema, name)}
    if behaviour.created is not None:
        complete = dict(behaviour.created(call, name, complete))
    complete = dict(with_given(call, call.method.collection, name, complete))
    ready = _ready(call.schemas, schema, behaviour)
    hidden = {field: complete.pop(field) for field in behaviour.write_only if field in complete}
    record = Record(call.api, name, {**complete, **ready}, hidden)
    if call.flag("validateOnly"):
        return answered(call, behaviour, record, schema, dry=True)
    record = call.cloud.create(record)
    if behaviour.after_create is not None:
        behaviour.after_create(call, record)
        record = call.cloud.store.get(call.api, name) or record
    return answered(call, behaviour, record, schema)


def create_missing(call: Call) -> Answer | Body:
    """Make the resource that an update names, where the call allows it."""
    parent, _, identifier = call.name.rpartition("/")
    method = _creation(call.method)
    request = replace(call.request, method=method, query={**call.query, method.id_parameter: identifier})
    return create(replace_call(call, request, parent))


@cache
def _creation(method: Method) -> Method:
    made = replace(method, kind=Kind.CREATE, segments=method.segments[:-1])
    parameter = f"{singular(made.resource)}Id"
    return replace(made, parameters={**made.parameters, parameter: {"location": "query"}})


def replace_call(call: Call, request: Request, name: str) -> Call:
    """Give a call like another one, for another method or name."""
    return Call(call.cloud, request, call.schemas, name, call.body, call.caller)


def resource_schema(method: Method, schemas: Schemas, behaviour: Collection) -> str:
    """Give the schema of the resource that a method is about; "" where it cannot be told."""
    wrapper = wrapper_of(method, behaviour.wrapper)
    if wrapper:
        return schemas.fields(method.request)[wrapper].ref
    if method.kind in {Kind.CREATE, Kind.PATCH, Kind.UPDATE}:
        return method.request
    return "" if method.response in OPERATIONS else method.response


def sent(call: Call, behaviour: Collection) -> dict[str, Any]:
    """Give the resource as it was sent; a service may wrap it in one method and not in another."""
    wrapper = wrapper_of(call.method, behaviour.wrapper)
    return dict(call.body.get(wrapper) or {}) if wrapper else call.body


@cache
def wrapper_of(method: Method, told: str = "") -> str:
    """Give the field of the request that holds the resource; "" where the request is the resource itself.

    Args:
        method: The method.
        told: The field, where the service says it. Else it is told by the names: `CreateFeedRequest` holds a `feed`.
    """
    fields = description(method.api, method.version).schemas.fields(method.request)
    field = told or singular(method.resource)
    usual = re.search(r"(Create|Update|Patch|Insert)\w*Request$", method.request)
    return field if field in fields and fields[field].ref and (told or usual) else ""


def _require(method: Method, schema: str, behaviour: Collection, body: Body) -> None:
    asked = behaviour.required or _described(method, schema)
    missing = [each for each in asked if body.get(each) in (None, "", [], {})]
    if missing:
        raise invalid(
            f"Required field '{missing[0]}' is not set.",
            *(Violation(_in_request(method, each), "It is required and not set.") for each in missing),
            reason="required",
        )


def _in_request(method: Method, field: str) -> str:
    """Give the path of a resource's field in the request, as errors have it: `endpoint.display_name`."""
    within = wrapper_of(method) or bound(method)
    return ".".join(filter(None, (snake(within), snake(field))))


@cache
def _described(method: Method, schema: str) -> tuple[str, ...]:
    """Give the fields for which the description says that this method asks for them."""
    fields = description(method.api, method.version).schemas.fields(schema)
    # A number or a truth that is false is no different from one that is absent.
    plain = {"string", "object"}
    return tuple(each.name for each in fields.values() if method.full_id in each.required and each.type in plain)


def _new_id(call: Call, behaviour: Collection, body: dict[str, Any]) -> str:
    if behaviour.new_id is not None:
        return behaviour.new_id(call, body)
    parameter = call.method.id_parameter
    given = call.text(parameter) if parameter else ""
    if not given:
        # It may stand beside the resource that a request wraps; a few resources, as BigQuery's data policies, hold it.
        given = str(call.body.get(f"{singular(call.method.resource)}Id", ""))
    if not given and isinstance(body.get("name"), str):
        given = body["name"].rpartition("/")[2]
    if not given and parameter and _asked_for(call.method, parameter):
        raise invalid(
            f"Required field '{parameter}' is not set.", Violation(snake(parameter), "It is required and not set.")
        )
    if given and (not _ID.fullmatch(given) or given in {".", ".."}):
        raise invalid(
            f"Invalid resource id: '{given[:100]}'.",
            Violation(snake(parameter) or "name", "It holds what an id may not."),
        )
    return given or call.cloud.ids.numeric(f"{call.api}/{call.method.resource}")


@cache
def _asked_for(method: Method, parameter: str) -> bool:
    """Whether the description says that the caller has to choose the id."""
    told = method.parameters[parameter]
    return bool(told.get("required")) or str(told.get("description", "")).lower().startswith("required")


@cache
def _defaults(method: Method, schema: str) -> Mapping[str, str]:
    """Give what the description says that a resource has by itself: its kind."""
    fields = description(method.api, method.version).schemas.fields(schema)
    return {each.name: each.default for each in fields.values() if each.name == "kind" and each.default}


def _server_set(call: Call, schema: str, name: str) -> dict[str, Any]:
    """Give what the server sets, as far as the description has fields for it."""
    fields = call.schemas.fields(schema)
    found: dict[str, Any] = {}
    if "name" in fields:
        found["name"] = shown_name(call, name)
    moment = now(call)
    if "createTime" in fields:
        found["createTime"] = moment
    if "updateTime" in fields:
        found["updateTime"] = moment
    if "etag" in fields:
        found["etag"] = call.cloud.etag(1)
    if "uid" in fields:
        found["uid"] = call.cloud.ids.uuid(f"{call.api}/uid")
    if "selfLink" in fields and fields["selfLink"].read_only:
        found["selfLink"] = f"https://{call.api}.googleapis.com/{call.method.prefix}/{shown_name(call, name)}"
    return found


def now(call: Call) -> str:
    """Give the moment of the change that a call is about to make, as a stamp."""
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


@cache
def _first_ready(field: Field) -> str:
    return next((each for each in READY_STATES if each in field.enum), "")
