"""Access control lists of buckets and objects: the older way beside IAM. They lie in what is hidden of a record."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from mockcloud.cloud.access.acls import PUBLIC
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import buckets, names, policies
from mockcloud.services.storage.checksums import etag
from mockcloud.services.storage.service import API, SERVICE

Acl = list[dict[str, Any]]

_PREDEFINED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "private": (),
    "projectPrivate": (("project-editors", "OWNER"), ("project-viewers", "READER")),
    "publicRead": (("allUsers", "READER"),),
    "publicReadWrite": (("allUsers", "WRITER"),),
    "authenticatedRead": (("allAuthenticatedUsers", "READER"),),
    "bucketOwnerRead": (("project-owners", "READER"),),
    "bucketOwnerFullControl": (("project-owners", "OWNER"),),
}
"""What each predefined list grants beside the owner (https://cloud.google.com/storage/docs/access-control/lists)."""

_BUCKET_KIND: Final = "storage#bucketAccessControl"
_OBJECT_KIND: Final = "storage#objectAccessControl"


def of_new_bucket(call: Call, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is hidden of a new bucket: its two lists; none where access is uniform."""
    uniform = body["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"]
    asked = call.body.get("acl") or call.text("predefinedAcl")
    if uniform and asked:
        raise _refused_uniform("bucket")
    number = body["projectNumber"]
    project = ("project-owners", "OWNER"), *_PREDEFINED["projectPrivate"]
    for field in ("acl", "defaultObjectAcl"):
        _hold_entries(call.body.get(field) or [])
    return {
        "acl": call.body.get("acl") or _predefined(call.text("predefinedAcl"), number) or _entries(project, number),
        "defaultObjectAcl": call.body.get("defaultObjectAcl")
        or _predefined(call.text("predefinedDefaultObjectAcl"), number)
        or _entries(project, number),
        "name": name,
    }


def of_changed_bucket(call: Call, record: Record, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is hidden of a changed bucket."""
    found = dict(record.hidden)
    for field, parameter in (("acl", "predefinedAcl"), ("defaultObjectAcl", "predefinedDefaultObjectAcl")):
        new = call.body.get(field) or _predefined(call.text(parameter), body["projectNumber"])
        if new:
            _hold_entries(new)
            found[field] = new
    return found


def of_new_object(call: Call, bucket: Record, given: Acl | None, parameter: str = "predefinedAcl") -> Acl:
    """Give the list of a new object: as stated, as predefined, or the bucket's default.

    Raises:
        ApiError: The bucket knows IAM only, or forbids public access.
    """
    predefined = call.text(parameter) if call.query else ""
    if not given and not predefined:
        return list(bucket.hidden["defaultObjectAcl"])
    if buckets.uniform(bucket):
        raise _refused_uniform("object")
    found = given or _predefined(predefined, bucket.body["projectNumber"])
    _hold_entries(found)
    for each in found:
        _hold_public(bucket, each["entity"])
    return found


def _hold_entries(entries: Acl) -> None:
    """Hold the entries of a list to having an entity and a role.

    Raises:
        ApiError: One of them is missing.
    """
    if any(not each.get("entity") or not each.get("role") for each in entries):
        raise invalid("Each entry of an access control list needs an entity and a role.", reason="required")


def _refused_uniform(what: str) -> ApiError:
    return invalid(
        f"Cannot insert legacy ACL for {'a bucket' if what == 'bucket' else 'an object'} when uniform bucket-level "
        "access is enabled. Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access",
        reason="invalid",
    )


def _hold_public(bucket: Record, entity: str) -> None:
    if entity in PUBLIC and bucket.body["iamConfiguration"]["publicAccessPrevention"] == "enforced":
        raise ApiError(
            412,
            "FAILED_PRECONDITION",
            "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention "
            "is enforced.",
            reason="conditionNotMet",
        )


def _predefined(name: str, number: str) -> Acl:
    if not name:
        return []
    if name not in _PREDEFINED:
        raise invalid(f"Invalid argument: predefined ACL '{name}'.", reason="invalid")
    return _entries((("project-owners", "OWNER"), *_PREDEFINED[name]), number)


@lru_cache(maxsize=1024)
def _entries(grants: tuple[tuple[str, str], ...], number: str) -> Acl:
    whole = {f"{who}-{number}" if who.startswith("project-") else who: role for who, role in grants}
    return [{"entity": entity, "role": role} for entity, role in whole.items()]


# As clients see them
# ---------------------------------------------------------------------------------------------------------------------


def of_bucket(call: Call, record: Record) -> dict[str, Any]:
    """Give a bucket's lists and owner, as the full projection shows them."""
    del call
    if buckets.uniform(record):
        return {}
    owner = {"entity": f"project-owners-{record.body['projectNumber']}"}
    acl = [_shown(each, record, _BUCKET_KIND, f"b/{record.id}/acl") for each in record.hidden["acl"]]
    default = [_shown(each, None, _OBJECT_KIND, "") for each in record.hidden["defaultObjectAcl"]]
    return {"acl": acl, "defaultObjectAcl": default, "owner": owner}


def of_object(call: Call, bucket: Record, record: Record) -> dict[str, Any]:
    """Give an object's list and owner, as the full projection shows them."""
    del call
    if buckets.uniform(bucket):
        return {}
    acl = [_shown(each, record, _OBJECT_KIND, f"{record.name}/acl") for each in record.hidden["acl"]]
    return {"acl": acl, "owner": record.hidden.get("owner", {})}


def _shown(entry: Mapping[str, Any], record: Record | None, kind: str, path: str) -> dict[str, Any]:
    entity = entry["entity"]
    found: dict[str, Any] = {"kind": kind, "entity": entity, "role": entry["role"], "etag": etag(1)}
    who, _, rest = entity.partition("-")
    if who in {"user", "group"} and rest:
        found["email"] = rest
    elif who == "domain":
        found["domain"] = rest
    elif who == "project":
        team, _, number = rest.partition("-")
        found["projectTeam"] = {"team": team, "projectNumber": number}
    if record is None:
        return found
    body = record.body
    found["bucket"] = body.get("bucket", body["name"])
    found["selfLink"] = f"{buckets.LINK}/{path}/{entity}"
    if "bucket" in body:
        found.update(object=body["name"], generation=body["generation"])
        found["id"] = f"{body['bucket']}/{body['name']}/{body['generation']}/{entity}"
    else:
        found["id"] = f"{body['name']}/{entity}"
    return found


# Methods
# ---------------------------------------------------------------------------------------------------------------------


def _place(call: Call) -> tuple[Record, str, str, str]:
    """Give the record that holds the list, its field there, and kind and path of the entries.

    Raises:
        ApiError: It does not exist, or the bucket knows IAM only.
    """
    bucket = buckets.found(call)
    if buckets.uniform(bucket):
        raise invalid(
            "Cannot get legacy ACL for a bucket that has uniform bucket-level access enabled. Read more at "
            "https://cloud.google.com/storage/docs/uniform-bucket-level-access",
            reason="invalid",
        )
    if call.method.id.startswith("bucketAccessControls"):
        return bucket, "acl", _BUCKET_KIND, f"{bucket.name}/acl"
    if call.method.id.startswith("default"):
        return bucket, "defaultObjectAcl", _OBJECT_KIND, f"{bucket.name}/defaultObjectAcl"
    name = call.request.variables["object"]
    record = call.cloud.store.get(API, f"{names.live(bucket.id)}/{name}")
    if record is None:
        raise names.no_object(bucket.id, name)
    return record, "acl", _OBJECT_KIND, f"{record.name}/acl"


def _methods(verb: str) -> tuple[str, ...]:
    return tuple(f"{each}.{verb}" for each in _COLLECTIONS)


_COLLECTIONS: Final = ("bucketAccessControls", "defaultObjectAccessControls", "objectAccessControls")


@SERVICE.method(*_methods("list"))
def list_(call: Call) -> Answer | Body:
    """Give a list."""
    record, field, kind, path = _place(call)
    return {"kind": f"{kind}s", "items": [_shown(each, record, kind, path) for each in record.hidden[field]]}


@SERVICE.method(*_methods("get"))
def get(call: Call) -> Answer | Body:
    """Give an entry."""
    record, field, kind, path = _place(call)
    return _shown(_entry(record, field, call.request.variables["entity"]), record, kind, path)


@SERVICE.method(*_methods("insert"), *_methods("patch"), *_methods("update"))
def put(call: Call) -> Answer | Body:
    """Add or change an entry."""
    record, field, kind, path = _place(call)
    entity = call.request.variables.get("entity") or call.body.get("entity", "")
    if not entity:
        raise invalid("Required parameter: entity", reason="required")
    role = call.body.get("role", "")
    if role not in {"OWNER", "READER", "WRITER"}:
        raise invalid(f"Invalid argument: role '{role}'.", reason="invalid")
    _hold_public(buckets.found(call), entity)
    entry = {"entity": entity, "role": role}
    others = [each for each in record.hidden[field] if each["entity"] != entity]
    _write(call, record, field, [*others, entry])
    return _shown(entry, record, kind, path)


@SERVICE.method(*_methods("delete"))
def delete(call: Call) -> Answer | Body:
    """Remove an entry."""
    record, field, _, _ = _place(call)
    entry = _entry(record, field, call.request.variables["entity"])
    _write(call, record, field, [each for each in record.hidden[field] if each is not entry])
    return Answer(status=204, content=b"")


def _entry(record: Record, field: str, entity: str) -> dict[str, Any]:
    for each in record.hidden[field]:
        if each["entity"] == entity:
            found: dict[str, Any] = each
            return found
    raise ApiError(404, "NOT_FOUND", f"The specified entity '{entity}' was not found.", reason="notFound")


def _write(call: Call, record: Record, field: str, entries: Acl) -> None:
    metageneration = int(record.body["metageneration"]) + 1
    body = {**record.body, "metageneration": str(metageneration)}
    body["etag"] = etag(metageneration, int(body["generation"]) if "bucket" in body else 0)
    record = call.cloud.change(record, body, hidden={**record.hidden, field: entries})
    if "bucket" not in body and field == "acl":
        policies.follow(call.cloud, record)
