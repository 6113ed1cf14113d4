"""Uploads in parts that come in any order, as clients send them that use several threads."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.store import Record
from mockcloud.doors.wire.messages import HttpRequest, HttpResponse
from mockcloud.doors.xml.documents import PARTS, document, element

Upload = Callable[[Cloud, HttpRequest, str, str], HttpResponse]

_PART: Final = re.compile(r"<PartNumber>\s*(\d+)\s*</PartNumber>")
_MOST: Final = 10_000


def answer(
    cloud: Cloud, request: HttpRequest, bucket: str, name: str, query: Mapping[str, str], upload: Upload
) -> HttpResponse:
    """Answer a request about such an upload.

    Args:
        cloud: The cloud.
        request: The request.
        bucket: The bucket.
        name: Name of the object that it makes.
        query: The query.
        upload: Makes an object of a request's body.

    Raises:
        ApiError: The upload is unknown, or a part is missing.
    """
    with cloud.alone():
        if "uploads" in query:
            return _start(cloud, request, bucket, name)
        record = cloud.store.get("storage", f"parts/{query['uploadId']}")
        if record is None or (record.body["bucket"], record.body["name"]) != (bucket, name):
            raise ApiError(404, "NOT_FOUND", "The requested upload was not found.", reason="notFound")
        if request.verb == "DELETE":
            cloud.delete(record)
            return HttpResponse(204, {}, b"")
        if request.verb == "PUT":
            return _keep(cloud, record, request, query.get("partNumber", ""))
        return _complete(cloud, record, request, upload)


def _start(cloud: Cloud, request: HttpRequest, bucket: str, name: str) -> HttpResponse:
    identifier = cloud.ids.hexadecimal("storage/parts", 48)
    headers = {key: value for key, value in request.headers.items() if key != "content-length"}
    body = {"bucket": bucket, "name": name}
    cloud.create(Record("storage", f"parts/{identifier}", body, {"headers": headers, "parts": {}}))
    inner = element("Bucket", bucket) + element("Key", name) + element("UploadId", identifier)
    return document("InitiateMultipartUploadResult", inner, PARTS)


def _keep(cloud: Cloud, record: Record, request: HttpRequest, number: str) -> HttpResponse:
    from mockcloud.services.storage.checksums import crc32c, md5

    if not number.isdigit() or not 1 <= int(number) <= _MOST:
        raise invalid("The number of a part must be 1 to 10000.", reason="invalid")
    hidden = {**record.hidden, "parts": {**record.hidden["parts"], number: request.body}}
    cloud.change(record, record.body, hidden=hidden)
    sums = f"crc32c={crc32c(request.body)},md5={md5(request.body)}"
    return HttpResponse(200, {"ETag": f'"{md5(request.body)}"', "X-Goog-Hash": sums}, b"")


def _complete(cloud: Cloud, record: Record, request: HttpRequest, upload: Upload) -> HttpResponse:
    numbers = _PART.findall(request.body.decode(errors="replace"))
    parts = record.hidden["parts"]
    if not numbers or any(each not in parts for each in numbers):
        raise invalid("One or more of the specified parts could not be found.", reason="invalid")
    body = b"".join(parts[each] for each in sorted(numbers, key=int))
    kept = {**record.hidden["headers"], "authorization": request.headers.get("authorization", "")}
    bucket, name = record.body["bucket"], record.body["name"]
    made = upload(cloud, replace(request, headers=kept, body=body), bucket, name)
    cloud.delete(record)
    inner = element("Bucket", bucket) + element("Key", name) + element("ETag", made.headers["ETag"])
    return document("CompleteMultipartUploadResult", inner, PARTS)
