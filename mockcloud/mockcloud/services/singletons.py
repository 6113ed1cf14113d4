"""Settings of which there is one in each place, such as `projects/p/locations/l/ekmConfig`: always there."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Handler
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.methods import OPERATIONS, Kind, Method
from mockcloud.services.collections import Collection
from mockcloud.services.creating import sent, wrapper_of
from mockcloud.services.presentation import answered, shown_name

_NAME: Final = re.compile(r"(get|update)[A-Z]\w*")

_TOLD: Final = frozenset({"getExtendedAgentCard"})
"""Methods of such names that tell what the service makes of other resources: no settings, though they have a name."""

Usual = Callable[[Call], dict[str, Any]]
"""Gives what holds as long as nobody has said otherwise, without the name."""


def getter(usual: Usual) -> Handler:
    """Give what reads the settings."""

    def read(call: Call) -> Answer | Body:
        record = call.cloud.store.get(call.api, call.name)
        return record.body if record is not None else {"name": call.name, **usual(call)}

    return read


def updater(usual: Usual) -> Handler:
    """Give what changes the settings: what the mask names, else what is sent."""

    def change(call: Call) -> Answer | Body:
        record = call.cloud.store.get(call.api, call.name)
        old = record.body if record is not None else {"name": call.name, **usual(call)}
        mask = call.text("updateMask")
        if mask:
            new = apply_mask(old, call.body, read_mask(mask, call.schemas, call.method.request))
        else:
            new = merged(old, call.body)
        body = {**new, "name": old["name"]}
        if record is None:
            return call.cloud.create(Record(call.api, call.name, body)).body
        return call.cloud.change(record, body).body

    return change


def handler(method: Method) -> Handler | None:
    """Give what a method on such settings does: `getBiReservation`, `updateConfig`, or `get` and `patch` on a word.

    They begin with nothing but their name. None for any other method, such as `getSupportedLanguages`: what has no
    name, and cannot be changed, is no setting, and an empty answer would pretend to know it.
    """
    verb = method.id.rpartition(".")[2]
    named = None if verb in _TOLD else _NAME.fullmatch(verb)
    if method.segments[-1].startswith("{") or method.verb:
        return None
    if method.kind in _PLAIN and method.api not in _OTHERWISE:
        return _PLAIN[method.kind]
    if method.kind is not Kind.CUSTOM or named is None or not _of_settings(method):
        return None
    return {("get", "GET"): _get, ("update", "PATCH"): _update}.get((named[1], method.http))


def _of_settings(method: Method) -> bool:
    """Whether what a method reads or changes has a name, or can be changed at the same path."""
    api = description(method.api, method.version)
    if method.http != "GET" or "name" in api.schemas.fields(method.response):
        return True
    return any(
        each.http == "PATCH" and (each.prefix, each.segments) == (method.prefix, method.segments)
        for each in api.routes.by_id.values()
    )


def _get(call: Call) -> Answer | Body:
    return _settings(call).body


def _update(call: Call) -> Answer | Body:
    record = _settings(call)
    schema = call.method.request
    wrapper = wrapper_of(call.method)
    if wrapper:
        schema = call.schemas.fields(schema)[wrapper].ref
    body = sent(call, Collection(wrapper=wrapper))
    mask = call.text("updateMask")
    changed = (
        apply_mask(record.body, body, read_mask(mask, call.schemas, schema)) if mask else merged(record.body, body)
    )
    new = {**changed, **({"name": record.body["name"]} if "name" in record.body else {})}
    stored = call.cloud.store.get(call.api, call.name)
    made = call.cloud.create(Record(call.api, call.name, new)) if stored is None else call.cloud.change(stored, new)
    return answered(call, Collection(state=None), made, schema)


def _settings(call: Call) -> Record:
    """Give the settings as they are, also where nobody has touched them yet."""
    record = call.cloud.store.get(call.api, call.name)
    if record is not None:
        return record
    response = call.method.response
    schema = call.method.request if response in OPERATIONS else response
    named = "name" in call.schemas.fields(schema)
    return Record(call.api, call.name, {"name": shown_name(call, call.name)} if named else {})


_PLAIN: Final[Mapping[Kind, Handler]] = {Kind.GET: _get, Kind.PATCH: _update}
_OTHERWISE: Final = frozenset({"cloudbilling", "compute"})
"""APIs with methods of these names on something else."""
