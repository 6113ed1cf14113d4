"""Starts a server: here, or in a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from groundplan_cli.cloud.running import Running, directory, note
from groundplan_cli.errors import Error

if TYPE_CHECKING:
    from mockcloud.doors.serving import OpenDoors

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that stop a server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What cloud is wanted.

    Attributes:
        port: Port; 0 for one that is free.
        host: Address to listen on.
        open_to_network: Whether another address than loopback may be given.
        profile: `lenient` or `strict`.
        on: Rules that are on beside the profile's.
        off: Rules that are off.
        data: Directory in which it is kept; None for memory only.
        seed: Of the ids; None for 0, or the one of the data.
        waits: `poll`: what takes time is done when somebody asks; `clock`: when time passes.
        real_delays: Whether delays that faults ask for are waited out.
        pass_through: Whether the proxy reaches hosts that are not Google's.
    """

    port: int = 0
    host: str = "127.0.0.1"
    open_to_network: bool = False
    profile: str = "lenient"
    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    data: Path | None = None
    seed: int | None = None
    waits: str = "poll"
    real_delays: bool = False
    pass_through: bool = False


@contextmanager
def serving(wanted: Wanted) -> Iterator["OpenDoors"]:
    """Serve a cloud while the block runs.

    Raises:
        Error: Of the mock cloud: a rule is unknown, the port is taken, the data cannot be used.
    """
    from mockcloud.doors.environment import DEFAULT_PROJECT
    from mockcloud.doors.serving import OpenDoors
    from mockcloud.simulator import new_cloud

    cloud = new_cloud(wanted.profile, on=wanted.on, off=wanted.off, seed=wanted.seed or 0, waits=wanted.waits)
    if wanted.data is not None:
        from mockcloud.cloud.persistence.keeper import keep

        keep(cloud, wanted.data, seed=wanted.seed)
    # Programs that name no project have this one; where projects do not appear on first use, it is there.
    cloud.projects.ensure(DEFAULT_PROJECT)
    try:
        with OpenDoors(
            cloud,
            directory(),
            host=wanted.host,
            port=wanted.port,
            open_to_network=wanted.open_to_network,
            real_delays=wanted.real_delays,
            pass_through=wanted.pass_through,
        ) as doors:
            yield doors
    finally:
        if cloud.keeper is not None:
            cloud.keeper.close()


@contextmanager
def noted(doors: "OpenDoors") -> Iterator[Running]:
    """Let others find a server while the block runs."""
    server = Running(doors.server.url, os.getpid())
    path = note(server)
    try:
        yield server
    finally:
        path.unlink(missing_ok=True)


class Ending:
    """Signals that stop a server, from the first moment on: one that comes while it starts stops it when it has.

    A context manager, for the main thread.
    """

    def __init__(self) -> None:
        self._told = False
        self._stop: Callable[[], None] = lambda: None

    def stops(self, stop: Callable[[], None]) -> None:
        """Say what a signal does."""
        self._stop = stop
        if self._told:
            stop()

    def _tell(self, *_: object) -> None:
        self._told = True
        self._stop()

    def __enter__(self) -> Self:
        # What is ignored stays so: `nohup` means it.
        heard = [each for each in ENDS if signal.getsignal(each) is not signal.SIG_IGN]
        self._before = {each: signal.signal(each, self._tell) for each in heard}
        return self

    def __exit__(self, *_: object) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)


_DETACHED: list["subprocess.Popen[bytes]"] = []
"""Processes that outlive this one. Kept, since nobody waits for them, and a Popen that is dropped warns of that."""


def detach(wanted: Wanted) -> Running:
    """Start a server in a process of its own, which outlives this one; give it when it answers.

    Args:
        wanted: What cloud.

    Raises:
        Error: It did not start; with what it said.
    """
    log = directory() / "cloud.log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(  # noqa: S603 - this command itself, with options that were read
            [sys.executable, "-m", "groundplan_cli", "cloud", "start", "--json", *_options(wanted)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=file,
            start_new_session=True,
        )
    with process.stdout or nullcontext() as output:
        line = output.readline() if output else b""  # ends when it has started, or has died
    if not line:
        process.wait()
        raise Error(
            "The mock cloud did not start",
            given=log.read_text(encoding="utf-8").strip() or f"exit code {process.returncode}",
            allowed="options with which it starts without --detach, too",
            remedy="mend what it says, or start it without --detach to see more",
        )
    _DETACHED.append(process)
    return Running(str(json.loads(line)["url"]), process.pid)


def _options(wanted: Wanted) -> list[str]:
    return [
        f"--port={wanted.port}",
        f"--host={wanted.host}",
        f"--profile={wanted.profile}",
        f"--waits={wanted.waits}",
        *(f"--rule={each}" for each in wanted.on),
        *(f"--no-rule={each}" for each in wanted.off),
        *([f"--data={wanted.data}"] if wanted.data is not None else []),
        *([f"--seed={wanted.seed}"] if wanted.seed is not None else []),
        *(["--open-to-network"] if wanted.open_to_network else []),
        *(["--real-delays"] if wanted.real_delays else []),
        *(["--pass-through"] if wanted.pass_through else []),
    ]
