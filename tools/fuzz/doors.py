"""One cloud with every door of it open, and what is sent through them."""

import logging
import random
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from types import TracebackType
from typing import Final, Self, TypeVar

from mockcloud import MockCloud, mock_gcp
from mockcloud.cloud.rules.chain import Rule
from mockcloud.discovery.documents import apis
from mockcloud.doors.grpc.server import serve_grpc
from mockcloud.doors.grpc.tls import self_signed
from mockcloud.doors.proxy import serve_proxy
from mockcloud.doors.rest.server import serve
from mockcloud.doors.wire import HttpRequest
from mockcloud.simulator import new_cloud
from tools.fuzz import grpc_doors, http_doors
from tools.fuzz.elsewhere import elsewhere
from tools.fuzz.http_doors import HttpDoor
from tools.fuzz.http_requests import is_http, methods, request
from tools.fuzz.rpc_requests import message, rpcs
from tools.fuzz.verdicts import FAULTS, Finding, Sent, wrong

Answer = TypeVar("Answer")

ROUND: Final = 40
"""Requests to one API of one cloud, so that some of them meet."""
HTTP: Final = ("wire", "process", "rest", "proxy")
"""Doors that speak HTTP: none, the hooks in this process, the server, the HTTPS proxy."""
SOCKETS: Final = ("rest", "proxy")
"""Those of them that read HTTP off a socket."""
GRPC: Final = ("channel", "grpc", "grpc-tls", "grpc-proxy")
"""Doors that speak gRPC: the channel in this process, the server without and with TLS, and through the HTTPS proxy."""
DOORS: Final = (*HTTP, *GRPC)

_OWNER: Final = ("authorization", "Bearer mock.user:owner@mock.test")
"""Who gets far enough where the rules are on."""


class OpenSurface:
    """A cloud with every door open.

    Args:
        profile: Of the cloud: `lenient` or `strict`. APIs are on, so that more than that rule is met.
    """

    def __init__(self, profile: str) -> None:
        self._cloud = new_cloud(profile, off=["enablement"], waits="poll", kind=MockCloud)
        self._log = _Errors()
        self._open = ExitStack()
        self._http: dict[str, HttpDoor] = {"wire": http_doors.wire(self._cloud), "process": http_doors.in_process()}
        self._grpc: dict[str, grpc_doors.Channels] = {"channel": grpc_doors.channel(self._cloud)}

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self._log)
        self._open.callback(logging.getLogger().removeHandler, self._log)
        enter, closed = self._open.enter_context, self._open.callback
        server = enter(serve(self._cloud))
        plain = enter(serve_grpc(self._cloud))
        shown = self_signed(("localhost", "*.googleapis.com"))
        secure = enter(serve_grpc(self._cloud, tls=shown))
        proxy = enter(serve_proxy(self._cloud, grpc=("127.0.0.1", plain.port)))
        sockets = {"rest": http_doors.rest(server.port), "proxy": http_doors.proxy(proxy.port, proxy.ca_path)}
        self._http |= sockets
        self._grpc |= {
            "grpc": grpc_doors.plaintext(plain.port),
            "grpc-tls": grpc_doors.tls(secure.port, shown.root),
            "grpc-proxy": grpc_doors.proxied(proxy.url, proxy.ca_path.read_bytes()),
        }
        for sending in sockets.values():
            closed(sending.close)
        for calling in self._grpc.values():
            closed(calling.close)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, traceback)

    def send(self, door: str, api: str, seed: int, requests: int = ROUND) -> Sent:
        """Empty the cloud, and send requests to one API through one door.

        Args:
            door: One of `DOORS`.
            api: The API. Where its clients do not speak gRPC, another one takes its place for a door that does.
            seed: What the requests follow from.
            requests: How many.
        """
        chance = random.Random(seed)  # noqa: S311 - the same requests for the same seed, no secret
        self._cloud.reset()
        self._cloud.projects.ensure("acme")
        sent = Sent()
        send = self._send_http if door in self._http else self._send_grpc
        with mock_gcp(cloud=self._cloud) if door == "process" else nullcontext():
            for _ in range(requests):
                send(sent, chance, door, api)
                for told in self._log.taken():
                    sent.findings.append(Finding(f"{door}, {api}, seed {seed}", f"in the log: {told}"))
        return sent

    def _send_http(self, sent: Sent, chance: random.Random, door: str, api: str) -> None:
        described = chance.random() < 0.9  # noqa: PLR2004 - mostly
        made = request(chance, chance.choice(methods(api))) if described else elsewhere(chance)
        if door != "wire" and not made.host:
            made = replace(made, host=f"{api}.googleapis.com")
        if self._owned(chance):
            made = replace(made, headers={**made.headers, _OWNER[0]: _OWNER[1]})
        response = _tried(sent, lambda: self._http[door](made), lambda: _shown(door, made))
        if response is None:
            return
        sent.statuses[str(response.status)] += 1
        if door in SOCKETS and not is_http(made):
            why = "" if response.status == 400 else f"status {response.status} to what is no HTTP"  # noqa: PLR2004 - what it is
        else:
            why = wrong(response, empty=made.verb == "HEAD", json=described)
        if why:
            sent.findings.append(Finding(_shown(door, made), why))

    def _send_grpc(self, sent: Sent, chance: random.Random, door: str, api: str) -> None:
        api = _with_clients(api)
        rpc = chance.choice(rpcs(api))
        written = message(chance, rpc)
        metadata = (_OWNER,) if self._owned(chance) else ()
        shown = f"{door} {rpc.path} {written[:500]!r}"
        host = f"{api}.googleapis.com"
        ended = _tried(sent, lambda: self._grpc[door](host, rpc, written, metadata), lambda: shown)
        if ended is None:
            return
        sent.statuses[ended[0].name] += 1
        if ended[0] in FAULTS:
            sent.findings.append(Finding(shown, f"{ended[0].name}: {ended[1]}"))

    def _owned(self, chance: random.Random) -> bool:
        """Whether a request is to be the owner's."""
        return self._cloud.rules.on(Rule.AUTHENTICATION) and chance.random() < 0.9  # noqa: PLR2004 - mostly


def _tried(sent: Sent, call: Callable[[], Answer], shown: Callable[[], str]) -> Answer | None:
    """Call a door; that it raises is a finding."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - that anything is raised at all is the finding
        sent.findings.append(Finding(shown(), f"raised {error!r}"))
    return None


def _shown(door: str, made: HttpRequest) -> str:
    target = f"{made.host}{made.path[:300]}?{made.query[:300]}"
    return f"{door} {made.verb} {target} {dict(made.headers)}\n  {made.body[:500]!r}"


def _with_clients(api: str) -> str:
    """Give an API, or the next one with a client that speaks gRPC."""
    every = sorted(apis())
    after = every.index(api)
    return next(each for each in every[after:] + every[:after] if rpcs(each))


class _Errors(logging.Handler):
    """Keeps what is logged as an error: no request may cause one."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record, without where in the code it was."""
        error = f": {record.exc_info[1]!r}" if record.exc_info else ""
        self._kept.append(f"{record.name}: {record.getMessage()}{error}")

    def taken(self) -> list[str]:
        """Give what was kept since the last time."""
        kept, self._kept = self._kept, []
        return kept
