import json
import os
import signal
import sys
from pathlib import Path

import pytest

from groundplan_cli.cloud import child
from groundplan_cli.cloud.running import Running
from tests.cli.cloud.conftest import Command, four_parts

SAY = "import json, os, sys; json.dump(dict(os.environ), open(sys.argv[1], 'w')); sys.exit(7)"


def test_a_command_gets_a_cloud_of_its_own_and_gives_its_exit_code(
    cloud: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "a real one")
    monkeypatch.setenv("OWN", "kept")
    seen = tmp_path / "environment"

    result = cloud("exec", "--project", "acme", "--", sys.executable, "-c", SAY, str(seen))

    environment = json.loads(seen.read_text())
    assert result.exit_code == 7
    assert environment["GOOGLE_CLOUD_PROJECT"] == "acme"
    assert environment["STORAGE_EMULATOR_HOST"] == environment["GROUNDPLAN_CLOUD"]
    assert environment["OWN"] == "kept"
    assert "GOOGLE_OAUTH_ACCESS_TOKEN" not in environment
    assert "does not answer" in four_parts(cloud("state", "--port", environment["GROUNDPLAN_CLOUD"].rpartition(":")[2]))


def test_where_a_server_runs_the_process_becomes_the_command(
    cloud: Command, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Became(BaseException):
        pass

    def become(program: str, arguments: list[str], environment: dict[str, str]) -> None:
        assert (program, arguments) == ("pytest", ["pytest", "-q", "--", "x"])
        assert environment["GROUNDPLAN_CLOUD"] == server.url
        raise Became

    monkeypatch.setattr(os, "execvpe", become)

    with pytest.raises(Became):
        cloud("exec", "pytest", "-q", "--", "x")


@pytest.mark.usefixtures("server")
def test_a_command_that_is_not_there_is_an_error(cloud: Command) -> None:
    assert "no-such-program" in four_parts(cloud("exec", "--", "no-such-program"))
    assert "no command to run" in four_parts(cloud("exec"))
    assert "The command cannot be run" in four_parts(cloud("exec", "--seed", "5", "--", "no-such-program"))


@pytest.mark.parametrize(
    ("command", "backend", "stays", "said"),
    [
        ("pulumi up --yes", "", False, ["your own backend", "ends with the command"]),
        ("/opt/bin/pulumi -C shop destroy", "", True, ["your own backend"]),
        ("pulumi refresh", "file:///state", False, ["ends with the command"]),
        ("pulumi refresh", "file:///state", True, []),
        ("pulumi preview", "", False, []),
        ("pulumi", "", False, []),
        ("terraform import x y", "", False, []),
    ],
)
def test_whose_state_pulumi_writes_is_said(
    monkeypatch: pytest.MonkeyPatch, command: str, backend: str, *, stays: bool, said: list[str]
) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", backend)

    found = child.about_state(command.split(), stays=stays)

    assert len(found) == len(said)
    assert all(part in each for part, each in zip(said, found, strict=True))


def test_a_note_on_the_state_comes_before_the_command(
    cloud: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "pulumi"
    tool.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    tool.chmod(0o700)
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)

    result = cloud("exec", "--", str(tool), "up")

    assert result.exit_code == 3
    assert result.stderr.startswith("note: the state is that of your own backend.")
    assert "note: this mock cloud ends with the command" in result.stderr


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 3", 3), ("kill -TERM $$", 128 + signal.SIGTERM)])
def test_the_exit_code_is_the_command_s(script: str, code: int) -> None:
    assert child.run(["sh", "-c", script], os.environ) == code


def test_at_a_terminal_the_command_gets_ctrl_c_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passing it on too would interrupt the command twice."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)

    assert child.run(["sh", "-c", "kill -INT $PPID; exit 4"], os.environ) == 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_signals_are_the_command_s(number: signal.Signals, tmp_path: Path) -> None:
    """The command signals its parent, which must pass that on and live."""
    seen = tmp_path / "seen"
    script = (
        f"import os, signal, sys, pathlib\n"
        f"def heard(number, _):\n    pathlib.Path({str(seen)!r}).write_text(str(number))\n    sys.exit(5)\n"
        f"signal.signal({int(number)}, heard)\n"
        f"os.kill(os.getppid(), {int(number)})\n"
        f"while True: signal.pause()\n"
    )
    before = signal.getsignal(number)

    assert child.run([sys.executable, "-c", script], os.environ) == 5
    assert seen.read_text() == str(int(number))
    assert signal.getsignal(number) is before
