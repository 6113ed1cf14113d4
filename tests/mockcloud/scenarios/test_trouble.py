"""Faults as Google's clients see them: what they try again, what they raise, and what is done meanwhile."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httplib2
import httpx
import pytest
import requests
from google.api_core import exceptions
from google.cloud import aiplatform_v1, compute_v1, pubsub_v1, storage
from google.cloud import secretmanager_v1 as secretmanager
from google.cloud.storage.retry import DEFAULT_RETRY

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import Fault, Phase
from mockcloud.services.aiplatform import generation

PARENT = "projects/mock-project"
AUTOMATIC: dict[str, Any] = {"replication": {"automatic": {}}}
SECRETS = "https://secretmanager.googleapis.com/v1/projects/mock-project/secrets"
PLACE = f"{PARENT}/locations/europe-west4"

pytestmark = pytest.mark.scenario(library="google-cloud-secret-manager")


@pytest.fixture
def client(cloud: Cloud, transport: str) -> secretmanager.SecretManagerServiceClient:
    del cloud
    return secretmanager.SecretManagerServiceClient(transport=transport)


@pytest.fixture
def secret(client: secretmanager.SecretManagerServiceClient) -> str:
    name = client.create_secret(parent=PARENT, secret_id="token", secret=AUTOMATIC).name
    client.add_secret_version(parent=name, payload={"data": b"one"})
    return f"{name}/versions/1"


def statuses(cloud: Cloud, verb: str) -> list[int]:
    return [each.status for each in cloud.journal.calls if each.method.endswith(f".{verb}")]


def test_what_passes_is_tried_again_without_waiting_for_real(
    client: secretmanager.SecretManagerServiceClient, secret: str, cloud: Cloud
) -> None:
    cloud.faults.add(Fault(method="secretmanager.*.access", status=503, count=2))
    before = cloud.clock.now

    assert client.access_secret_version(name=secret).payload.data == b"one"
    assert statuses(cloud, "access") == [503, 503, 200]
    assert cloud.clock.now - before > timedelta(seconds=1)


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        (400, exceptions.BadRequest),
        (403, exceptions.Forbidden),
        (409, exceptions.Conflict),
        (429, exceptions.TooManyRequests),
        (500, exceptions.InternalServerError),
        (503, exceptions.ServiceUnavailable),
        (504, exceptions.GatewayTimeout),
    ],
)
def test_what_is_not_tried_again_is_raised(
    client: secretmanager.SecretManagerServiceClient, cloud: Cloud, status: int, raised: type[Exception]
) -> None:
    cloud.faults.add(Fault(method="secretmanager.*.create", status=status))
    with pytest.raises(raised):
        client.create_secret(parent=PARENT, secret_id="token", secret=AUTOMATIC, retry=None)
    assert list(client.list_secrets(parent=PARENT)) == []


def test_an_answer_that_is_lost_is_found_done(client: secretmanager.SecretManagerServiceClient, cloud: Cloud) -> None:
    cloud.faults.add(Fault(method="secretmanager.*.create", phase=Phase.AFTER, status=503, count=1))
    with pytest.raises(exceptions.ServiceUnavailable):
        client.create_secret(parent=PARENT, secret_id="token", secret=AUTOMATIC)
    with pytest.raises(exceptions.Conflict):
        client.create_secret(parent=PARENT, secret_id="token", secret=AUTOMATIC)


def test_only_some_of_the_calls_fail_and_always_the_same(client: secretmanager.SecretManagerServiceClient) -> None:
    from mockcloud import current_cloud

    current_cloud().faults.add(Fault(name="*/secrets/b*", status=500, skip=1, count=1))
    made = []
    for name in ("a", "b1", "b2", "b3"):
        try:
            made.append(client.create_secret(parent=PARENT, secret_id=name, secret=AUTOMATIC).name[-2:])
        except exceptions.InternalServerError:
            made.append("failed")
    assert made == ["/a", "b1", "failed", "b3"]


# Delays
# ---------------------------------------------------------------------------------------------------------------------


def by_requests(seconds: float | None) -> int:
    return requests.get(SECRETS, timeout=seconds).status_code


def by_requests_with_two(seconds: float | None) -> int:
    return requests.get(SECRETS, timeout=(1, seconds)).status_code


def by_httpx(seconds: float | None) -> int:
    return httpx.get(SECRETS, timeout=seconds).status_code


def by_httplib2(seconds: float | None) -> int:
    return int(httplib2.Http(timeout=seconds).request(SECRETS)[0].status)


@pytest.mark.parametrize(
    ("call", "raised"),
    [
        (by_requests, requests.ReadTimeout),
        (by_requests_with_two, requests.ReadTimeout),
        (by_httpx, httpx.ReadTimeout),
        (by_httplib2, TimeoutError),
    ],
)
def test_what_comes_too_late_is_a_timeout_of_the_library(
    cloud: Cloud, call: Callable[[float | None], int], raised: type[Exception]
) -> None:
    cloud.faults.add(Fault(delay=30))
    before = cloud.clock.now
    with pytest.raises(raised):
        call(10)
    assert call(60) == 200
    assert call(None) == 200
    assert timedelta(seconds=90) <= cloud.clock.now - before < timedelta(seconds=91)


def test_a_delay_is_of_the_call_that_it_met(cloud: Cloud) -> None:
    cloud.faults.add(Fault(delay=30, count=1))
    client = secretmanager.SecretManagerServiceClient(transport="grpc")
    assert by_requests(None) == 200
    assert by_requests(10) == 200
    assert list(client.list_secrets(parent=PARENT, timeout=10)) == []


def test_an_upload_whose_answer_comes_too_late_is_sent_again(cloud: Cloud) -> None:
    bucket = storage.Client().create_bucket("data")
    cloud.faults.add(Fault(method="storage.objects.insert", phase=Phase.AFTER, delay=70, count=1))
    bucket.blob("a.txt").upload_from_string("text", timeout=60, retry=DEFAULT_RETRY)
    assert statuses(cloud, "insert")[-2:] == [200, 200]
    assert bucket.blob("a.txt").download_as_text() == "text"


# Streams and operations
# ---------------------------------------------------------------------------------------------------------------------


def test_a_stream_is_refused_at_its_first_answer_and_late_as_a_whole(cloud: Cloud) -> None:
    model = f"{PLACE}/publishers/google/models/gemini-2.5-flash"
    asked: dict[str, Any] = {"model": model, "contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}
    generation.register(cloud, model, lambda _: ["a", "b"])
    client = aiplatform_v1.PredictionServiceClient()
    cloud.faults.add(Fault(method="*.streamGenerateContent", status=503, count=1))
    with pytest.raises(exceptions.ServiceUnavailable):
        list(client.stream_generate_content(asked))
    cloud.faults.add(Fault(method="*.streamGenerateContent", delay=30, count=2))
    with pytest.raises(exceptions.DeadlineExceeded):
        list(client.stream_generate_content(asked, timeout=10))
    assert len(list(client.stream_generate_content(asked, timeout=60))) == 2


def address(cloud: Cloud, fault: Fault | None, name: str = "a") -> Any:
    """Begin to make an address, with a fault; give the operation as a client has it."""
    if fault is not None:
        cloud.faults.add(fault)
    client = compute_v1.AddressesClient()
    resource = compute_v1.Address(name=name)
    return client.insert(project="mock-project", region="europe-west4", address_resource=resource)


def test_an_operation_that_fails_is_raised_by_its_future(cloud: Cloud) -> None:
    operation = address(cloud, Fault(phase=Phase.OPERATION, status=503, count=1))
    with pytest.raises(exceptions.ServiceUnavailable):
        operation.result()
    assert list(compute_v1.AddressesClient().list(project="mock-project", region="europe-west4")) == []


def test_waiting_for_what_is_stuck_takes_two_minutes_at_a_time(cloud: Cloud) -> None:
    operation = address(cloud, Fault(phase=Phase.OPERATION, stuck=True))
    before = cloud.clock.now
    waited = compute_v1.RegionOperationsClient().wait(
        project="mock-project", region="europe-west4", operation=operation.name
    )
    assert waited.status is compute_v1.Operation.Status.RUNNING
    assert timedelta(seconds=120) <= cloud.clock.now - before < timedelta(seconds=121)
    with pytest.raises(Exception, match=r"did not complete|[Tt]imeout"):
        operation.result(timeout=600)


def test_a_call_that_waits_is_a_poll(cloud: Cloud) -> None:
    operation = address(cloud, Fault(phase=Phase.OPERATION, polls=3))
    client = compute_v1.RegionOperationsClient()
    asked = {"project": "mock-project", "region": "europe-west4", "operation": operation.name}
    assert [client.wait(**asked).status.name for _ in range(4)] == ["RUNNING", "RUNNING", "DONE", "DONE"]


def test_an_operation_is_waited_for_as_long_as_is_said(cloud: Cloud) -> None:
    from google.longrunning import operations_pb2

    cloud.faults.add(Fault(phase=Phase.OPERATION, seconds=100))
    client = aiplatform_v1.EndpointServiceClient(
        client_options={"api_endpoint": "europe-west4-aiplatform.googleapis.com"}
    )
    begun = client.create_endpoint(parent=PLACE, endpoint={"display_name": "e"}).operation.name

    def wait(seconds: int) -> bool:
        request = operations_pb2.WaitOperationRequest(name=begun)
        request.timeout.seconds = seconds
        return operations_pb2.Operation.FromString(client.wait_operation(request)).done  # it gives bytes

    assert [wait(40), wait(40), wait(40)] == [False, False, True]


def test_an_operation_is_cancelled_by_its_future(cloud: Cloud) -> None:
    client = aiplatform_v1.EndpointServiceClient(
        client_options={"api_endpoint": "europe-west4-aiplatform.googleapis.com"}
    )
    operation = client.create_endpoint(parent=PLACE, endpoint={"display_name": "e"})

    assert operation.cancel() is True

    assert operation.cancelled() is True
    with pytest.raises(exceptions.GoogleAPICallError, match="cancelled"):
        operation.result()
    assert list(client.list_endpoints(parent=PLACE)) == []
    assert [each.status for each in cloud.journal.calls if each.method.endswith("operations.cancel")] == [200]


def test_a_subscriber_that_is_refused_connects_again(cloud: Cloud) -> None:
    topic, name = f"{PARENT}/topics/news", f"{PARENT}/subscriptions/reader"
    publisher, subscriber = pubsub_v1.PublisherClient(), pubsub_v1.SubscriberClient()
    publisher.create_topic(name=topic)
    subscriber.create_subscription(name=name, topic=topic)
    added = cloud.faults.add(Fault(method="pubsub.*.subscriptions.pull", status=503, count=2))
    seen: list[bytes] = []
    heard = threading.Event()

    def take(message: pubsub_v1.subscriber.message.Message) -> None:
        seen.append(message.data)
        message.ack()
        heard.set()

    future = subscriber.subscribe(name, callback=take)
    publisher.publish(topic, b"hello").result()

    assert heard.wait(timeout=20)
    future.cancel()
    future.result(timeout=20)
    assert (seen, added.happened) == ([b"hello"], 2)
