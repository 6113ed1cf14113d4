"""Custom constraints: a condition on the resource that a call would make, change or delete."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.access import cel
from mockcloud.cloud.access.attributes import described
from mockcloud.cloud.access.hierarchy import organisation_of
from mockcloud.cloud.call import Call
from mockcloud.cloud.constraints.policies import API
from mockcloud.cloud.errors import not_modelled
from mockcloud.discovery.methods import Kind
from mockcloud.discovery.names import singular

CUSTOM: Final = "custom."
"""How the names of custom constraints begin."""

_METHODS: Final[Mapping[Kind, str]] = {
    Kind.CREATE: "CREATE",
    Kind.PATCH: "UPDATE",
    Kind.UPDATE: "UPDATE",
    Kind.DELETE: "DELETE",
}


def broken(call: Call, name: str) -> str:
    """Say what of a call a custom constraint forbids; "" for nothing."""
    organisation = organisation_of(call.cloud, f"projects/{call.project}" if call.project else call.name)
    record = call.cloud.store.get(API, f"{organisation}/customConstraints/{name}")
    method = _METHODS.get(call.method.kind)
    if record is None or method not in record.body.get("methodTypes", ()):
        return ""
    if _type(call) not in record.body.get("resourceTypes", ()):
        return ""
    try:
        holds = cel.holds(record.body.get("condition", ""), {"resource": _resource(call)})
    except cel.Unsupported as error:
        raise not_modelled(error.what) from None
    refused = holds if record.body.get("actionType") == "DENY" else not holds
    return str(record.body.get("displayName") or f"the condition of {name}") if refused else ""


def _type(call: Call) -> str:
    """Give the type of what a call is about: of a new resource, that of its collection."""
    if call.method.kind is Kind.CREATE:
        word = singular(call.method.resource)
        return f"{call.api}.googleapis.com/{word[:1].upper()}{word[1:]}"
    return described(call.cloud, call.api, call.name)[0]


def _resource(call: Call) -> Mapping[str, Any]:
    """Give the resource as it would be."""
    record = call.cloud.store.get(call.api, call.name)
    before: Mapping[str, Any] = record.body if record is not None else {}
    word = singular(call.method.resource)
    # Some methods wrap the resource in a field of its name.
    inner = call.body.get(word)
    return {**before, **(inner if isinstance(inner, Mapping) else call.body)}
