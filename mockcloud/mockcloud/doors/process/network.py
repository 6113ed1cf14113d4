"""The real network: which hosts are Google's and answered here, which may be reached, and the refusal of the rest."""

import ipaddress
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
    ".goog",
)
_METADATA: Final = frozenset({"metadata", "metadata.google.internal", "169.254.169.254", "gcr.io"})
_LOOPBACK: Final = frozenset({"localhost", ""})


class NetworkRefused(Error):
    """Something would have left the process while a mock cloud is open.

    It is no connection error, so that no client tries again.
    """


def is_googles(host: str) -> bool:
    """Whether a host is one of Google Cloud's, which the cloud answers."""
    name = host.lower().rstrip(".")
    return name.endswith(_GOOGLE) or name in _METADATA


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    name = host.lower()
    if name in _LOOPBACK or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def permit(host: str) -> None:
    """Let a host that is not Google's be reached, or refuse it.

    Raises:
        NetworkRefused: It is neither this machine nor allowed by a cloud that is open here.
    """
    session = sessions.of_context()
    allowing = [session] if session is not None else list(sessions.OPEN.values())
    if is_loopback(host) or any(host.lower() in each.allow for each in allowing):
        return
    raise NetworkRefused(
        "The real network is closed while a mock cloud is open",
        given=f"a connection to {host}",
        allowed="Google Cloud's hosts, which the mock cloud answers, this machine's own (localhost), and the hosts "
        "that `mock_gcp(allow=[…])` names",
        remedy=f'Replace what connects there by a double, or write mock_gcp(allow=["{host}"]).',
    )
