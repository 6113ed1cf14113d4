"""Services of Cloud Run on which another of Google's products runs what users give it, as functions are run."""

from collections.abc import Mapping
from typing import Any

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Record
from mockcloud.services.run import services
from mockcloud.services.run.service import API


def host(call: Call, name: str, body: Mapping[str, Any]) -> None:
    """Make such a service, or change the one that is there.

    Args:
        call: The call of the other product.
        name: Full name of the service: `projects/p/locations/l/services/s`.
        body: What the product says of it: a `template`, `ingress`, `labels`.
    """
    record = call.cloud.store.get(API, name)
    if record is None:
        made = call.cloud.create(Record(API, name, services.completed(call, name, {**body, "name": name})))
        services.revise(call, made)
    else:
        new = services.changed(call, record, {**record.body, **body})
        services.after_change(call, call.cloud.change(record, new))


def release(call: Call, name: str) -> None:
    """Remove such a service with its revisions and its policy. One that is not there is removed."""
    record = call.cloud.store.get(API, name)
    if record is not None:
        call.cloud.delete(record)
