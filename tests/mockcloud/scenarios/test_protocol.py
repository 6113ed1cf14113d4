"""Batches and descriptions, through the clients that use them."""

from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from mockcloud.cloud.cloud import Cloud


@pytest.mark.scenario(library="google-cloud-storage")
def test_storage_sends_several_changes_at_once(cloud: Cloud) -> None:
    client = storage.Client()
    bucket = client.create_bucket("bucket-of-acme")
    blobs = [bucket.blob(f"o{number}") for number in range(3)]
    for blob in blobs:
        blob.upload_from_string("text")
    with client.batch():
        for blob in blobs:
            blob.metadata = {"seen": "yes"}
            blob.patch()
    assert [each.metadata for each in bucket.list_blobs()] == [{"seen": "yes"}] * 3
    with client.batch():
        bucket.delete_blobs(blobs[:2])
    assert [each.name for each in bucket.list_blobs()] == ["o2"]


@pytest.mark.scenario(library="google-cloud-storage")
def test_a_batch_tells_which_of_its_calls_was_refused(cloud: Cloud) -> None:
    from google.cloud.exceptions import NotFound

    client = storage.Client()
    bucket = client.create_bucket("bucket-of-acme")
    with pytest.raises(NotFound), client.batch():
        bucket.delete_blob("none")
    with client.batch(raise_exception=False):
        bucket.delete_blob("none")


@pytest.mark.scenario(library="google-api-python-client")
def test_a_client_that_asks_for_its_description_and_sends_batches(cloud: Cloud) -> None:
    from googleapiclient.discovery import build

    with build("pubsub", "v1", credentials=AnonymousCredentials(), static_discovery=False) as pubsub:
        topics = pubsub.projects().topics()
        answers: dict[str, Any] = {}

        def keep(identifier: str, answer: Any, error: Any) -> None:
            answers[identifier] = error.status_code if error is not None else answer["name"]

        batch = pubsub.new_batch_http_request(callback=keep)
        for name in ("one", "two", "one"):
            batch.add(topics.create(name=f"projects/acme/topics/topic-{name}", body={}))
        batch.execute()
        assert list(answers.values()) == ["projects/acme/topics/topic-one", "projects/acme/topics/topic-two", 409]
        listed = topics.list(project="projects/acme", fields="topics/name").execute()
        assert listed == {
            "topics": [{"name": "projects/acme/topics/topic-one"}, {"name": "projects/acme/topics/topic-two"}]
        }
        long = topics.list(project="projects/acme", pageToken="x" * 3000)
        with pytest.raises(Exception, match="page token"):
            long.execute()
