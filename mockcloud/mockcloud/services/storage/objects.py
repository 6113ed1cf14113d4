"""Objects: read, changed, deleted."""

import gzip
import re
import zlib
from base64 import b64decode
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final
from urllib.parse import quote

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import acls, buckets, generations, names, preconditions
from mockcloud.services.storage.checksums import etag
from mockcloud.services.storage.notifications import notify
from mockcloud.services.storage.service import API, SERVICE

_LOCAL: Final = ("127.0.0.1", "localhost", "[::1]")
_DOWNLOADS: Final = "https://storage.googleapis.com/download/storage/v1"
WRITABLE: Final = (
    "cacheControl", "contentDisposition", "contentEncoding", "contentLanguage", "contentType", "contexts",
    "customTime", "eventBasedHold", "metadata", "retention", "temporaryHold",
)  # fmt: skip
"""What a client may set of an object, beside its storage class."""
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")
_LARGEST: Final = 100 * 2**20
"""Bytes to which packed content may grow on its way to a client: as many as an upload may have."""


def found(call: Call, bucket: Record, name: str, generation: str = "") -> Record:
    """Find an object: the live one, or a generation.

    Raises:
        ApiError: 404.
    """
    store = call.cloud.store
    record = store.get(API, f"{names.live(bucket.id)}/{name}")
    if generation and (record is None or record.body["generation"] != generation):
        record = store.get(API, f"{names.noncurrent(bucket.id)}/{name}#{generation}")
    if record is None:
        raise names.no_object(bucket.id, name)
    return record


def named(call: Call) -> tuple[Record, Record]:
    """Give the bucket and the object that a path names.

    Raises:
        ApiError: 404.
    """
    bucket = buckets.found(call)
    return bucket, found(call, bucket, call.request.variables["object"], call.text("generation"))


def links(body: dict[str, Any]) -> dict[str, Any]:
    """Complete a body with what follows from bucket, name, generation and metageneration."""
    bucket, name, generation = body["bucket"], quote(body["name"], safe=""), body["generation"]
    body.update(
        kind="storage#object",
        id=f"{bucket}/{body['name']}/{generation}",
        selfLink=f"{buckets.LINK}/b/{bucket}/o/{name}",
        mediaLink=f"{_DOWNLOADS}/b/{bucket}/o/{name}?generation={generation}&alt=media",
        etag=etag(int(body["metageneration"]), int(generation)),
    )
    return body


def show(call: Call, bucket: Record, record: Record, *, full: bool = False) -> dict[str, Any]:
    """Give an object as the client asks for it: with its access control list, or without."""
    body = dict(record.body)
    host = call.request.headers.get("host", "")
    if host.startswith(_LOCAL):
        # A client follows this link, so it must lead back here.
        body["mediaLink"] = body["mediaLink"].replace("https://storage.googleapis.com", f"http://{host}")
    wanted = call.text("projection") if call.query else ""
    if wanted == "full" or (full and wanted != "noAcl"):
        body.update(acls.of_object(call, bucket, record))
    return body


@SERVICE.method("objects.get")
def get(call: Call) -> Answer | Body:
    """Give an object: what is known of it, or with `alt=media` its content."""
    if call.query and call.flag("softDeleted"):
        from mockcloud.services.storage.soft_delete import found_deleted

        bucket = buckets.found(call)
        return show(call, bucket, found_deleted(call, bucket, call.request.variables["object"]))
    bucket, record = named(call)
    if call.query and preconditions.unchanged(call, record):
        return Answer(status=304, content=b"")
    media = call.text("alt") == "media" if call.query else False
    return download(call, record) if media else show(call, bucket, record)


# Downloads
# ---------------------------------------------------------------------------------------------------------------------


def download(call: Call, record: Record) -> Answer:
    """Give an object's content, or a range of it.

    Raises:
        ApiError: 416 for a range beyond its end; 400 without the key that it is encrypted with.
    """
    hold_key(call.request.headers, record.body)
    body, content = record.body, record.hidden["content"]
    headers = _headers(body)
    accepted = call.request.headers.get("accept-encoding", "")
    if (
        body.get("contentEncoding") == "gzip"
        and "gzip" not in accepted
        and "no-transform" not in body.get("cacheControl", "")
    ):
        unpacked = _unpacked(content)
        if unpacked is not None:
            content = unpacked
            headers.pop("Content-Encoding")
            headers["Warning"] = "214 UploadServer gunzipped"
    kind = body.get("contentType", "application/octet-stream")
    wanted = _RANGE.fullmatch(call.request.headers.get("range", "").strip())
    if wanted is None or wanted[0] == "bytes=-":
        return Answer(content=content, content_type=kind, headers=headers)
    size = len(content)
    start, stop = _bounds(wanted, size)
    if start >= size:
        raise ApiError(
            416,
            "OUT_OF_RANGE",
            "Request range not satisfiable",
            reason="requestedRangeNotSatisfiable",
            headers={"Content-Range": f"bytes */{size}"},
        )
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return Answer(status=206, content=content[start:stop], content_type=kind, headers=headers)


def _unpacked(content: bytes) -> bytes | None:
    """Unpack what is said to be gzip; what is not stays as it is. None for what grows too large: it is sent packed."""
    try:
        with gzip.open(BytesIO(content)) as file:
            plain = file.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        return content
    return plain if len(plain) <= _LARGEST else None


def _bounds(wanted: re.Match[str], size: int) -> tuple[int, int]:
    if not wanted[1]:
        return max(size - int(wanted[2]), 0), size
    return int(wanted[1]), min(int(wanted[2]) + 1, size) if wanted[2] else size


def _headers(body: Mapping[str, Any]) -> dict[str, str]:
    sums = [f"crc32c={body['crc32c']}", *([f"md5={body['md5Hash']}"] if "md5Hash" in body else [])]
    headers = {
        "ETag": body["etag"],
        "X-Goog-Generation": body["generation"],
        "X-Goog-Metageneration": body["metageneration"],
        "X-Goog-Hash": ",".join(sums),
        "X-Goog-Storage-Class": body["storageClass"],
        "X-Goog-Stored-Content-Encoding": body.get("contentEncoding", "identity"),
        "X-Goog-Stored-Content-Length": body["size"],
        "Accept-Ranges": "bytes",
    }
    further = {
        "Cache-Control": "cacheControl",
        "Content-Disposition": "contentDisposition",
        "Content-Encoding": "contentEncoding",
        "Content-Language": "contentLanguage",
    }
    return {**headers, **{name: header_text(body[field]) for name, field in further.items() if body.get(field)}}


def header_text(value: str) -> str:
    """Give a text that an HTTP header can hold."""
    return value.encode("latin-1", "replace").decode("latin-1").replace("\r", " ").replace("\n", " ")


def customer_key(headers: Mapping[str, str], prefix: str = "x-goog-encryption") -> dict[str, str]:
    """Give what is kept of the key that a customer sends; nothing where none was sent.

    Raises:
        ApiError: It is no key.
    """
    import base64
    import hashlib

    key = headers.get(f"{prefix}-key", "")
    if not key:
        return {}
    try:
        digest = base64.b64encode(hashlib.sha256(b64decode(key, validate=True)).digest()).decode()
    except ValueError:
        raise invalid(
            "Missing an encryption key, or it is not base64 encoded.", reason="customerEncryptionKeyFormatIsInvalid"
        ) from None
    if headers.get(f"{prefix}-key-sha256", digest) != digest:
        raise invalid(
            "The provided hash does not match the encryption key.", reason="customerEncryptionKeySha256IsInvalid"
        )
    return {"encryptionAlgorithm": "AES256", "keySha256": digest}


def hold_key(headers: Mapping[str, str], body: Body, prefix: str = "x-goog-encryption") -> None:
    """Hold a read to the key that an object is encrypted with. The content itself is not encrypted here.

    Raises:
        ApiError: The key is missing, or another one.
    """
    sent, kept = customer_key(headers, prefix), body.get("customerEncryption", {})
    if kept and sent.get("keySha256") != kept["keySha256"]:
        raise invalid(
            "The target object is encrypted by a customer-supplied encryption key.",
            reason="resourceIsEncryptedWithCustomerEncryptionKey",
        )


# Changes
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("objects.patch", "objects.update")
def update(call: Call) -> Answer | Body:
    """Change what is known of an object: `patch` merges, `update` replaces."""
    bucket, record = named(call)
    preconditions.hold(call, record)
    given = {key: value for key, value in call.body.items() if key in WRITABLE}
    if call.method.http == "PATCH":
        body = merged(record.body, given)
    else:
        kept = {key: value for key, value in record.body.items() if key not in WRITABLE}
        body = {**kept, **{key: value for key, value in given.items() if value is not None}}
    generations.hold_retention(call, record, body)
    if record.body.get("eventBasedHold") and not body.get("eventBasedHold"):
        body = {**body, **generations.expiry(bucket, call.cloud.clock.now)}
    asked = call.body.get("acl") or call.text("predefinedAcl")
    acl = acls.of_new_object(call, bucket, call.body.get("acl")) if asked else None
    hidden = {**record.hidden, "acl": acl} if acl else record.hidden
    metageneration = int(record.body["metageneration"]) + 1
    body.update(metageneration=str(metageneration), updated=call.cloud.clock.tick())
    changed = call.cloud.change(record, links(body), hidden=hidden)
    notify(call.cloud, bucket, changed, "OBJECT_METADATA_UPDATE")
    return show(call, bucket, changed, full=True)


@SERVICE.method("objects.delete")
def delete(call: Call) -> Answer | Body:
    """Delete an object: the live one (which a versioned bucket keeps as noncurrent), or a generation for good."""
    bucket, record = named(call)
    preconditions.hold(call, record)
    generations.hold_free(call, record)
    generations.remove(call, bucket, record, keep=not call.text("generation"))
    return Answer(status=204, content=b"")
