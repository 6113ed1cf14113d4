"""One connection to the proxy: what it asks for, and where it leads."""

import asyncio
import re
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakSet

from mockcloud.doors.proxy.authority import DOMAINS, Authority
from mockcloud.doors.proxy.pipes import Waiting, join

_MOST: Final = 65_536
"""Bytes of the first request's head."""
_SECONDS: Final = 30.0
"""How long a connection may take to say what it wants."""
_CONNECT: Final = re.compile(rb"CONNECT ([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):([0-9]{1,5}) HTTP/1\.[01]\r?$")
_ABSOLUTE: Final = re.compile(rb"[A-Z]+ http://([A-Za-z0-9.-]{1,253})(?::[0-9]{1,5})?[/?][^ ]* HTTP/1\.[01]\r?$")
_GO_ON: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"
_INSTEAD: Final = "Fetch before what is needed from there, or start the mock cloud with --pass-through."

Handler = Callable[[], asyncio.Protocol]
"""Makes what speaks HTTP/1.1 on a connection."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Where connections can lead.

    Attributes:
        authority: Vouches for the hosts.
        http: Answers HTTP/1.1.
        grpc: Address that speaks h2 without TLS, for gRPC; None where there is none.
        passthrough: Whether a host that is not Google's is reached as itself.
    """

    authority: Authority
    http: Handler
    grpc: tuple[str, int] | None
    passthrough: bool


class Tunnel(asyncio.Protocol):
    """A connection that has not said yet what it wants.

    Args:
        ways: Where it can lead.
        tasks: Keeps what is on its way.
        connections: Keeps what is open.
    """

    def __init__(self, ways: Ways, tasks: set[asyncio.Task[None]], connections: WeakSet[asyncio.Transport]) -> None:
        self._ways = ways
        self._tasks = tasks
        self._connections = connections
        self._head = b""
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the head of the first request."""
        if isinstance(transport, asyncio.Transport):
            self._connections.add(transport)
            self._transport = transport
            self._timer = asyncio.get_running_loop().call_later(_SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        del exc
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Read on, until the head is whole."""
        self._head += data
        if self._transport is None or (b"\r\n\r\n" not in self._head and len(self._head) <= _MOST):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._lead(self._transport)

    def _lead(self, transport: asyncio.Transport) -> None:
        line = self._head.partition(b"\n")[0]
        connect = _CONNECT.match(line)
        absolute = None if connect else _ABSOLUTE.match(line)
        if connect is not None and int(connect[2]) in range(1, 65_536):
            host, port = connect[1].decode().lower().rstrip("."), int(connect[2])
            # A client waits for our word before it sends more.
            if _is_served(host):
                self._start(self._inside(transport, host))
            elif self._ways.passthrough:
                self._start(self._outside(transport, host.strip("[]"), port))
            else:
                why = f"The mock cloud does not lead to {host}: it is no host of Google's. {_INSTEAD}"
                # Most clients, Pulumi's engine among them, show of a refusal no more than its status line.
                _refuse(transport, f"403 Forbidden: {why}", why)
        elif absolute is not None and _is_served(absolute[1].decode().lower()):
            self._hand_over(transport, self._head)
        else:
            why = "This is a proxy: it takes CONNECT HOST:PORT, and http:// for Google's hosts."
            _refuse(transport, "400 Bad Request", why)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hand_over(self, transport: asyncio.Transport, head: bytes = b"") -> None:
        protocol = self._ways.http()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        if head:
            protocol.data_received(head)

    async def _inside(self, transport: asyncio.Transport, host: str) -> None:
        """Be the host that the client asked for."""
        loop = asyncio.get_running_loop()
        context = self._ways.authority.context(host)
        transport.pause_reading()
        transport.write(_GO_ON)
        waiting = Waiting()
        try:
            secured = await loop.start_tls(
                transport, waiting, context, server_side=True, ssl_handshake_timeout=_SECONDS
            )
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError):
            transport.abort()  # a client that does not trust us, or that has gone
            return
        if not isinstance(secured, asyncio.Transport):
            return
        spoken = secured.get_extra_info("ssl_object").selected_alpn_protocol()
        if spoken == "h2" and self._ways.grpc is None:
            secured.abort()
        elif spoken == "h2" and self._ways.grpc is not None:
            self._connections.add(await join(secured, waiting, self._ways.grpc))
        else:
            protocol = self._ways.http()
            secured.set_protocol(protocol)
            protocol.connection_made(secured)
            for each in waiting.taken():
                protocol.data_received(each)

    async def _outside(self, transport: asyncio.Transport, host: str, port: int) -> None:
        """Lead to the host itself, without looking at what passes."""
        waiting = Waiting()
        transport.set_protocol(waiting)
        transport.pause_reading()
        self._connections.add(await join(transport, waiting, (host, port), _GO_ON))


def _is_served(host: str) -> bool:
    """Whether a host is Google's, so that the mock cloud is it."""
    return any(host == each or host.endswith(f".{each}") for each in DOMAINS)


def _refuse(transport: asyncio.Transport, status: str, why: str) -> None:
    text = why.encode("ascii", "replace")
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\nConnection: close"
    transport.write(head.encode("ascii", "replace") + b"\r\n\r\n" + text)
    transport.close()
