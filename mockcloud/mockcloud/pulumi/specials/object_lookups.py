"""Functions that read what objects of Cloud Storage hold.

Source of the behaviour: terraform-provider-google, `google/services/storage/data_source_storage_bucket_object_*.go`.
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.templates import fill

_STORAGE: Final = "storage.googleapis.com"
_OBJECTS: Final = "storage/v1/b/{bucket}/o?prefix={prefix}&matchGlob={matchGlob}"


@function("storage/getBucketObjectContent:getBucketObjectContent")
def _content(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    bucket, name = str(arguments["bucket"]), str(arguments["name"])
    return {**arguments, **_held(place, bucket, name), "id": f"{bucket}-{name}"}


@function("storage/getBucketObjectContents:getBucketObjectContents")
def _contents(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    bucket = str(arguments["bucket"])
    objects = sorted(place.api.pages(_STORAGE, fill(_OBJECTS, arguments), "items"), key=lambda each: str(each["name"]))
    found = [{**each, **_held(place, bucket, str(each["name"]))} for each in objects]
    words = (("glob", arguments.get("matchGlob")), ("prefix", arguments.get("prefix")))
    identifier = "".join([f"bucket/{bucket}", *(f"/{word}/{given}" for word, given in words if given)])
    return {**arguments, "id": identifier, "bucketObjects": found}


def _held(place: Place, bucket: str, name: str) -> dict[str, str]:
    """Give what an object holds: as text, in base64, and its digest in two ways."""
    content = place.api.download(_STORAGE, f"storage/v1/b/{bucket}/o/{quote(name, safe='')}?alt=media")
    digest = hashlib.sha512(content)
    return {
        "content": content.decode(errors="replace"),
        "contentBase64": base64.b64encode(content).decode(),
        "contentHexsha512": digest.hexdigest(),
        "contentBase64sha512": base64.b64encode(digest.digest()).decode(),
    }
