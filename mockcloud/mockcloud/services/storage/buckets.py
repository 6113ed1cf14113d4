"""Buckets."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import ApiError, failed_precondition, invalid
from mockcloud.cloud.masks import merged
from mockcloud.cloud.paging import page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import acls, names, policies, preconditions
from mockcloud.services.storage.checksums import etag
from mockcloud.services.storage.service import API, SERVICE

LINK: Final = "https://www.googleapis.com/storage/v1"
_MULTI: Final = frozenset({"US", "EU", "ASIA"})
_DUAL: Final = frozenset({"ASIA1", "EUR4", "EUR5", "EUR7", "EUR8", "NAM4"})
_CLASSES: Final = frozenset(
    {"STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "REGIONAL", "DURABLE_REDUCED_AVAILABILITY"}
)
_PREVENTIONS: Final = frozenset({"inherited", "enforced"})
_LOCKED_AFTER: Final = timedelta(days=90)
_KEPT_AFTER_DELETION: Final = "604800"
"""Seconds that a deleted object can be restored for, unless the bucket says otherwise."""
_SERVER_SET: Final = (
    "kind", "id", "name", "selfLink", "projectNumber", "generation", "metageneration", "timeCreated", "updated",
    "etag", "location", "locationType", "owner", "satisfiesPZS", "satisfiesPZI", "softDeleteTime", "hardDeleteTime",
)  # fmt: skip


def found(call: Call, name: str = "") -> Record:
    """Find a bucket, by default the one that the path names.

    Raises:
        ApiError: 404.
    """
    record = call.cloud.store.get(API, names.bucket(name or call.request.variables["bucket"]))
    if record is None:
        raise names.no_bucket()
    return record


def uniform(bucket: Record) -> bool:
    """Whether a bucket knows IAM only, and no access control lists."""
    access = bucket.body["iamConfiguration"]["uniformBucketLevelAccess"]
    return bool(access.get("enabled"))


@SERVICE.method("buckets.insert")
def insert(call: Call) -> Answer | Body:
    """Make a bucket. Names are unique across all projects."""
    name = call.body.get("name", "")
    if not name:
        raise invalid("Required", reason="required")
    names.hold_bucket_name(name)
    project = call.project
    if not project:
        raise invalid("Required parameter: project", reason="required")
    number = call.cloud.projects.number_of(project)
    record = call.cloud.store.get(API, names.bucket(name))
    if record is not None:
        own = record.body["projectNumber"] == number
        message = "Your previous request to create the named bucket succeeded and you already own it."
        taken = "The requested bucket name is not available. The bucket namespace is shared by all users of the system."
        raise ApiError(409, "ALREADY_EXISTS", message if own else taken, reason="conflict")
    given = {key: value for key, value in call.body.items() if key not in {"acl", "defaultObjectAcl"}}
    now = call.cloud.clock.tick()
    body = _completed(call, given, number, now)
    hidden = acls.of_new_bucket(call, name, body)
    record = call.cloud.create(Record(API, names.bucket(name), body, hidden))
    policies.start(call.cloud, record)
    return show(call, record, ready=False)


def _completed(call: Call, given: Mapping[str, Any], number: str, now: str) -> dict[str, Any]:
    location = given.get("location", "US").upper()
    dual = location in _DUAL or bool(given.get("customPlacementConfig"))
    kind = "dual-region" if dual else "multi-region" if location in _MULTI else "region"
    storage_class = given.get("storageClass", "STANDARD").upper()
    body: dict[str, Any] = {
        **given,
        "kind": "storage#bucket",
        "id": given["name"],
        "selfLink": f"{LINK}/b/{given['name']}",
        "projectNumber": number,
        "generation": _microseconds(call),
        "metageneration": "1",
        "location": location,
        "locationType": kind,
        "storageClass": storage_class,
        "timeCreated": now,
        "updated": now,
        "etag": etag(1),
    }
    body.setdefault("softDeletePolicy", {"retentionDurationSeconds": _KEPT_AFTER_DELETION})
    if kind != "region":
        body.setdefault("rpo", "DEFAULT")
    if call.flag("enableObjectRetention"):
        body["objectRetention"] = {"mode": "Enabled"}
    return _normal(call, {}, body, now)


def _microseconds(call: Call) -> str:
    return str(int(call.cloud.clock.now.timestamp() * 1_000_000))


def _normal(call: Call, before: Mapping[str, Any], body: dict[str, Any], now: str) -> dict[str, Any]:
    """Hold what a client may set to the rules, and complete it."""
    if body.get("storageClass") not in _CLASSES:
        raise invalid(f"Invalid argument: storage class '{body.get('storageClass')}'.", reason="invalid")
    access = dict(body.get("iamConfiguration") or {})
    of_before = before.get("iamConfiguration", {}).get("uniformBucketLevelAccess", {})
    uniform_access = dict(
        access.get("uniformBucketLevelAccess") or access.get("bucketPolicyOnly") or {"enabled": False}
    )
    uniform_access["enabled"] = bool(uniform_access.get("enabled"))
    uniform_access.pop("lockedTime", None)
    if uniform_access["enabled"]:
        later = stamp(call.cloud.clock.now + _LOCKED_AFTER)
        uniform_access["lockedTime"] = of_before.get("lockedTime", later) if of_before.get("enabled") else later
    access["uniformBucketLevelAccess"] = access["bucketPolicyOnly"] = uniform_access
    access["publicAccessPrevention"] = access.get("publicAccessPrevention", "inherited").replace(
        "unspecified", "inherited"
    )
    if access["publicAccessPrevention"] not in _PREVENTIONS:
        raise invalid(
            f"Invalid argument: public access prevention '{access['publicAccessPrevention']}'.", reason="invalid"
        )
    body["iamConfiguration"] = access
    _date(before, body, "softDeletePolicy", "retentionDurationSeconds", now)
    _date(before, body, "retentionPolicy", "retentionPeriod", now)
    _hold_lock(before, body)
    autoclass = body.get("autoclass")
    if autoclass:
        defaults = {"toggleTime": now, "terminalStorageClass": "NEARLINE", "terminalStorageClassUpdateTime": now}
        body["autoclass"] = {**defaults, **before.get("autoclass", {}), **autoclass}
    return body


def _date(before: Mapping[str, Any], body: dict[str, Any], field: str, period: str, now: str) -> None:
    """Say since when a policy holds."""
    policy = body.get(field)
    if not policy:
        body.pop(field, None)
        return
    old = before.get(field, {})
    since = old.get("effectiveTime", now) if old.get(period) == policy.get(period) else now
    body[field] = {**policy, "effectiveTime": since}


def _hold_lock(before: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    """A locked retention policy can only grow."""
    old = before.get("retentionPolicy", {})
    if not old.get("isLocked"):
        return
    new = body.get("retentionPolicy", {})
    if int(new.get("retentionPeriod", 0)) < int(old["retentionPeriod"]):
        raise ApiError(
            403,
            "PERMISSION_DENIED",
            f"Cannot reduce retention duration of a locked Retention Policy for bucket '{body['name']}'.",
            reason="forbidden",
        )
    new["isLocked"] = True


@SERVICE.method("buckets.get")
def get(call: Call) -> Answer | Body:
    """Give a bucket."""
    if call.flag("softDeleted"):
        return _soft_deleted(call).body
    record = found(call)
    if call.query and preconditions.unchanged(call, record):
        return Answer(status=304, content=b"")
    return show(call, record)


def show(call: Call, record: Record, *, ready: bool = True) -> Answer | Body:
    """Give a bucket as the client asks for it: with its access control lists, or without.

    Args:
        call: The call.
        record: The bucket.
        ready: Whether its JSON is written now, for the next one that asks too.
    """
    wanted = call.text("projection") if call.query else ""
    sent = {"acl", "defaultObjectAcl"} & call.body.keys()
    if wanted == "full" or (wanted != "noAcl" and sent):
        return {**record.body, **acls.of_bucket(call, record)}
    return Answer(record.body, ready=record.json() if ready else None)


@SERVICE.method("buckets.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of the project's buckets."""
    if not call.project:
        raise invalid("Required parameter: project", reason="required")
    number = call.cloud.projects.number_of(call.project)
    prefix = call.text("prefix")
    source = "softDeletedBuckets" if call.flag("softDeleted") else "b"

    def wanted(each: Record) -> bool:
        return bool(each.body["projectNumber"] == number) and each.id.startswith(prefix)

    chosen, token = page(call, source, wanted)
    full = call.text("projection") == "full"
    items = [{**each.body, **(acls.of_bucket(call, each) if full else {})} for each in chosen]
    return {
        "kind": "storage#buckets",
        **({"items": items} if items else {}),
        **({"nextPageToken": token} if token else {}),
    }


@SERVICE.method("buckets.patch", "buckets.update")
def update(call: Call) -> Answer | Body:
    """Change a bucket: `patch` merges, `update` replaces what a client may set."""
    record = found(call)
    preconditions.hold(call, record)
    given = {key: value for key, value in call.body.items() if key not in _SERVER_SET}
    kept = {key: record.body[key] for key in _SERVER_SET if key in record.body}
    if call.method.http == "PATCH":
        body = merged(record.body, {**call.body, **kept})
    else:
        body = {"storageClass": record.body["storageClass"], **given, **kept}
    body["storageClass"] = body.get("storageClass", "STANDARD").upper()
    hidden = acls.of_changed_bucket(call, record, body)
    before, record = record, changed(call, record, body, hidden)
    if record.hidden["acl"] != before.hidden["acl"]:
        policies.follow(call.cloud, record)
    return show(call, record)


def changed(call: Call, record: Record, body: dict[str, Any], hidden: Mapping[str, Any] | None = None) -> Record:
    """Give a bucket a new body, with all that the service sets."""
    for each in ("acl", "defaultObjectAcl"):
        body.pop(each, None)
    metageneration = int(record.body["metageneration"]) + 1
    now = call.cloud.clock.tick()
    body = _normal(call, record.body, body, now)
    body.update(metageneration=str(metageneration), updated=now, etag=etag(metageneration))
    return call.cloud.change(record, body, hidden=hidden)


@SERVICE.method("buckets.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a bucket. It must be empty; what can be restored does not count."""
    record = found(call)
    preconditions.hold(call, record)
    name = record.id
    if any(call.cloud.store.page(API, each(name), size=1) for each in (names.live, names.noncurrent)):
        raise ApiError(409, "FAILED_PRECONDITION", "The bucket you tried to delete is not empty.", reason="conflict")
    call.cloud.delete(record)
    seconds = int(record.body.get("softDeletePolicy", {}).get("retentionDurationSeconds", 0))
    if seconds:
        now = call.cloud.clock.now
        times = {"softDeleteTime": stamp(now), "hardDeleteTime": stamp(now + timedelta(seconds=seconds))}
        kept = f"softDeletedBuckets/{name}#{record.body['generation']}"
        call.cloud.create(Record(API, kept, {**record.body, **times}, record.hidden))
    return Answer(status=204, content=b"")


def _soft_deleted(call: Call) -> Record:
    name = f"softDeletedBuckets/{call.request.variables['bucket']}#{call.text('generation')}"
    record = call.cloud.store.get(API, name)
    if record is None or record.body["hardDeleteTime"] < stamp(call.cloud.clock.now):
        raise names.no_bucket()
    return record


@SERVICE.method("buckets.restore")
def restore(call: Call) -> Answer | Body:
    """Bring a deleted bucket back, by its generation."""
    record = _soft_deleted(call)
    name = names.bucket(call.request.variables["bucket"])
    if call.cloud.store.get(API, name) is not None:
        raise ApiError(409, "ALREADY_EXISTS", "The bucket name is in use.", reason="conflict")
    call.cloud.delete(record)
    body = {key: value for key, value in record.body.items() if key not in {"softDeleteTime", "hardDeleteTime"}}
    restored = call.cloud.create(Record(API, name, body, record.hidden))
    policies.start(call.cloud, restored)
    return show(call, restored)


@SERVICE.method("buckets.lockRetentionPolicy")
def lock_retention_policy(call: Call) -> Answer | Body:
    """Lock the retention policy for good."""
    record = found(call)
    if not call.text("ifMetagenerationMatch"):
        raise invalid("Required parameter: ifMetagenerationMatch", reason="required")
    preconditions.hold(call, record)
    policy = record.body.get("retentionPolicy")
    if not policy:
        raise failed_precondition("The bucket has no retention policy.", reason="invalid")
    return show(call, changed(call, record, {**record.body, "retentionPolicy": {**policy, "isLocked": True}}))
