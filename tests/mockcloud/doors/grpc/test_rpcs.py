"""Methods as the client packages describe them."""

import re
import subprocess
import sys

import pytest
from google.cloud import aiplatform_v1
from google.iam.v1 import policy_pb2
from google.longrunning import operations_pb2
from google.protobuf import empty_pb2

from mockcloud.cloud.errors import ApiError
from mockcloud.discovery.catalogue import find
from mockcloud.discovery.documents import apis
from mockcloud.doors.grpc import rpcs
from mockcloud.doors.grpc.rpcs import find_rpc, packages


def test_messages_and_forms_are_the_clients_own() -> None:
    rpc = find_rpc("/google.cloud.aiplatform.v1.EndpointService/CreateEndpoint")
    assert rpc.request is aiplatform_v1.CreateEndpointRequest.pb()
    assert rpc.response is operations_pb2.Operation
    assert (rpc.api, rpc.name, rpc.method) == ("aiplatform", "EndpointService.CreateEndpoint", "CreateEndpoint")
    assert [(each.verb, each.uri, each.body) for each in rpc.bindings] == [
        ("POST", "/v1/{parent=projects/*/locations/*}/endpoints", "endpoint")
    ]
    assert rpcs.known_rpc(rpc.path) is rpc


def test_streams_are_told() -> None:
    many = {
        name: (found.client_streaming, found.server_streaming)
        for name in ("Predict", "StreamRawPredict", "StreamDirectPredict")
        for found in [find_rpc(f"/google.cloud.aiplatform.v1.PredictionService/{name}")]
    }
    assert many == {
        "Predict": (False, False),
        "StreamRawPredict": (False, True),
        "StreamDirectPredict": (True, True),
    }
    write = find_rpc("/google.storage.v2.Storage/WriteObject")
    assert (write.client_streaming, write.server_streaming) == (True, False)


@pytest.mark.parametrize(
    ("path", "response"),
    [
        ("/google.longrunning.Operations/GetOperation", operations_pb2.Operation),
        ("/google.longrunning.Operations/ListOperations", operations_pb2.ListOperationsResponse),
        ("/google.longrunning.Operations/CancelOperation", empty_pb2.Empty),
        ("/google.iam.v1.IAMPolicy/SetIamPolicy", policy_pb2.Policy),
    ],
)
def test_what_every_api_has_belongs_to_none(path: str, response: type) -> None:
    rpc = find_rpc(path)
    assert (rpc.api, rpc.response) == ("", response)


@pytest.mark.parametrize(
    "path",
    [
        "/google.cloud.nothing.v1.Service/Get",
        "/google.cloud.kms.v1.KeyManagementService/Nothing",
        "/google.longrunning.Operations/Nothing",
        "/nonsense",
        "",
    ],
)
def test_what_there_is_not_is_named(path: str) -> None:
    with pytest.raises(ApiError) as caught:
        find_rpc(path)
    assert caught.value.status == "UNIMPLEMENTED"
    assert path in caught.value.message


@pytest.mark.parametrize(
    "service",
    [
        "google.cloud.retail.v2.ProductService",
        "google.cloud.kms.v99.KeyManagementService",
        "google.cloud.kms.v1.NoService",
    ],
)
def test_what_is_not_installed_says_what_to_install(service: str) -> None:
    with pytest.raises(ApiError, match=r"install a version of google-cloud-(retail|kms) that has") as caught:
        find_rpc(f"/{service}/Get")
    assert caught.value.code == 501
    assert service in caught.value.message


def test_the_table_names_apis_that_are_there() -> None:
    elsewhere = {entry["api"] for entry in packages().values()} - set(apis())
    # Described by no document of Google's; what of them is modelled takes its messages from the client.
    assert elsewhere <= {"bigquerystorage", "cloudquotas"}


@pytest.mark.parametrize(
    "service",
    [
        "google.logging.v2.ConfigServiceV2",
        "google.logging.v2.LoggingServiceV2",
        "google.logging.v2.MetricsServiceV2",
        "google.monitoring.v3.AlertPolicyService",
        "google.monitoring.v3.MetricService",
        "google.monitoring.v3.UptimeCheckService",
        "google.iam.admin.v1.IAM",
        "google.cloud.workflows.executions.v1.Executions",
        "google.cloud.datacatalog.v1.PolicyTagManager",
        "google.cloud.networkconnectivity.v1.HubService",
    ],
)
def test_services_without_rest_have_forms_that_lead_somewhere(service: str) -> None:
    found = rpcs.methods_of(service)
    assert found
    lost = {
        rpc.method
        for rpc in found.values()
        if not any(
            find(each.verb, f"{rpc.api}.googleapis.com", _example(each.uri)) is not None for each in rpc.bindings
        )
    }
    assert lost == set()


@pytest.mark.parametrize("api", ["billingbudgets", "logging", "monitoring", "sqladmin", "workflowexecutions"])
def test_every_form_of_a_table_leads_to_a_method(api: str) -> None:
    lost = [
        f"{service}/{method}"
        for service, methods in rpcs._forms(api).items()
        for method, forms in methods.items()
        if forms and not any(find(each.verb, f"{api}.googleapis.com", _example(each.uri)) for each in forms)
    ]
    assert lost == []
    assert rpcs._forms("nothing") == {}


def _example(uri: str) -> str:
    """Give a path of a form."""
    return re.sub(r"\{[^=}]+(?:=([^}]+))?\}", lambda match: (match[1] or "*").replace("*", "x"), uri).lstrip("/")


def test_no_client_is_imported_before_it_is_called() -> None:
    script = (
        "import sys, mockcloud.simulator, mockcloud.doors.grpc.server, mockcloud.doors.grpc.channel;"
        "print([each for each in sys.modules if each.startswith('google.cloud.')])"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_channel_that_notes_methods_does_nothing_else() -> None:
    heard: list[object] = []
    with rpcs._Asked() as asked:
        asked.subscribe(heard.append)
        asked.unsubscribe(heard.append)
        method = asked.unary_unary("/a.B/C")
    with pytest.raises(AssertionError, match="only notes"):
        method(b"")
    assert heard == []
