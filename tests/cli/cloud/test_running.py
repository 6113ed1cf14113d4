"""Which server is meant, and what becomes of the notes of dead ones."""

import json
import os
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from groundplan_cli.cloud.running import VARIABLE, Running, note, running
from mockcloud.doors.rest.server import serve
from mockcloud.doors.serving import OpenDoors
from mockcloud.simulator import new_cloud
from tests.cli.cloud.conftest import Command, four_parts

GONE = 2**31 - 1
"""The id of no process: systems give smaller ones."""


def test_without_a_server_it_says_how_to_start_one(cloud: Command, runtime: Path) -> None:
    error = four_parts(cloud("state"))

    assert "No mock cloud runs" in error
    assert "groundplan cloud start" in error
    assert list(runtime.glob("cloud-*.json")) == []


def test_a_note_is_its_owner_s_and_goes_with_the_server(server: Running, runtime: Path) -> None:
    (path,) = runtime.glob("cloud-*.json")

    assert path.stat().st_mode & 0o777 == 0o600
    assert runtime.stat().st_mode & 0o077 == 0
    assert json.loads(path.read_text()) == {"url": server.url, "pid": os.getpid()}


@pytest.mark.parametrize(
    ("pid", "kept"),
    [(GONE, False), (2**70, False), (os.getpid(), True), (1, True)],
    ids=["gone", "none", "own", "first"],
)
def test_the_note_of_a_server_is_removed_when_its_process_is_gone(
    cloud: Command, runtime: Path, pid: int, kept: bool
) -> None:
    with serve(new_cloud()) as ended:
        url = ended.url
    path = note(Running(url, pid))
    files = path.with_suffix("")
    files.mkdir()
    (files / "key.json").touch()

    four_parts(cloud("state"))

    assert path.exists() is files.exists() is kept
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("content", [b"hello", b"{}", b""])
def test_a_server_that_does_not_answer_as_it_should_keeps_its_files(runtime: Path, content: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:

        def answer() -> None:
            client, _ = busy.accept()
            with client:
                client.recv(10_000)
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + content if content else b"")

        Thread(target=answer, daemon=True).start()
        path = note(Running(f"http://127.0.0.1:{busy.getsockname()[1]}", GONE))
        path.with_suffix("").mkdir()

        assert running() == []

    assert path.exists()
    assert path.with_suffix("").exists()
    path.unlink()


def test_another_server_that_has_the_port_now_is_not_taken_for_it(doors: OpenDoors, runtime: Path) -> None:
    path = note(Running(doors.server.url, 1))

    assert running() == []
    assert not path.exists()
    assert Path(doors.doors.key).exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"url": 5}', '{"url": "http://127.0.0.1:1", "pid": "x"}', "\x00"])
def test_a_note_that_is_broken_is_removed(runtime: Path, content: str) -> None:
    runtime.mkdir(exist_ok=True)
    path = runtime / "cloud-1.json"
    path.write_text(content, encoding="utf-8")

    assert running() == []
    assert not path.exists()


def test_of_two_servers_one_must_be_named(cloud: Command, server: Running) -> None:
    with serve(new_cloud(seed=5)) as other:
        path = note(Running(other.url, os.getpid()))
        error = four_parts(cloud("state"))
        named = cloud("state", "--json", "--port", str(other.port))
        path.unlink()

    assert "Several mock clouds run" in error
    assert str(server.port) in error
    assert str(other.port) in error
    assert json.loads(named.stdout)["seed"] == 5


def test_the_environment_names_one(cloud: Command, server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(new_cloud(seed=5)) as other:
        monkeypatch.setenv(VARIABLE, f"{other.url}/")
        assert json.loads(cloud("state", "--json").stdout)["seed"] == 5
    assert "does not answer" in four_parts(cloud("state"))
    assert running() == [server]


def test_a_port_where_nobody_listens_is_refused(cloud: Command) -> None:
    with serve(new_cloud()) as ended:
        port = ended.port

    assert f"127.0.0.1:{port}" in four_parts(cloud("state", "--port", str(port)))


def test_somebody_else_s_server_is_none_of_ours(cloud: Command) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Other) as other:
        Thread(target=other.handle_request, daemon=True).start()
        assert "does not answer" in four_parts(cloud("state", "--port", str(other.server_port)))


def test_a_runtime_directory_that_cannot_be_is_an_error(
    cloud: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "file"))

    assert "XDG_RUNTIME_DIR" in four_parts(cloud("state"))
