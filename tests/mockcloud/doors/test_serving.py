import ssl
import time
import urllib.request
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from mockcloud.cloud.faults import Fault
from mockcloud.doors.embedded.wire import to_struct
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
    def refuse(*_: object, **__: object) -> None:
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


def test_every_door_is_as_late_as_a_fault_asks_where_it_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud, waited = new_cloud(), list[float]()
    cloud.faults.add(Fault(method="secretmanager.*", delay=300))

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("mockcloud.doors.rest.app.asyncio", type("Loop", (), {"sleep": staticmethod(sleep)}))
    monkeypatch.setattr(time, "sleep", waited.append)
    with OpenDoors(cloud, tmp_path, real_delays=True) as doors:
        _ask(f"{doors.server.url}/v1/projects/acme/secrets", doors)
        assert waited == [300]
        _ask("https://secretmanager.googleapis.com/v1/projects/acme/secrets", doors)
        assert waited == [300] * 2
        with grpc.insecure_channel(doors.doors.grpc) as channel:
            listed: Any = channel.unary_unary("/google.cloud.secretmanager.v1.SecretManagerService/ListSecrets")
            listed(b"\x0a\x0dprojects/acme", timeout=60)
        assert waited == [300] * 3
        with grpc.insecure_channel(f"127.0.0.1:{doors.doors.pulumi.rpartition(':')[2]}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"project": "acme"})))
            urn, inputs = "urn:pulumi:dev::shop::gcp:secretmanager/secret:Secret::key", {"secretId": "key"}
            properties = to_struct({**inputs, "replication": {"auto": {}}})
            stub.Create(provider_pb2.CreateRequest(urn=urn, properties=properties), timeout=60)
        assert set(waited) == {300}
        assert len(waited) > 3


def _ask(url: str, doors: OpenDoors) -> None:
    """List secrets by the proxy, or past it."""
    token = Path(doors.doors.token).read_text(encoding="utf-8").strip()
    headers = {"host": "secretmanager.googleapis.com", "authorization": f"Bearer {token}"}
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": doors.doors.proxy}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=doors.doors.authority)),
    )
    with opener.open(urllib.request.Request(url, headers=headers), timeout=60) as found:  # noqa: S310 - its own addresses
        assert found.status == 200
