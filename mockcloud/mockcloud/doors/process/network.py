"""The real network: which hosts are Google's and answered here, which may be reached, and the refusal of the rest."""

import ipaddress
import socket
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Final

from mockcloud.doors.process import sessions
from mockcloud.errors import Error

_GOOGLE: Final = (
    ".googleapis.com",
    ".vertexai.goog",
    ".pkg.dev",
    ".gcr.io",
    ".run.app",
    ".cloudfunctions.net",
    ".googleusercontent.com",
    ".google.internal",
    ".google.com",
)
"""How the names of Google Cloud's hosts end."""

_ALSO_GOOGLE: Final = frozenset({"gcr.io", "metadata", "169.254.169.254"})
"""The container registry; the metadata server, by its short name and its address."""

_THIS_MACHINE: Final = frozenset({"", "localhost", "localhost.localdomain"})


class NetworkRefused(Error):
    """Something would have left the process while a mock cloud is open.

    It is no connection error, so that no client tries again.
    """


def is_googles(host: str) -> bool:
    """Whether a host is one of Google Cloud's, which the cloud answers."""
    name = host.lower().rstrip(".")
    return name.endswith(_GOOGLE) or name in _ALSO_GOOGLE


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    name = host.lower().rstrip(".")
    if name in _THIS_MACHINE or name.endswith(".localhost") or name == socket.gethostname().lower():
        return True
    address = _address(name)
    return address is not None and (address.is_loopback or address.is_unspecified)


def is_private(host: str) -> bool:
    """Whether a host is an address of a network of the user's own, and not this machine."""
    address = _address(host)
    return address is not None and address.is_private and not address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def permit(host: str) -> None:
    """Let a host that no hook answers be reached, or refuse it.

    Raises:
        NetworkRefused: It is neither this machine nor allowed by a cloud that is open here.
    """
    name = host.lower()
    if not is_loopback(name) and not any(fnmatchcase(name, each) for session in _asked() for each in session.allow):
        raise _refusal(host)


def permit_address(address: str) -> None:
    """Let an address be reached, or refuse it: as `permit`, and the addresses of allowed names may be reached too.

    Raises:
        NetworkRefused: It may not be reached.
    """
    if not any(address in each.resolved for each in _asked()):
        permit(address)


def remember(addresses: Iterable[str]) -> None:
    """Note which addresses an allowed name has."""
    found = set(addresses)
    for each in _asked():
        each.resolved.update(found)


def _asked() -> Iterator[sessions.Session]:
    """Give the clouds that decide here: the context's, else all that are open."""
    session = sessions.of_context()
    yield from [session] if session is not None else list(sessions.OPEN.values())


def _refusal(host: str) -> NetworkRefused:
    if is_googles(host):
        return NetworkRefused(
            "A host of Google Cloud was called in a way that the mock cloud does not answer",
            given=f"a connection of its own to {host}",
            allowed="calls through requests, urllib3, httplib2, httpx, aiohttp, http.client, grpc and grpc.aio",
            remedy="Call it through one of those, or start the mock cloud as a server (groundplan cloud start).",
        )
    return NetworkRefused(
        "The real network is closed while a mock cloud is open",
        given=f"a connection to {host}",
        allowed="Google Cloud's hosts, which the mock cloud answers; this machine; hosts named in mock_gcp(allow=[…])",
        remedy=f'Let a double take its place in the test, or write mock_gcp(allow=["{host}"]).',
    )
