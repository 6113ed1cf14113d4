"""Settings of which there is one in each place, such as `projects/p/locations/l/ekmConfig`: always there."""

from collections.abc import Callable
from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Handler
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.store import Body, Record

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
