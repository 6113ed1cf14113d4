"""An HTTP request and its answer, as every door hands them over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

LARGEST: Final = 100 * 2**20
"""Bytes of a body that are read, packed or not."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it came.

    Attributes:
        verb: `GET`, `POST`, …
        host: Host that it was sent to, without the port; "" for one that says nothing, such as a loopback address.
        path: Path, percent-encoded, with the first slash.
        query: What follows the question mark.
        headers: By lower-case name.
        body: The bytes of the body, as sent.
        media: Media that came beside the body; None for none. `doors/media.py` sets it.
        door: By which door it came.
    """

    verb: str
    host: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    media: bytes | None = None
    door: str = "rest"


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What is sent back.

    Attributes:
        status: HTTP status.
        headers: By name.
        body: The bytes.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def headers_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give headers by lower-case name; one that comes several times is joined with commas (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
