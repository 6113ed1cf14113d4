"""Who may use the console: browsers and tools of this machine, and no page of the internet.

Three things keep pages out. A name that an attacker's server points at 127.0.0.1 is refused as Host (DNS rebinding).
What a browser marks as coming from another site is refused by Origin and Sec-Fetch-Site. And the API wants a header
that a page of another site can send only after asking by CORS, which is never granted.
"""

import ipaddress
import json
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from mockcloud.doors.environment import GOOGLE_DOMAINS

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEADER: Final = "x-mock-cloud"
"""The header that every call of the console's API carries, with any value."""

_HERE: Final = frozenset({"same-origin", "none", ""})
"""What Sec-Fetch-Site says of a page of ours, of an address that somebody typed, and of no browser."""


def header(scope: Scope, name: bytes) -> str:
    """Give a header of a request; "" for none."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return ""


def names_this_machine(host: str) -> bool:
    """Whether a Host names this machine in a way that no attacker's DNS can: `localhost`, or an address in digits."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or bool(ipaddress.ip_address(name))
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def is_host_here(host: str) -> bool:
    """Whether a Host may be meant by somebody who calls a server of this machine for Google's APIs.

    It names this machine, a host of Google, or has no dot, as names in a network of containers. What else an attacker's
    DNS could point here.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return "." not in name or names_this_machine(host) or f".{name}".endswith(_GOOGLE)


_GOOGLE: Final = tuple(f".{each}" for each in GOOGLE_DOMAINS)


def is_origin_here(origin: str) -> bool:
    """Whether an Origin is a page that this machine serves: a developer's own application."""
    try:
        name = urlsplit(origin).hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def problem(scope: Scope) -> str:
    """Say why a request may not use the console; "" where it may."""
    host, origin = header(scope, b"host"), header(scope, b"origin")
    if not names_this_machine(host):
        return "the console answers to localhost or an address in digits, not to other names"
    if origin and origin != f"http://{host}":
        return "the console answers its own page only"
    if header(scope, b"sec-fetch-site") not in _HERE:
        return "the console answers its own page only"
    if scope["path"] != "/" and not header(scope, HEADER.encode()):
        return f"the header {HEADER} is missing"
    return ""


async def refuse(send: Send, why: str, status: int = 403) -> None:
    """Answer that something may not be."""
    body = json.dumps({"error": {"code": status, "message": why, "status": "PERMISSION_DENIED"}}).encode()
    headers = [(b"content-type", b"application/json; charset=UTF-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
