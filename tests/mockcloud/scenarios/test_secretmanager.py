"""What users do with Secret Manager, through its own client."""

from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import pubsub_v1
from google.cloud import secretmanager_v1 as secretmanager

from mockcloud.cloud.cloud import Cloud

PARENT = "projects/mock-project"
AUTOMATIC: dict[str, Any] = {"replication": {"automatic": {}}}

pytestmark = pytest.mark.scenario(library="google-cloud-secret-manager")


@pytest.fixture(params=["grpc", "rest"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(cloud: Cloud, transport: str) -> secretmanager.SecretManagerServiceClient:
    return secretmanager.SecretManagerServiceClient(transport=transport)


def test_a_secret_is_kept_and_read(client: secretmanager.SecretManagerServiceClient, cloud: Cloud) -> None:
    secret = client.create_secret(parent=PARENT, secret_id="token", secret={**AUTOMATIC, "labels": {"team": "ml"}})
    assert secret.name == f"projects/{cloud.projects.number_of('mock-project')}/secrets/token"
    first = client.add_secret_version(parent=secret.name, payload={"data": b"one"})
    second = client.add_secret_version(parent=f"{PARENT}/secrets/token", payload={"data": b"two"})
    assert [first.name[-1], second.name[-1]] == ["1", "2"]
    latest = client.access_secret_version(name=f"{PARENT}/secrets/token/versions/latest")
    assert (latest.payload.data, latest.name) == (b"two", second.name)
    assert client.access_secret_version(name=first.name).payload.data == b"one"
    assert [each.name for each in client.list_secret_versions(parent=secret.name)] == [second.name, first.name]
    assert [each.name for each in client.list_secrets(parent=PARENT)] == [secret.name]
    with pytest.raises(exceptions.Conflict):
        client.create_secret(parent=PARENT, secret_id="token", secret=AUTOMATIC)
    with pytest.raises(exceptions.NotFound):
        client.access_secret_version(name=f"{PARENT}/secrets/other/versions/latest")


def test_checksums_guard_a_payload(client: secretmanager.SecretManagerServiceClient) -> None:
    client.create_secret(parent=PARENT, secret_id="token", secret=AUTOMATIC)
    with pytest.raises(exceptions.BadRequest, match="checksum"):
        client.add_secret_version(parent=f"{PARENT}/secrets/token", payload={"data": b"abc", "data_crc32c": 1})
    client.add_secret_version(parent=f"{PARENT}/secrets/token", payload={"data": b"abc", "data_crc32c": 910901175})
    read = client.access_secret_version(name=f"{PARENT}/secrets/token/versions/1")
    assert read.payload.data_crc32c == 910901175


def test_states_of_a_version(client: secretmanager.SecretManagerServiceClient, cloud: Cloud) -> None:
    client.create_secret(
        parent=PARENT, secret_id="token", secret={**AUTOMATIC, "version_destroy_ttl": {"seconds": 86400}}
    )
    version = client.add_secret_version(parent=f"{PARENT}/secrets/token", payload={"data": b"x"})
    assert client.disable_secret_version(name=version.name).state.name == "DISABLED"
    with pytest.raises(exceptions.BadRequest):
        client.access_secret_version(name=version.name)
    enabled = client.enable_secret_version(name=version.name)
    with pytest.raises(exceptions.Conflict):
        client.destroy_secret_version(request={"name": version.name, "etag": version.etag})
    doomed = client.destroy_secret_version(request={"name": version.name, "etag": enabled.etag})
    assert doomed.state.name == "DISABLED"
    cloud.advance(86401)
    assert client.get_secret_version(name=version.name).state.name == "DESTROYED"
    with pytest.raises(exceptions.BadRequest):
        client.enable_secret_version(name=version.name)


def test_aliases_name_versions(client: secretmanager.SecretManagerServiceClient) -> None:
    secret = client.create_secret(parent=PARENT, secret_id="token", secret=AUTOMATIC)
    client.add_secret_version(parent=secret.name, payload={"data": b"one"})
    client.add_secret_version(parent=secret.name, payload={"data": b"two"})
    client.update_secret(
        secret={"name": secret.name, "version_aliases": {"stable": 1}}, update_mask={"paths": ["version_aliases"]}
    )
    assert client.access_secret_version(name=f"{secret.name}/versions/stable").payload.data == b"one"
    with pytest.raises(exceptions.BadRequest):
        client.update_secret(
            secret={"name": secret.name, "version_aliases": {"next": 9}}, update_mask={"paths": ["version_aliases"]}
        )


def test_a_secret_expires(client: secretmanager.SecretManagerServiceClient, cloud: Cloud) -> None:
    secret = client.create_secret(parent=PARENT, secret_id="short", secret={**AUTOMATIC, "ttl": {"seconds": 3600}})
    assert secret.expire_time
    cloud.advance(3601)
    with pytest.raises(exceptions.NotFound):
        client.get_secret(name=secret.name)


def test_a_rotation_is_announced(
    client: secretmanager.SecretManagerServiceClient, cloud: Cloud, transport: str
) -> None:
    rotating = {
        **AUTOMATIC,
        "topics": [{"name": f"{PARENT}/topics/rotations"}],
        "rotation": {"next_rotation_time": "2026-01-02T00:00:00Z", "rotation_period": {"seconds": 86400}},
    }
    with pytest.raises(exceptions.NotFound):
        client.create_secret(parent=PARENT, secret_id="key", secret=rotating)
    pubsub_v1.PublisherClient(transport=transport).create_topic(name=f"{PARENT}/topics/rotations")
    subscriber = pubsub_v1.SubscriberClient(transport=transport)
    subscriber.create_subscription(name=f"{PARENT}/subscriptions/rotations", topic=f"{PARENT}/topics/rotations")
    client.create_secret(parent=PARENT, secret_id="key", secret=rotating)
    cloud.advance(2 * 86400 + 10)
    pulled = subscriber.pull(subscription=f"{PARENT}/subscriptions/rotations", max_messages=10)
    assert [each.message.attributes["eventType"] for each in pulled.received_messages] == ["SECRET_ROTATE"] * 2


def test_a_regional_secret_stays_in_its_region(client: secretmanager.SecretManagerServiceClient) -> None:
    parent = f"{PARENT}/locations/europe-west4"
    secret = client.create_secret(parent=parent, secret_id="token", secret={})
    assert "/locations/europe-west4/secrets/token" in secret.name
    client.add_secret_version(parent=secret.name, payload={"data": b"x"})
    assert client.access_secret_version(name=f"{secret.name}/versions/latest").payload.data == b"x"
    with pytest.raises(exceptions.BadRequest):
        client.create_secret(parent=parent, secret_id="other", secret=AUTOMATIC)
    client.delete_secret(name=secret.name)
    assert list(client.list_secrets(parent=parent)) == []
