"""HTTP/1.1 byte by byte, for libraries that are hooked where they would write to a connection."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from mockcloud.doors.process.exchange import exchange
from mockcloud.doors.process.sessions import NoCloud

_END: Final = b"\r\n\r\n"


class Conversation:
    """One connection: what a client writes goes in, the answers come out.

    Args:
        origin: Where the connection leads: `https://storage.googleapis.com`.
        reply: Takes the bytes of each answer.
    """

    def __init__(self, origin: str, reply: Callable[[bytes], None]) -> None:
        self._origin = origin
        self._reply = reply
        self._read = b""

    def feed(self, data: bytes) -> None:
        """Take bytes that the client writes.

        Raises:
            NoCloud: It cannot be told which cloud a request belongs to, or no cloud is open any more.
        """
        self._read += data
        while (whole := self._request()) is not None:
            self._reply(whole)

    def _request(self) -> bytes | None:
        """Answer the first request, if all of it is there."""
        head, end, rest = self._read.partition(_END)
        if not end:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        verb, target, _ = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        found = _body(headers, rest)
        if found is None:
            return None
        body, self._read = found
        url = target if "://" in target else self._origin + target
        return self._answer(verb, url, headers, body)

    def _answer(self, verb: str, url: str, headers: dict[str, str], body: bytes) -> bytes:
        answered = exchange(verb, url, headers, body)
        if answered is None:
            raise NoCloud(
                "A connection to a mock cloud is used although the cloud is closed",
                given=f"{verb} {url}",
                allowed="a call while the cloud is open",
                remedy="Close the client before its cloud.",
            )
        phrase = HTTPStatus(answered.status).phrase if answered.status in set(HTTPStatus) else ""
        lines = [
            f"HTTP/1.1 {answered.status} {phrase}",
            *(f"{name}: {value}" for name, value in answered.headers.items()),
        ]
        return "\r\n".join(lines).encode("latin-1") + _END + (b"" if verb == "HEAD" else answered.body)


def _body(headers: dict[str, str], rest: bytes) -> tuple[bytes, bytes] | None:
    """Give the body and what follows it; None where it is not all there."""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _chunks(rest)
    size = int(headers.get("content-length") or 0)
    return (rest[:size], rest[size:]) if len(rest) >= size else None


def _chunks(rest: bytes) -> tuple[bytes, bytes] | None:
    parts = []
    while True:
        line, end, rest = rest.partition(b"\r\n")
        if not end:
            return None
        size = int(line.partition(b";")[0], 16)
        if len(rest) < size + 2:
            return None
        parts.append(rest[:size])
        rest = rest[size + 2 :]
        if size == 0:
            return b"".join(parts), rest
