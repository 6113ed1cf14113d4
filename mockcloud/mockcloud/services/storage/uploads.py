"""New objects from media."""

from collections.abc import Mapping
from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import acls, buckets, generations, names, preconditions
from mockcloud.services.storage.checksums import crc32c, hold_checksums, md5
from mockcloud.services.storage.objects import WRITABLE, customer_key, show
from mockcloud.services.storage.service import API, SERVICE


@SERVICE.method("objects.insert")
def insert(call: Call) -> Answer | Body:
    """Make an object. When an upload in chunks begins, it is only looked at whether it may."""
    bucket = buckets.found(call)
    name = call.text("name") or call.body.get("name", "")
    names.hold_object_name(name)
    preconditions.hold(call, call.cloud.store.get(API, f"{names.live(bucket.id)}/{name}"))
    if call.request.content is None:
        if call.text("uploadType") == "resumable":
            return {}
        raise invalid(
            'Upload requests must include an uploadType URL parameter and a URL path beginning with "/upload/".',
            reason="wrongUrlForUpload",
        )
    headers = call.request.headers
    hold_checksums(call.request.content, call.body, headers.get("x-goog-hash", ""))
    given = dict(call.body)
    given.setdefault("contentType", headers.get("x-upload-content-type") or "application/octet-stream")
    if call.text("contentEncoding"):
        given["contentEncoding"] = call.text("contentEncoding")
    record = write(call, bucket, name, given, call.request.content)
    return show(call, bucket, record, full="acl" in call.body)


def write(
    call: Call,
    bucket: Record,
    name: str,
    given: Mapping[str, Any],
    content: bytes,
    key_parameter: str = "kmsKeyName",
    acl_parameter: str = "predefinedAcl",
) -> Record:
    """Put a content under a name.

    Args:
        call: The call.
        bucket: The bucket.
        name: Name of the object.
        given: What the client says of it.
        content: The content.
        key_parameter: The query parameter that names the key.
        acl_parameter: The query parameter that names the predefined access control list.

    Raises:
        ApiError: The object that it would replace is protected, or the list makes no sense here.
    """
    body: dict[str, Any] = {key: given[key] for key in WRITABLE if given.get(key) is not None}
    body.update(name=name, size=str(len(content)), crc32c=crc32c(content), md5Hash=md5(content))
    if given.get("storageClass"):
        body["storageClass"] = given["storageClass"].upper()
    if given.get("componentCount"):
        body["componentCount"] = given["componentCount"]
        del body["md5Hash"]
    encryption = customer_key(call.request.headers)
    key = (
        call.text(key_parameter)
        or given.get("kmsKeyName")
        or bucket.body.get("encryption", {}).get("defaultKmsKeyName")
    )
    if encryption:
        body["customerEncryption"] = encryption
    elif key:
        body["kmsKeyName"] = key if "/cryptoKeyVersions/" in key else f"{key}/cryptoKeyVersions/1"
    acl = acls.of_new_object(call, bucket, given.get("acl"), acl_parameter)
    owner = {"entity": f"user-{call.caller.email}"} if call.caller.email else {}
    return generations.put(call, bucket, body, {"content": content, "acl": acl, "owner": owner})
