"""HTTP forms of requests, held to what Google's own transcoding makes of them."""

import json
from typing import Any

import pytest
from google.api_core import path_template
from google.cloud import aiplatform_v1, kms_v1, secretmanager_v1
from google.iam.v1.iam_policy_pb2 import GetIamPolicyRequest
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from mockcloud.doors.grpc.bindings import Binding
from mockcloud.doors.grpc.messages import to_json
from mockcloud.doors.grpc.rpcs import find_rpc

NAME = "projects/acme/locations/x/endpoints/1"


def bound(rpc: str, message: Message) -> Any:
    found = find_rpc(rpc)
    forms = (each.bind(found.request, to_json(message)) for each in found.bindings)
    return next((each for each in forms if each is not None), None)


@pytest.mark.parametrize(
    ("rpc", "message"),
    [
        (
            "/google.cloud.aiplatform.v1.EndpointService/CreateEndpoint",
            aiplatform_v1.CreateEndpointRequest(
                parent="projects/acme/locations/x", endpoint={"display_name": "a"}, endpoint_id="e1"
            ),
        ),
        (
            "/google.cloud.aiplatform.v1.EndpointService/UpdateEndpoint",
            aiplatform_v1.UpdateEndpointRequest(
                endpoint={"name": NAME, "display_name": "b"}, update_mask={"paths": ["display_name"]}
            ),
        ),
        (
            "/google.cloud.secretmanager.v1.SecretManagerService/AccessSecretVersion",
            secretmanager_v1.AccessSecretVersionRequest(name="projects/a/locations/l/secrets/s/versions/latest"),
        ),
        (
            "/google.cloud.kms.v1.KeyManagementService/Encrypt",
            kms_v1.EncryptRequest(
                name="projects/a/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/2", plaintext=b"\x00\xff"
            ),
        ),
        (
            "/google.cloud.aiplatform.v1.ModelService/ListModels",
            aiplatform_v1.ListModelsRequest(parent="projects/a/locations/l", page_size=7, filter="labels.a=b"),
        ),
    ],
)
def test_a_request_is_bound_as_google_binds_it(rpc: str, message: Any) -> None:
    plain = type(message).pb(message)
    options = [
        {"method": each.verb.lower(), "uri": each.uri, **({"body": each.body} if each.body else {})}
        for each in find_rpc(rpc).bindings
    ]
    expected = path_template.transcode(options, plain)
    found = bound(rpc, plain)
    assert found.verb.lower() == expected["method"]
    assert "/" + found.path == expected["uri"]
    assert (found.body or {}) == (MessageToDict(expected["body"]) if "body" in expected else {})
    query = MessageToDict(expected["query_params"])
    assert found.query == {key: value if isinstance(value, list) else str(value) for key, value in query.items()}


def test_parts_of_messages_become_parameters_with_dots() -> None:
    message = GetIamPolicyRequest(resource="projects/a", options={"requested_policy_version": 3})
    form = Binding("GET", "/{resource=**}:getIamPolicy").bind(GetIamPolicyRequest, to_json(message))
    assert form is not None
    assert (form.path, form.query, form.body) == (
        "projects/a:getIamPolicy",
        {"options.requestedPolicyVersion": "3"},
        None,
    )


def test_flags_and_lists_are_text() -> None:
    message = aiplatform_v1.SearchMigratableResourcesRequest(parent="projects/a/locations/l", page_size=2)
    query = Binding("GET", "/v1/{parent=projects/*/locations/*}/x").bind(
        type(message).pb(), {"parent": "projects/a/locations/l", "force": True, "ids": [1, "b", False]}
    )
    assert query is not None
    assert query.query == {"force": "true", "ids": ["1", "b", "false"]}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("projects/a b", "v1/projects/a%20b"),
        ("projects/a:b", "v1/projects/a%3Ab"),
        ("projects/ü", "v1/projects/%C3%BC"),
    ],
)
def test_what_a_path_cannot_hold_is_encoded(given: str, path: str) -> None:
    form = Binding("GET", "/v1/{name=projects/*}").bind(secretmanager_v1.GetSecretRequest.pb(), {"name": given})
    assert form is not None
    assert form.path == path


@pytest.mark.parametrize("given", [{}, {"name": "folders/a"}, {"name": "projects/a/b"}, {"name": "projects/"}])
def test_another_form_does_not_fit(given: dict[str, Any]) -> None:
    assert Binding("GET", "/v1/{name=projects/*}").bind(secretmanager_v1.GetSecretRequest.pb(), given) is None


def test_a_field_that_there_is_not_does_not_fit() -> None:
    kind = aiplatform_v1.UpdateEndpointRequest.pb()
    assert Binding("PATCH", "/v1/{nothing.name=*}").bind(kind, {"endpoint": {"name": "a"}}) is None
    assert Binding("PATCH", "/v1/{endpoint.name=*}").bind(kind, {"endpoint": "a"}) is None
    assert Binding("PATCH", "/v1/{update_mask.name=*}").bind(kind, {"updateMask": "a"}) is None


def test_the_message_is_left_as_it_was() -> None:
    message = {"endpoint": {"name": NAME, "displayName": "a"}, "updateMask": "displayName"}
    before = json.dumps(message)
    form = find_rpc("/google.cloud.aiplatform.v1.EndpointService/UpdateEndpoint").bindings[0]
    assert form.bind(aiplatform_v1.UpdateEndpointRequest.pb(), message) is not None
    assert json.dumps(message) == before
