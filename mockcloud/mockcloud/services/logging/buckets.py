"""Buckets of logs with their views and links, as they are configured, and queries and scopes that are kept."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations, standard
from mockcloud.services.creating import create
from mockcloud.services.logging.service import API, SERVICE, everywhere, found, preceded, root_of
from mockcloud.services.reading import get, list_

_DAYS: Final = {"_Default": 30, "_Required": 400}
_WEEK: Final = 7 * 86_400
"""Seconds that a deleted bucket can be brought back for."""


def ensure(call: Call) -> None:
    """Make the two buckets that everything has."""
    for name, days in _DAYS.items():
        full = f"{root_of(call.name)}/locations/global/buckets/{name}"
        if call.cloud.store.get(API, full) is None:
            now = stamp(call.cloud.clock.now)
            body = {
                "name": full,
                "retentionDays": days,
                "lifecycleState": "ACTIVE",
                "createTime": now,
                "updateTime": now,
                **({"locked": True} if name == "_Required" else {"description": "Default bucket"}),
            }
            record = call.cloud.create(Record(API, full, body))
            _add_views(call, record)


def _add_views(call: Call, record: Record) -> None:
    """Make the views that a bucket begins with."""
    names = ["_AllLogs", *(["_Default"] if record.id == "_Default" else [])]
    for each in names:
        full = f"{record.name}/views/{each}"
        text = "" if each == "_AllLogs" else 'NOT LOG_ID("cloudaudit.googleapis.com/data_access")'
        now = stamp(call.cloud.clock.now)
        body = {"name": full, "createTime": now, "updateTime": now, **({"filter": text} if text else {})}
        if call.cloud.store.get(API, full) is None:
            call.cloud.create(Record(API, full, body))


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {"retentionDays": _DAYS["_Default"], **body, "lifecycleState": "ACTIVE"}


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del call
    if record.body.get("locked") and body.get("retentionDays", 0) != record.body.get("retentionDays"):
        raise failed_precondition(f"The bucket {record.name} is locked.")
    if record.body.get("cmekSettings") and not body.get("cmekSettings"):
        raise invalid("The key of a bucket cannot be removed.", Violation("bucket.cmek_settings", "It is set."))
    return body


_BUCKETS: Final = "locations.buckets"
SERVICE.collection(
    *everywhere(_BUCKETS), created=_created, changed=_changed, after_create=_add_views, state=None, orphans=True
)
for _verb, _handler in (("get", get), ("list", list_), ("create", create)):
    SERVICE.method(*everywhere(f"{_BUCKETS}.{_verb}"))(preceded(ensure, _handler))


@SERVICE.method(*everywhere(f"{_BUCKETS}.patch"))
def patch(call: Call) -> Answer | Body:
    """Change a bucket."""
    ensure(call)
    return standard.update(call)


@SERVICE.method(*everywhere(f"{_BUCKETS}.createAsync"))
def create_async(call: Call) -> Answer | Body:
    """Make a bucket, in an operation."""
    ensure(call)
    record_name = f"{call.name}/{call.text('bucketId')}"
    if call.cloud.store.get(API, record_name) is not None:
        raise failed_precondition(f"The bucket {record_name} exists.", code=409)
    body = {**call.body, "name": record_name, "createTime": call.cloud.clock.tick()}
    body["updateTime"] = body["createTime"]
    record = call.cloud.create(Record(API, record_name, _created(call, record_name, body)))
    _add_views(call, record)
    return _operation(call, record)


@SERVICE.method(*everywhere(f"{_BUCKETS}.updateAsync"))
def update_async(call: Call) -> Answer | Body:
    """Change a bucket, in an operation."""
    patch(call)
    return _operation(call, found(call))


def _operation(call: Call, record: Record) -> Body:
    parent = record.name.rpartition("/buckets/")[0]
    return operations.start(call, parent, record.body, type_name="google.logging.v2.LogBucket")


@SERVICE.method(*everywhere(f"{_BUCKETS}.delete"))
def delete(call: Call) -> Answer | Body:
    """Delete a bucket: it goes after a week."""
    ensure(call)
    record = found(call)
    if record.id in _DAYS or record.body.get("locked"):
        raise failed_precondition(f"The bucket {record.name} cannot be deleted.")
    changed = call.cloud.change(record, {**record.body, "lifecycleState": "DELETE_REQUESTED"})
    call.cloud.plan(_WEEK, changed, "bucket.delete", recurring=True)
    return {}


@SERVICE.on_event("bucket.delete")
def _gone(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    del data
    cloud.delete(record)


@SERVICE.method(*everywhere(f"{_BUCKETS}.undelete"))
def undelete(call: Call) -> Answer | Body:
    """Bring a bucket back that was deleted less than a week ago."""
    record = found(call)
    call.cloud.plans.cancel(record.api, record.name)
    call.cloud.change(record, {**record.body, "lifecycleState": "ACTIVE"})
    return {}


# Views, links, scopes, queries
# ---------------------------------------------------------------------------------------------------------------------

_VIEWS: Final = f"{_BUCKETS}.views"
SERVICE.collection(
    *everywhere(_VIEWS, f"{_BUCKETS}.links", "locations.logScopes", "locations.savedQueries"), orphans=True
)
for _verb, _handler in (
    ("get", get),
    ("list", list_),
    ("create", create),
    ("patch", standard.update),
    ("delete", standard.delete),
):
    SERVICE.method(*everywhere(f"{_VIEWS}.{_verb}"))(preceded(ensure, _handler))


@SERVICE.method(*everywhere("locations.recentQueries.list"))
def list_recent(call: Call) -> Answer | Body:
    """Give the queries of late, which are not kept."""
    del call
    return {}
