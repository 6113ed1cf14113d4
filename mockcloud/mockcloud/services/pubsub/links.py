"""What a topic is followed by: the names of its subscriptions and snapshots, kept beside it.

A topic has them at hand, so that a message costs the same however much else there is.
"""

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Record
from mockcloud.services.pubsub.service import API


def link(cloud: Cloud, record: Record, kind: str) -> None:
    """Take note that something follows a topic.

    Args:
        cloud: The cloud.
        record: The subscription or snapshot.
        kind: `subscriptions` or `snapshots`.
    """
    topic = cloud.store.get(API, record.body["topic"])
    if topic is not None and record.name not in topic.hidden.get(kind, ()):
        hidden = {**topic.hidden, kind: [*topic.hidden.get(kind, ()), record.name]}
        cloud.store.change(topic, topic.body, updated=topic.updated, hidden=hidden)


def followers(cloud: Cloud, topic: str, kind: str) -> list[Record]:
    """Give what follows a topic, in the order in which it was made.

    Args:
        cloud: The cloud.
        topic: Full name of the topic.
        kind: `subscriptions` or `snapshots`.
    """
    record = cloud.store.get(API, topic)
    if record is None:
        return []
    # Some of them may have gone since, or come again to another topic.
    found = (cloud.store.get(API, name) for name in record.hidden.get(kind, ()))
    return [each for each in found if each is not None and each.body["topic"] == topic]
