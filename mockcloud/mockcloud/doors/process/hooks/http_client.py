"""The standard library's HTTP, with which `urllib.request` and the probes of google.auth for a metadata server call."""

import functools
import io
from urllib.parse import urlsplit

from mockcloud.doors.process import sessions
from mockcloud.doors.process.conversation import Conversation
from mockcloud.doors.process.foreign import Foreign
from mockcloud.doors.process.network import is_googles, permit


def install(client: Foreign) -> None:
    """Hook `http.client`."""
    for kind, scheme in ((client.HTTPConnection, "http"), (client.HTTPSConnection, "https")):
        kind.connect = _connect(kind.connect, scheme)
    client.HTTPConnection.putrequest = _asking(client.HTTPConnection.putrequest)


def _connect(original: Foreign, scheme: str) -> Foreign:
    def connect(self: Foreign) -> None:
        # Behind a proxy, where it leads is not where it connects to.
        host = self._tunnel_host or self.host
        if sessions.OPEN and is_googles(host):
            self.sock = _Socket(f"{scheme}://{host}")
            return
        if sessions.OPEN and self._tunnel_host:
            permit(host)
        original(self)

    return connect


def _asking(original: Foreign) -> Foreign:
    """Let a proxy without a tunnel be asked for what may be reached: the request names the host, not the socket."""

    @functools.wraps(original)
    def putrequest(self: Foreign, method: str, url: str, *args: Foreign, **kwargs: Foreign) -> None:
        if sessions.OPEN and not url.startswith("/") and not is_googles(self._tunnel_host or self.host):
            permit(urlsplit(url).hostname or "")
        original(self, method, url, *args, **kwargs)

    return putrequest


class _Socket:
    """What http.client takes for the connection.

    Args:
        origin: Where it leads.
    """

    def __init__(self, origin: str) -> None:
        self._answers = b""
        self._conversation = Conversation(origin, self._keep)

    def _keep(self, answer: bytes) -> None:
        self._answers += answer

    def sendall(self, data: Foreign) -> None:
        """Take what is sent."""
        self._conversation.feed(bytes(data))

    def makefile(self, mode: str) -> io.BytesIO:
        """Give the answers."""
        del mode
        answers, self._answers = self._answers, b""
        return io.BytesIO(answers)

    def settimeout(self, seconds: float | None) -> None:
        """Answers are there at once."""

    def setsockopt(self, *_: int) -> None:
        """There is nothing to set."""

    def close(self) -> None:
        """There is nothing to close."""
