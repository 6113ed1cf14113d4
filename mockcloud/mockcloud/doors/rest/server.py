"""The mock cloud as a server of this machine: Google's APIs, with the console and its API beside them on one port.

uvicorn is imported when a server starts, not before, and the console when somebody asks for it.
"""

import ipaddress
import socket
import threading
import warnings
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final, Self

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.console.guard import is_host_here, is_origin_here, names_this_machine, refuse
from mockcloud.doors.rest.app import Receive, RestApp, Scope, Send, headers_in
from mockcloud.errors import Error

if TYPE_CHECKING:
    import uvicorn

App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_START_SECONDS: Final = 20.0
"""How long a server may take to begin. It takes a few hundredths; a machine that swaps takes longer."""
_LAST_SECONDS: Final = 1
"""How long a server that stops waits for answers that are on their way."""

_CONSOLE: Final = "/_mock"
"""Under which path the console's API lies. No path of Google's begins so."""
_ELSEWHERE: Final = frozenset({"cross-site", "same-site"})
"""What Sec-Fetch-Site says of a page of another server."""


class CannotListen(Error):
    """A server cannot have the address that was asked for."""


def serve(
    cloud: Cloud,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    open_to_network: bool = False,
    real_delays: bool = False,
) -> "Server":
    """Start a server in a thread, and give it when it answers.

    Args:
        cloud: What it opens on.
        host: Address to listen on: one of this machine's loopback addresses.
        port: Port; 0 for one that is free.
        open_to_network: Whether another address than loopback may be given. Everybody who reaches it may then read and
            change everything: there is no password.
        real_delays: Whether a delay that a fault asks for is waited out, rather than only passing in the cloud's time.

    Raises:
        CannotListen: The port is taken, the address is none of this machine's, or it is not loopback.
    """
    server = Server(cloud, listen(host, port, open_to_network=open_to_network), real_delays=real_delays)
    server.start()
    return server


class Server:
    """A server. `serve` makes one that runs; this is one that has its port already, and runs once it is told to.

    Attributes:
        doors: What else is open beside it, for those who ask the console.

    Args:
        cloud: What it opens on.
        listener: The socket that listens.
        real_delays: Whether a delay that a fault asks for is waited out.
    """

    def __init__(self, cloud: Cloud, listener: socket.socket, *, real_delays: bool = False) -> None:
        self.cloud = cloud
        self.host: str = listener.getsockname()[0]
        self.port: int = listener.getsockname()[1]
        self.doors: dict[str, str] = {}
        self._listener = listener
        self._app = ServerApp(
            cloud, self.stop_soon, self.doors, loopback=_is_loopback(self.host), real_delays=real_delays
        )
        self._uvicorn: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it is: `http://127.0.0.1:PORT`."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - "all" is no place to call
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def start(self) -> None:
        """Serve in a thread of its own, and come back when it answers."""
        self._uvicorn = server = self._made()
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [self._listener]}, name=f"mock cloud :{self.port}", daemon=True
        )
        self._thread.start()
        if not self._app.started.wait(_START_SECONDS):
            raise CannotListen(
                "The server did not start",
                given=self.url,
                allowed=f"a start within {_START_SECONDS:.0f} s",
                remedy="Try again when the machine has less to do.",
            )

    def stop_soon(self) -> None:
        """Ask it to stop, and do not wait for it."""
        self._app.closing.set()
        if self._uvicorn is not None:
            self._uvicorn.should_exit = True

    def wait(self) -> None:
        """Wait until it has stopped, whoever stopped it."""
        if self._thread is not None:
            self._thread.join()
        self._listener.close()

    def stop(self) -> None:
        """Stop it. Answers that are on their way are sent."""
        self.stop_soon()
        self.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _made(self) -> "uvicorn.Server":
        from uvicorn.config import Config
        from uvicorn.server import Server as Uvicorn

        from mockcloud.doors.rest.protocol import JoiningProtocol

        config = Config(
            self._app,
            http=JoiningProtocol,
            loop="uvloop",
            ws="none",
            lifespan="on",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_LAST_SECONDS,
        )
        return Uvicorn(config)


class ServerApp:
    """Google's APIs; and beside them, for this machine's browsers and tools only, the console.

    A page of the internet that a browser of this machine shows must neither change the cloud nor read it: what a
    browser says comes from elsewhere is refused, and the console asks for more (see `doors.console.guard`).

    Args:
        cloud: What it opens on.
        stop: Stops the server.
        doors: What else is open.
        loopback: Whether it listens on loopback only. Then it answers to names that no attacker's DNS can have.
        real_delays: Whether a delay that a fault asks for is waited out.
    """

    def __init__(
        self,
        cloud: Cloud,
        stop: Callable[[], None],
        doors: Mapping[str, str],
        *,
        loopback: bool = True,
        real_delays: bool = False,
    ) -> None:
        self._cloud = cloud
        self._stop = stop
        self._doors = doors
        self._loopback = loopback
        self._rest = RestApp(cloud, real_delays=real_delays)
        self._console: App | None = None
        self.started = threading.Event()
        self.closing = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection's event stream."""
        if scope["type"] == "lifespan":
            self.started.set()
            await self._rest(scope, receive, send)
            return
        headers = headers_in(scope)
        if scope["path"].startswith(_CONSOLE) or (
            scope["path"] == "/"
            and names_this_machine(headers.get("host", ""))
            and not headers.get("metadata-flavor")  # who asks so wants the metadata server
        ):
            await self._beside()(scope, receive, send)
        elif why := self._problem(headers):
            await refuse(send, why)
        else:
            await self._rest.respond(scope, headers, receive, send)

    def _problem(self, headers: Mapping[str, str]) -> str:
        """Say why a request is none that somebody of this machine makes; "" for nothing."""
        host, origin, site = headers.get("host", ""), headers.get("origin", ""), headers.get("sec-fetch-site", "")
        if not origin and site in _ELSEWHERE:  # links, images and forms say no Origin when they read
            return "a page of another site may not call the mock cloud of this machine"
        if origin and not is_origin_here(origin):
            return f"a page of {origin} may not call the mock cloud of this machine"
        if self._loopback and not is_host_here(host):
            return f"the mock cloud of this machine does not answer to the name {host}"
        return ""

    def _beside(self) -> App:
        if self._console is None:
            from mockcloud.doors.console.app import ConsoleApp

            self._console = ConsoleApp(self._cloud, stop=self._stop, closing=self.closing, doors=self._doors)
        return self._console


def listen(host: str, port: int, *, open_to_network: bool = False) -> socket.socket:
    """Take a port, as `serve` does.

    Raises:
        CannotListen: The port is taken, the address is none of this machine's, or it is not loopback.
    """
    if not open_to_network and not _is_loopback(host):
        raise CannotListen(
            "The server listens on this machine only",
            given=f"the address {host}",
            allowed=", ".join(sorted(LOOPBACK)),
            remedy="Leave the address out; or say that it may be open to the network, where everybody may change it.",
        )
    if not _is_loopback(host):
        warnings.warn(
            f"The mock cloud listens on {host}: whoever reaches it may read and change everything in it.", stacklevel=3
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # as TCP, asyncio sends the small at once
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotListen(
            "The server cannot listen",
            given=f"{host}, port {port} ({getattr(error, 'strerror', None) or error})",
            allowed="an address of this machine, and a port from 0 to 65535 that nobody else uses",
            remedy="Choose another port, or 0 for one that is free; or stop what uses it.",
        ) from error
    listener.setblocking(False)  # noqa: FBT003 - its only argument
    return listener


def _is_loopback(host: str) -> bool:
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
