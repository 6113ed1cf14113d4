"""The gRPC server: what only a socket shows."""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.cloud import _storage_v2 as storage
from google.cloud import secretmanager_v1
from google.cloud.aiplatform_v1 import StreamingPredictRequest, StreamingPredictResponse
from google.longrunning import operations_pb2
from grpc_status import rpc_status

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import Fault
from mockcloud.cloud.store import Body, Record
from mockcloud.cloud.streams import Stream
from mockcloud.doors.grpc import rpcs
from mockcloud.doors.grpc.server import GrpcServer, PortTaken, serve_grpc
from mockcloud.doors.grpc.tls import self_signed
from mockcloud.services.registry import service

SECRETS = "/google.cloud.secretmanager.v1.SecretManagerService"
VERTEX = "/google.cloud.aiplatform.v1.PredictionService"
NONE = secretmanager_v1.GetSecretRequest.serialize(secretmanager_v1.GetSecretRequest(name="projects/a/secrets/none"))


@pytest.fixture
def server(cloud: Cloud) -> Iterator[GrpcServer]:
    with serve_grpc(cloud) as running:
        yield running


@pytest.fixture
def channel(server: GrpcServer) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(f"{server.host}:{server.port}") as opened:
        yield opened


def refusal(call: Callable[[], object]) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value


def secret(channel: grpc.Channel, identifier: str) -> str:
    method = channel.unary_unary(
        f"{SECRETS}/CreateSecret",
        secretmanager_v1.CreateSecretRequest.serialize,
        secretmanager_v1.Secret.deserialize,
    )
    return str(
        method(
            secretmanager_v1.CreateSecretRequest(
                parent="projects/acme", secret_id=identifier, secret={"replication": {"automatic": {}}}
            ),
            metadata=[("authorization", "Bearer mock.user:alice@acme.test")],
        ).name
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_tls_is_trusted_by_whoever_trusts_its_authority(cloud: Cloud, host: str) -> None:
    tls = self_signed()
    with serve_grpc(cloud, tls=tls) as server:
        credentials = grpc.ssl_channel_credentials(tls.root)
        with grpc.secure_channel(f"{host}:{server.port}", credentials) as channel:
            assert secret(channel, "db").endswith("/secrets/db")
        others = grpc.ssl_channel_credentials(self_signed().root)
        with grpc.secure_channel(f"{host}:{server.port}", others) as channel:
            assert refusal(lambda: secret(channel, "x")).code() is grpc.StatusCode.UNAVAILABLE


def test_a_certificate_has_the_names_that_are_asked_for(cloud: Cloud) -> None:
    tls = self_signed(["*.googleapis.com"])
    options = [("grpc.ssl_target_name_override", "kms.googleapis.com")]
    credentials = grpc.ssl_channel_credentials(tls.root)
    with (
        serve_grpc(cloud, tls=tls) as server,
        grpc.secure_channel(f"127.0.0.1:{server.port}", credentials, options) as channel,
    ):
        assert secret(channel, "db").endswith("/secrets/db")


def test_the_caller_and_the_door_are_noted(cloud: Cloud, channel: grpc.Channel) -> None:
    secret(channel, "db")
    called = cloud.journal.calls[-1]
    assert (called.caller, called.door) == ("user:alice@acme.test", "grpc")


def test_refusals_have_details_in_the_trailer(channel: grpc.Channel) -> None:
    error = refusal(lambda: secret(channel, "no good"))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    status = rpc_status.from_call(error)
    assert status is not None
    assert status.details[0].type_url.endswith("google.rpc.BadRequest")


@pytest.mark.parametrize("kind", ["unary_unary", "unary_stream", "stream_unary", "stream_stream"])
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/google.cloud.nothing.v1.Such/Get", "/google.cloud.nothing.v1.Such/Get"),
        ("/google.cloud.retail.v2.ProductService/GetProduct", "install a version of google-cloud-retail"),
    ],
)
def test_what_is_not_served_is_unimplemented(channel: grpc.Channel, kind: str, path: str, why: str) -> None:
    def call() -> None:
        answer = getattr(channel, kind)(path)(iter([b""]) if kind.startswith("stream") else b"")
        next(answer)

    error = refusal(call)
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED
    assert why in (error.details() or "")


def test_bytes_that_are_no_message_are_refused(channel: grpc.Channel) -> None:
    secret(channel, "db")
    error = refusal(lambda: channel.unary_unary(f"{SECRETS}/GetSecret")(b"\xff\xff"))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_the_first_call_of_a_service_is_like_any_other(channel: grpc.Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rpcs, "_known", {})
    assert secret(channel, "one").endswith("/secrets/one")
    monkeypatch.setattr(rpcs, "_known", {})
    error = refusal(lambda: channel.unary_unary(f"{SECRETS}/GetSecret")(b""))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize(("authority", "found"), [("notebooks.googleapis.com", "notebooks"), ("", "workflows")])
def test_operations_are_told_apart_by_authority_then_by_name(
    cloud: Cloud, server: GrpcServer, authority: str, found: str
) -> None:
    name = "projects/acme/locations/l/operations/7"
    for each in ("notebooks", "workflows") if authority else ("workflows",):
        cloud.create(Record(each, name, {"name": f"{each}/{name}", "done": True}))
    options = [("grpc.default_authority", authority)] if authority else []
    with grpc.insecure_channel(f"127.0.0.1:{server.port}", options) as channel:
        method = channel.unary_unary(
            "/google.longrunning.Operations/GetOperation",
            operations_pb2.GetOperationRequest.SerializeToString,
            operations_pb2.Operation.FromString,
        )
        assert method(operations_pb2.GetOperationRequest(name=name)).name == f"{found}/{name}"


def test_two_hundred_at_once_lose_nothing(cloud: Cloud, channel: grpc.Channel) -> None:
    secret(channel, "first")
    with ThreadPoolExecutor(50) as pool:
        names = set(pool.map(lambda at: secret(channel, f"s{at}"), range(200)))
    assert len(names) == 200
    assert len(cloud.store.page("secretmanager", "projects/acme/secrets")) == 201


@pytest.mark.parametrize("real", [False, True])
def test_a_delay_is_held_to_the_deadline_or_waited_out(
    cloud: Cloud, real: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    cloud.faults.add(Fault(delay=300))
    with (
        serve_grpc(cloud, real_delays=real) as server,
        grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        call: Any = channel.unary_unary(f"{SECRETS}/GetSecret")
        error = refusal(lambda: call(NONE, timeout=60))
    expected = grpc.StatusCode.NOT_FOUND if real else grpc.StatusCode.DEADLINE_EXCEEDED
    assert (error.code(), slept) == (expected, [300] if real else [])


def test_a_port_that_is_taken_is_an_error(cloud: Cloud, server: GrpcServer) -> None:
    with pytest.raises(PortTaken, match=str(server.port)):
        serve_grpc(cloud, port=server.port)


def test_it_listens_on_the_other_family_too(cloud: Cloud) -> None:
    try:
        server = serve_grpc(cloud, host="::1")
    except PortTaken:
        pytest.skip("this machine has no IPv6")
    with server, grpc.insecure_channel(f"[::1]:{server.port}") as channel:
        assert secret(channel, "db").endswith("/secrets/db")


def test_after_stopping_nobody_answers(cloud: Cloud) -> None:
    server = serve_grpc(cloud)
    server.stop()
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        assert refusal(lambda: secret(channel, "db")).code() is grpc.StatusCode.UNAVAILABLE


# Streams
# ---------------------------------------------------------------------------------------------------------------------


def echo(stream: Stream) -> Iterator[Body]:
    for each in stream:
        yield {"outputs": each.get("inputs", [])}


def test_requests_and_answers_take_turns(channel: grpc.Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(service("aiplatform")._streams, "PredictionService.StreamingPredict", echo)
    method = channel.stream_stream(
        f"{VERTEX}/StreamingPredict", StreamingPredictRequest.serialize, StreamingPredictResponse.deserialize
    )
    asked: queue.Queue[str | None] = queue.Queue()

    def requests() -> Iterator[StreamingPredictRequest]:
        while (each := asked.get(timeout=10)) is not None:
            yield StreamingPredictRequest(inputs=[{"string_val": [each]}])

    for _ in range(2):  # the first call is that of a service that is not known yet
        call = method(requests())
        for each in ("a", "b"):
            asked.put(each)
            assert list(next(call).outputs[0].string_val) == [each]
        asked.put(None)
        assert list(call) == []


def test_one_request_gets_many_answers(channel: grpc.Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "projects.locations.endpoints.serverStreamingPredict"
    monkeypatch.setitem(service("aiplatform")._methods, name, lambda _: {"outputs": [{"stringVal": ["a"]}]})
    method = channel.unary_stream(
        f"{VERTEX}/ServerStreamingPredict", StreamingPredictRequest.serialize, StreamingPredictResponse.deserialize
    )
    request = StreamingPredictRequest(endpoint="projects/acme/locations/l/endpoints/1")
    for _ in range(2):
        assert [list(each.outputs[0].string_val) for each in method(request)] == [["a"]]
    monkeypatch.setitem(service("aiplatform")._streams, "PredictionService.ServerStreamingPredict", echo)
    request = StreamingPredictRequest(inputs=[{"string_val": ["b"]}])
    assert [list(each.outputs[0].string_val) for each in method(request)] == [["b"]]


def test_many_requests_get_one_answer(channel: grpc.Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    def count(stream: Stream) -> Iterator[Body]:
        yield {"persistedSize": str(len(list(stream)))}

    monkeypatch.setitem(service("storage")._streams, "Storage.WriteObject", count)
    method = channel.stream_unary(
        "/google.storage.v2.Storage/WriteObject",
        storage.WriteObjectRequest.serialize,
        storage.WriteObjectResponse.deserialize,
    )
    assert method(iter([storage.WriteObjectRequest()] * 3)).persisted_size == 3


def silent(release: threading.Event) -> Iterator[bytes]:
    """Requests of a client that sends none, and does not end until it is let go."""
    release.wait()
    yield from ()


@pytest.mark.parametrize("deadline", [True, False])
def test_a_handler_hears_that_nobody_listens(
    channel: grpc.Channel, monkeypatch: pytest.MonkeyPatch, deadline: bool
) -> None:
    waiting, ended = threading.Event(), threading.Event()

    def wait(stream: Stream) -> Iterator[Body]:
        waiting.set()
        try:
            while True:
                stream.wait()
                yield from ()
        finally:
            ended.set()

    monkeypatch.setitem(service("aiplatform")._streams, "PredictionService.StreamingPredict", wait)
    release = threading.Event()
    method: Any = channel.stream_stream(f"{VERTEX}/StreamingPredict")
    call = method(silent(release), timeout=0.5 if deadline else None)
    assert waiting.wait(10)
    if not deadline:
        call.cancel()
    assert ended.wait(10)
    release.set()


def test_it_is_small_before_messages_are_read() -> None:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("this system does not tell the most memory that a process had")
    script = (
        "import mockcloud.simulator as m; from mockcloud.doors.grpc.server import serve_grpc;"
        "serve_grpc(m.new_cloud()).stop(); print(open('/proc/self/status').read())"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    most = next(line.split()[1] for line in answer.stdout.splitlines() if line.startswith("VmHWM"))
    assert int(most) <= 150 * 1024
