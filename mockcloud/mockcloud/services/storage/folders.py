"""Managed folders, and the folders of buckets with a hierarchical namespace."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services import operations
from mockcloud.services.storage import buckets, names
from mockcloud.services.storage.service import API, SERVICE


def _word(call: Call) -> str:
    return "managedFolders" if call.method.id.startswith("managed") else "folders"


def _collection(call: Call, bucket: Record) -> str:
    return f"{bucket.name}/{_word(call)}"


def _slash(name: str) -> str:
    return name if name.endswith("/") else name + "/"


def found_managed(call: Call) -> Record:
    """Find the managed folder that a path names.

    Raises:
        ApiError: 404.
    """
    return _found(call, f"{buckets.found(call).name}/managedFolders", call.request.variables["managedFolder"])


def _found(call: Call, collection: str, name: str) -> Record:
    record = call.cloud.store.get(API, f"{collection}/{_slash(name)}")
    if record is None:
        raise ApiError(404, "NOT_FOUND", f"The folder '{name}' does not exist.", reason="notFound")
    return record


def _named(call: Call) -> Record:
    variables = call.request.variables
    name = variables.get("managedFolder") or variables.get("sourceFolder") or variables["folder"]
    return _found(call, _collection(call, buckets.found(call)), name)


@SERVICE.method("managedFolders.insert", "folders.insert")
def insert(call: Call) -> Answer | Body:
    """Make a folder; with `recursive` also those above it."""
    bucket = buckets.found(call)
    name = _slash(call.body.get("name", ""))
    if name == "/":
        raise invalid("Required parameter: name", reason="required")
    names.hold_object_name(name)
    if _word(call) == "folders":
        _hold_hierarchy(bucket)
        above = name.rstrip("/").rpartition("/")[0]
        collection = _collection(call, bucket)
        if above and call.cloud.store.get(API, f"{collection}/{above}/") is None:
            if not call.flag("recursive"):
                raise ApiError(404, "NOT_FOUND", f"The parent folder '{above}/' does not exist.", reason="notFound")
            parts = above.split("/")
            for at in range(1, len(parts) + 1):
                step = "/".join(parts[:at]) + "/"
                if call.cloud.store.get(API, f"{collection}/{step}") is None:
                    _made(call, bucket, step, {})
    if call.cloud.store.get(API, f"{_collection(call, bucket)}/{name}") is not None:
        raise ApiError(409, "ALREADY_EXISTS", f"The folder '{name}' already exists.", reason="conflict")
    return _made(call, bucket, name, call.body).body


def _hold_hierarchy(bucket: Record) -> None:
    if not bucket.body.get("hierarchicalNamespace", {}).get("enabled"):
        raise ApiError(
            409,
            "FAILED_PRECONDITION",
            "The bucket does not have a hierarchical namespace.",
            reason="conflict",
        )


def _made(call: Call, bucket: Record, name: str, given: Body) -> Record:
    word, now = _word(call), call.cloud.clock.tick()
    body: dict[str, Any] = {
        **given,
        "kind": "storage#managedFolder" if word == "managedFolders" else "storage#folder",
        "id": f"{bucket.id}/{name}",
        "selfLink": f"{buckets.LINK}/{bucket.name}/{word}/{name.replace('/', '%2F')}",
        "name": name,
        "bucket": bucket.id,
        "metageneration": "1",
        "createTime": now,
        "updateTime": now,
    }
    collection = _collection(call, bucket)
    return call.cloud.create(Record(API, f"{collection}/{name}", body, collection=collection))


@SERVICE.method("managedFolders.get", "folders.get")
def get(call: Call) -> Answer | Body:
    """Give a folder."""
    return _named(call).body


@SERVICE.method("managedFolders.update")
def update(call: Call) -> Answer | Body:
    """Change a managed folder."""
    record = _named(call)
    metageneration = str(int(record.body["metageneration"]) + 1)
    settings = {key: call.body[key] for key in ("rapidCacheConfig",) if key in call.body}
    now = call.cloud.clock.tick()
    return call.cloud.change(
        record, {**record.body, **settings, "metageneration": metageneration, "updateTime": now}
    ).body


@SERVICE.method("managedFolders.list", "folders.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a bucket's folders."""
    prefix = call.text("prefix")
    records = [
        each
        for each in call.cloud.store.page(API, _collection(call, buckets.found(call)))
        if each.id.startswith(prefix)
    ]
    chosen, token = slice_page(call, records)
    return {
        "kind": f"storage#{_word(call)}",
        **({"items": [each.body for each in chosen]} if chosen else {}),
        **({"nextPageToken": token} if token else {}),
    }


@SERVICE.method("managedFolders.delete", "folders.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a folder that holds nothing; a managed one also with objects, where the call says so."""
    record = _named(call)
    bucket = buckets.found(call)
    objects = [each for each in call.cloud.store.page(API, names.live(bucket.id)) if each.id.startswith(record.id)]
    below = [each for each in call.cloud.store.page(API, record.parent) if each.id.startswith(record.id)]
    managed = _word(call) == "managedFolders"
    if (objects and not call.flag("allowNonEmpty")) or (len(below) > 1 and not managed):
        raise ApiError(409, "FAILED_PRECONDITION", f"The folder '{record.id}' is not empty.", reason="conflict")
    call.cloud.delete(record)
    return Answer(status=204, content=b"")


@SERVICE.method("folders.rename")
def rename(call: Call) -> Answer | Body:
    """Give a folder, with all that is in it, another name."""
    from mockcloud.services.storage.objects import links

    bucket, record = buckets.found(call), _named(call)
    new = _slash(call.request.variables["destinationFolder"])
    if call.cloud.store.get(API, f"{record.parent}/{new}") is not None:
        raise ApiError(409, "ALREADY_EXISTS", f"The folder '{new}' already exists.", reason="conflict")
    for each in call.cloud.store.page(API, record.parent):
        if each.id.startswith(record.id):
            call.cloud.delete(each)
            _made(call, bucket, new + each.id[len(record.id) :], {})
    for each in call.cloud.store.page(API, names.live(bucket.id)):
        if each.id.startswith(record.id):
            name = new + each.id[len(record.id) :]
            call.cloud.delete(each)
            body = links({**each.body, "name": name})
            call.cloud.create(Record(API, f"{each.parent}/{name}", body, each.hidden, collection=each.parent))
    shown = call.cloud.store.get(API, f"{record.parent}/{new}") or record
    return operations.start(call, bucket.name, shown.body, type_name="google.storage.control.v2.Folder")


@SERVICE.method("folders.deleteRecursive")
def delete_recursive(call: Call) -> Answer | Body:
    """Delete a folder with all that is in it."""
    bucket, record = buckets.found(call), _named(call)
    for collection in (record.parent, names.live(bucket.id)):
        for each in call.cloud.store.page(API, collection):
            if each.id.startswith(record.id):
                call.cloud.delete(each)
    return operations.start(call, bucket.name, {}, type_name="google.protobuf.Empty")
