"""Requests for what is no method of a description: media, batches, XML, tokens, the metadata server, descriptions."""

import json
import random
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urlencode

from mockcloud.doors.wire import HttpRequest

_NAMES: Final = ("acme", "a", "b.txt", "dir/file", "ü", "%2F", "", "x" * 300, "..", "a b", "-", "1")
_BODIES: Final = (
    *(b"", b"text", b"{}", b'{"name": "a"}', b"\xff\xfe", b"[]", b"null", b"<x/>", b"<a><b>", b"\x1f\x8b\x08"),
    *(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<Delete><Object><Key>a</Key></Object></Delete>"),
    b"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>",
)
_RANGES: Final = ("bytes 0-3/4", "bytes 0-3/*", "bytes */*", "bytes */4", "bytes 5-1/2", "bytes=0-1", "bytes=-1", "x")
_NUMBERS: Final = ("0", "1", "-1", "x", "", "9" * 30)
_CONDITIONS: Final = (
    *("generation", "ifGenerationMatch", "ifGenerationNotMatch", "ifMetagenerationMatch", "ifSourceGenerationMatch"),
    *("rewriteToken", "maxBytesRewrittenPerCall", "maxResults", "pageToken", "predefinedAcl", "userProject"),
)
_XML: Final = (
    *("uploads", "uploadId", "partNumber", "acl", "cors", "lifecycle", "versioning", "location", "delete", "list-type"),
    *("prefix", "delimiter", "max-keys", "marker", "X-Goog-Signature", "X-Goog-Expires", "X-Goog-Date", "Expires"),
    *("X-Goog-Algorithm", "X-Goog-Credential", "X-Goog-SignedHeaders", "GoogleAccessId", "Signature"),
)
_STORAGE: Final = "storage.googleapis.com"


def elsewhere(chance: random.Random) -> HttpRequest:
    """Make a request."""
    return chance.choice(_KINDS)(chance)


def _name(chance: random.Random) -> str:
    return quote(chance.choice(_NAMES), safe="%")


def _some(chance: random.Random, names: tuple[str, ...], most: int = 3) -> list[tuple[str, str]]:
    return [(chance.choice(names), chance.choice((*_NUMBERS, *_NAMES))) for _ in range(chance.randint(0, most))]


def _bucket(chance: random.Random) -> HttpRequest:
    """Make a bucket, so that there is one."""
    body = json.dumps({"name": "acme", "versioning": {"enabled": chance.random() < 0.5}}).encode()  # noqa: PLR2004 - half
    return HttpRequest("POST", _STORAGE, "/storage/v1/b", "project=acme", {"content-type": "application/json"}, body)


def _upload(chance: random.Random) -> HttpRequest:
    kind = chance.choice(("media", "multipart", "resumable", "x", ""))
    query = [("uploadType", kind), ("name", chance.choice(_NAMES)), *_some(chance, _CONDITIONS)]
    if chance.random() < 0.2:  # noqa: PLR2004 - now and then
        query.append(("upload_id", chance.choice(_NAMES)))
    body, headers = chance.choice(_BODIES), {"content-type": chance.choice(("text/plain", "application/json", "x"))}
    if kind == "multipart":
        headers["content-type"] = chance.choice(("multipart/related; boundary=b", "multipart/related", "multipart/x"))
        body = b"--b\r\nContent-Type: application/json\r\n\r\n" + body + b"\r\n--b\r\n\r\n" + body + b"\r\n--b--\r\n"
        body = body[: chance.choice((len(body), len(body) // 2))]
    if chance.random() < 0.3:  # noqa: PLR2004 - now and then
        headers["content-range"] = chance.choice(_RANGES)
    path = chance.choice(
        ("/upload/storage/v1/b/acme/o", f"/resumable/upload/storage/v1/b/{_name(chance)}/o", "/upload/x")
    )
    return HttpRequest(chance.choice(("POST", "PUT", "PATCH")), _STORAGE, path, urlencode(query), headers, body)


def _download(chance: random.Random) -> HttpRequest:
    path = f"{chance.choice(('/download', ''))}/storage/v1/b/acme/o/{_name(chance)}"
    query = [("alt", chance.choice(("media", "json", "x"))), *_some(chance, _CONDITIONS)]
    headers = {"range": chance.choice(_RANGES), "x-goog-encryption-algorithm": "AES256", "x-goog-encryption-key": "x"}
    kept = {name: value for name, value in headers.items() if chance.random() < 0.3}  # noqa: PLR2004 - now and then
    return HttpRequest(chance.choice(("GET", "HEAD", "DELETE")), _STORAGE, path, urlencode(query), kept)


def _xml(chance: random.Random) -> HttpRequest:
    host = chance.choice((_STORAGE, "acme.storage.googleapis.com"))
    path = f"/{_name(chance)}/{_name(chance)}"
    headers = {"range": chance.choice(_RANGES)} | ({"x-goog-copy-source": f"/acme/{_name(chance)}"})
    kept = {name: value for name, value in headers.items() if chance.random() < 0.3}  # noqa: PLR2004 - now and then
    verb, query = chance.choice(("GET", "PUT", "POST", "DELETE", "HEAD")), urlencode(_some(chance, _XML))
    return HttpRequest(verb, host, path, query, kept, chance.choice(_BODIES))


def _batch(chance: random.Random) -> HttpRequest:
    line = chance.choice(
        ("GET /storage/v1/b/acme", "DELETE /storage/v1/b/acme/o/a", "POST /batch", "nonsense", "", "GET")
    )
    part = b"Content-Type: application/http\r\nContent-ID: <b+1>\r\n\r\n" + line.encode() + b" HTTP/1.1\r\n\r\n"
    body = b"--b\r\n" + part + chance.choice(_BODIES) + b"\r\n" + chance.choice((b"--b--", b"", b"--b\r\n"))
    kind = chance.choice(("multipart/mixed; boundary=b", 'multipart/mixed; boundary="b"', "multipart/mixed", "x"))
    path = chance.choice(("/batch", "/batch/storage/v1", "/batch/compute/v1", "/batch/"))
    return HttpRequest("POST", chance.choice((_STORAGE, "www.googleapis.com")), path, "", {"content-type": kind}, body)


def _token(chance: random.Random) -> HttpRequest:
    grants = ("urn:ietf:params:oauth:grant-type:jwt-bearer", "refresh_token", "authorization_code", "x", "")
    exchange = "urn:ietf:params:oauth:grant-type:token-exchange"
    form = {
        "grant_type": chance.choice((*grants, exchange)),
        "grantType": exchange,
        "assertion": chance.choice(("", "a.b.c", "e30.e30.e30", "é", "x" * 300)),
        "refresh_token": chance.choice(_NAMES),
        "audience": chance.choice(
            ("", "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p", "x")
        ),
        "subject_token": chance.choice(("", "a.b.c", "{}", "[]", "%7B%7D", "null")),
        "subject_token_type": chance.choice(("urn:ietf:params:oauth:token-type:jwt", "x", "")),
        "access_token": chance.choice(("x", "ya29.x", "mock.user:a@acme.test", "")),
    }
    kept = {name: value for name, value in form.items() if chance.random() < 0.7}  # noqa: PLR2004 - mostly
    if chance.random() < 0.7:  # noqa: PLR2004 - mostly
        body, kind = urlencode(kept).encode(), "application/x-www-form-urlencoded"
    else:
        body, kind = chance.choice((json.dumps(kept).encode(), *_BODIES)), "application/json"
    host, path = chance.choice(
        (
            *(("oauth2.googleapis.com", "/token"), ("accounts.google.com", "/o/oauth2/token")),
            *(("oauth2.googleapis.com", "/revoke"), ("oauth2.googleapis.com", "/tokeninfo")),
            *(("www.googleapis.com", "/oauth2/v3/userinfo"), ("openidconnect.googleapis.com", "/v1/userinfo")),
            *(("sts.googleapis.com", "/v1/token"), ("sts.googleapis.com", "/v1/introspect")),
            *(("www.googleapis.com", "/oauth2/v1/certs"), ("www.googleapis.com", "/robot/v1/metadata/x509/a@b")),
        )
    )
    verb = chance.choice(("POST", "POST", "GET"))
    return HttpRequest(verb, host, path, urlencode(kept) if verb == "GET" else "", {"content-type": kind}, body)


def _metadata(chance: random.Random) -> HttpRequest:
    root, account = "/computeMetadata/v1", "/instance/service-accounts"
    path = chance.choice(
        (
            *("/", "", root, f"{root}/", f"{root}/project/project-id", f"{root}/instance/zone", f"{root}/{'a/' * 50}"),
            *(
                f"{root}{account}/default/token",
                f"{root}{account}/default/identity",
                f"{root}{account}/{_name(chance)}/",
            ),
        )
    )
    query = urlencode(
        _some(chance, ("recursive", "scopes", "audience", "format", "licenses", "alt", "wait_for_change"))
    )
    headers = {"metadata-flavor": "Google"} if chance.random() < 0.8 else {}  # noqa: PLR2004 - mostly
    return HttpRequest("GET", "metadata.google.internal", path, query, headers)


def _description(chance: random.Random) -> HttpRequest:
    path = chance.choice(
        ("/$discovery/rest", "/discovery/v1/apis", "/discovery/v1/apis/storage/v1/rest", "/discovery/v2")
    )
    query = urlencode(_some(chance, ("version", "labels", "key")))
    return HttpRequest("GET", chance.choice((_STORAGE, "www.googleapis.com", "kms.googleapis.com")), path, query)


def _deployed(chance: random.Random) -> HttpRequest:
    host = chance.choice(
        ("a.run.app", "europe-docker.pkg.dev", "gcr.io", "x.cloudfunctions.net", "nobody.googleapis.com")
    )
    host = chance.choice((host, "123.us-central1-1.prediction.vertexai.goog", "1.aiplatform.googleapis.com"))
    path = chance.choice(("/", "/v2/", "/v1/models/1:predict", f"/{_name(chance)}"))
    return HttpRequest(chance.choice(("GET", "POST")), host, path, "", {}, chance.choice(_BODIES))


_KINDS: Final[tuple[Callable[[random.Random], HttpRequest], ...]] = (
    *(_bucket, _upload, _upload, _download, _download, _xml, _xml, _batch, _token, _token),
    *(_metadata, _description, _deployed),
)
