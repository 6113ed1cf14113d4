"""The standard library's sockets: the last place where what no other hook has seen is refused."""

import functools
from socket import NI_NUMERICHOST

from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign
from mockcloud.doors.process.network import permit_address, remember


def install(socket: Foreign) -> None:
    """Hook `socket`."""
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
        setattr(socket, name, _resolving(getattr(socket, name)))
    socket.getnameinfo = _naming(socket.getnameinfo)
    for name in ("connect", "connect_ex", "sendto", "sendmsg"):
        setattr(socket.socket, name, _reaching(getattr(socket.socket, name)))


def _resolving(original: Foreign) -> Foreign:
    """Let a name be looked up if its host may be reached, and note its addresses."""

    @functools.wraps(original)
    def resolve(host: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        if not sessions.OPEN:
            return original(host, *args, **kwargs)
        permit_address(host.decode() if isinstance(host, bytes) else host or "")
        found = original(host, *args, **kwargs)
        remember(_addresses(found))
        return found

    return resolve


def _naming(original: Foreign) -> Foreign:
    """Let the name of an address be asked for if it may be reached; written as a number, nobody is asked."""

    @functools.wraps(original)
    def name(address: Foreign, flags: int) -> Foreign:
        if sessions.OPEN and not flags & NI_NUMERICHOST:
            permit_address(address[0])
        return original(address, flags)

    return name


def _addresses(found: Foreign) -> list[str]:
    """Give the addresses in the answer of any function that looks up names."""
    if isinstance(found, str):
        return [found]
    return [address[0] for *_, address in found] if isinstance(found, list) else found[2]


def _reaching(original: Foreign) -> Foreign:
    """Let an address be reached that may be; it is the last argument."""

    @functools.wraps(original)
    def reach(self: Foreign, *args: Foreign) -> Foreign:
        address = args[-1] if args else None
        # The address of another family than the internet's is a path or a number on this machine.
        if sessions.OPEN and isinstance(address, tuple) and address and isinstance(address[0], str):
            permit_address(address[0])
        return original(self, *args)

    return reach
