"""Identity pools and their providers. What is deleted can be brought back for 30 days."""

from datetime import timedelta
from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.iam.service import API, SERVICE
from mockcloud.services.reading import hold_parent, items_field
from mockcloud.services.registry import service

_COLLECTIONS: Final = (
    "projects.locations.workloadIdentityPools",
    "projects.locations.workloadIdentityPools.providers",
    "locations.workforcePools",
    "locations.workforcePools.providers",
)
_KEPT: Final = timedelta(days=30)


_WORKFORCE: Final = ("locations.workforcePools", "locations.workforcePools.providers")


def _methods(verb: str) -> tuple[str, ...]:
    return tuple(f"{each}.{verb}" for each in _COLLECTIONS)


def _created(call: Call, name: str, body: dict[str, object]) -> Body:
    """Name the pool or provider with the project's number, as IAM does."""
    return {**body, "name": operations.with_number(call.cloud, name), "state": "ACTIVE"}


SERVICE.collection(*_COLLECTIONS, created=_created)


@SERVICE.method(*(f"{each}.create" for each in _WORKFORCE))
def create(call: Call) -> Answer | Body:
    """Make a pool of an organisation's people, or a provider of one: these lie in no project."""
    identifier = call.text("workforcePoolId") or call.text("workforcePoolProviderId")
    if not identifier:
        raise invalid("The id must be set.", Violation("id", "It is not set."))
    hold_parent(call, service(API).behaviour(call.method.collection), call.name)
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name)
    return _operation(call, call.cloud.create(Record(API, name, {**call.body, "name": name, "state": "ACTIVE"})))


@SERVICE.method(*_methods("list"))
def list_(call: Call) -> Answer | Body:
    """Give pools or providers; deleted ones only if the call asks for them."""
    hold_parent(call, service(API).behaviour(call.method.collection), call.name)
    parent = call.text("parent")
    found = [
        each
        for each in call.cloud.store.page(API, call.name)
        if (call.flag("showDeleted") or each.body.get("state") != "DELETED")
        and (not parent or each.body.get("parent") == parent)
    ]
    chosen, token = slice_page(call, found)
    bodies = {items_field(call.method): [each.body for each in chosen]} if chosen else {}
    return {**bodies, **({"nextPageToken": token} if token else {})}


def _found(call: Call) -> Record:
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise not_found(call.name)
    return record


@SERVICE.method(*_methods("delete"))
def delete(call: Call) -> Answer | Body:
    """Delete a pool or provider: it counts no more, and can be brought back until it expires."""
    record = _found(call)
    if record.body.get("state") == "DELETED":
        raise failed_precondition(f"'{record.name}' is deleted already.")
    until = stamp(call.cloud.clock.now + _KEPT)
    return _operation(call, call.cloud.change(record, {**record.body, "state": "DELETED", "expireTime": until}))


@SERVICE.method(*_methods("undelete"))
def undelete(call: Call) -> Answer | Body:
    """Bring back a pool or provider."""
    record = _found(call)
    if record.body.get("state") != "DELETED":
        raise failed_precondition(f"'{record.name}' is not deleted.")
    body = {key: value for key, value in record.body.items() if key != "expireTime"}
    return _operation(call, call.cloud.change(record, {**body, "state": "ACTIVE"}))


def _operation(call: Call, record: Record) -> Body:
    kind = "WorkforcePool" if "workforcePools" in call.name else "WorkloadIdentityPool"
    kind += "Provider" if "/providers/" in call.name else ""
    return operations.start(call, record.name, record.body, type_name=f"google.iam.v1.{kind}", about=record.name)
