"""Media over HTTP: uploads in one piece, with metadata, or in chunks, and the paths for downloads.

What comes in such a form is turned into the plain request that it stands for, with the media beside its body. The
protocol is that of Google's media servers: https://cloud.google.com/storage/docs/resumable-uploads (2026-11).
"""

import json
import re
from ast import literal_eval
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, invalid, not_found, unavailable
from mockcloud.cloud.store import Record
from mockcloud.discovery.catalogue import find
from mockcloud.doors.wire.messages import LARGEST, HttpRequest, HttpResponse

_UPLOAD: Final = re.compile(r"/(?P<host>[^/]+/)??(?:resumable/)?upload/(?P<rest>.*)", re.DOTALL)
_DOWNLOAD: Final = re.compile(r"/(?P<host>[^/]+/)??download/(?P<rest>.*)", re.DOTALL)
_RANGE: Final = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_ASKED_FIRST: Final = frozenset({"storage", "bigquery"})
"""APIs whose insert looks at a call when an upload begins, before there is media."""
_KEPT: Final = ("authorization", "user-agent", "x-goog-user-project", "x-goog-hash", "x-upload-content-type")
_MOST_METADATA: Final = 64 * 1024
"""Bytes of metadata that are read where they are not quite JSON."""
_SENDING: Final = frozenset({"POST", "PUT"})
_LOCAL: Final = ("127.0.0.1", "localhost", "[::1]", "0.0.0.0")  # noqa: S104 - a name that a client may use


def media_answer(cloud: Cloud, request: HttpRequest) -> HttpResponse | None:
    """Answer a request for media; None for one that is none.

    Raises:
        ApiError: The form is wrong, or the upload is unknown.
    """
    path = request.path
    if "load/" not in path:
        return None
    download = _DOWNLOAD.fullmatch(path)
    if download is not None and find("GET", request.host, (plain := _joined(download))[1:]) is not None:
        return _plain(cloud, replace(request, path=plain))
    upload = _UPLOAD.fullmatch(path)
    if upload is None or find("POST", request.host, (plain := _joined(upload))[1:]) is None:
        return None
    return _upload(cloud, request, replace(request, path=plain))


def _upload(cloud: Cloud, request: HttpRequest, plainly: HttpRequest) -> HttpResponse:
    query = {key: values[-1] for key, values in parse_qs(request.query, keep_blank_values=True).items()}
    if request.verb not in _SENDING and not (request.verb == "DELETE" and "upload_id" in query):
        raise not_found(request.path, what="The upload path")  # what only reads changes nothing
    if "upload_id" in query:
        return _continue(cloud, plainly, query["upload_id"])
    kind = query.get("uploadType") or request.headers.get("x-goog-upload-protocol", "media")
    if kind == "resumable":
        return _start(cloud, request, plainly)
    if kind == "multipart" or request.headers.get("content-type", "").startswith("multipart/related"):
        return _plain(cloud, _from_multipart(plainly))
    headers = {**request.headers, "x-upload-content-type": request.headers.get("content-type", "")}
    headers.pop("content-encoding", None)
    return _plain(cloud, replace(plainly, headers=headers, body=b"", media=request.body))


def _joined(found: re.Match[str]) -> str:
    return f"/{found['host'] or ''}{found['rest']}"


def _plain(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    """Answer the plain request that one for media stands for."""
    from mockcloud.doors.wire.front import answer

    return answer(cloud, request)


def _from_multipart(request: HttpRequest) -> HttpRequest:
    found = re.search(r"boundary=(?:\"([^\"]+)\"|([^;,\s]+))", request.headers.get("content-type", ""))
    if found is None:
        raise invalid("A multipart upload needs a Content-Type with a boundary.", reason="badContent")
    boundary = b"--" + (found[1] or found[2]).encode("latin-1")
    pieces = (b"\r\n" + request.body).split(b"\r\n" + boundary)
    if len(pieces) != 4 or not pieces[3].startswith(b"--"):  # noqa: PLR2004 - what precedes, two parts, the end
        pieces = (b"\n" + request.body).split(b"\n" + boundary)
    if len(pieces) != 4 or not pieces[3].startswith(b"--"):  # noqa: PLR2004 - as above
        raise invalid("A multipart upload has two parts: metadata as JSON, and the media.", reason="badContent")
    _, metadata = _part(pieces[1])
    headers, media = _part(pieces[2])
    kept = {key: value for key, value in request.headers.items() if key != "content-encoding"}
    kept["x-upload-content-type"] = headers.get("content-type", "")
    return replace(request, headers=kept, body=_json(metadata.strip() or b"{}"), media=media)


def _json(metadata: bytes) -> bytes:
    """Give metadata as JSON. Google reads texts in single quotes too, and its own client for corpora sends them so."""
    if not metadata.startswith(b"{'") or len(metadata) > _MOST_METADATA:
        return metadata
    try:
        return json.dumps(literal_eval(metadata.decode())).encode()
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return metadata  # whoever reads it says what is wrong


def _part(piece: bytes) -> tuple[dict[str, str], bytes]:
    """Give headers and content of a part."""
    found = re.search(rb"\r?\n\r?\n", piece)
    if found is None:
        raise invalid("A part of the multipart upload has no blank line behind its headers.", reason="badContent")
    lines = piece[: found.start()].decode("latin-1").splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}, piece[found.end() :]


# Uploads in chunks
# ---------------------------------------------------------------------------------------------------------------------


def _start(cloud: Cloud, sent: HttpRequest, plainly: HttpRequest) -> HttpResponse:
    found = find("POST", plainly.host, plainly.path.lstrip("/"))
    if found is None:
        raise not_found(sent.path, what="The upload path")
    api = found.match.method.api
    body = plainly.body or b"{}"
    if api in _ASKED_FIRST:
        asked = _plain(cloud, replace(plainly, body=body))
        if asked.status >= 400:  # noqa: PLR2004 - the first status that refuses
            return asked
    headers = {key: value for key, value in sent.headers.items() if key in _KEPT}
    with cloud.alone():
        identifier = cloud.ids.hexadecimal("uploads", 48)
        cloud.create(
            Record(
                api,
                f"uploads/{identifier}",
                {"verb": "POST", "host": plainly.host, "path": plainly.path, "query": sent.query},
                {"body": body, "headers": headers, "parts": [], "size": 0, "answer": None},
            )
        )
    query = urlencode({"uploadType": "resumable", "upload_id": identifier})
    headers = {
        "Location": f"{_origin(sent)}{sent.path}?{query}",
        "X-GUploader-UploadID": identifier,
        "Content-Type": "text/html; charset=UTF-8",
    }
    return HttpResponse(200, headers, b"")


def _origin(request: HttpRequest) -> str:
    """Give scheme and authority under which the client reached us."""
    authority = request.headers.get("host") or request.host or "www.googleapis.com"
    scheme = "http" if authority.startswith(_LOCAL) else "https"
    return f"{scheme}://{authority}"


def _continue(cloud: Cloud, request: HttpRequest, identifier: str) -> HttpResponse:
    with cloud.alone():
        found = find("POST", request.host, request.path.lstrip("/"))
        record = cloud.store.get(found.match.method.api, f"uploads/{identifier}") if found else None
        if record is None:
            raise not_found(identifier, what="Upload")
        if request.verb == "DELETE":
            cloud.delete(record)
            return HttpResponse(499, {"Content-Type": "text/plain"}, b"")
        done = record.hidden["answer"]
        if done is not None:
            return HttpResponse(done["status"], done["headers"], done["body"])
        record, total = _received(cloud, record, request)
        size = record.hidden["size"]
        if total is None or size < total:
            headers = {"Range": f"bytes=0-{size - 1}"} if size else {}
            return HttpResponse(308, {"X-GUploader-UploadID": identifier, **headers}, b"")
        return _finish(cloud, record, request)


def _received(cloud: Cloud, record: Record, request: HttpRequest) -> tuple[Record, int | None]:
    """Keep what a chunk brings that is new; give the upload, and its size as far as the client has told it."""
    size: int = record.hidden["size"]
    text = request.headers.get("content-range", "")
    start, total = 0, None if text else len(request.body)
    chunk = request.body
    if text:
        found = _RANGE.fullmatch(text.strip())
        if found is None:
            raise invalid(f"Failed to parse Content-Range header: '{text}'.", reason="badRequest")
        total = None if found[3] == "*" else int(found[3])
        start = int(found[1] or size)
        expected = int(found[2]) - start + 1 if found[1] else 0
        if found[1] and expected != len(chunk):
            raise invalid(f"Content-Range tells {expected} bytes, and {len(chunk)} came.", reason="badRequest")
    if start > size:
        raise unavailable(f"The chunk begins at byte {start}, and {size} bytes are there.")
    new = chunk[size - start :]
    if size + len(new) > LARGEST:
        raise ApiError(413, "INVALID_ARGUMENT", "The upload is too large.", reason="uploadTooLarge")
    if not new:
        return record, total
    hidden = {**record.hidden, "parts": [*record.hidden["parts"], new], "size": size + len(new)}
    return cloud.change(record, record.body, hidden=hidden), total


def _finish(cloud: Cloud, record: Record, request: HttpRequest) -> HttpResponse:
    """Make the call that the upload was for. A refusal can be mended and tried again, so the media stays."""
    kept: Mapping[str, Any] = record.hidden
    headers = {**{key: value for key, value in request.headers.items() if key in _KEPT}, **kept["headers"]}
    call = replace(
        request,
        verb=record.body["verb"],
        path=record.body["path"],
        query=record.body["query"],
        headers=headers,
        body=kept["body"],
        media=b"".join(kept["parts"]),
    )
    answer = _plain(cloud, call)
    if answer.status < 400:  # noqa: PLR2004 - the first status that refuses
        done = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
        # The client's token is of no more use, and the upload may be kept on disk.
        cloud.change(record, record.body, hidden={**kept, "headers": {}, "parts": [], "answer": done})
    return answer
