"""Pub/Sub's subscriber, as it listens: a stream that stays open while other calls change the cloud."""

import queue
from collections.abc import Callable

import grpc
from google.cloud import pubsub_v1
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from mockcloud.cloud.cloud import Cloud

TOPIC = "projects/acme/topics/news"
SUBSCRIPTION = "projects/acme/subscriptions/reader"


def test_a_callback_gets_what_is_published(connect: Callable[[str], grpc.Channel], cloud: Cloud) -> None:
    channel = connect("pubsub.googleapis.com")
    publisher = pubsub_v1.PublisherClient(transport=PublisherGrpcTransport(channel=channel))
    subscriber = pubsub_v1.SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))
    publisher.create_topic(name=TOPIC)
    subscriber.create_subscription(name=SUBSCRIPTION, topic=TOPIC)

    publisher.publish(TOPIC, b"before", kind="a").result(timeout=10)
    (pulled,) = subscriber.pull(subscription=SUBSCRIPTION, max_messages=5).received_messages
    assert (pulled.message.data, dict(pulled.message.attributes)) == (b"before", {"kind": "a"})
    subscriber.acknowledge(subscription=SUBSCRIPTION, ack_ids=[pulled.ack_id])

    heard: queue.Queue[bytes] = queue.Queue()

    def hear(message: pubsub_v1.subscriber.message.Message) -> None:
        heard.put(message.data)
        message.ack()

    listening = subscriber.subscribe(SUBSCRIPTION, callback=hear)
    for each in (b"one", b"two"):
        publisher.publish(TOPIC, each).result(timeout=10)
        assert heard.get(timeout=10) == each
    listening.cancel()
    listening.result(timeout=10)
    cloud.advance(3600)
    assert not subscriber.pull(subscription=SUBSCRIPTION, max_messages=5).received_messages
    subscriber.close()
