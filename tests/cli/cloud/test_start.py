"""Servers in processes of their own: few, since each takes most of a second."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from groundplan_cli.cloud.running import running
from groundplan_cli.cloud.serving import Wanted, serving
from mockcloud.doors.environment import DEFAULT_PROJECT
from tests.cli.cloud.conftest import Command, four_parts

STATE = ["state", "--json"]


def test_a_server_in_the_background_is_found_keeps_its_data_and_stops(cloud: Command, tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "data")]
    started = cloud("start", "--detach", "--profile", "strict", "--no-rule", "quota", "--seed", "3", *data)
    assert started.exit_code == 0, started.output
    (first,) = running()
    found = json.loads(cloud(*STATE).stdout)
    taken = cloud("start", "--detach", "--port", str(first.port))
    in_use = cloud("start", "--detach", *data)
    cloud("advance", "1h")
    stopped = cloud("stop")

    assert f"serves at {first.url}" in started.stdout
    assert first.pid != os.getpid()
    assert (found["profile"], found["rules"]["access"], found["rules"]["quota"]) == ("strict", True, False)
    assert (found["waits"], found["seed"]) == ("poll", 3)
    assert f"port {first.port}" in four_parts(taken)
    assert "The data are in use" in four_parts(in_use)
    assert stopped.stdout == f"The mock cloud at {first.url} has stopped.\n"
    assert running() == []

    cloud("start", "--detach", *data)
    again = json.loads(cloud(*STATE).stdout)
    cloud("stop")

    assert again["seed"] == 3
    assert again["now"].startswith("2026-01-01T01:00:00")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_server_in_the_foreground_and_leaves_nothing(runtime: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "groundplan_cli", "cloud", "start", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = json.loads(process.stdout.readline())["url"]
        notes = [path.name for path in runtime.glob("cloud-*")]
        (files,) = [path for path in runtime.glob("cloud-*") if path.is_dir()]
        modes = {stat.S_IMODE(path.stat().st_mode) for path in files.iterdir() if path.name in {"key.json", "token"}}
        process.send_signal(number)
        code = process.wait(timeout=30)
        said = process.stderr.read()

    assert code == 0
    assert len(notes) == 2, "a note, and the files for programs"
    assert modes == {0o600}
    assert url.startswith("http://127.0.0.1:")
    assert said == b"The mock cloud has stopped.\n"
    assert list(runtime.glob("cloud-*")) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rule", "nonsense"], "There is no such rule"),
        (["--host", "192.0.2.1"], "this machine only"),
        (["--data", "/dev/null/data"], "The data cannot be opened"),
    ],
)
def test_what_cannot_start_says_why_and_leaves_nothing(
    cloud: Command, runtime: Path, options: list[str], said: str
) -> None:
    assert said in four_parts(cloud("start", *options))
    assert list(runtime.glob("cloud-*")) == []


def test_a_directory_that_is_not_named_is_not_where_the_user_is(
    cloud: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cloud("start", "--data", "")
    assert done.exit_code == 2
    assert "it names no directory" in done.stderr
    assert not (tmp_path / "mockcloud.sqlite").exists()


def test_stopping_without_a_server_is_an_error(cloud: Command) -> None:
    assert "No mock cloud runs" in four_parts(cloud("stop"))


def test_a_strict_server_has_the_project_of_programs_that_name_none(runtime: Path) -> None:
    assert runtime.parent.is_dir()
    with serving(Wanted(profile="strict")) as doors:
        assert doors.server.cloud.projects.get(DEFAULT_PROJECT) is not None
