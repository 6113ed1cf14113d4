"""The provider as an engine calls it, over gRPC."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from google.rpc import status_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.embedded.wire import from_struct, to_struct
from mockcloud.doors.pulumi.servicer import Servicer
from mockcloud.doors.pulumi.serving import ProviderDoor
from mockcloud.pulumi.properties import VERSION
from mockcloud.pulumi.values import SECRET, SIGNATURE, UNKNOWN
from mockcloud.simulator import new_cloud

URN = "urn:pulumi:dev::shop::gcp:pubsub/topic:Topic::news"
PropertyDiff = provider_pb2.PropertyDiff


class Engine:
    """One connection of an engine."""

    def __init__(self, port: int, **settings: str) -> None:
        # A pool of its own: else gRPC shares connections between channels.
        options = (("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", 400 * 2**20))
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options)
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self.stub.Configure(provider_pb2.ConfigureRequest(args=to_struct(settings)))

    def check(self, urn: str, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answer = self.stub.Check(
            provider_pb2.CheckRequest(urn=urn, news=to_struct(news), olds=to_struct(olds or {}), randomSeed=b"seed")
        )
        assert not answer.failures, answer.failures
        return from_struct(answer.inputs)

    def create(self, urn: str, inputs: Mapping[str, Any], *, preview: bool = False) -> tuple[str, dict[str, Any]]:
        request = provider_pb2.CreateRequest(urn=urn, properties=to_struct(inputs), preview=preview)
        answer = self.stub.Create(request)
        return answer.id, from_struct(answer.properties)

    def close(self) -> None:
        self._channel.close()


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud(waits="poll")


@pytest.fixture
def door(cloud: Cloud) -> Iterator[ProviderDoor]:
    with ProviderDoor(cloud, project="mock-project") as opened:
        yield opened


@pytest.fixture
def engine(door: ProviderDoor) -> Iterator[Engine]:
    opened = Engine(door.port, project="acme-dev")
    yield opened
    opened.close()


def test_it_says_what_it_is_and_can_do(engine: Engine) -> None:
    assert engine.stub.GetPluginInfo(empty_pb2.Empty()).version == VERSION
    answer = engine.stub.Handshake(provider_pb2.ProviderHandshakeRequest())
    assert answer.accept_secrets
    assert answer.supports_autonaming_configuration
    assert engine.stub.Configure(provider_pb2.ConfigureRequest()).supportsPreview


def test_it_gives_the_schema_of_the_package(engine: Engine) -> None:
    schema = json.loads(engine.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)

    assert (schema["name"], schema["version"]) == ("gcp", VERSION)
    assert schema["resources"]["gcp:pubsub/topic:Topic"]["inputProperties"]["labels"]["type"] == "object"


def test_a_resource_lives(engine: Engine) -> None:
    inputs = engine.check(URN, {"name": "news", "labels": {"a": "b"}})
    identifier, outputs = engine.create(URN, inputs)
    assert identifier == "projects/acme-dev/topics/news"

    new = engine.check(URN, {"name": "news", "labels": {"a": "c"}}, inputs)
    request: dict[str, Any] = {"id": identifier, "urn": URN, "olds": to_struct(outputs), "news": to_struct(new)}
    difference = engine.stub.Diff(provider_pb2.DiffRequest(**request, old_inputs=to_struct(inputs)))
    assert difference.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert difference.diffs == ["labels"]
    assert difference.detailedDiff["labels.a"].kind == PropertyDiff.UPDATE
    updated = engine.stub.Update(provider_pb2.UpdateRequest(**request, old_inputs=to_struct(inputs)))
    after = from_struct(updated.properties)
    assert after["labels"] == {"a": "c"}

    read = engine.stub.Read(provider_pb2.ReadRequest(id=identifier, urn=URN))
    assert from_struct(read.inputs)["name"] == "news"
    engine.stub.Delete(provider_pb2.DeleteRequest(id=identifier, urn=URN, properties=updated.properties))
    assert engine.stub.Read(provider_pb2.ReadRequest(id=identifier, urn=URN)).id == ""


def test_a_change_that_replaces_frees_the_name_first(engine: Engine) -> None:
    urn = "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::data"
    old = engine.check(urn, {"name": "acme-data", "location": "EU"})
    new = engine.check(urn, {"name": "acme-data", "location": "US"}, old)
    answer = engine.stub.Diff(
        provider_pb2.DiffRequest(
            id="acme-data", urn=urn, olds=to_struct(old), old_inputs=to_struct(old), news=to_struct(new)
        )
    )

    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["location"], True)
    assert answer.detailedDiff["location"].kind == PropertyDiff.UPDATE_REPLACE


def test_a_preview_changes_nothing_and_knows_what_it_can(engine: Engine, cloud: Cloud) -> None:
    _, outputs = engine.create(URN, engine.check(URN, {"name": "news"}), preview=True)

    assert (outputs["name"], outputs["effectiveLabels"]) == ("news", UNKNOWN)
    assert cloud.store.get("pubsub", "projects/acme-dev/topics/news") is None


def test_failures_of_a_check_have_their_property(engine: Engine) -> None:
    answer = engine.stub.Check(provider_pb2.CheckRequest(urn=URN, news=to_struct({"lables": {}})))

    assert [(each.property, "did you mean labels" in each.reason) for each in answer.failures] == [("lables", True)]


def test_a_refusal_is_an_error_with_what_to_do(engine: Engine) -> None:
    inputs = engine.check(URN, {"name": "news"})
    engine.create(URN, inputs)
    with pytest.raises(grpc.RpcError) as error:
        engine.create(URN, inputs)

    assert "409 ALREADY_EXISTS" in str(error.value.details())
    assert "pulumi import" in str(error.value.details())


def test_each_connection_has_the_provider_that_it_configured(door: ProviderDoor, engine: Engine) -> None:
    other = Engine(door.port, project="acme-other")
    inputs = engine.check(URN, {"name": "news"})

    assert engine.create(URN, inputs)[0] == "projects/acme-dev/topics/news"
    assert other.create(URN, inputs)[0] == "projects/acme-other/topics/news"
    other.stub.Cancel(empty_pb2.Empty())
    urn = "urn:pulumi:dev::shop::gcp:compute/network:Network::core"
    assert engine.create(urn, engine.check(urn, {"name": "core"}))[0].endswith("/networks/core")
    other.close()


def test_settings_that_there_are_not_are_refused(engine: Engine) -> None:
    known = {"project": "p", "computeCustomEndpoint": "x", "preferRegionalEndpoints": "true", "version": "10.2.0"}
    request = provider_pb2.CheckRequest(news=to_struct({**known, "colour": "red"}))

    assert [each.property for each in engine.stub.CheckConfig(request).failures] == ["colour"]


def test_other_settings_are_a_change_of_the_provider(engine: Engine) -> None:
    old, new = to_struct({"project": "a", "version": "1"}), to_struct({"project": "b", "version": "2"})

    answer = engine.stub.DiffConfig(provider_pb2.DiffRequest(old_inputs=old, news=new))
    assert (list(answer.diffs), list(answer.replaces)) == (["project"], [])
    assert engine.stub.DiffConfig(provider_pb2.DiffRequest(old_inputs=old, news=old)).changes == 1


def test_secrets_stay_secret(engine: Engine) -> None:
    secret = {SIGNATURE: SECRET, "value": {"a": "b"}}
    _, outputs = engine.create(URN, engine.check(URN, {"name": "news", "labels": secret}))

    assert outputs["labels"] == secret


def test_names_are_made_up_as_the_engine_wants(engine: Engine) -> None:
    modes = provider_pb2.CheckRequest.AutonamingOptions
    request = provider_pb2.CheckRequest(urn=URN, randomSeed=b"seed")
    made_up = from_struct(engine.stub.Check(request).inputs)["name"]
    assert made_up.startswith("news-")

    request.autonaming.CopyFrom(modes(proposed_name="acme-news", mode=modes.ENFORCE))
    assert from_struct(engine.stub.Check(request).inputs)["name"] == "acme-news"
    request.autonaming.CopyFrom(modes(mode=modes.DISABLE))
    assert engine.stub.Check(request).failures[0].property == "name"


def test_functions_are_answered(engine: Engine) -> None:
    answer = engine.stub.Invoke(provider_pb2.InvokeRequest(tok="gcp:organizations/getProject:getProject"))

    assert from_struct(getattr(answer, "return"))["projectId"] == "acme-dev"
    with pytest.raises(grpc.RpcError, match="has no function gcp:apigee/none"):
        engine.stub.Invoke(provider_pb2.InvokeRequest(tok="gcp:apigee/none:none"))


class HalfMade:
    """A cloud whose operation fails after the resource is there."""

    def send(
        self, verb: str, host: str, path: str, query: str, body: bytes, media: str = "application/json"
    ) -> tuple[int, bytes]:
        del host, query, body, media
        name = "projects/acme-dev/locations/l/operations/1"
        failed = {"name": name, "done": True, "error": {"code": 13, "message": "the disk broke"}}
        return 200, json.dumps(failed if verb == "POST" else {"name": path.rpartition("v2/")[2]}).encode()

    def wait(self, seconds: float) -> None:
        raise AssertionError(seconds)

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


def test_what_is_there_but_not_as_it_should_be_is_kept_with_the_reasons(door: ProviderDoor) -> None:
    vars(door)["_servicer"] = Servicer(HalfMade(), project="acme-dev")
    engine = Engine(door.port)
    urn = "urn:pulumi:dev::shop::gcp:workbench/instance:Instance::notebook"
    with pytest.raises(grpc.RpcError) as error:
        engine.create(urn, engine.check(urn, {"name": "notebook", "location": "europe-west4-a"}))

    details: dict[str, bytes] = dict(error.value.trailing_metadata() or ())
    failed = provider_pb2.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(details["grpc-status-details-bin"]).details[0].Unpack(failed)
    assert failed.id == "projects/acme-dev/locations/europe-west4-a/instances/notebook"
    assert "the disk broke" in failed.reasons[0]
    assert from_struct(failed.inputs)["name"] == "notebook"
    engine.close()


@pytest.mark.parametrize("urn", ["", "urn", "urn:pulumi:dev::shop::gcp:none/none:None::x"])
def test_what_is_about_no_resource_of_the_provider_is_refused(engine: Engine, urn: str) -> None:
    assert "no type" in engine.stub.Check(provider_pb2.CheckRequest(urn=urn)).failures[0].reason
    with pytest.raises(grpc.RpcError, match="no type"):
        engine.create(urn, {})


def test_a_state_from_elsewhere_says_what_it_lacks(engine: Engine) -> None:
    urn = "urn:pulumi:dev::shop::gcp:projects/iAMMember:IAMMember::reader"
    with pytest.raises(grpc.RpcError, match="a resource without"):
        engine.stub.Delete(provider_pb2.DeleteRequest(id="x", urn=urn))


class Endless(HalfMade):
    """A cloud whose operations never end; whoever waits for one is cancelled."""

    cancel: Callable[[], object]

    def send(
        self, verb: str, host: str, path: str, query: str, body: bytes, media: str = "application/json"
    ) -> tuple[int, bytes]:
        del verb, host, path, query, body, media
        return 200, json.dumps({"name": "projects/acme-dev/locations/l/operations/1", "done": False}).encode()

    def wait(self, seconds: float) -> None:
        del seconds
        self.cancel()


def test_a_cancel_ends_the_wait_for_an_operation(door: ProviderDoor) -> None:
    cloud = Endless()
    vars(door)["_servicer"] = Servicer(cloud, project="acme-dev")
    engine = Engine(door.port)
    cloud.cancel = lambda: engine.stub.Cancel(empty_pb2.Empty())
    urn = "urn:pulumi:dev::shop::gcp:workbench/instance:Instance::notebook"

    with pytest.raises(grpc.RpcError, match="The engine cancelled the operation"):
        engine.create(urn, engine.check(urn, {"name": "notebook", "location": "europe-west4-a"}))
    engine.close()
