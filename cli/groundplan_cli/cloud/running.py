"""Which servers run: a small file each says where, and the server itself says whether that is still true."""

import json
import os
import shutil
import time
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from groundplan_cli.cloud.client import ask
from groundplan_cli.errors import Error
from groundplan_cli.files import write_atomically

VARIABLE = "GROUNDPLAN_CLOUD"
"""The variable of the environment that names the server: `exec` sets it."""

_LOOKS, _GLANCE = 100, 0.05


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs.

    Attributes:
        url: Where.
        pid: Its process.
    """

    url: str
    pid: int

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.url.rpartition(":")[2])


class Standing(Enum):
    """What is where a server was noted."""

    RUNS = auto()
    """That server."""
    OTHER = auto()
    """Another mock cloud, which has its port now."""
    REFUSED = auto()
    """Nobody listens."""
    UNCLEAR = auto()
    """Something that does not answer as a mock cloud: it may be one that has no time."""


def directory() -> Path:
    """Give the directory for what servers leave while they run, for this user only; it is made where there is none."""
    base = os.environ.get("XDG_RUNTIME_DIR") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    found = Path(base) / "groundplan"
    try:
        found.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Error(
            "There is no place to note which mock cloud runs",
            given=f"{found} ({error.strerror})",
            allowed="a directory that may be written to",
            remedy="set XDG_RUNTIME_DIR to one",
        ) from error
    return found


def note(server: Running) -> Path:
    """Note that a server runs. The note names no secret, and is for this user only all the same."""
    path = _path(server.port)
    path.touch(mode=0o600)
    write_atomically(path, json.dumps({"url": server.url, "pid": server.pid}) + "\n")
    return path


def running() -> list[Running]:
    """Give the servers that answer, by port. What those left that are certainly gone is removed."""
    found = []
    for path in sorted(directory().glob("cloud-*.json")):
        server = _read(path)
        standing = standing_of(server) if server is not None else Standing.OTHER
        if server is not None and standing is Standing.RUNS:
            found.append(server)
        elif standing is Standing.OTHER:
            path.unlink(missing_ok=True)  # the files may be those of the server that has the port now
        elif server is not None and standing is Standing.REFUSED and not is_process(server.pid):
            _forget(path)
    return found


def standing_of(server: Running) -> Standing:
    """Ask whether a server runs, and is the one that is meant."""
    try:
        pid = ask(server.url, "GET", "about")["pid"]
    except (Error, KeyError, TypeError) as error:
        return Standing.REFUSED if isinstance(error.__cause__, ConnectionRefusedError) else Standing.UNCLEAR
    return Standing.RUNS if pid == server.pid else Standing.OTHER


def is_process(pid: int) -> bool:
    """Whether a process of this machine has that number."""
    try:
        os.kill(pid, 0)  # sends nothing
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # somebody else's
    return True


def chosen(port: int | None) -> Running:
    """Give the server that is meant: by port, else by the environment, else the only one.

    Raises:
        Error: There is none, or more than one.
    """
    named = f"http://127.0.0.1:{port}" if port is not None else os.environ.get(VARIABLE, "")
    if named:
        return Running(named.rstrip("/"), int(ask(named, "GET", "about")["pid"]))
    servers = running()
    if len(servers) == 1:
        return servers[0]
    if servers:
        raise Error(
            "Several mock clouds run",
            given="no port",
            allowed=", ".join(str(server.port) for server in servers),
            remedy="say which one: --port " + str(servers[0].port),
        )
    raise Error(
        "No mock cloud runs",
        given="no port, and no note of a server that answers",
        allowed="one that was started here, or --port of another",
        remedy="start one: groundplan cloud start --detach",
    )


def wait_until_gone(server: Running) -> None:
    """Wait until a server that was told to stop does not answer any more.

    Raises:
        Error: It still does after some seconds.
    """
    for _ in range(_LOOKS):
        standing = standing_of(server)
        if standing is Standing.REFUSED:
            _forget(_path(server.port))
        if standing in {Standing.REFUSED, Standing.OTHER}:
            return
        time.sleep(_GLANCE)
    raise Error(
        "The mock cloud does not stop",
        given=f"{server.url}, process {server.pid}",
        allowed=f"an end within {_LOOKS * _GLANCE:.0f} s",
        remedy="end its process",
    )


def only() -> Running | None:
    """Give the server that is meant where one runs; None where none does.

    Raises:
        Error: Several run, or the environment names one that does not answer.
    """
    return chosen(None) if os.environ.get(VARIABLE) or running() else None


def _forget(note: Path) -> None:
    """Remove the note of a server that is gone, and the files that it could not remove itself when it was killed."""
    note.unlink(missing_ok=True)
    shutil.rmtree(note.with_suffix(""), ignore_errors=True)


def _path(port: int) -> Path:
    return directory() / f"cloud-{port}.json"


def _read(path: Path) -> Running | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Running(str(found["url"]), int(found["pid"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
