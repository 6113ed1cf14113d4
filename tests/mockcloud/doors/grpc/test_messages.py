"""Between messages and JSON."""

import pytest
from google.cloud import aiplatform_v1, secretmanager_v1
from google.longrunning.operations_pb2 import Operation
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.struct_pb2 import Value

from mockcloud.cloud.errors import ApiError
from mockcloud.doors.grpc.messages import from_json, to_json


def test_wide_numbers_bytes_moments_and_enumerations_survive() -> None:
    body = {
        "name": "projects/a/locations/l/models/1",
        "versionId": "3",
        "createTime": "2026-01-01T00:00:00.001Z",
        "supportedDeploymentResourcesTypes": ["DEDICATED_RESOURCES"],
        "originalModelInfo": {"model": "m"},
        "containerSpec": {"imageUri": "x", "deploymentTimeout": "90s", "sharedMemorySizeMb": "9007199254740993"},
        "metadata": {"a": [1, "b", None, True]},
        "labels": {"x": "y"},
    }
    model = from_json(aiplatform_v1.Model.pb(), body)
    assert model.container_spec.shared_memory_size_mb == 9007199254740993
    assert model.container_spec.deployment_timeout.seconds == 90
    assert model.create_time.nanos == 1_000_000
    assert to_json(model) == body


def test_fields_that_the_client_does_not_know_are_left_out() -> None:
    secret = from_json(secretmanager_v1.Secret.pb(), {"name": "a", "newest": 1, "replication": {"later": {}}})
    assert to_json(secret) == {"name": "a", "replication": {}}


def test_values_that_do_not_fit_take_no_others_with_them() -> None:
    body = {
        "name": "a",
        "labels": {"x": "y"},
        "createTime": "yesterday",
        "replication": {"userManaged": {"replicas": [{"location": "l1"}, {"location": 5}, "no", {"location": "l2"}]}},
        "topics": [{"name": "t"}],
        "ttl": {"seconds": 3},
    }
    secret = from_json(secretmanager_v1.Secret.pb(), body)
    assert to_json(secret) == {
        "name": "a",
        "labels": {"x": "y"},
        "replication": {"userManaged": {"replicas": [{"location": "l1"}, {}, {"location": "l2"}]}},
        "topics": [{"name": "t"}],
    }


def test_messages_of_unknown_types_are_left_out() -> None:
    body = {"name": "operations/1", "done": True, "response": {"@type": "type.googleapis.com/no.Such", "a": 1}}
    operation = from_json(Operation, body)
    assert (operation.name, operation.done, operation.WhichOneof("result")) == ("operations/1", True, None)


def test_masks_may_name_keys_with_capitals() -> None:
    request = aiplatform_v1.UpdateEndpointRequest(
        endpoint={"name": "a"}, update_mask={"paths": ["labels.TeamA", "display_name"]}
    )
    assert to_json(type(request).pb(request)) == {"endpoint": {"name": "a"}, "updateMask": "labels.TeamA,displayName"}


def test_what_has_no_json_is_refused() -> None:
    unknown = Operation(metadata=AnyMessage(type_url="type.googleapis.com/no.Such", value=b"\x08\x01"))
    with pytest.raises(ApiError, match="cannot be read"):
        to_json(unknown)
    with pytest.raises(ApiError, match="cannot be read"):
        to_json(Value(number_value=float("nan")))


def test_what_has_no_json_is_refused_beside_a_mask_with_capitals() -> None:
    request = aiplatform_v1.UpdateModelRequest(model={"name": "a"}, update_mask={"paths": ["labels.TeamA"]})
    plain = type(request).pb(request)
    plain.model.metadata.number_value = float("inf")
    with pytest.raises(ApiError, match="cannot be read"):
        to_json(plain)
