"""Objects that were deleted and can be restored."""

import re
from datetime import UTC, datetime

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.services import operations
from mockcloud.services.storage import acls, buckets, generations, names, preconditions
from mockcloud.services.storage.listing import glob
from mockcloud.services.storage.objects import show
from mockcloud.services.storage.service import API, SERVICE


def found_deleted(call: Call, bucket: Record, name: str) -> Record:
    """Find a deleted object by its generation.

    Raises:
        ApiError: 404, also where its time is up; 400 without a generation.
    """
    generation = call.text("generation")
    if not generation:
        raise invalid("Required parameter: generation", reason="required")
    record = call.cloud.store.get(API, f"{names.soft_deleted(bucket.id)}/{name}#{generation}")
    if record is None or record.body["hardDeleteTime"] <= stamp(call.cloud.clock.now):
        raise names.no_object(bucket.id, name)
    return record


@SERVICE.method("objects.restore")
def restore(call: Call) -> Answer | Body:
    """Bring a deleted object back, as a new generation."""
    bucket = buckets.found(call)
    name = call.request.variables["object"]
    record = found_deleted(call, bucket, name)
    preconditions.hold(call, call.cloud.store.get(API, f"{names.live(bucket.id)}/{name}"))
    return show(call, bucket, _restored(call, bucket, record, copy_acl=call.flag("copySourceAcl")))


def _restored(call: Call, bucket: Record, record: Record, *, copy_acl: bool) -> Record:
    dropped = {"softDeleteTime", "hardDeleteTime", "retentionExpirationTime"}
    body = {key: value for key, value in record.body.items() if key not in dropped}
    acl = record.hidden["acl"] if copy_acl else acls.of_new_object(call, bucket, None)
    return generations.put(call, bucket, body, {**record.hidden, "acl": acl})


@SERVICE.method("objects.bulkRestore")
def bulk_restore(call: Call) -> Answer | Body:
    """Bring all deleted objects back that match; the newest generation of each name."""
    bucket = buckets.found(call)
    patterns = [glob(each) for each in call.body.get("matchGlobs", [])]
    newest: dict[str, Record] = {}
    for each in call.cloud.store.page(API, names.soft_deleted(bucket.id)):
        name = each.body["name"]
        if _wanted(call, each, patterns):
            newest[name] = each  # ids end in the generation, so the last one is the newest
    for name, record in newest.items():
        live = call.cloud.store.get(API, f"{names.live(bucket.id)}/{name}")
        if live is None or call.body.get("allowOverwrite"):
            _restored(call, bucket, record, copy_acl=bool(call.body.get("copySourceAcl")))
    return operations.start(call, bucket.name, {}, type_name="google.protobuf.Empty")


def _moment(text: str) -> datetime:
    try:
        found = parse_stamp(text)
    except ValueError:
        raise invalid(f"Invalid time: '{text}'.", reason="invalid") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _wanted(call: Call, record: Record, patterns: list[re.Pattern[str]]) -> bool:
    if patterns and not any(each.fullmatch(record.body["name"]) for each in patterns):
        return False
    bounds = (
        ("softDeletedAfterTime", "softDeleteTime", 1),
        ("softDeletedBeforeTime", "softDeleteTime", -1),
        ("createdAfterTime", "timeCreated", 1),
        ("createdBeforeTime", "timeCreated", -1),
    )
    for asked, field, sign in bounds:
        bound = call.body.get(asked)
        if bound:
            span = (parse_stamp(record.body[field]) - _moment(bound)).total_seconds()
            if span * sign < 0:
                return False
    return bool(record.body["hardDeleteTime"] > stamp(call.cloud.clock.now))
