"""Generations of objects: how one replaces another, what protects them, what is kept of those that go."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mockcloud.cloud.call import Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import names
from mockcloud.services.storage.notifications import notify
from mockcloud.services.storage.service import API


def put(call: Call, bucket: Record, body: dict[str, Any], hidden: Body) -> Record:
    """Put a new generation of an object; the one before it is kept as the bucket says.

    Args:
        call: The call.
        bucket: The bucket.
        body: What is known of it, without what the service sets.
        hidden: Its content and access control list.

    Raises:
        ApiError: The one before it is protected.
    """
    from mockcloud.services.storage.objects import links

    collection = names.live(bucket.id)
    name = f"{collection}/{body['name']}"
    before = call.cloud.store.get(API, name)
    if before is not None:
        hold_free(call, before)
        remove(call, bucket, before)
    now = call.cloud.clock.tick()
    moment = call.cloud.clock.now
    body.update(
        bucket=bucket.id,
        generation=str(int(moment.timestamp() * 1_000_000)),
        metageneration="1",
        timeCreated=now,
        updated=now,
        timeStorageClassUpdated=now,
        timeFinalized=now,
    )
    body.setdefault("storageClass", bucket.body["storageClass"])
    if bucket.body.get("defaultEventBasedHold"):
        body.setdefault("eventBasedHold", True)
    if not body.get("eventBasedHold"):
        body.update(expiry(bucket, moment))
    record = call.cloud.create(Record(API, name, links(body), hidden, collection=collection))
    notify(call.cloud, bucket, record, "OBJECT_FINALIZE")
    return record


def expiry(bucket: Record, since: datetime) -> dict[str, str]:
    """Give until when the bucket's retention policy protects an object; nothing where there is none."""
    policy: Mapping[str, Any] = bucket.body.get("retentionPolicy", {})
    if not policy:
        return {}
    return {"retentionExpirationTime": stamp(since + timedelta(seconds=int(policy["retentionPeriod"])))}


def hold_free(call: Call, record: Record) -> None:
    """Hold a deletion or replacement to what protects the object.

    Raises:
        ApiError: A hold or a retention does.
    """
    body = record.body
    shown = f"{body['bucket']}/{body['name']}"
    for field, word in (("temporaryHold", "Temporary"), ("eventBasedHold", "Event-Based")):
        if body.get(field):
            raise _protected(
                f"Object '{shown}' is under active {word} hold and cannot be deleted, overwritten or archived until "
                "hold is removed."
            )
    for until in (body.get("retentionExpirationTime"), body.get("retention", {}).get("retainUntilTime")):
        if until and parse_stamp(until) > call.cloud.clock.now:
            raise _protected(
                f"Object '{shown}' is subject to bucket's retention policy or object retention and cannot be "
                f"deleted or overwritten until {until}"
            )


def _protected(message: str) -> ApiError:
    return ApiError(403, "PERMISSION_DENIED", message, reason="retentionPolicyNotMet")


def hold_retention(call: Call, record: Record, body: Mapping[str, Any]) -> None:
    """Hold a change to the object's own retention: a locked one only grows, any other shrinks when it is said so.

    Raises:
        ApiError: It may not.
    """
    old, new = record.body.get("retention", {}), body.get("retention", {})
    if not old.get("retainUntilTime") or old == new:
        return
    until = new.get("retainUntilTime")
    shorter = not until or parse_stamp(until) < parse_stamp(old["retainUntilTime"])
    weaker = old.get("mode") == "Locked" and new.get("mode") != "Locked"
    if weaker or (shorter and (old.get("mode") == "Locked" or not call.flag("overrideUnlockedRetention"))):
        raise ApiError(
            403,
            "PERMISSION_DENIED",
            "The object's retention cannot be reduced: it is locked, or overrideUnlockedRetention is not set.",
            reason="forbidden",
        )


def remove(call: Call, bucket: Record, record: Record, *, keep: bool = True) -> None:
    """Take an object away.

    Args:
        call: The call.
        bucket: Its bucket.
        record: The object.
        keep: Whether a live one stays as noncurrent, where the bucket has versions.
    """
    live = record.parent == names.live(bucket.id)
    call.cloud.delete(record)
    now = call.cloud.clock.now
    archived = live and keep and bool(bucket.body.get("versioning", {}).get("enabled"))
    notify(call.cloud, bucket, record, "OBJECT_ARCHIVE" if archived else "OBJECT_DELETE")
    if archived:
        _keep(call, names.noncurrent(bucket.id), record, {"timeDeleted": stamp(now)})
        return
    seconds = int(bucket.body.get("softDeletePolicy", {}).get("retentionDurationSeconds", 0))
    if seconds:
        times = {"softDeleteTime": stamp(now), "hardDeleteTime": stamp(now + timedelta(seconds=seconds))}
        _keep(call, names.soft_deleted(bucket.id), record, times)


def _keep(call: Call, collection: str, record: Record, times: Mapping[str, str]) -> None:
    body = {**record.body, **times}
    name = f"{collection}/{body['name']}#{body['generation']}"
    call.cloud.create(Record(API, name, body, record.hidden, collection=collection))
