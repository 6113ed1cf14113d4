"""Calls of Google's APIs, as the provider makes them: URLs, bodies, operations that take time."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import quote

from mockcloud.errors import Error

NOT_FOUND: Final = 404
"""HTTP status of what is not there."""

_POLLS: Final = 400
"""How often an operation is asked for at most: for more than three hours, as long as the slowest of them take."""

_SOON: Final = 200
"""How many looks at it follow one another quickly."""

_LATER: Final = 60.0
"""Seconds between the looks after those."""

_JSON: Final = "application/json"

_PASSING: Final = frozenset({502, 503})
"""HTTP statuses of what may be better in a moment."""

_AGAIN: Final = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each further try."""


class Transport(Protocol):
    """Sends a request to a cloud, and waits."""

    def send(
        self, verb: str, host: str, path: str, query: str, body: bytes, media: str = "application/json"
    ) -> tuple[int, bytes]:
        """Send a request, and give status and body of the answer. The path begins with a slash.

        `media` is the type of the body.
        """

    def wait(self, seconds: float) -> None:
        """Let time pass; virtual time where the cloud's time is."""

    def now(self) -> datetime:
        """Give the cloud's time, in UTC."""


class Refused(Error):
    """The cloud refused a call.

    Attributes:
        status: HTTP status.
        message: The cloud's message.
        reason: The cloud's status: `ALREADY_EXISTS`.
    """

    def __init__(self, status: int, message: str, reason: str, call: str) -> None:
        self.status, self.message, self.reason = status, message, reason
        super().__init__(
            f"The cloud refused {call}",
            given=f"{status} {reason}: {message}".replace(" : ", ": "),
            allowed="",
            remedy="",
        )


@dataclass(frozen=True)
class Api:
    """The APIs of one cloud. What is not available for the moment is asked for again, as the provider does.

    Attributes:
        transport: What sends.
        seconds: How long to wait between two looks at an operation that has not been going on for long.
    """

    transport: Transport
    seconds: float = 2.0

    def call(self, verb: str, host: str, path: str, body: object = None) -> dict[str, Any]:
        """Make a call.

        Args:
            verb: HTTP method.
            host: Host.
            path: Path without the first slash, and the query.
            body: The JSON of the body; None for none.

        Raises:
            Refused: The cloud refused it.
        """
        written = b"" if body is None else json.dumps(body).encode()
        return self._sent(verb, host, path, written, _JSON)

    def pages(self, host: str, path: str, items: str) -> Iterator[Any]:
        """Give the items of all pages of a list.

        Args:
            host: Host.
            path: Path without the first slash, and the query.
            items: Path of the field that lists them; `items.*.addresses` for a list of each of several places.

        Raises:
            Refused: The cloud refused it.
        """
        token, mark = "", "&" if "?" in path else "?"
        while True:
            found = self.call("GET", host, path + (f"{mark}pageToken={quote(token, safe='')}" if token else ""))
            yield from _items(found, items.split("."))
            token = str(found.get("nextPageToken") or "")
            if not token:
                return

    def download(self, host: str, path: str) -> bytes:
        """Download media.

        Args:
            host: Host.
            path: Path without the first slash, and the query.

        Raises:
            Refused: The cloud refused it.
        """
        return self._answered("GET", host, path, b"", _JSON)

    def upload(self, host: str, path: str, body: Mapping[str, Any], content: bytes) -> dict[str, Any]:
        """Upload media with what is said of them, in one request.

        Args:
            host: Host.
            path: Path without the first slash.
            body: What is said of them.
            content: The bytes.

        Raises:
            Refused: The cloud refused it.
        """
        boundary = f"part-{hashlib.sha256(content).hexdigest()}"
        kind = str(body.get("contentType", "application/octet-stream"))
        parts = (("application/json", json.dumps(body).encode()), (kind, content))
        packed = b"".join(
            f"--{boundary}\r\nContent-Type: {media}\r\n\r\n".encode() + each + b"\r\n" for media, each in parts
        )
        packed += f"--{boundary}--".encode()
        media = f"multipart/related; boundary={boundary}"
        return self._sent("POST", host, f"{path}?uploadType=multipart", packed, media)

    def _sent(self, verb: str, host: str, path: str, written: bytes, media: str) -> dict[str, Any]:
        found = _read(self._answered(verb, host, path, written, media))
        return found if isinstance(found, dict) else {}

    def _answered(self, verb: str, host: str, path: str, written: bytes, media: str) -> bytes:
        path, _, query = path.partition("?")
        status, answer = self.transport.send(verb, host, f"/{path}", query, written, media)
        for seconds in _AGAIN:
            if status not in _PASSING:
                break
            self.transport.wait(seconds)
            status, answer = self.transport.send(verb, host, f"/{path}", query, written, media)
        if status >= 400:  # noqa: PLR2004 - HTTP's own limit
            found = _read(answer)
            error = found.get("error") if isinstance(found, dict) else None
            told = error if isinstance(error, dict) else {}
            raise Refused(status, str(told.get("message", "")), str(told.get("status", "")), f"{verb} {host}/{path}")
        return answer

    def find(self, host: str, path: str) -> dict[str, Any] | None:
        """Read something; None where it is not there.

        Args:
            host: Host.
            path: Path without the first slash, and the query.

        Raises:
            Refused: The cloud refused it otherwise.
        """
        try:
            return self.call("GET", host, path)
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise
            return None

    def remove(self, verb: str, host: str, path: str, body: object = None) -> dict[str, Any]:
        """Make a call that takes something away: it is well too where the thing is not there.

        Args:
            verb: HTTP method.
            host: Host.
            path: Path without the first slash, and the query.
            body: The JSON of the body; None for none.

        Returns:
            The answer; empty where the thing was not there.

        Raises:
            Refused: The cloud refused it otherwise.
        """
        try:
            return self.call(verb, host, path, body)
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise
            return {}

    def finish(self, host: str, version: str, answer: Mapping[str, Any]) -> dict[str, Any] | None:
        """Wait for an operation, where the answer is one.

        Args:
            host: Host of the API.
            version: What stands before its paths.
            answer: The answer of the call.

        Returns:
            What the operation ended with; None where it does not say, or the answer is no operation.

        Raises:
            Refused: The operation failed.
        """
        path = poll_path(version, answer)
        if path is None:
            return None
        for looks in range(_POLLS):
            if done(answer):
                _raise_failure(answer, path)
                found = answer.get("response")
                return dict(found) if isinstance(found, Mapping) and len(found) > 1 else None
            self.transport.wait(self.seconds if looks < _SOON else _LATER)
            answer = self.call("GET", host, path)
        raise Refused(504, f"the operation did not end: {path}", "DEADLINE_EXCEEDED", f"GET {path}")


def _read(answer: bytes) -> object:
    """Read an answer's JSON; nothing of one that is none."""
    try:
        return json.loads(answer) if answer else {}
    except ValueError:
        return {}


def _items(found: object, path: Sequence[str]) -> Iterator[Any]:
    """Give what the lists at a path below an answer hold; `*` stands for each of a map."""
    if not path:
        yield from found if isinstance(found, list) else ()
    elif isinstance(found, Mapping):
        for each in found.values() if path[0] == "*" else [found.get(path[0])]:
            yield from _items(each, path[1:])


def poll_path(version: str, answer: Mapping[str, Any]) -> str | None:
    """Give the path at which an operation is asked for; None for an answer that is no operation."""
    kind, name = str(answer.get("kind", "")), str(answer.get("name", ""))
    if kind.endswith("#operation") or ("operationType" in answer and "selfLink" in answer):
        link = str(answer.get("selfLink", ""))
        below = link.partition("://")[2].partition("/")[2]
        return below or None
    if "/operations/" in name or name.startswith("operations/"):
        return f"{version}/{name}" if not name.startswith(version) else name
    return None


def done(answer: Mapping[str, Any]) -> bool:
    """Whether an operation has ended: by `done`, or by `status` in the older APIs."""
    return bool(answer.get("done")) or answer.get("status") == "DONE"


def _raise_failure(answer: Mapping[str, Any], path: str) -> None:
    error = answer.get("error")
    if not error:
        return
    first = (error.get("errors") or [error])[0] if isinstance(error, Mapping) else {}
    status = answer.get("httpErrorStatusCode") or 400
    raise Refused(int(status), str(first.get("message", error)), str(first.get("status", first.get("code", ""))), path)
