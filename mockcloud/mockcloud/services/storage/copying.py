"""Objects copied, rewritten and moved."""

import base64
import binascii
import json
from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import buckets, generations, names, preconditions
from mockcloud.services.storage.objects import WRITABLE, found, hold_key, show
from mockcloud.services.storage.service import API, SERVICE
from mockcloud.services.storage.uploads import write


def _source(call: Call) -> Record:
    variables = call.request.variables
    bucket = buckets.found(call, variables.get("sourceBucket") or variables["bucket"])
    record = found(call, bucket, variables["sourceObject"], call.text("sourceGeneration"))
    preconditions.hold(call, record, source=True)
    return record


def _destination(call: Call) -> tuple[Record, str]:
    variables = call.request.variables
    bucket = buckets.found(call, variables.get("destinationBucket") or variables["bucket"])
    name = variables["destinationObject"]
    names.hold_object_name(name)
    preconditions.hold(call, call.cloud.store.get(API, f"{names.live(bucket.id)}/{name}"))
    return bucket, name


def _copied(call: Call, source: Record, bucket: Record, name: str) -> Record:
    """Copy an object. What the call says of the new one comes in the place of what the old one says."""
    prefix = "x-goog-copy-source-encryption"
    same = "x-goog-encryption" if f"{prefix}-key" not in call.request.headers else prefix
    hold_key(call.request.headers, source.body, same)
    kept = {key: source.body[key] for key in WRITABLE if key in source.body}
    for protection in ("retention", "temporaryHold", "eventBasedHold"):
        kept.pop(protection, None)
    stated = {key: value for key, value in call.body.items() if key in WRITABLE}
    given: dict[str, Any] = {**({"contentType": kept.get("contentType")} if stated else kept), **stated}
    for key in ("storageClass", "kmsKeyName", "acl"):
        if call.body.get(key):
            given[key] = call.body[key]
    if "componentCount" in source.body:
        given["componentCount"] = source.body["componentCount"]
    return write(
        call, bucket, name, given, source.hidden["content"], "destinationKmsKeyName", "destinationPredefinedAcl"
    )


@SERVICE.method("objects.copy")
def copy(call: Call) -> Answer | Body:
    """Copy an object in one step."""
    source = _source(call)
    bucket, name = _destination(call)
    return show(call, bucket, _copied(call, source, bucket, name), full="acl" in call.body)


@SERVICE.method("objects.rewrite")
def rewrite(call: Call) -> Answer | Body:
    """Copy an object in as many steps as the caller wants: each moves `maxBytesRewrittenPerCall` bytes on."""
    source = _source(call)
    bucket, name = _destination(call)
    size = int(source.body["size"])
    start = _read_token(call, source, bucket, name)
    most = call.text("maxBytesRewrittenPerCall")
    if most and not most.isdigit():
        raise invalid(f"Invalid argument: maxBytesRewrittenPerCall '{most}'.", reason="invalid")
    done = min(start + int(most), size) if most and int(most) else size
    answer: dict[str, Any] = {
        "kind": "storage#rewriteResponse",
        "totalBytesRewritten": str(done),
        "objectSize": str(size),
        "done": done >= size,
    }
    if done < size:
        return {**answer, "rewriteToken": _token(source, bucket, name, done)}
    record = _copied(call, source, bucket, name)
    return {**answer, "resource": show(call, bucket, record, full="acl" in call.body)}


def _token(source: Record, bucket: Record, name: str, done: int) -> str:
    text = json.dumps([source.body["id"], bucket.id, name, done])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read_token(call: Call, source: Record, bucket: Record, name: str) -> int:
    given = call.text("rewriteToken")
    if not given:
        return 0
    try:
        *about, done = json.loads(base64.urlsafe_b64decode(given))
        if about == [source.body["id"], bucket.id, name]:
            return int(done)
    except (binascii.Error, ValueError, TypeError):
        pass
    raise invalid("Invalid rewrite token.", reason="invalid")


@SERVICE.method("objects.move")
def move(call: Call) -> Answer | Body:
    """Give an object another name in its bucket, in one step."""
    source = _source(call)
    bucket, name = _destination(call)
    generations.hold_free(call, source)
    record = _copied(call, source, bucket, name)
    current = call.cloud.store.get(API, source.name)
    if current is source:
        generations.remove(call, bucket, source)
    return show(call, bucket, record)
