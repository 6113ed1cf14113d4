"""The proxy as a server of this machine. One thread serves all connections."""

import asyncio
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from weakref import WeakSet

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.proxy.authority import Authority
from mockcloud.doors.proxy.tunnel import Handler, Tunnel, Ways
from mockcloud.doors.rest.app import RestApp
from mockcloud.doors.rest.server import CannotListen, listen

if TYPE_CHECKING:
    import socket

_START_SECONDS: Final = 20.0
"""How long it may take to begin."""


def serve_proxy(
    cloud: Cloud,
    host: str = "127.0.0.1",
    port: int = 0,
    ca_dir: Path | None = None,
    *,
    grpc: tuple[str, int] | None = None,
    passthrough: bool = False,
    open_to_network: bool = False,
    real_delays: bool = False,
) -> "Proxy":
    """Start a proxy in a thread, and give it when it answers.

    Args:
        cloud: What Google's hosts are.
        host: Address to listen on: one of this machine's loopback addresses.
        port: Port; 0 for one that is free.
        ca_dir: Folder of the certificate authority, so that it is the same one next time; None for one in memory.
        grpc: Address at which gRPC is spoken without TLS, for clients that speak h2; None to refuse those.
        passthrough: Whether hosts that are not Google's are reached as themselves. Else they are refused.
        open_to_network: Whether another address than loopback may be given. There is no password; so not with
            `passthrough`.
        real_delays: Whether a delay that a fault asks for is waited out.

    Raises:
        CannotListen: The port is taken, the address is none of this machine's, or it is not loopback; or everybody
            could reach everything through it.
        UnusableAuthority: The folder cannot be used.
    """
    if passthrough and open_to_network:
        raise CannotListen(
            "A proxy that is open to the network leads to Google's hosts only",
            given="open to the network, and to pass through to other hosts",
            allowed="one of the two: else whoever reaches this machine reaches others as this machine",
            remedy="Leave out --pass-through, or leave out --open-to-network and listen on loopback.",
        )
    authority = Authority(ca_dir)
    listener = listen(host, port, open_to_network=open_to_network)
    rest = RestApp(cloud, real_delays=real_delays)
    proxy = Proxy(rest, listener, authority, ca_dir, grpc=grpc, passthrough=passthrough)
    proxy.start()
    return proxy


class Proxy:
    """A proxy that runs. `serve_proxy` makes one.

    Attributes:
        host: Where it listens.
        port: On which port.
        ca_path: File with the certificate that clients are to trust.
    """

    def __init__(
        self,
        rest: RestApp,
        listener: "socket.socket",
        authority: Authority,
        ca_dir: Path | None,
        *,
        grpc: tuple[str, int] | None,
        passthrough: bool,
    ) -> None:
        self.host: str = listener.getsockname()[0]
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        self._own = tempfile.TemporaryDirectory(prefix="mockcloud-ca-") if ca_dir is None else None
        self.ca_path = Path(self._own.name if self._own is not None else str(ca_dir)) / "ca.pem"
        if self._own is not None:
            self.ca_path.write_bytes(authority.pem)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._connections: WeakSet[asyncio.Transport] = WeakSet()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ways = Ways(authority, _speaker(rest), grpc, passthrough)
        self._thread = threading.Thread(target=self._run, name=f"mock proxy :{self.port}", daemon=True)

    @property
    def url(self) -> str:
        """What clients take as their proxy: `http://127.0.0.1:PORT`."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def start(self) -> None:
        """Serve in a thread of its own, and come back when it listens."""
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise CannotListen(
                "The proxy did not start",
                given=self.url,
                allowed=f"a start within {_START_SECONDS:.0f} s",
                remedy="Try again when the machine has less to do.",
            )

    def stop(self) -> None:
        """Stop it. Connections that are open are closed."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._listener.close()
        if self._own is not None:
            self._own.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._loop.create_server(self._tunnel, sock=self._listener))
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            # Nobody new; and what was just accepted becomes a connection, before the server is gone that counts them.
            self._loop.remove_reader(self._listener.fileno())
            self._loop.run_until_complete(_turns())
            server.close()
            self._loop.run_until_complete(self._close())
            self._loop.close()

    async def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for transport in list(self._connections):
            transport.abort()
        await _turns()  # what was aborted is closed

    def _tunnel(self) -> Tunnel:
        return Tunnel(self._ways, self._tasks, self._connections)


def _speaker(rest: RestApp) -> Handler:
    """Give what makes protocols that speak HTTP/1.1: uvicorn's, imported when a proxy starts."""
    from uvicorn.config import Config
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
    from uvicorn.server import ServerState

    config = Config(rest, ws="none", interface="asgi3", log_config=None, access_log=False, server_header=False)
    config.load()
    state = ServerState()
    return lambda: HttpToolsProtocol(config, state, {})


async def _turns() -> None:
    """Let the loop turn a few times: a transport says in one that it is gone, and its other end in the next."""
    for _ in range(5):
        await asyncio.sleep(0)
