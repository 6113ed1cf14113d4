"""Clouds that are what they were: in the middle of operations, with contents, rows, time, ids, and open streams."""

import base64
import json
import threading
from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import Fault, Phase
from mockcloud.cloud.streams import Stream
from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.services.registry import service
from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "projects/acme/locations/europe-west4"
TOPIC, SUBSCRIPTION = "projects/acme/topics/news", "projects/acme/subscriptions/reader"


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


def vertex(cloud: Cloud) -> Asking:
    return Asking(cloud, "europe-west4-aiplatform.googleapis.com", "/v1")


def begun(cloud: Cloud) -> str:
    """Begin to make an endpoint; give the operation."""
    status, operation = vertex(cloud).ask("POST", f"{PLACE}/endpoints", {"displayName": "e"}, "endpointId=7")
    assert status == 200
    return str(operation["name"])


def test_an_operation_goes_on_from_where_it_was(cloud: Cloud) -> None:
    operation = begun(cloud)
    kept = cloud.snapshot()
    cloud.advance(600)
    ended = vertex(cloud).get(operation)

    cloud.restore(kept)

    assert "done" not in vertex(cloud).get(operation)
    cloud.advance(600)
    assert vertex(cloud).get(operation) == ended


def test_polls_are_counted_from_where_they_were(cloud: Cloud) -> None:
    cloud.faults.add(Fault(phase=Phase.OPERATION, polls=3))
    operation = begun(cloud)
    vertex(cloud).get(operation)
    kept = cloud.snapshot()

    def polled() -> list[bool]:
        return [bool(vertex(cloud).get(operation).get("done")) for _ in range(3)]

    first = polled()
    cloud.restore(kept)

    assert (first, polled()) == ([False, True, True], [False, True, True])


def test_a_job_that_was_cancelled_ends_well(cloud: Cloud) -> None:
    pool = {"machineSpec": {"machineType": "n1-standard-4"}, "replicaCount": "1", "containerSpec": {"imageUri": "i"}}
    sent = {"displayName": "j", "jobSpec": {"workerPoolSpecs": [pool]}}
    name = vertex(cloud).ask("POST", f"{PLACE}/customJobs", sent)[1]["name"]
    cloud.advance(5)
    kept = cloud.snapshot()
    vertex(cloud).done("POST", f"{name}:cancel", {})
    assert vertex(cloud).get(name)["state"] == "JOB_STATE_CANCELLED"

    cloud.restore(kept)
    cloud.advance(3600)

    assert vertex(cloud).get(name)["state"] == "JOB_STATE_SUCCEEDED"


def test_the_same_calls_give_the_same_bytes_again(cloud: Cloud) -> None:
    vertex(cloud).done("POST", f"{PLACE}/datasets", {"displayName": "d", "metadataSchemaUri": "gs://s", "metadata": {}})
    kept = cloud.snapshot()

    def made() -> Any:
        return vertex(cloud).done("POST", f"{PLACE}/endpoints", {"displayName": "e"})

    first, now = made(), cloud.clock.now
    cloud.restore(kept)
    cloud.restore(kept)

    assert (made(), cloud.clock.now) == (first, now)


def uploaded(cloud: Cloud, text: bytes) -> None:
    sent = HttpRequest(
        "POST", "storage.googleapis.com", "/upload/storage/v1/b/data/o", "uploadType=media&name=o", {}, text
    )
    assert answer(cloud, sent).status == 200


def test_contents_are_what_they_were(cloud: Cloud) -> None:
    storage = Asking(cloud, "storage.googleapis.com", "/storage/v1")
    storage.done("POST", "b", {"name": "data"}, "project=acme")
    uploaded(cloud, b"one")
    generation = storage.get("b/data/o/o")["generation"]
    kept = cloud.snapshot()
    uploaded(cloud, b"two")

    cloud.restore(kept)

    got = answer(cloud, HttpRequest("GET", "storage.googleapis.com", "/storage/v1/b/data/o/o", "alt=media"))
    assert got.body == b"one"
    assert storage.get("b/data/o/o")["generation"] == generation


def test_rows_are_what_they_were(cloud: Cloud) -> None:
    data = Asking(cloud, "bigquery.googleapis.com", "/bigquery/v2")
    data.done("POST", "projects/acme/datasets", {"datasetReference": {"datasetId": "d"}})
    fields = [{"name": "n", "type": "INTEGER"}]
    data.done(
        "POST", "projects/acme/datasets/d/tables", {"tableReference": {"tableId": "t"}, "schema": {"fields": fields}}
    )

    def insert(number: int) -> None:
        data.done("POST", "projects/acme/datasets/d/tables/t/insertAll", {"rows": [{"json": {"n": number}}]})

    def total() -> str:
        query = {"query": "SELECT SUM(n) FROM d.t", "useLegacySql": False}
        return str(data.done("POST", "projects/acme/queries", query)["rows"][0]["f"][0]["v"])

    insert(1)
    first = total()
    kept = cloud.snapshot()
    insert(10)
    later = total()
    cloud.restore(kept)

    assert (first, later, total()) == ("1", "11", "1")


def test_a_stream_that_was_open_goes_on(cloud: Cloud) -> None:
    pubsub = Asking(cloud, "pubsub.googleapis.com", "/v1")
    pubsub.done("PUT", TOPIC, {})
    pubsub.done("PUT", SUBSCRIPTION, {"topic": TOPIC})
    kept = cloud.snapshot()
    stream = Stream(cloud, {}, seconds=20)
    stream.offer({"subscription": SUBSCRIPTION, "streamAckDeadlineSeconds": 10})
    handler = service("pubsub").stream_handler("Subscriber.StreamingPull")
    assert handler is not None
    received: list[Any] = []

    def listen() -> None:
        received.append(next(iter(handler(stream))))

    thread = threading.Thread(target=listen)
    thread.start()
    cloud.restore(kept)
    message = {"data": base64.b64encode(b"hello").decode()}
    pubsub.done("POST", f"{TOPIC}:publish", {"messages": [message]})
    thread.join(timeout=20)

    assert json.loads(json.dumps(received))[0]["receivedMessages"][0]["message"]["data"] == message["data"]
