"""Which method of the cloud a gRPC call means."""

import pytest
from google.api.httpbody_pb2 import HttpBody
from google.cloud import aiplatform_v1, secretmanager_v1
from google.cloud.location import locations_pb2
from google.iam.v1 import iam_policy_pb2
from google.longrunning import operations_pb2
from google.protobuf.message import Message

from mockcloud.cloud.call import Answer
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.store import Record
from mockcloud.doors.grpc.exchange import host_of
from mockcloud.doors.grpc.rpcs import find_rpc
from mockcloud.doors.grpc.transcoding import answered, message_of, requested

OPERATION = "projects/acme/locations/l/operations/7"
GET = "/google.longrunning.Operations/GetOperation"


def method(cloud: Cloud, path: str, message: Message, host: str = "") -> str:
    return requested(cloud, find_rpc(path), message, host, {}).method.full_id


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("kms.googleapis.com:443", "kms.googleapis.com"),
        ("dns:///kms.googleapis.com:443", "kms.googleapis.com"),
        ("kms.googleapis.com", "kms.googleapis.com"),
        ("127.0.0.1:8080", ""),
        ("localhost:8080", ""),
        ("[::1]:8080", ""),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("", ""),
    ],
)
def test_a_target_names_a_host(target: str, host: str) -> None:
    assert host_of(target) == host


@pytest.mark.parametrize(
    ("host", "api"),
    [
        ("europe-west4-aiplatform.googleapis.com", "aiplatform"),
        ("notebooks.googleapis.com", "notebooks"),
        ("run.mtls.googleapis.com", "run"),
    ],
)
def test_the_host_tells_whose_operation_it_is(cloud: Cloud, host: str, api: str) -> None:
    message = operations_pb2.GetOperationRequest(name=OPERATION)
    assert method(cloud, GET, message, host) == f"{api}.projects.locations.operations.get"


def test_without_a_host_whoever_has_it_answers(cloud: Cloud) -> None:
    cloud.create(Record("workflows", OPERATION, {"name": OPERATION}))
    message = operations_pb2.GetOperationRequest(name=OPERATION)
    assert method(cloud, GET, message) == "workflows.projects.locations.operations.get"
    number = cloud.projects.number_of("acme")
    cloud.projects.ensure("acme")
    message.name = f"projects/{number}/locations/l/operations/7"
    assert method(cloud, GET, message) == "workflows.projects.locations.operations.get"


def test_without_a_host_the_form_of_the_name_decides(cloud: Cloud) -> None:
    path = "/google.iam.v1.IAMPolicy/GetIamPolicy"
    found = [
        method(cloud, path, iam_policy_pb2.GetIamPolicyRequest(resource=name))
        for name in ("projects/a/locations/l/endpoints/1", "folders/1", "projects/a/topics/news")
    ]
    assert found == [
        "aiplatform.projects.locations.endpoints.getIamPolicy",
        "cloudresourcemanager.folders.getIamPolicy",
        "pubsub.projects.topics.getIamPolicy",
    ]


@pytest.mark.parametrize(
    ("path", "message", "host", "expected"),
    [
        (
            "/google.longrunning.Operations/ListOperations",
            operations_pb2.ListOperationsRequest(name="projects/a/locations/l"),
            "aiplatform.googleapis.com",
            "aiplatform.projects.locations.operations.list",
        ),
        (
            "/google.longrunning.Operations/CancelOperation",
            operations_pb2.CancelOperationRequest(name=OPERATION),
            "aiplatform.googleapis.com",
            "aiplatform.projects.locations.operations.cancel",
        ),
        (
            "/google.longrunning.Operations/DeleteOperation",
            operations_pb2.DeleteOperationRequest(name=OPERATION),
            "aiplatform.googleapis.com",
            "aiplatform.projects.locations.operations.delete",
        ),
        (
            "/google.longrunning.Operations/WaitOperation",
            operations_pb2.WaitOperationRequest(name=OPERATION),
            "aiplatform.googleapis.com",
            "aiplatform.projects.locations.operations.wait",
        ),
        (
            "/google.cloud.location.Locations/GetLocation",
            locations_pb2.GetLocationRequest(name="projects/a/locations/l"),
            "cloudkms.googleapis.com",
            "cloudkms.projects.locations.get",
        ),
        (
            "/google.cloud.location.Locations/ListLocations",
            locations_pb2.ListLocationsRequest(name="projects/a"),
            "cloudkms.googleapis.com",
            "cloudkms.projects.locations.list",
        ),
        (
            "/google.iam.v1.IAMPolicy/GetIamPolicy",
            iam_policy_pb2.GetIamPolicyRequest(resource="projects/a/locations/l/endpoints/1"),
            "aiplatform.googleapis.com",
            "aiplatform.projects.locations.endpoints.getIamPolicy",
        ),
        (
            "/google.iam.v1.IAMPolicy/TestIamPermissions",
            iam_policy_pb2.TestIamPermissionsRequest(resource="projects/a/topics/news"),
            "pubsub.googleapis.com",
            "pubsub.projects.topics.testIamPermissions",
        ),
    ],
)
def test_shared_methods_find_those_of_the_api(
    cloud: Cloud, path: str, message: Message, host: str, expected: str
) -> None:
    assert method(cloud, path, message, host) == expected


def test_an_api_without_a_shared_method_is_named(cloud: Cloud) -> None:
    with pytest.raises(ApiError, match=r"GetLocation of pubsub") as caught:
        method(
            cloud,
            "/google.cloud.location.Locations/GetLocation",
            locations_pb2.GetLocationRequest(name="projects/a/locations/l"),
            "pubsub.googleapis.com",
        )
    assert caught.value.code == 501


def test_a_request_that_names_nothing_is_refused(cloud: Cloud) -> None:
    with pytest.raises(ApiError, match="does not name"):
        method(cloud, GET, operations_pb2.GetOperationRequest(), "aiplatform.googleapis.com")
    path = "/google.cloud.secretmanager.v1.SecretManagerService/GetSecret"
    request = secretmanager_v1.GetSecretRequest.pb(secretmanager_v1.GetSecretRequest(name="nonsense"))
    with pytest.raises(ApiError, match="Allowed: /v1/") as caught:
        method(cloud, path, request)
    assert caught.value.code == 400


def test_a_method_without_http_form_is_not_modelled(cloud: Cloud) -> None:
    path = "/google.cloud.speech.v1.Speech/StreamingRecognize"
    rpc = find_rpc(path)
    with pytest.raises(ApiError, match=path) as caught:
        requested(cloud, rpc, rpc.request(), "", {})
    assert caught.value.code == 501


def test_a_request_carries_its_headers_and_its_door(cloud: Cloud) -> None:
    rpc = find_rpc("/google.cloud.aiplatform.v1.ModelService/ListModels")
    message = aiplatform_v1.ListModelsRequest(parent="projects/a/locations/l", page_size=5)
    found = requested(cloud, rpc, type(message).pb(message), "", {"authorization": "Bearer x"})
    assert (found.headers, found.door, found.body) == ({"authorization": "Bearer x"}, "grpc", None)
    assert (found.variables, found.query) == ({"projectsId": "a", "locationsId": "l"}, {"pageSize": "5"})


def test_media_is_a_message_of_its_own() -> None:
    rpc = find_rpc("/google.cloud.aiplatform.v1.PredictionService/RawPredict")
    found = answered(rpc, Answer(content=b"\x00", content_type="application/x"))
    assert found == HttpBody(content_type="application/x", data=b"\x00")


def test_bytes_that_are_no_message_are_refused() -> None:
    rpc = find_rpc("/google.cloud.secretmanager.v1.SecretManagerService/GetSecret")
    with pytest.raises(ApiError, match=r"google\.cloud\.secretmanager\.v1\.GetSecretRequest") as caught:
        message_of(rpc, b"\xff\xff", None)
    assert caught.value.code == 400
    given = secretmanager_v1.GetSecretRequest.pb(secretmanager_v1.GetSecretRequest(name="a"))
    assert message_of(rpc, given, None) == given
