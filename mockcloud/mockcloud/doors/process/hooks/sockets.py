"""The standard library's sockets: the last place where what no other hook has seen is refused."""

import functools

from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign
from mockcloud.doors.process.network import permit, permit_address, remember


def install(socket: Foreign) -> None:
    """Hook `socket`."""
    original = socket.getaddrinfo

    @functools.wraps(original)
    def getaddrinfo(host: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        if not sessions.OPEN:
            return original(host, *args, **kwargs)
        name = host.decode() if isinstance(host, bytes) else host or ""
        permit(name)
        found = original(host, *args, **kwargs)
        remember(address[0] for *_, address in found)
        return found

    socket.getaddrinfo = getaddrinfo
    for name in ("connect", "connect_ex"):
        setattr(socket.socket, name, _connect(getattr(socket.socket, name)))


def _connect(original: Foreign) -> Foreign:
    @functools.wraps(original)
    def connect(self: Foreign, address: Foreign) -> Foreign:
        # The address of another family than the internet's is a path or a number on this machine.
        if sessions.OPEN and isinstance(address, tuple) and address and isinstance(address[0], str):
            permit_address(address[0])
        return original(self, address)

    return connect
