"""The channel in this process: everything that a client does with one."""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from google.auth import credentials as auth
from google.auth.transport.grpc import AuthMetadataPlugin
from google.cloud import secretmanager_v1
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import SecretManagerServiceGrpcTransport
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.faults import Fault
from mockcloud.cloud.store import Body
from mockcloud.cloud.streams import Stream
from mockcloud.doors.grpc.calls import MockCall
from mockcloud.doors.grpc.channel import MockChannel
from mockcloud.doors.grpc.credentials import remember
from mockcloud.services.registry import service

HOST = "secretmanager.googleapis.com:443"
SECRETS = "/google.cloud.secretmanager.v1.SecretManagerService"
VERTEX = "/google.cloud.aiplatform.v1.PredictionService"


class Headers:
    """Chooses a cloud, and keeps the headers by which it did."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.seen: list[dict[str, str]] = []

    def __call__(self, headers: Any) -> Cloud:
        self.seen.append(dict(headers))
        return self.cloud


@pytest.fixture
def headers(cloud: Cloud) -> Headers:
    return Headers(cloud)


@pytest.fixture
def channel(headers: Headers) -> MockChannel:
    return MockChannel(HOST, headers)


@pytest.fixture
def hooked() -> Any:
    """Give the functions that make credentials, as they are where Google's clients are hooked."""
    found = SimpleNamespace(**{each: getattr(grpc, each) for each in dir(grpc) if each.endswith("_credentials")})
    remember(found)
    return found


def create(channel: grpc.Channel) -> Any:
    return channel.unary_unary(
        f"{SECRETS}/CreateSecret",
        secretmanager_v1.CreateSecretRequest.serialize,
        secretmanager_v1.Secret.deserialize,
    )


def identifier(secret: Any) -> str:
    return str(secret.name.rpartition("/")[2])


def request(identifier: str = "db") -> secretmanager_v1.CreateSecretRequest:
    return secretmanager_v1.CreateSecretRequest(
        parent="projects/acme", secret_id=identifier, secret={"replication": {"automatic": {}}}
    )


# One request, one answer
# ---------------------------------------------------------------------------------------------------------------------


def test_a_call_gives_answer_call_or_future(channel: MockChannel) -> None:
    method = create(channel)
    assert identifier(method(request("a"))) == "a"
    answer, call = method.with_call(request("b"), timeout=5)
    assert identifier(answer) == "b"
    assert (call.code(), call.details(), call.trailing_metadata()) == (grpc.StatusCode.OK, "", ())
    future = method.future(request("c"))
    done: list[Any] = []
    future.add_done_callback(done.append)
    assert done == [future]
    assert identifier(future.result(timeout=1)) == "c"
    assert (future.done(), future.running(), future.cancelled(), future.cancel()) == (True, False, False, False)
    assert (future.exception(), future.traceback(), future.is_active(), future.time_remaining()) == (
        None,
        None,
        False,
        None,
    )
    assert future.initial_metadata() == ()
    assert future.add_callback(list) is False


def test_a_refusal_is_raised_and_is_the_call(channel: MockChannel) -> None:
    method = create(channel)
    with pytest.raises(grpc.RpcError) as caught:
        method(request("no good"))
    call: Any = caught.value
    assert call.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "no good" in call.details()
    assert call.debug_error_string() == call.details()
    assert "INVALID_ARGUMENT" in repr(call)
    status = rpc_status.from_call(call)
    detail = error_details_pb2.BadRequest()
    assert status.details[0].Unpack(detail)
    assert detail.field_violations[0].field == "secret_id"
    assert method.future(request("no good")).exception().code() is grpc.StatusCode.INVALID_ARGUMENT


def test_clients_that_write_bytes_get_bytes(channel: MockChannel) -> None:
    written = secretmanager_v1.CreateSecretRequest.serialize(request())
    answer = channel.unary_unary(f"{SECRETS}/CreateSecret")(written)
    assert identifier(secretmanager_v1.Secret.deserialize(answer)) == "db"


def test_metadata_and_credentials_become_headers(cloud: Cloud, headers: Headers, hooked: Any) -> None:
    class Token(auth.Credentials):
        def refresh(self, request: object) -> None:
            raise AssertionError

        @property
        def valid(self) -> bool:
            return True

    token = Token()
    token.token = "mock.user:alice@acme.test"
    plugin = AuthMetadataPlugin(token, None)
    per_call = hooked.metadata_call_credentials(lambda context, done: done((("X-More", context.service_url),), None))
    whole = hooked.composite_channel_credentials(
        grpc.ssl_channel_credentials(), hooked.metadata_call_credentials(plugin)
    )
    channel = MockChannel(HOST, headers, whole)
    create(channel)(
        request(), metadata=[("X-Goog-Request-Params", "parent=a"), ("x-bin", b"\xff")], credentials=per_call
    )
    assert headers.seen == [
        {
            "x-goog-request-params": "parent=a",
            "x-bin": "ff",
            "authorization": "Bearer mock.user:alice@acme.test",
            "x-more": f"https://secretmanager.googleapis.com/{SECRETS.strip('/')}",
        }
    ]
    assert cloud.journal.calls[-1].caller == "user:alice@acme.test"
    assert cloud.journal.calls[-1].door == "grpc"


def test_tokens_and_plugins_are_put_together(headers: Headers, hooked: Any) -> None:
    calls = hooked.composite_call_credentials(
        hooked.metadata_call_credentials(lambda context, done: done((("host", context.service_url),), None)),
        hooked.access_token_call_credentials("secret"),
    )
    whole = hooked.composite_channel_credentials(grpc.ssl_channel_credentials(), calls)
    create(MockChannel(HOST, headers, whole))(request())
    assert headers.seen == [
        {"host": f"https://secretmanager.googleapis.com/{SECRETS.strip('/')}", "authorization": "Bearer secret"}
    ]
    failing = hooked.metadata_call_credentials(lambda _, done: done(None, RuntimeError("expired")))
    with pytest.raises(grpc.RpcError, match="expired"):
        create(MockChannel(HOST, headers, failing))(request())


def test_composite_call_credentials_all_count(headers: Headers, hooked: Any) -> None:
    one = hooked.metadata_call_credentials(lambda _, done: done((("a", "1"),), None))
    two = hooked.metadata_call_credentials(lambda _, done: done((("b", "2"),), None))
    create(MockChannel(HOST, headers, hooked.composite_call_credentials(one, two)))(request())
    assert headers.seen == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize("kind", ["unary_unary", "unary_stream", "stream_unary", "stream_stream"])
def test_credentials_that_fail_make_the_call_unavailable(
    headers: Headers, hooked: Any, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(context: object, done: Callable[..., None]) -> None:
        raise RuntimeError("no token")

    caplog.set_level(logging.CRITICAL)
    channel = MockChannel(HOST, headers, hooked.metadata_call_credentials(broken))
    method = getattr(channel, kind)(f"{SECRETS}/GetSecret")
    with pytest.raises(grpc.RpcError, match="no token") as caught:
        next(method(iter([b""]) if kind.startswith("stream") else b""))
    call: Any = caught.value
    assert call.code() is grpc.StatusCode.UNAVAILABLE
    assert headers.seen == []


def test_what_the_chooser_raises_reaches_the_caller() -> None:
    def refuse(_: object) -> Cloud:
        raise LookupError("no cloud is open")

    with pytest.raises(LookupError, match="no cloud"):
        create(MockChannel(HOST, refuse))(request())


def test_interceptors_stand_before_it(channel: MockChannel, headers: Headers) -> None:
    class Tag(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
            return continuation(client_call_details._replace(metadata=[("tag", "x")]), request)

    tagged = grpc.intercept_channel(channel, Tag())
    assert identifier(create(tagged)(request())) == "db"
    assert headers.seen == [{"tag": "x"}]
    with pytest.raises(grpc.RpcError):
        create(tagged)(request())


def test_a_channel_is_always_ready(channel: MockChannel) -> None:
    grpc.channel_ready_future(channel).result(timeout=1)
    states: list[Any] = []
    with channel as same:
        same.subscribe(states.append)
        same.unsubscribe(states.append)
    assert states == [grpc.ChannelConnectivity.READY]


def test_what_clients_log_can_be_logged(
    channel: MockChannel, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first client of a process sets up how all of them log, and the one of Cloud Logging sets it up again.
    client = secretmanager_v1.SecretManagerServiceClient(transport=SecretManagerServiceGrpcTransport(channel=channel))
    for name in ("google", "google.cloud"):
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    caplog.set_level(logging.DEBUG, "google.cloud.secretmanager_v1")
    client.create_secret(request())
    assert any("Received response" in each.message for each in caplog.records)


def test_what_is_later_than_the_deadline_did_happen_and_is_refused(channel: MockChannel, cloud: Cloud) -> None:
    cloud.faults.add(Fault(delay=30, count=2, method="secretmanager.*.create"))
    with pytest.raises(grpc.RpcError) as caught:
        create(channel)(request("late"), timeout=10)
    call: Any = caught.value
    assert call.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert cloud.store.get("secretmanager", "projects/acme/secrets/late") is not None
    assert identifier(create(channel)(request("slow"), timeout=60)) == "slow"


# Streams
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Model a stream for a test."""

    def model(api: str, name: str, handler: Callable[[Stream], Iterator[Body]]) -> None:
        monkeypatch.setitem(service(api)._streams, name, handler)

    return model


def test_a_method_of_http_answers_in_parts(channel: MockChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    def parts(call: Call) -> Answer:
        return Answer(stream=tuple({"modelVersion": each} for each in call.name.split("/")[-2:]))

    name = "projects.locations.endpoints.streamGenerateContent"
    monkeypatch.setitem(service("aiplatform")._methods, name, parts)
    from google.cloud.aiplatform_v1 import GenerateContentRequest, GenerateContentResponse

    method = channel.unary_stream(
        f"{VERTEX}/StreamGenerateContent", GenerateContentRequest.serialize, GenerateContentResponse.deserialize
    )
    name = "projects/acme/locations/l/endpoints/1"
    stream = method(GenerateContentRequest(model=name, contents=[]))
    with pytest.raises(grpc.RpcError):
        next(method(GenerateContentRequest(model="nonsense")))
    assert [each.model_version for each in stream] == ["endpoints", "1"]
    assert (stream.code(), stream.is_active(), stream.cancel()) == (grpc.StatusCode.OK, False, False)
    assert list(stream) == []
    other = method(GenerateContentRequest(model=name))
    assert other.result(timeout=1) is other
    assert other.done()
    unheard = method(GenerateContentRequest(model=name))
    assert unheard.cancel() is True
    with pytest.raises(grpc.RpcError):
        next(unheard)


def test_a_method_that_answers_once_is_a_stream_of_one(channel: MockChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "projects.locations.endpoints.serverStreamingPredict"
    monkeypatch.setitem(service("aiplatform")._methods, name, lambda _: {"outputs": [{"stringVal": ["a"]}]})
    from google.cloud.aiplatform_v1 import StreamingPredictRequest, StreamingPredictResponse

    method = channel.unary_stream(
        f"{VERTEX}/ServerStreamingPredict", StreamingPredictRequest.serialize, StreamingPredictResponse.deserialize
    )
    answers = list(method(StreamingPredictRequest(endpoint="projects/acme/locations/l/endpoints/1")))
    assert [list(each.outputs[0].string_val) for each in answers] == [["a"]]


def test_requests_and_answers_take_turns(channel: MockChannel, streams: Callable[..., None]) -> None:
    def echo(stream: Stream) -> Iterator[Body]:
        for each in stream:
            yield {"outputs": each.get("inputs", [])}

    streams("aiplatform", "PredictionService.StreamingPredict", echo)
    from google.cloud.aiplatform_v1 import StreamingPredictRequest, StreamingPredictResponse

    method = channel.stream_stream(
        f"{VERTEX}/StreamingPredict", StreamingPredictRequest.serialize, StreamingPredictResponse.deserialize
    )
    asked: queue.Queue[str | None] = queue.Queue()

    def requests() -> Iterator[StreamingPredictRequest]:
        while (each := asked.get(timeout=5)) is not None:
            yield StreamingPredictRequest(inputs=[{"string_val": [each]}])

    call = method(requests(), timeout=30)
    done: list[Any] = []
    woken: list[str] = []
    call.add_done_callback(done.append)
    assert call.add_callback(lambda: woken.append("x")) is True
    for each in ("a", "b"):
        asked.put(each)
        assert list(next(call).outputs[0].string_val) == [each]
    assert call.is_active()
    asked.put(None)
    with pytest.raises(StopIteration):
        next(call)
    assert (done, woken) == ([call], ["x"])
    assert call.add_callback(list) is False
    call.add_done_callback(done.append)
    assert done == [call, call]


def test_many_requests_get_one_answer(channel: MockChannel, streams: Callable[..., None]) -> None:
    def count(stream: Stream) -> Iterator[Body]:
        yield {"persistedSize": str(len(list(stream)))}

    streams("storage", "Storage.WriteObject", count)
    from google.cloud import _storage_v2 as storage

    method = channel.stream_unary(
        "/google.storage.v2.Storage/WriteObject",
        storage.WriteObjectRequest.serialize,
        storage.WriteObjectResponse.deserialize,
    )
    requests = [storage.WriteObjectRequest(write_offset=each) for each in range(3)]
    assert method(iter(requests)).persisted_size == 3
    answer, call = method.with_call(iter(requests))
    assert (answer.persisted_size, call.code()) == (3, grpc.StatusCode.OK)


def test_a_stream_that_nobody_models_is_unimplemented(channel: MockChannel) -> None:
    for path, kind in (
        ("/google.storage.v2.Storage/BidiWriteObject", "stream_stream"),
        ("/google.storage.v2.Storage/NoSuch", "stream_unary"),
        (f"{VERTEX}/StreamDirectPredict", "stream_stream"),
        ("/google.nothing.v1.Such/Get", "unary_stream"),
        ("/google.nothing.v1.Such/Get", "stream_stream"),
    ):
        method = getattr(channel, kind)(path)
        with pytest.raises(grpc.RpcError, match=path) as caught:
            list(method(iter([]) if kind.startswith("stream") else b""))
        call: Any = caught.value
        assert call.code() is grpc.StatusCode.UNIMPLEMENTED


def test_a_handler_refuses_in_the_middle(channel: MockChannel, streams: Callable[..., None]) -> None:
    def refuse(stream: Stream) -> Iterator[Body]:
        yield {"outputs": []}
        raise ApiError(404, "NOT_FOUND", "gone")

    streams("aiplatform", "PredictionService.StreamingPredict", refuse)
    call = channel.stream_stream(f"{VERTEX}/StreamingPredict")(iter([]))
    assert next(call) is not None
    for _ in range(2):
        with pytest.raises(grpc.RpcError) as caught:
            next(call)
        assert caught.value is call
    assert (call.code(), call.details()) == (grpc.StatusCode.NOT_FOUND, "gone")


def test_a_fault_of_ours_is_logged_and_refused(
    channel: MockChannel,
    streams: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_: object) -> Iterator[Body]:
        raise KeyError("a bug")

    streams("aiplatform", "PredictionService.StreamingPredict", broken)
    monkeypatch.setitem(service("secretmanager")._methods, "projects.secrets.create", broken)
    for call in (
        lambda: create(channel)(request()),
        lambda: next(channel.stream_stream(f"{VERTEX}/StreamingPredict")(iter([]))),
    ):
        caplog.clear()
        with pytest.raises(grpc.RpcError) as caught:
            call()
        refused: Any = caught.value
        assert (refused.code(), refused.details()) == (grpc.StatusCode.INTERNAL, "Internal error encountered.")
        assert "a bug" in caplog.text


def test_requests_that_cannot_be_read_end_the_call(channel: MockChannel, streams: Callable[..., None]) -> None:
    streams("aiplatform", "PredictionService.StreamingPredict", lambda stream: ({} for _ in stream))

    def failing() -> Iterator[bytes]:
        yield b""
        raise ValueError("no more paper")

    for requests, why in ((iter([b"\xff\xff"]), "is no google"), (failing(), "no more paper")):
        with pytest.raises(grpc.RpcError, match=why) as caught:
            list(channel.stream_stream(f"{VERTEX}/StreamingPredict")(requests))
        call: Any = caught.value
        assert call.code() is grpc.StatusCode.INVALID_ARGUMENT


def silent(release: threading.Event) -> Iterator[bytes]:
    """Requests of a client that sends none, and does not end until it is let go."""
    release.wait()
    yield from ()


def test_who_waits_is_woken_by_cancelling(channel: MockChannel, streams: Callable[..., None]) -> None:
    waiting = threading.Event()

    def wait(stream: Stream) -> Iterator[Body]:
        waiting.set()
        while True:
            stream.wait()
            yield from ()

    streams("aiplatform", "PredictionService.StreamingPredict", wait)
    release = threading.Event()
    call = channel.stream_stream(f"{VERTEX}/StreamingPredict")(silent(release))
    caught: list[BaseException] = []

    def listen() -> None:
        try:
            next(call)
        except grpc.RpcError as error:
            caught.append(error)

    listener = threading.Thread(target=listen)
    listener.start()
    assert waiting.wait(5)
    assert call.cancel() is True
    listener.join(5)
    release.set()
    assert caught == [call]
    assert (call.code(), call.cancelled(), call.done()) == (grpc.StatusCode.CANCELLED, True, True)


def test_a_deadline_ends_a_stream(channel: MockChannel, streams: Callable[..., None]) -> None:
    def wait(stream: Stream) -> Iterator[Body]:
        while True:
            stream.wait()
            yield from ()

    streams("aiplatform", "PredictionService.ServerStreamingPredict", wait)
    call = channel.unary_stream(f"{VERTEX}/ServerStreamingPredict")(b"", timeout=0.01)
    with pytest.raises(grpc.RpcError):
        call.result()
    assert call.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_a_method_without_http_can_be_modelled_as_a_stream_of_one(
    channel: MockChannel, streams: Callable[..., None]
) -> None:
    def session(stream: Stream) -> Iterator[Body]:
        request = stream.receive()
        assert request is not None
        assert stream.receive() is None
        yield {"name": "sessions/1", "table": request["readSession"]["table"]}

    streams("bigquerystorage", "BigQueryRead.CreateReadSession", session)
    from google.cloud.bigquery_storage_v1.types import CreateReadSessionRequest, ReadSession

    method = channel.unary_unary(
        "/google.cloud.bigquery.storage.v1.BigQueryRead/CreateReadSession",
        CreateReadSessionRequest.serialize,
        ReadSession.deserialize,
    )
    answer = method(CreateReadSessionRequest(read_session={"table": "projects/a/datasets/d/tables/t"}))
    assert (answer.name, answer.table) == ("sessions/1", "projects/a/datasets/d/tables/t")


def test_a_call_that_is_over_says_so() -> None:
    call = MockCall("answer")
    assert (call.result(), call.exception(), str(call)) == ("answer", None, "<MockCall of StatusCode.OK: >")
