"""What compute's standard methods do: insert, get, list, patch, update, delete."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import TICK, stamp
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.methods import Kind
from mockcloud.services.collections import Collection
from mockcloud.services.compute import hold, operations
from mockcloud.services.compute.api import defaults
from mockcloud.services.compute.errors import NAME, invalid, missing, stale, taken
from mockcloud.services.compute.links import in_version, link, normalised
from mockcloud.services.compute.schemas import fingerprint, kind, of_resource, output_only
from mockcloud.services.registry import service

API: Final = "compute"
_NAME: Final = re.compile(NAME)


def behaviour(call: Call) -> Collection:
    """Give how the collection of a call behaves."""
    verb = call.method.id.rpartition(".")[2]
    return service(API).behaviour(call.method.collection.removesuffix(f".{verb}"))


def found(call: Call, name: str = "") -> Record:
    """Find a resource by its full name, by default the one that a call names; it may be named by its number.

    Raises:
        ApiError: 404.
    """
    wanted = name or call.name
    record = call.cloud.store.get(API, wanted)
    parent, _, last = wanted.rpartition("/")
    if record is None and last.isdigit():
        record = next((each for each in call.cloud.store.page(API, parent) if each.body.get("id") == last), None)
    if record is None and last == "default":
        from mockcloud.services.compute.default_network import ensure

        ensure(call.cloud, call.project)
        record = call.cloud.store.get(API, wanted)
    if record is None:
        raise missing(wanted)
    return record


def shown(call: Call, record: Record) -> Answer:
    """Give a resource, with the links of the version that was asked for."""
    if call.method.version == "v1":
        return Answer(record.body, ready=record.json())
    ready = in_version(record.json(), call.method.version)
    return Answer(json.loads(ready), ready=ready)


def versioned(call: Call, body: Body) -> Body:
    """Give a body with the links of the version that was asked for."""
    if call.method.version == "v1":
        return body
    found: Body = json.loads(in_version(json.dumps(body).encode(), call.method.version))
    return found


# Insert
# ---------------------------------------------------------------------------------------------------------------------


def insert(call: Call) -> Answer | Body:
    """Make a resource."""
    hold.place(call)
    known = behaviour(call)
    body = _accepted(call, call.method.request)
    name = f"{call.name}/{_chosen(call, known, body)}"
    if call.cloud.store.get(API, name) is not None:
        raise taken(name)
    hold.references(call, body, name)
    for each in known.required:
        if body.get(each) in (None, "", [], {}):
            raise invalid(f"resource.{each}", "", "The field must be set.")
    make(call, name, body, known)
    return operations.start(call, name, "insert", seconds=known.seconds, finish=_ready(known))


def make(call: Call, name: str, body: Mapping[str, Any], known: Collection, schema: str = "") -> Record:
    """Make a resource of a body that is in order: complete it, keep it, and do what follows.

    Args:
        call: What makes it.
        name: Its full name.
        body: What is known of it, with whole links.
        known: How its collection behaves.
        schema: Its schema; by default the one that the call sends.
    """
    complete = completed(
        call, name, merged(defaults().get(name.split("/")[-2], {}), body), schema or call.method.request
    )
    if known.created is not None:
        complete = dict(known.created(call, name, complete))
    if "fingerprint" in call.schemas.fields(schema or call.method.request):
        complete["fingerprint"] = of_resource(complete)
    hidden = {each: complete.pop(each) for each in known.write_only if each in complete}
    record = call.cloud.create(Record(API, name, complete, hidden))
    if known.after_create is not None:
        known.after_create(call, record)
    return call.cloud.store.get(API, name) or record


def completed(call: Call, name: str, body: Mapping[str, Any], schema: str) -> dict[str, Any]:
    """Add what every resource of compute has."""
    fields, number = call.schemas.fields(schema), call.cloud.ids.numeric("compute/id")
    usual: dict[str, Any] = {
        "kind": kind(call.method.version, schema),
        "id": number,
        "creationTimestamp": stamp(call.cloud.clock.now + TICK),
        "name": name.rpartition("/")[2],
        "selfLink": link(name),
        "selfLinkWithId": f"{link(name).rpartition('/')[0]}/{number}",
        "labelFingerprint": fingerprint(body.get("labels")),
        **operations.where(name),
    }
    return {**body, **{key: each for key, each in usual.items() if key in fields and each}}


def _accepted(call: Call, schema: str) -> dict[str, Any]:
    """Give what a client sent, with whole links, and without what it cannot set."""
    closed = output_only(call.method.version, schema)
    body = {key: each for key, each in call.body.items() if key not in closed or key in _NAMED}
    accepted: dict[str, Any] = normalised(call.cloud, body, call.project)
    return accepted


_NAMED: Final = frozenset({"name", "region", "zone"})


def _chosen(call: Call, known: Collection, body: dict[str, Any]) -> str:
    if known.new_id is not None:
        return known.new_id(call, body)
    given = body.get("name", "")
    if not isinstance(given, str) or not _NAME.fullmatch(given):
        raise invalid("resource.name", given, f"Must be a match of regex '{NAME}'")
    return given


def _ready(known: Collection) -> dict[str, str]:
    return {known.state[0]: known.state[1]} if known.state and known.state[0] else {}


# Read
# ---------------------------------------------------------------------------------------------------------------------


def get(call: Call) -> Answer | Body:
    """Give a resource."""
    known = behaviour(call)
    record = call.cloud.store.get(API, call.name) or found(call)
    return shown(call, record) if known.shown is None else versioned(call, _body(known.shown(call, record)))


def _body(shown: Answer | Body) -> Body:
    return shown.body if isinstance(shown, Answer) else shown


# Change
# ---------------------------------------------------------------------------------------------------------------------


def patch(call: Call) -> Answer | Body:
    """Change what the body holds; null clears."""
    return _update(call, whole=False)


def update(call: Call) -> Answer | Body:
    """Replace what a client can set; some older services merge instead, where the method is no PUT."""
    return _update(call, whole=call.method.http == "PUT")


def _update(call: Call, *, whole: bool) -> Answer | Body:
    known = behaviour(call)
    record = call.cloud.store.get(API, call.name) or _named_in_body(call)
    body, mask = _accepted(call, call.method.request), call.text("updateMask")
    body.pop("name", None)
    hold_fingerprint(record, body)
    hold.references(call, body, record.name)
    if whole:
        closed = output_only(call.method.version, call.method.request) | _KEPT
        new = {**body, **{key: each for key, each in record.body.items() if key in closed}}
    elif mask:
        new = apply_mask(record.body, body, read_mask(mask, call.schemas, call.method.request))
    else:
        new = merged(record.body, {**body, **cleared(call)})
    if known.changed is not None:
        new = dict(known.changed(call, record, new))
    changed = change(call, record, new, known)
    return operations.start(call, changed.name, "patch" if not whole else "update", seconds=known.seconds)


_KEPT: Final = frozenset({"name", "id", "kind", "selfLink", "creationTimestamp", "labelFingerprint", "region", "zone"})


def _named_in_body(call: Call) -> Record:
    """Find what is changed at its collection's address, with its name in the query or the body (autoscalers)."""
    parameter = next((each for each in ("autoscaler", "name") if call.text(each)), "")
    named = call.text(parameter) if parameter else call.body.get("name", "")
    if not call.method.segments[-1].startswith("{") and isinstance(named, str) and named:
        return found(call, f"{call.name}/{named}")
    return found(call)


def cleared(call: Call) -> dict[str, None]:
    """Give the fields that were sent as null. The schema's reading leaves them out, but they clear."""
    sent = call.request.body
    if not isinstance(sent, dict):
        return {}
    fields = call.schemas.fields(call.method.request)
    return {key: None for key, each in sent.items() if each is None and key in fields and key != "name"}


def hold_fingerprint(record: Record, body: Mapping[str, Any]) -> None:
    """Hold a fingerprint that was sent to the one that is.

    Raises:
        ApiError: 412, for a stale one.
    """
    given, current = body.get("fingerprint"), record.body.get("fingerprint")
    if given and current and given != current:
        raise stale("Supplied")


def change(call: Call, record: Record, new: Mapping[str, Any], known: Collection | None = None) -> Record:
    """Keep a changed body, with the fingerprints that it has now."""
    known = known or Collection()
    body = dict(new)
    if "labelFingerprint" in body:
        body["labelFingerprint"] = fingerprint(body.get("labels"))
    if "fingerprint" in body:
        body["fingerprint"] = of_resource(body)
    hidden = {**record.hidden, **{each: body.pop(each) for each in known.write_only if each in body}}
    changed = call.cloud.change(record, body, hidden=hidden)
    if known.after_change is not None:
        known.after_change(call, changed)
    return call.cloud.store.get(API, record.name) or changed


# Delete
# ---------------------------------------------------------------------------------------------------------------------


def delete(call: Call) -> Answer | Body:
    """Delete a resource, unless another one needs it."""
    known = behaviour(call)
    record = found(call)
    if known.deleting is not None:
        known.deleting(call, record)
    hold.unused(call, record)
    answer = operations.start(call, record.name, "delete", seconds=known.seconds)
    remove(call, record, known)
    return answer


def remove(call: Call, record: Record, known: Collection) -> None:
    """Remove a resource with its companions."""
    for each in [one for one in call.cloud.store.of(API) if one.hidden.get("companionOf") == record.name]:
        call.cloud.delete(each)
    call.cloud.delete(record)
    if known.after_delete is not None:
        known.after_delete(call, record)


HANDLERS: Final[Mapping[Kind, Callable[[Call], Answer | Body]]] = {
    Kind.CREATE: insert,
    Kind.GET: get,
    Kind.PATCH: patch,
    Kind.UPDATE: update,
    Kind.DELETE: delete,
}
