"""The asynchronous channel in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import _storage_v2 as storage
from google.cloud import secretmanager_v1
from google.cloud.aiplatform_v1 import StreamingPredictRequest, StreamingPredictResponse
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceGrpcAsyncIOTransport,
)
from grpc import aio
from grpc_status import rpc_status

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.faults import Fault
from mockcloud.cloud.store import Body
from mockcloud.cloud.streams import Stream
from mockcloud.doors.grpc.aio import AioMockChannel
from mockcloud.services.registry import service

VERTEX = "/google.cloud.aiplatform.v1.PredictionService"
SECRETS = "/google.cloud.secretmanager.v1.SecretManagerService"
Model = Callable[..., None]
NONE = secretmanager_v1.GetSecretRequest.serialize(secretmanager_v1.GetSecretRequest(name="projects/a/secrets/none"))


@pytest.fixture
def channel(cloud: Cloud) -> AioMockChannel:
    return AioMockChannel("secretmanager.googleapis.com:443", lambda _: cloud)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    """Model a stream for a test."""

    def register(api: str, name: str, handler: Callable[[Stream], Iterator[Body]]) -> None:
        monkeypatch.setitem(service(api)._streams, name, handler)

    return register


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 20))


def predict(channel: AioMockChannel) -> Any:
    return channel.stream_stream(
        f"{VERTEX}/StreamingPredict", StreamingPredictRequest.serialize, StreamingPredictResponse.deserialize
    )


def asked(text: str) -> StreamingPredictRequest:
    return StreamingPredictRequest(inputs=[{"string_val": [text]}])


def told(answer: StreamingPredictResponse) -> str:
    return str(answer.outputs[0].string_val[0])


def echo(stream: Stream) -> Iterator[Body]:
    for each in stream:
        yield {"outputs": each.get("inputs", [])}


def wait(stream: Stream) -> Iterator[Body]:
    while True:
        stream.wait()
        yield from ()


def test_googles_asynchronous_client_works(channel: AioMockChannel) -> None:
    async def work() -> None:
        transport = SecretManagerServiceGrpcAsyncIOTransport(channel=channel)
        client = secretmanager_v1.SecretManagerServiceAsyncClient(transport=transport)
        made = await client.create_secret(
            parent="projects/acme", secret_id="db", secret={"replication": {"automatic": {}}}
        )
        assert await client.get_secret(name=made.name) == made
        listed = await client.list_secrets(parent="projects/acme")
        assert [each.name async for each in listed] == [made.name]
        with pytest.raises(exceptions.NotFound, match="none"):
            await client.get_secret(name="projects/acme/secrets/none")

    run(work())


def test_a_call_tells_how_it_ended(channel: AioMockChannel) -> None:
    async def work() -> None:
        method = channel.unary_unary(f"{SECRETS}/CreateSecret", secretmanager_v1.CreateSecretRequest.serialize)
        call = method(secretmanager_v1.CreateSecretRequest(parent="projects/acme", secret_id="no good"))
        done: list[Any] = []
        call.add_done_callback(done.append)
        await call.wait_for_connection()
        with pytest.raises(aio.AioRpcError) as caught:
            await call
        assert caught.value.code() is await call.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert await call.details() == caught.value.details()
        assert rpc_status.from_call(caught.value).code == 3
        assert len(await call.trailing_metadata()) == 1
        assert len(await call.initial_metadata()) == 0
        assert (call.done(), call.cancelled(), call.cancel(), call.time_remaining()) == (True, False, False, None)
        call.add_done_callback(done.append)
        assert done == [call, call]

    run(work())


def test_interceptors_stand_before_it(channel: AioMockChannel) -> None:
    class Own(aio.UnaryUnaryClientInterceptor):
        async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
            seen.append(client_call_details.method)
            return await continuation(client_call_details, request) if request else secretmanager_v1.Secret(name="own")

    seen: list[str] = []

    async def work() -> None:
        channel._unary_unary_interceptors.extend([Own(), Own()])
        method = channel.unary_unary(
            f"{SECRETS}/GetSecret", secretmanager_v1.GetSecretRequest.serialize, secretmanager_v1.Secret.deserialize
        )
        with pytest.raises(aio.AioRpcError):
            await method(secretmanager_v1.GetSecretRequest(name="projects/acme/secrets/none"))
        assert (await method(None)).name == "own"
        assert seen == [f"{SECRETS}/GetSecret"] * 3

    run(work())


def test_what_the_chooser_raises_reaches_the_caller() -> None:
    def refuse(_: object) -> Cloud:
        raise LookupError("no cloud is open")

    async def work() -> None:
        with pytest.raises(LookupError, match="no cloud"):
            await AioMockChannel("x:443", refuse).unary_unary(f"{SECRETS}/GetSecret")(b"")

    run(work())


def test_what_is_later_than_the_deadline_is_refused(channel: AioMockChannel, cloud: Cloud) -> None:
    cloud.faults.add(Fault(delay=30))

    async def work() -> None:
        with pytest.raises(aio.AioRpcError) as caught:
            await channel.unary_unary(f"{SECRETS}/GetSecret")(NONE, timeout=1)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED

    run(work())


def test_a_call_can_be_cancelled(channel: AioMockChannel) -> None:
    async def work() -> None:
        call = channel.unary_unary(f"{SECRETS}/GetSecret")(b"")
        assert call.cancel() is True
        with pytest.raises(asyncio.CancelledError):
            await call
        assert call.cancelled()

    run(work())


def test_a_channel_is_always_ready(channel: AioMockChannel) -> None:
    async def work() -> None:
        async with channel as same:
            await same.channel_ready()
            assert same.get_state(try_to_connect=True) is grpc.ChannelConnectivity.READY
            await same.wait_for_state_change(grpc.ChannelConnectivity.IDLE)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(same.wait_for_state_change(grpc.ChannelConnectivity.READY), 0.01)

    run(work())


# Streams
# ---------------------------------------------------------------------------------------------------------------------


def test_a_method_of_http_answers_in_parts(channel: AioMockChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "projects.locations.endpoints.serverStreamingPredict"
    monkeypatch.setitem(service("aiplatform")._methods, name, lambda _: {"outputs": [{"stringVal": ["a"]}]})

    async def work() -> None:
        method = channel.unary_stream(
            f"{VERTEX}/ServerStreamingPredict", StreamingPredictRequest.serialize, StreamingPredictResponse.deserialize
        )
        call = method(StreamingPredictRequest(endpoint="projects/acme/locations/l/endpoints/1"))
        assert [told(each) async for each in call] == ["a"]
        assert await call.read() is aio.EOF
        assert await call.code() is grpc.StatusCode.OK
        with pytest.raises(aio.AioRpcError):
            await method(StreamingPredictRequest(endpoint="nonsense")).read()

    run(work())


def test_a_call_of_one_request_takes_no_other(channel: AioMockChannel) -> None:
    async def work() -> None:
        for call in (
            channel.unary_unary(f"{SECRETS}/GetSecret")(NONE),
            channel.unary_stream(f"{VERTEX}/ServerStreamingPredict")(b""),
        ):
            with pytest.raises(aio.UsageError, match="one request"):
                await call.write(b"")
            with pytest.raises(aio.UsageError, match="one request"):
                await call.done_writing()
            assert call.cancel() is True

    run(work())


def test_a_modelled_stream_answers_one_request(channel: AioMockChannel, model: Model) -> None:
    model("aiplatform", "PredictionService.ServerStreamingPredict", echo)

    async def work() -> None:
        method = channel.unary_stream(
            f"{VERTEX}/ServerStreamingPredict", StreamingPredictRequest.serialize, StreamingPredictResponse.deserialize
        )
        assert [told(each) async for each in method(asked("a"))] == ["a"]

    run(work())


@pytest.mark.parametrize("kind", ["plain", "asynchronous", "written"])
def test_requests_come_in_three_ways(channel: AioMockChannel, model: Model, kind: str) -> None:
    model("aiplatform", "PredictionService.StreamingPredict", echo)

    async def slowly() -> AsyncIterator[StreamingPredictRequest]:
        for each in "ab":
            await asyncio.sleep(0)
            yield asked(each)

    async def work() -> None:
        requests = {"plain": [asked("a"), asked("b")], "asynchronous": slowly(), "written": None}[kind]
        call = predict(channel)(requests)
        if kind == "written":
            for each in "ab":
                await call.write(asked(each))
            await call.done_writing()
        assert [told(each) async for each in call] == ["a", "b"]

    run(work())


@pytest.mark.parametrize("written", [True, False])
def test_many_requests_get_one_answer(channel: AioMockChannel, model: Model, written: bool) -> None:
    def count(stream: Stream) -> Iterator[Body]:
        requests = list(stream)
        if len(requests) > 3:
            raise ApiError(400, "OUT_OF_RANGE", "too many")
        yield {"persistedSize": str(len(requests))}

    model("storage", "Storage.WriteObject", count)

    async def work() -> None:
        method = channel.stream_unary(
            "/google.storage.v2.Storage/WriteObject",
            storage.WriteObjectRequest.serialize,
            storage.WriteObjectResponse.deserialize,
        )
        requests = [storage.WriteObjectRequest(write_offset=each) for each in range(3)]
        call = method(None if written else requests)
        if written:
            for each in requests:
                await call.write(each)
            await call.done_writing()
        assert (await call).persisted_size == 3
        with pytest.raises(aio.AioRpcError, match="too many"):
            await method(requests * 2)
        open_call = method()
        assert open_call.cancel() is True
        with pytest.raises(asyncio.CancelledError):
            await open_call

    run(work())


def test_a_stream_that_nobody_models_is_unimplemented(channel: AioMockChannel) -> None:
    async def work() -> None:
        for path, kind in (
            ("/google.storage.v2.Storage/BidiWriteObject", "stream_stream"),
            ("/google.nothing.v1.Such/Get", "stream_stream"),
            ("/google.nothing.v1.Such/Get", "unary_stream"),
        ):
            method = getattr(channel, kind)(path)
            with pytest.raises(aio.AioRpcError, match=path) as caught:
                await method([] if kind == "stream_stream" else b"").read()
            assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
        with pytest.raises(aio.AioRpcError, match="Such/Get"):
            await channel.stream_unary("/google.nothing.v1.Such/Get")([])

    run(work())


def test_requests_that_cannot_be_read_end_the_call(channel: AioMockChannel, model: Model) -> None:
    model("aiplatform", "PredictionService.StreamingPredict", echo)

    async def broken() -> AsyncIterator[bytes]:
        yield b"\xff\xff"

    async def work() -> None:
        with pytest.raises(aio.AioRpcError, match="is no google"):
            await channel.stream_stream(f"{VERTEX}/StreamingPredict")(broken()).read()

    run(work())


def test_who_waits_is_woken_by_cancelling(channel: AioMockChannel, model: Model) -> None:
    model("aiplatform", "PredictionService.StreamingPredict", wait)

    async def work() -> None:
        call = predict(channel)()
        reading = asyncio.ensure_future(call.read())
        await asyncio.sleep(0)
        assert call.cancel() is True
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert await call.code() is grpc.StatusCode.CANCELLED
        other = predict(channel)()
        reading = asyncio.ensure_future(other.read())
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert other.cancelled()

    run(work())
