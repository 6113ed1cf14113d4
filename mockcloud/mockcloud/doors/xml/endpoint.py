"""The way of a request of the XML API to the JSON API and back."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, invalid, not_modelled
from mockcloud.cloud.tokens import mock_token
from mockcloud.discovery.catalogue import find
from mockcloud.doors.wire.messages import HttpRequest, HttpResponse
from mockcloud.doors.xml import multipart
from mockcloud.doors.xml.documents import document, element, listing, raised, refused
from mockcloud.doors.xml.signatures import signer

_HOSTS: Final = frozenset({"storage.googleapis.com", "commondatastorage.googleapis.com", "storage.mtls.googleapis.com"})
_BUCKET_HOST: Final = re.compile(r"(?P<bucket>[a-z0-9][a-z0-9._-]+)\.storage\.googleapis\.com")
_OF_JSON: Final = re.compile(r"/(?:storage/v\d|upload/|download/|resumable/|batch|\$discovery|discovery/)")
_SUBRESOURCES: Final = frozenset(
    {"acl", "cors", "lifecycle", "logging", "website", "tagging", "billing", "encryption", "versioning", "location",
     "storageClass", "compose", "restore", "autoclass"}
)  # fmt: skip
_CONDITIONS: Final = (
    ("x-goog-if-generation-match", "ifGenerationMatch"),
    ("x-goog-if-metageneration-match", "ifMetagenerationMatch"),
    ("x-goog-acl", "predefinedAcl"),
)
_METADATA: Final = (
    ("content-type", "contentType"),
    ("cache-control", "cacheControl"),
    ("content-disposition", "contentDisposition"),
    ("content-encoding", "contentEncoding"),
    ("content-language", "contentLanguage"),
    ("x-goog-storage-class", "storageClass"),
)


def xml_answer(cloud: Cloud, request: HttpRequest) -> HttpResponse | None:
    """Answer a request of the XML API; None for one that is none."""
    target = _target(cloud, request)
    if target is None:
        return None
    bucket, name = target
    try:
        account = signer(cloud, request)
        headers = dict(request.headers)
        if account:
            kind = "serviceAccount" if account.endswith("gserviceaccount.com") else "user"
            headers["authorization"] = f"Bearer {mock_token(f'{kind}:{account}')}"
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        plain = replace(request, headers=headers, host="storage.googleapis.com" if request.host else "")
        if not bucket:
            raise not_modelled("the list of buckets in the XML API")
        unknown = _SUBRESOURCES.intersection(query)
        if unknown:
            raise not_modelled(f"the part '{min(unknown)}' of the XML API")
        return _object(cloud, plain, bucket, name, query) if name else _bucket(cloud, plain, bucket, query)
    except ApiError as error:
        return refused(error)


def _target(cloud: Cloud, request: HttpRequest) -> tuple[str, str] | None:
    """Give bucket and object that a request names; None where it is none of this API."""
    host, path = request.host.lower(), request.path
    of_bucket = _BUCKET_HOST.fullmatch(host)
    if of_bucket is not None and not host.endswith((".mtls.storage.googleapis.com", ".rep.storage.googleapis.com")):
        return of_bucket["bucket"], unquote(path[1:])
    if host in _HOSTS and _OF_JSON.match(path) is None:
        bucket, _, name = path[1:].partition("/")
        return unquote(bucket), unquote(name)
    if not host and path != "/":
        bucket, _, name = path[1:].partition("/")
        known = cloud.store.get("storage", f"b/{unquote(bucket)}") is not None
        if known and find(request.verb, "", path[1:]) is None:
            return unquote(bucket), unquote(name)
    return None


def _json(
    cloud: Cloud,
    request: HttpRequest,
    verb: str,
    path: str,
    query: Mapping[str, str],
    body: bytes = b"",
    media: bytes | None = None,
) -> HttpResponse:
    """Ask the JSON API.

    Raises:
        ApiError: It refuses.
    """
    from mockcloud.doors.wire.front import answer

    call = replace(request, verb=verb, path=path, query=urlencode(query), body=body, media=media)
    return raised(answer(cloud, call))


# Buckets
# ---------------------------------------------------------------------------------------------------------------------


def _bucket(cloud: Cloud, request: HttpRequest, bucket: str, query: Mapping[str, str]) -> HttpResponse:
    if request.verb == "HEAD":
        _json(cloud, request, "GET", f"/storage/v1/b/{bucket}", {})
        return HttpResponse(200, {}, b"")
    if request.verb == "PUT":
        project = request.headers.get("x-goog-project-id", "")
        body = json.dumps({"name": bucket}).encode()
        _json(cloud, request, "POST", "/storage/v1/b", {"project": project}, body=body)
        return HttpResponse(200, {}, b"")
    if request.verb == "DELETE":
        _json(cloud, request, "DELETE", f"/storage/v1/b/{bucket}", {})
        return HttpResponse(204, {}, b"")
    if request.verb != "GET":
        raise not_modelled(f"{request.verb} of a bucket in the XML API")
    names = (
        ("prefix", "prefix"),
        ("delimiter", "delimiter"),
        ("max-keys", "maxResults"),
        ("start-after", "startOffset"),
    )
    asked = {there: query[here] for here, there in names if query.get(here)}
    token = query.get("continuation-token") or query.get("marker")
    if token:
        asked["pageToken"] = token
    found = json.loads(_json(cloud, request, "GET", f"/storage/v1/b/{bucket}/o", asked).body)
    return listing(bucket, query, found)


# Objects
# ---------------------------------------------------------------------------------------------------------------------


def _object(cloud: Cloud, request: HttpRequest, bucket: str, name: str, query: Mapping[str, str]) -> HttpResponse:
    path = f"/storage/v1/b/{bucket}/o/{quote(name, safe='')}"
    conditions = {there: request.headers[here] for here, there in _CONDITIONS if here in request.headers}
    if query.get("generation"):
        conditions["generation"] = query["generation"]
    if request.verb in {"GET", "HEAD"}:
        return _json(cloud, request, "GET", path, {**conditions, "alt": "media"})
    if "uploads" in query or "uploadId" in query:
        return multipart.answer(cloud, request, bucket, name, query, _upload)
    if request.verb == "PUT" and "upload_id" not in query:
        source = request.headers.get("x-goog-copy-source", "")
        return _copy(cloud, request, source, bucket, name) if source else _upload(cloud, request, bucket, name)
    if request.verb == "DELETE" and "upload_id" not in query:
        _json(cloud, request, "DELETE", path, conditions)
        return HttpResponse(204, {}, b"")
    if request.verb == "POST" and request.headers.get("x-goog-resumable") != "start":
        raise not_modelled("forms that are posted to the XML API")
    return _in_chunks(cloud, request, bucket, name, query)


def metadata_of(headers: Mapping[str, str]) -> dict[str, Any]:
    """Give what the headers of an upload say of the object."""
    found: dict[str, Any] = {there: headers[here] for here, there in _METADATA if headers.get(here)}
    own = {key.removeprefix("x-goog-meta-"): value for key, value in headers.items() if key.startswith("x-goog-meta-")}
    return {**found, **({"metadata": own} if own else {})}


def _upload(cloud: Cloud, request: HttpRequest, bucket: str, name: str) -> HttpResponse:
    """Make an object of the request's body."""
    metadata = {**metadata_of(request.headers), "name": name}
    headers = {key: value for key, value in request.headers.items() if key not in {"content-encoding", "content-type"}}
    if "content-md5" in headers:
        metadata["md5Hash"] = headers["content-md5"]
    query = {there: headers[here] for here, there in _CONDITIONS if here in headers}
    body = json.dumps(metadata).encode()
    plain = replace(request, headers=headers)
    made = _json(cloud, plain, "POST", f"/storage/v1/b/{bucket}/o", query, body=body, media=request.body)
    found = json.loads(made.body)
    return HttpResponse(200, {"ETag": found["etag"], "X-Goog-Generation": found["generation"]}, b"")


def _copy(cloud: Cloud, request: HttpRequest, source: str, bucket: str, name: str) -> HttpResponse:
    from_bucket, _, from_name = unquote(source.lstrip("/")).partition("/")
    if not from_name:
        raise invalid(f"Invalid copy source: '{source}'.")
    path = f"/storage/v1/b/{from_bucket}/o/{quote(from_name, safe='')}/copyTo/b/{bucket}/o/{quote(name, safe='')}"
    found = json.loads(_json(cloud, request, "POST", path, {}).body)
    return document("CopyObjectResult", element("ETag", found["etag"]) + element("LastModified", found["updated"]))


def _in_chunks(cloud: Cloud, request: HttpRequest, bucket: str, name: str, query: Mapping[str, str]) -> HttpResponse:
    """Begin or go on with an upload in chunks, which is that of the JSON API."""
    from mockcloud.doors.wire.front import answer

    asked = {"name": name, "uploadType": "resumable"}
    body = b"" if request.verb == "POST" else request.body
    headers = {key: value for key, value in request.headers.items() if request.verb != "POST" or key != "content-type"}
    if "upload_id" in query:
        asked = {"uploadType": "resumable", "upload_id": query["upload_id"]}
    elif request.verb == "POST":
        body = json.dumps(metadata_of(request.headers)).encode()
    path = f"/upload/storage/v1/b/{bucket}/o"
    found = answer(cloud, replace(request, path=path, query=urlencode(asked), body=body, headers=headers))
    if found.status == 200 and request.verb == "POST":  # noqa: PLR2004 - the status
        return HttpResponse(201, found.headers, b"")
    return found if found.status == 308 else raised(found)  # noqa: PLR2004 - the status of one that goes on
