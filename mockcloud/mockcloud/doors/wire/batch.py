"""Batches: several calls in one request, answered one by one (https://cloud.google.com/storage/docs/batch).

A batch is a multipart/mixed body; each part is an HTTP request as text. The parts of the answer stand in the same order
and name the part that they answer. What a part leaves out, above all who calls, the batch says for all.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid
from mockcloud.doors.wire.messages import HttpRequest, HttpResponse, headers_of
from mockcloud.doors.wire.reading import unpacked

MOST: Final = 1000
"""Calls in a batch."""
MOST_OF_STORAGE: Final = 100
"""Calls in a batch for storage."""

_PATH: Final = re.compile(r"/batch(?:/(?P<api>[a-z0-9]+)(?:/[a-z0-9]+)?)?/?")
_BOUNDARY: Final = re.compile(r"multipart/mixed\s*;.*?boundary=(?:\"([^\"]+)\"|([^;,\s]+))", re.IGNORECASE | re.DOTALL)
_END_OF_HEADERS: Final = re.compile(rb"\r?\n\r?\n")
_LONGEST_NUMBER: Final = 12
_KEPT: Final = ("authorization", "user-agent", "x-goog-user-project", "x-goog-api-client")
"""Headers of the batch that hold for each of its parts."""


def batch_answer(cloud: Cloud, request: HttpRequest) -> HttpResponse | None:
    """Answer a batch; None for what is none.

    Raises:
        ApiError: It cannot be read, or holds too much.
    """
    if not request.path.startswith("/batch"):
        return None
    path = _PATH.fullmatch(request.path)
    if path is None or request.verb != "POST":
        return None
    found = _BOUNDARY.match(request.headers.get("content-type", ""))
    if found is None:
        raise invalid("A batch needs the Content-Type multipart/mixed with a boundary.", reason="badRequest")
    parts = list(_parts(unpacked(request), (found[1] or found[2]).encode("latin-1")))
    most = MOST_OF_STORAGE if "storage" in {path["api"], request.host.partition(".")[0]} else MOST
    if not parts or len(parts) > most:
        raise invalid(f"The batch holds {len(parts)} calls. It must hold at least 1, at most {most}.")
    boundary = f"batch_{cloud.ids.hexadecimal('batches', 32)}"
    lines = b"".join(_answered(cloud, request, part, boundary) for part in parts)
    body = lines + f"--{boundary}--\r\n".encode()
    return HttpResponse(200, {"Content-Type": f"multipart/mixed; boundary={boundary}"}, body)


def _parts(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """Give the parts between the boundaries."""
    pieces = (b"\n" + body).split(b"\n--" + boundary)
    if not pieces[-1].startswith(b"--"):
        raise invalid("The batch ends before its last boundary.")
    for piece in pieces[1:-1]:
        yield piece.partition(b"\n")[2].removesuffix(b"\r")


def _answered(cloud: Cloud, request: HttpRequest, part: bytes, boundary: str) -> bytes:
    from mockcloud.doors.wire.front import answer

    outer, content = _split(part)
    inner = _request(request, content)
    response = answer(cloud, inner)
    named = outer.get("content-id", "")
    answered = f"<response-{named.strip('<>')}>" if named.startswith("<") else f"response-{named}"
    headers = [("Content-Length", str(len(response.body))), *response.headers.items()]
    status = f"HTTP/1.1 {response.status} {_phrase(response.status)}"
    head = [
        f"--{boundary}",
        "Content-Type: application/http",
        *([f"Content-ID: {answered}"] if named else []),
        "",
        status,
    ]
    text = "\r\n".join([*head, *(f"{name}: {value}" for name, value in headers), "", ""])
    return text.encode("latin-1", "replace") + response.body + b"\r\n"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _split(text: bytes) -> tuple[dict[str, str], bytes]:
    """Give headers by lower-case name, and what follows."""
    if text.startswith((b"\r\n", b"\n")):
        return {}, text.lstrip(b"\r\n")  # a part may have no headers
    found = _END_OF_HEADERS.search(text)
    head, rest = (text[: found.start()], text[found.end() :]) if found is not None else (text, b"")
    pairs = (line.partition(":") for line in head.decode("latin-1").splitlines())
    return headers_of((name.strip(), value.strip()) for name, colon, value in pairs if colon), rest


def _request(batch: HttpRequest, content: bytes) -> HttpRequest:
    line, _, rest = content.lstrip(b"\r\n").partition(b"\n")
    try:
        verb, address, *_ = line.decode("latin-1").split()
        target = urlsplit(_bare(address))
        host = target.hostname or batch.host
    except ValueError:
        raise invalid("A part of the batch does not begin with a request line such as `GET /v1/…`.") from None
    headers, body = _split(rest)
    length = headers.get("content-length", "")
    if length.isdigit() and len(length) < _LONGEST_NUMBER:
        body = body[: int(length)]
    kept = {name: batch.headers[name] for name in _KEPT if name in batch.headers}
    path = target.path if target.path.startswith("/") else f"/{target.path}"
    if path.startswith("/batch"):
        raise invalid("A batch cannot hold another batch.")
    return HttpRequest(verb.upper(), host, path, target.query, {**kept, **headers}, body, door=batch.door)


def _bare(target: str) -> str:
    # Two slashes at the front would be read as a host.
    return "/" + target.lstrip("/") if target.startswith("/") else target
