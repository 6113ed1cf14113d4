"""What standard methods do: create, get, list, update, delete (AIP-131 to AIP-135), and policies."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from mockcloud.cloud import policies
from mockcloud.cloud.access.roles import hold_permissions
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Handler
from mockcloud.cloud.errors import aborted, failed_precondition, invalid
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.methods import Kind, Method
from mockcloud.discovery.schemas import Violation
from mockcloud.services.collections import Collection
from mockcloud.services.creating import create, create_missing, now, replace_call, resource_schema, sent
from mockcloud.services.presentation import answered, deleted, operation_parent, show, shown_name
from mockcloud.services.reading import behaviour_of, found, get, list_
from mockcloud.services.references import hold_references

__all__ = [
    "create",
    "delete",
    "found",
    "get",
    "handler",
    "list_",
    "operation_parent",
    "replace_call",
    "resource_schema",
    "show",
    "shown_name",
    "update",
]

_SERVER_SET: Final = ("createTime", "updateTime", "etag", "uid")


def handler(method: Method) -> Handler | None:
    """Give what a standard method does; None for a custom one."""
    return _HANDLERS.get(method.kind)


# Update
# ---------------------------------------------------------------------------------------------------------------------


def update(call: Call) -> Answer | Body:
    """Change a resource: what the mask names, else what the body holds; PUT and `update` replace it."""
    behaviour = behaviour_of(call)
    record = call.cloud.store.get(call.api, call.name)
    if record is None:
        if behaviour.upsert or call.flag("allowMissing") or call.flag("upsert"):
            return create_missing(call)
        record = found(call)
    schema = resource_schema(call.method, call.schemas, behaviour)
    body = sent(call, behaviour)
    _hold_etag(record, body.get("etag"))
    new = _updated(call, record, schema, body)
    _hold_immutable(behaviour, record, new)
    if behaviour.references and call.cloud.rules.on(Rule.REFERENCES):
        hold_references(call, behaviour, body)
    if behaviour.changed is not None:
        new = dict(behaviour.changed(call, record, new))
    if "updateTime" in record.body:
        new["updateTime"] = now(call)
    if "etag" in record.body:
        new["etag"] = call.cloud.etag(record.revision + 1)
    hidden = {**record.hidden, **{field: new.pop(field) for field in behaviour.write_only if field in new}}
    if call.flag("validateOnly"):
        return answered(call, behaviour, replace(record, body=new, cached=[]), schema, dry=True)
    changed = call.cloud.change(record, new, hidden=hidden)
    if behaviour.after_change is not None:
        behaviour.after_change(call, changed)
        changed = call.cloud.store.get(call.api, call.name) or changed
    return answered(call, behaviour, changed, schema, before=record)


def _updated(call: Call, record: Record, schema: str, body: Mapping[str, Any]) -> dict[str, Any]:
    # A request that wraps its resource carries the mask beside it.
    mask = call.text("updateMask") or ("" if body is call.body else str(call.body.get("updateMask", "")))
    if mask:
        changed = apply_mask(record.body, body, read_mask(mask, call.schemas, schema))
    elif call.method.http == "PUT" or call.method.kind is Kind.UPDATE:
        changed = dict(body)
    else:
        changed = {**merged(record.body, body), **_sent_maps(call.method, schema, body)}
    kept = {
        name: record.body[name]
        for name, field in call.schemas.fields(schema).items()
        if name in record.body and (field.read_only or name in _SERVER_SET or name in {"name", "kind"})
    }
    return {**changed, **kept}


def _sent_maps(method: Method, schema: str, body: Mapping[str, Any]) -> dict[str, Any]:
    sent = {name: body[name] for name in _maps(method, schema) if body.get(name) is not None}
    return {name: {key: each for key, each in found.items() if each is not None} for name, found in sent.items()}


@cache
def _maps(method: Method, schema: str) -> tuple[str, ...]:
    """Give the maps of a resource that an update without a mask replaces whole: what is sent is the mask (AIP-134).

    The older APIs, whose paths have plain variables, merge them (RFC 7396).
    """
    fields = description(method.api, method.version).schemas.fields(schema).values() if method.reserved else ()
    return tuple(each.name for each in fields if each.mapped)


def _hold_etag(record: Record, given: object) -> None:
    current = record.body.get("etag")
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
    behaviour = behaviour_of(call)
    record = call.cloud.store.get(call.api, call.name)
    if record is None and call.flag("allowMissing"):
        return deleted(call, behaviour, None)
    record = record or found(call)
    _hold_etag(record, call.text("etag"))
    if behaviour.deleting is not None:
        behaviour.deleting(call, record)
    _hold_children(call, behaviour, record)
    if call.flag("validateOnly"):
        return deleted(call, behaviour, record, dry=True)
    call.cloud.delete(record)
    if behaviour.after_delete is not None:
        behaviour.after_delete(call, record)
    return deleted(call, behaviour, record)


def _hold_children(call: Call, behaviour: Collection, record: Record) -> None:
    """Refuse where something below the resource would have to go, and must not."""
    rule = behaviour.children or ("force" if "force" in call.method.parameters else "cascade")
    if rule == "cascade" or (rule == "force" and call.flag("force")):
        return
    if call.cloud.store.holds(call.api, record.name):
        raise failed_precondition(f"'{record.name}' has resources below it. Delete those first.")


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
    hold_permissions(asked)
    held = [each for each in asked if call.cloud.allows(call, each)]
    return {"permissions": held} if held else {}


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
