"""What users do with Pub/Sub, through its own client."""

import json
import threading

import pytest
from google.api_core import exceptions
from google.cloud import pubsub_v1

from mockcloud.cloud.cloud import Cloud

PROJECT = "projects/mock-project"
TOPIC = f"{PROJECT}/topics/events"
SUBSCRIPTION = f"{PROJECT}/subscriptions/events"

pytestmark = pytest.mark.scenario(library="google-cloud-pubsub")


@pytest.fixture(params=["grpc", "rest"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def publisher(cloud: Cloud, transport: str) -> pubsub_v1.PublisherClient:
    found = pubsub_v1.PublisherClient(
        transport=transport, publisher_options=pubsub_v1.types.PublisherOptions(enable_message_ordering=True)
    )
    found.create_topic(name=TOPIC)
    return found


@pytest.fixture
def subscriber(cloud: Cloud, transport: str) -> pubsub_v1.SubscriberClient:
    return pubsub_v1.SubscriberClient(transport=transport)


def _texts(subscriber: pubsub_v1.SubscriberClient, name: str = SUBSCRIPTION, most: int = 10) -> dict[str, str]:
    pulled = subscriber.pull(subscription=name, max_messages=most)
    return {each.message.data.decode(): each.ack_id for each in pulled.received_messages}


def test_messages_are_leased_and_acknowledged(
    publisher: pubsub_v1.PublisherClient, subscriber: pubsub_v1.SubscriberClient, cloud: Cloud
) -> None:
    made = subscriber.create_subscription(name=SUBSCRIPTION, topic=TOPIC, ack_deadline_seconds=20)
    assert made.message_retention_duration.days == 7
    for text in ("a", "b", "c"):
        assert publisher.publish(TOPIC, text.encode(), origin="test").result()
    first = _texts(subscriber, most=2)
    assert list(first) == ["a", "b"]
    assert list(_texts(subscriber)) == ["c"]
    subscriber.acknowledge(subscription=SUBSCRIPTION, ack_ids=[first["a"]])
    subscriber.modify_ack_deadline(subscription=SUBSCRIPTION, ack_ids=[first["b"]], ack_deadline_seconds=0)
    assert list(_texts(subscriber)) == ["b"]
    cloud.advance(21)
    assert sorted(_texts(subscriber)) == ["b", "c"]
    with pytest.raises(exceptions.BadRequest):
        publisher.publish(TOPIC, b"").result()
    assert list(publisher.list_topic_subscriptions(topic=TOPIC)) == [SUBSCRIPTION]
    publisher.delete_topic(topic=TOPIC)
    assert subscriber.get_subscription(subscription=SUBSCRIPTION).topic == "_deleted-topic_"


def test_a_filter_lets_some_through(
    publisher: pubsub_v1.PublisherClient, subscriber: pubsub_v1.SubscriberClient
) -> None:
    subscriber.create_subscription(
        request={
            "name": SUBSCRIPTION,
            "topic": TOPIC,
            "filter": 'attributes.kind = "drift" AND NOT hasPrefix(attributes.model_id, "test-")',
        }
    )
    for kind, model in (("drift", "prod-1"), ("drift", "test-1"), ("skew", "prod-1")):
        publisher.publish(TOPIC, f"{kind}/{model}".encode(), kind=kind, model_id=model).result()
    assert list(_texts(subscriber)) == ["drift/prod-1"]
    with pytest.raises(exceptions.BadRequest):
        subscriber.create_subscription(request={"name": f"{SUBSCRIPTION}-2", "topic": TOPIC, "filter": "kind is drift"})


def test_messages_of_one_key_stay_in_order(
    publisher: pubsub_v1.PublisherClient, subscriber: pubsub_v1.SubscriberClient
) -> None:
    subscriber.create_subscription(request={"name": SUBSCRIPTION, "topic": TOPIC, "enable_message_ordering": True})
    for text in ("1", "2", "3"):
        publisher.publish(TOPIC, text.encode(), ordering_key="k").result()
    first = _texts(subscriber, most=1)
    assert list(first) == ["1"]
    assert _texts(subscriber) == {}
    subscriber.acknowledge(subscription=SUBSCRIPTION, ack_ids=list(first.values()))
    assert list(_texts(subscriber)) == ["2", "3"]


def test_what_fails_too_often_is_set_aside(
    publisher: pubsub_v1.PublisherClient, subscriber: pubsub_v1.SubscriberClient
) -> None:
    dead = f"{PROJECT}/topics/dead"
    with pytest.raises(exceptions.NotFound):
        subscriber.create_subscription(
            request={"name": SUBSCRIPTION, "topic": TOPIC, "dead_letter_policy": {"dead_letter_topic": dead}}
        )
    publisher.create_topic(name=dead)
    subscriber.create_subscription(name=f"{PROJECT}/subscriptions/dead", topic=dead)
    subscriber.create_subscription(
        request={
            "name": SUBSCRIPTION,
            "topic": TOPIC,
            "dead_letter_policy": {"dead_letter_topic": dead, "max_delivery_attempts": 5},
        }
    )
    publisher.publish(TOPIC, b"poison").result()
    for attempt in range(1, 6):
        (received,) = subscriber.pull(subscription=SUBSCRIPTION, max_messages=1).received_messages
        assert received.delivery_attempt == attempt
        subscriber.modify_ack_deadline(subscription=SUBSCRIPTION, ack_ids=[received.ack_id], ack_deadline_seconds=0)
    assert _texts(subscriber) == {}
    assert list(_texts(subscriber, f"{PROJECT}/subscriptions/dead")) == ["poison"]


def test_a_snapshot_brings_messages_back(
    publisher: pubsub_v1.PublisherClient, subscriber: pubsub_v1.SubscriberClient, cloud: Cloud
) -> None:
    subscriber.create_subscription(request={"name": SUBSCRIPTION, "topic": TOPIC, "retain_acked_messages": True})
    publisher.publish(TOPIC, b"a").result()
    snapshot = subscriber.create_snapshot(name=f"{PROJECT}/snapshots/before", subscription=SUBSCRIPTION)
    assert snapshot.topic == TOPIC
    publisher.publish(TOPIC, b"b").result()
    subscriber.acknowledge(subscription=SUBSCRIPTION, ack_ids=list(_texts(subscriber).values()))
    assert _texts(subscriber) == {}
    subscriber.seek(request={"subscription": SUBSCRIPTION, "snapshot": snapshot.name})
    assert list(_texts(subscriber)) == ["a", "b"]
    cloud.advance(60)
    subscriber.seek(request={"subscription": SUBSCRIPTION, "time": cloud.clock.now})
    assert _texts(subscriber) == {}


def test_a_topic_and_a_subscription_change(
    publisher: pubsub_v1.PublisherClient, subscriber: pubsub_v1.SubscriberClient
) -> None:
    changed = publisher.update_topic(
        request={"topic": {"name": TOPIC, "labels": {"team": "ml"}}, "update_mask": {"paths": ["labels"]}}
    )
    assert changed.labels == {"team": "ml"}
    subscriber.create_subscription(
        request={
            "name": SUBSCRIPTION,
            "topic": TOPIC,
            "push_config": {"push_endpoint": "https://svc.acme.test/push"},
        }
    )
    updated = subscriber.update_subscription(
        request={
            "subscription": {"name": SUBSCRIPTION, "ack_deadline_seconds": 60},
            "update_mask": {"paths": ["ack_deadline_seconds"]},
        }
    )
    assert (updated.ack_deadline_seconds, updated.push_config.push_endpoint) == (60, "https://svc.acme.test/push")
    policy = publisher.get_iam_policy(request={"resource": TOPIC})
    policy.bindings.add(role="roles/pubsub.publisher", members=["user:alice@acme.test"])
    publisher.set_iam_policy(request={"resource": TOPIC, "policy": policy})
    assert publisher.get_iam_policy(request={"resource": TOPIC}).bindings[0].role == "roles/pubsub.publisher"


def test_a_schema_guards_a_topic(publisher: pubsub_v1.PublisherClient, transport: str) -> None:
    schemas = pubsub_v1.SchemaServiceClient(transport=transport)
    definition = json.dumps(
        {
            "type": "record",
            "name": "Event",
            "fields": [{"name": "kind", "type": "string"}, {"name": "n", "type": "int"}],
        }
    )
    schema = schemas.create_schema(
        parent=PROJECT, schema={"type_": "AVRO", "definition": definition}, schema_id="event"
    )
    publisher.create_topic(
        request={"name": f"{TOPIC}-typed", "schema_settings": {"schema": schema.name, "encoding": "JSON"}}
    )
    publisher.publish(f"{TOPIC}-typed", b'{"kind": "drift", "n": 1}').result()
    with pytest.raises(exceptions.BadRequest):
        publisher.publish(f"{TOPIC}-typed", b'{"kind": 1}').result()
    with pytest.raises(exceptions.BadRequest):
        schemas.validate_schema(parent=PROJECT, schema={"type_": "AVRO", "definition": "{}"})
    second = schemas.commit_schema(name=schema.name, schema={"type_": "AVRO", "definition": definition})
    assert second.revision_id != schema.revision_id
    assert len(list(schemas.list_schema_revisions(name=schema.name))) == 2
    assert schemas.get_schema(name=f"{schema.name}@{schema.revision_id}").definition == definition


def test_a_subscriber_stays_connected(cloud: Cloud) -> None:
    publisher, subscriber = pubsub_v1.PublisherClient(), pubsub_v1.SubscriberClient()
    publisher.create_topic(name=TOPIC)
    subscriber.create_subscription(name=SUBSCRIPTION, topic=TOPIC)
    seen: list[bytes] = []
    enough = threading.Event()

    def take(message: pubsub_v1.subscriber.message.Message) -> None:
        seen.append(message.data)
        message.ack_with_response().result(timeout=10)
        if len(seen) == 3:
            enough.set()

    future = subscriber.subscribe(SUBSCRIPTION, callback=take)
    for text in (b"a", b"b", b"c"):
        publisher.publish(TOPIC, text).result()
    assert enough.wait(timeout=20)
    future.cancel()
    future.result(timeout=20)
    assert sorted(seen) == [b"a", b"b", b"c"]
    assert _texts(subscriber) == {}
