"""What the XML API answers: lists, results and errors, as XML."""

import json
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

from mockcloud.cloud.errors import ApiError
from mockcloud.doors.wire.messages import HttpResponse

_HEAD: Final = "<?xml version='1.0' encoding='UTF-8'?>"
_LISTS: Final = "http://doc.s3.amazonaws.com/2006-03-01"
PARTS: Final = "http://s3.amazonaws.com/doc/2006-03-01/"
"""Namespaces of lists, and of uploads in parts: those of S3, which this API is like."""
_CODES: Final[Mapping[int, str]] = {
    400: "InvalidArgument",
    401: "AuthenticationRequired",
    403: "AccessDenied",
    404: "NoSuchKey",
    409: "Conflict",
    411: "MissingContentLength",
    412: "PreconditionFailed",
    416: "InvalidRange",
    501: "NotImplemented",
}
_REASONS: Final = {
    "signatureDoesNotMatch": "SignatureDoesNotMatch",
    "expiredToken": "ExpiredToken",
    "conflict": "BucketNotEmpty",
}


def element(name: str, value: object) -> str:
    """Give an element with text, escaped."""
    return f"<{name}>{escape(str(value))}</{name}>"


def document(name: str, inner: str, namespace: str = _LISTS) -> HttpResponse:
    """Give a document."""
    text = f"{_HEAD}<{name} xmlns='{namespace}'>{inner}</{name}>"
    return HttpResponse(200, {"Content-Type": "application/xml; charset=UTF-8"}, text.encode())


def refused(error: ApiError) -> HttpResponse:
    """Write a refusal."""
    code = _REASONS.get(error.reason) or _CODES.get(error.code, "InternalError")
    if error.code == 404 and "bucket" in error.message:  # noqa: PLR2004 - the status
        code = "NoSuchBucket"
    inner = element("Code", code) + element("Message", error.message)
    headers = {"Content-Type": "application/xml; charset=UTF-8", **error.headers}
    return HttpResponse(error.code, headers, f"{_HEAD}<Error>{inner}</Error>".encode())


def raised(response: HttpResponse) -> HttpResponse:
    """Give an answer as it is; raise a refusal in JSON.

    Raises:
        ApiError: It is a refusal.
    """
    if response.status < 400:  # noqa: PLR2004 - the first status that refuses
        return response
    error: dict[str, Any] = json.loads(response.body)["error"] if response.body else {}
    reasons = error.get("errors", [{}])
    headers = {name: value for name, value in response.headers.items() if name == "Content-Range"}
    raise ApiError(
        response.status,
        error.get("status", "UNKNOWN"),
        error.get("message", ""),
        reason=reasons[0].get("reason", ""),
        headers=headers,
    )


def listing(bucket: str, asked: Mapping[str, str], found: Mapping[str, Any]) -> HttpResponse:
    """Give a list of objects.

    Args:
        bucket: Name of the bucket.
        asked: The query.
        found: The list as the JSON API gives it.
    """
    token = found.get("nextPageToken", "")
    inner = [element("Name", bucket), element("Prefix", asked.get("prefix", ""))]
    inner.append(element("IsTruncated", "true" if token else "false"))
    if token:
        inner.append(element("NextContinuationToken" if asked.get("list-type") == "2" else "NextMarker", token))
    for each in found.get("items", []):
        fields = (("Key", "name"), ("Generation", "generation"), ("MetaGeneration", "metageneration"))
        further = (("LastModified", "updated"), ("Size", "size"))
        content = "".join(element(tag, each[field]) for tag, field in (*fields, *further))
        inner.append(f"<Contents>{content}{element('ETag', each['etag'])}</Contents>")
    inner += [f"<CommonPrefixes>{element('Prefix', each)}</CommonPrefixes>" for each in found.get("prefixes", [])]
    return document("ListBucketResult", "".join(inner))
