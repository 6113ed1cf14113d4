"""`up` at a terminal, on the real command: what it shows while it works, and Ctrl-C, once and twice."""

import gc
import json
import os
import pty
import re
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from groundplan_cli.app import app
from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.process.far import send
from mockcloud.doors.serving import OpenDoors
from mockcloud.doors.wire import HttpRequest, HttpResponse
from tests.cli.engine.rounds import needs_pulumi, project_on_a_mock_cloud

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]

PROGRAM = """
import pulumi
import pulumi_gcp as gcp

before = None
for name in ("first", "second", "third"):
    before = gcp.pubsub.Topic(name, name=name, opts=pulumi.ResourceOptions(depends_on=before))
"""
# Ctrl-C goes to whoever has the terminal, which a process takes for itself.
TAKE_TERMINAL = """
import fcntl, runpy, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
runpy.run_module("groundplan_cli", run_name="__main__")
"""
PATIENCE = 60.0
"""Seconds after which something that does not come is taken not to come."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
INTERRUPTED = 130
NOT_DONE = 2
CTRL_C = b"\x03"


class Gate:
    """Holds back what the cloud answers to one call, which it has done by then."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def send(self, cloud: Cloud, request: HttpRequest) -> HttpResponse:
        answer = send(cloud, request)
        if request.path.endswith("/topics/second") and request.verb == "PUT":
            self.reached.set()
            self.opened.wait(PATIENCE)
        return answer


class Terminal:
    """A command at a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        self.text = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
        )
        os.close(theirs)

    def until(self, wanted: str) -> str:
        """Read until a text comes, and give all that has come."""
        return self._read(lambda: wanted in self.text, wanted)

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._ours, keys)

    def ended(self) -> int:
        """Read to the end, and give the exit code."""
        self._read(lambda: False, "")
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.wait(PATIENCE)
        os.close(self._ours)

    def _read(self, found: Callable[[], bool], wanted: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while not found():
            left = deadline - time.monotonic()
            assert left > 0, f"{wanted!r} did not come:\n{self.text}"
            if select.select([self._ours], [], [], left)[0]:
                try:
                    read = os.read(self._ours, 65536)
                except OSError:  # how a terminal says that nobody writes to it any more
                    read = b""
                if not read:
                    assert not wanted, f"{wanted!r} did not come before the end:\n{self.text}"
                    return self.text
                self.text += _COLOURS.sub("", read.decode())
        return self.text


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    found = Gate()
    monkeypatch.setattr("mockcloud.doors.pulumi.transport.send", found.send)
    yield found
    found.opened.set()


@pytest.fixture
def doors(project: Path, tmp_path: Path) -> Iterator[OpenDoors]:
    with project_on_a_mock_cloud(project, tmp_path, PROGRAM) as found:
        yield found


@pytest.fixture
def up(doors: OpenDoors) -> Iterator[Terminal]:
    assert doors.server.cloud is not None
    terminal = Terminal("up", "dev", "--mock", "--yes", "--no-gate")
    yield terminal
    terminal.close()


def run(*words: str) -> Result:
    done = CliRunner().invoke(app, list(words))
    gc.collect()  # a program whose engine has failed leaves coroutines behind, which are to be this test's
    return done


def pending(temporary: Path) -> list[str]:
    """Name what the state says was begun and not ended."""
    (state,) = (temporary / "XDG_CACHE_HOME").glob("**/stacks/**/dev.json")
    operations = json.loads(state.read_text(encoding="utf-8"))["checkpoint"]["latest"].get("pending_operations", [])
    return [each["resource"]["urn"].rpartition("::")[2] for each in operations]


def topics(doors: OpenDoors) -> list[str]:
    return [each.name.rpartition("/")[2] for each in doors.server.cloud.store if each.api == "pubsub"]


def test_what_is_done_is_shown_while_the_rest_is_not(up: Terminal, gate: Gate, doors: OpenDoors) -> None:
    shown = up.until("+ first  pubsub.Topic  ")
    assert gate.reached.wait(PATIENCE)
    assert "updating dev" in shown
    assert "+ second  pubsub.Topic  " not in shown

    up.type(CTRL_C)
    up.until("Cancelling: what has begun comes to its end")
    assert up.process.poll() is None
    gate.opened.set()

    assert up.ended() == INTERRUPTED
    assert "+ second  pubsub.Topic  " in up.text
    assert "interrupted" in up.text
    assert topics(doors) == ["first", "second"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_second_ctrl_c_ends_it_at_once_and_nothing_is_lost(
    up: Terminal, gate: Gate, doors: OpenDoors, tmp_path: Path
) -> None:
    assert gate.reached.wait(PATIENCE)
    up.type(CTRL_C)
    up.until("Cancelling")
    up.type(CTRL_C)

    assert up.ended() == INTERRUPTED
    assert "Ending at once" in up.text
    assert not gate.opened.is_set()
    gate.opened.set()
    assert topics(doors) == ["first", "second"]

    assert pending(tmp_path) == ["second"]
    # The second is in the cloud, and the state is not sure of it.
    refused = run("up", "dev", "--mock", "--yes", "--no-gate")
    assert refused.exit_code == NOT_DONE
    assert "A name is taken in the cloud" in refused.stderr
    assert "groundplan import" in refused.stderr
    refreshed = run("refresh", "dev", "--mock", "--yes")
    assert "second  pubsub.Topic  was being made when a run was ended" in refreshed.stdout
    assert pending(tmp_path) == []
