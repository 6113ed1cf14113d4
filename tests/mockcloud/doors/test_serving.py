from pathlib import Path

import pytest

from mockcloud.doors.rest.server import CannotListen, serve
from mockcloud.doors.serving import OpenDoors
from mockcloud.simulator import new_cloud


def test_the_files_go_with_the_doors(tmp_path: Path) -> None:
    with OpenDoors(new_cloud(), tmp_path) as doors:
        (files,) = tmp_path.iterdir()
        trusted = Path(doors.doors.authority).read_text()
        assert doors.server.doors["grpc"] == doors.doors.grpc != ""
        assert files.stat().st_mode & 0o077 == 0

    assert trusted.startswith("-----BEGIN CERTIFICATE-----")
    assert list(tmp_path.iterdir()) == []


def test_where_one_door_cannot_open_none_stays_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("no gRPC today")

    monkeypatch.setattr("mockcloud.doors.grpc.server.serve_grpc", refuse)
    with serve(new_cloud()) as other:
        port = other.port

    with pytest.raises(RuntimeError, match="no gRPC today"):
        OpenDoors(new_cloud(), tmp_path, port=port)

    assert list(tmp_path.iterdir()) == []
    serve(new_cloud(), port=port).stop()


def test_the_files_of_a_server_that_was_killed_are_replaced(tmp_path: Path) -> None:
    with serve(new_cloud()) as other:
        left = tmp_path / f"cloud-{other.port}"
        port = other.port
    left.mkdir()
    (left / "old").touch()

    with OpenDoors(new_cloud(), tmp_path, port=port):
        assert not (left / "old").exists()


def test_a_port_that_is_taken_leaves_nothing(tmp_path: Path) -> None:
    with serve(new_cloud()) as other, pytest.raises(CannotListen):
        OpenDoors(new_cloud(), tmp_path, port=other.port)

    assert list(tmp_path.iterdir()) == []


def test_the_other_loopback_has_brackets_in_every_address(tmp_path: Path) -> None:
    try:
        opened = OpenDoors(new_cloud(), tmp_path, host="::1")
    except CannotListen:
        pytest.skip("this machine has no IPv6")
    with opened as doors:
        assert doors.doors.grpc.startswith("[::1]:")
        assert doors.doors.proxy.startswith("http://[::1]:")
