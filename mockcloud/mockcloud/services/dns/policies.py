"""Policies of networks: for forwarding and logging, and for answers of their own."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.masks import merged
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.dns.service import API, SERVICE, found, taken, wrong

_KINDS = {
    "policies": ("policy", "dns#policy", "name"),
    "responsePolicies": ("responsePolicy", "dns#responsePolicy", "responsePolicyName"),
    "responsePolicyRules": ("responsePolicyRule", "dns#responsePolicyRule", "ruleName"),
}
"""Collection of a method's id -> field of an answer, kind, field with the name."""


def _of(call: Call) -> tuple[str, str, str]:
    return _KINDS[call.method.id.partition(".")[0]]


@SERVICE.method(*(f"{each}.create" for each in _KINDS))
def create(call: Call) -> Answer | Body:
    """Make a policy, or a rule of one."""
    field, kind, key = _of(call)
    identifier = call.body.get(key, "")
    if not identifier:
        raise wrong(f"entity.{field}.{key}", "", "It must be set.")
    if call.method.id.startswith("responsePolicyRules"):
        found(call, call.name.removesuffix("/rules"), "responsePolicy")
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise taken(f"entity.{field}", identifier)
    number = {"id": call.cloud.ids.numeric("dns/policy")} if "id" in call.schemas.fields(call.method.request) else {}
    return call.cloud.create(Record(API, name, {"kind": kind, **call.body, **number})).body


@SERVICE.method(*(f"{each}.get" for each in _KINDS))
def get(call: Call) -> Answer | Body:
    """Give a policy, or a rule of one."""
    return found(call, what=_of(call)[0]).body


@SERVICE.method(*(f"{each}.{verb}" for each in _KINDS for verb in ("patch", "update")))
def change(call: Call) -> Answer | Body:
    """Change a policy, or a rule of one."""
    field, _, key = _of(call)
    record = found(call, what=field)
    kept = {name: record.body[name] for name in ("kind", "id", key) if name in record.body}
    sent: dict[str, Any] = {**call.body, **kept}
    body = sent if call.method.http == "PUT" else merged(record.body, sent)
    return {field: call.cloud.change(record, body).body}


@SERVICE.method(*(f"{each}.delete" for each in _KINDS))
def delete(call: Call) -> Answer | Body:
    """Delete a policy with its rules, or a rule. A policy that is on networks stays."""
    field, _, _ = _of(call)
    record = found(call, what=field)
    if record.body.get("networks"):
        raise wrong(f"entity.{field}", record.id, "It is on networks: take it off them first.")
    call.cloud.delete(record)
    return {}


@SERVICE.method(*(f"{each}.list" for each in _KINDS))
def list_all(call: Call) -> Answer | Body:
    """Give policies, or the rules of one."""
    chosen, token = slice_page(call, [each.body for each in call.cloud.store.page(API, call.name)])
    items = call.method.id.partition(".")[0]
    return {items: chosen, **({"nextPageToken": token} if token else {})}
