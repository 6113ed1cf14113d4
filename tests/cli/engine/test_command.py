"""The `pulumi` command: found or not, fed, and cancelled."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest
from pulumi.automation import CommandError

from groundplan_cli.engine.command import Command, NoCommand

SCRIPT = """#!{python}
import os, signal, sys, time
if "version" in sys.argv:
    print("{version}")
elif "echo" in sys.argv:
    print(sys.stdin.read() + os.environ["SAID"])
elif "fail" in sys.argv:
    sys.exit("error: no")
else:
    signal.signal(signal.SIGINT, lambda *_: (print("saved", flush=True), os._exit(0)))
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def binaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(binaries: Path, version: str = "v3.259.0") -> None:
    file = binaries / "pulumi"
    file.write_text(SCRIPT.format(python=sys.executable, version=version), encoding="utf-8")
    file.chmod(0o700)


def test_without_the_command_the_way_to_get_it_is_said(binaries: Path) -> None:
    assert not list(binaries.iterdir())
    with pytest.raises(NoCommand) as raised:
        Command()

    assert "https://www.pulumi.com/docs/install/" in raised.value.remedy


def test_one_that_is_too_old_is_refused(binaries: Path) -> None:
    install(binaries, "v2.0.0")
    with pytest.raises(NoCommand, match="cannot be used"):
        Command()


def test_it_runs_and_is_fed(binaries: Path) -> None:
    install(binaries)
    heard: list[str] = []
    command = Command()

    assert command.feed("secret-", ["echo"], ".", {"SAID": "yes"}).stdout == "secret-yes"
    assert command.run(["echo"], ".", {"SAID": "yes"}, heard.append).stdout == "yes"
    assert heard == ["yes"]
    with pytest.raises(CommandError, match="error: no"):
        command.run(["fail"], ".", {})


def test_a_signal_cancels_it_and_is_waited_for(binaries: Path) -> None:
    install(binaries)
    told: list[int] = []
    command = Command(told.append)
    heard: list[str] = []

    def hear(line: str) -> None:
        heard.append(line)
        if line == "ready":
            threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        command.run(["up"], ".", {}, hear)

    assert told == [1]
    assert heard == ["ready", "saved"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
