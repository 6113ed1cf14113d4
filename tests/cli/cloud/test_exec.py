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
    ("command", "own", "stacks", "stays", "said"),
    [
        ("pulumi up --yes", True, False, False, "holds no stack yet, and ends with the command: for one that stays"),
        ("/opt/bin/pulumi -C shop destroy", True, False, True, "yet: groundplan cloud exec -- pulumi stack init STACK"),
        ("pulumi up", True, True, True, ""),
        ("pulumi refresh", False, False, False, "this mock cloud ends with the command, and your state stays"),
        ("pulumi refresh", False, False, True, ""),
        ("pulumi stack init dev", True, False, True, ""),
        ("pulumi", True, False, False, ""),
        ("terraform import x y", True, False, False, ""),
    ],
)
def test_whose_state_pulumi_writes_is_said(
    tmp_path: Path, command: str, *, own: bool, stacks: bool, stays: bool, said: str
) -> None:
    if stacks:
        (tmp_path / ".pulumi" / "stacks" / "shop").mkdir(parents=True)
        (tmp_path / ".pulumi" / "stacks" / "shop" / "dev.json").touch()

    found = child.about_state(command.split(), state=tmp_path if own else None, stays=stays)

    assert (said in found) if said else found == ""


@pytest.mark.parametrize(
    ("backend", "kept"), [(None, False), ("https://api.pulumi.com", False), ("s3://live", False), ("file:///own", True)]
)
def test_the_state_is_the_mock_clouds_own_unless_a_directory_is_named(
    cloud: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str | None, *, kept: bool
) -> None:
    tool = tmp_path / "pulumi"
    tool.write_text('#!/bin/sh\necho "$PULUMI_BACKEND_URL $PULUMI_CONFIG_PASSPHRASE"\nexit 3\n', encoding="utf-8")
    tool.chmod(0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "mine")
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    if backend is not None:
        monkeypatch.setenv("PULUMI_BACKEND_URL", backend)

    result = cloud("exec", "--", str(tool), "up")

    assert result.exit_code == 3
    assert ("your backend stays as it is" in result.stderr) is not kept
    made = list((tmp_path / "cache" / "groundplan" / "pulumi").glob("process-*/command"))
    assert len(made) == (0 if kept else 1)


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
