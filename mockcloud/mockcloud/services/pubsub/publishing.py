"""Messages come to topics, and from there into the backlogs of subscriptions."""

import base64
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.pubsub import filtering, validation
from mockcloud.services.pubsub.links import followers
from mockcloud.services.pubsub.service import API, SERVICE
from mockcloud.services.reading import found

_MOST: Final = 1000
"""Messages of one call."""
_LARGEST: Final = 10_000_000
"""Bytes of one message, and of all of a call."""


@SERVICE.method("projects.topics.publish")
def publish(call: Call) -> Answer | Body:
    """Publish messages. Each gets an id, in the order in which they came."""
    topic = found(call)
    messages = call.body.get("messages", [])
    if not 0 < len(messages) <= _MOST:
        raise invalid(
            f"The number of messages must be 1 to {_MOST}.", Violation("messages", f"There are {len(messages)}.")
        )
    size = 0
    for at, each in enumerate(messages):
        if not each.get("data") and not each.get("attributes"):
            raise invalid(
                "One or more messages in the publish request is empty. Each message must contain either non-empty "
                "data, or at least one attribute.",
                Violation(f"messages[{at}]", "It is empty."),
            )
        size += len(each.get("data", "")) * 3 // 4
    if size > _LARGEST:
        raise invalid(f"The messages are larger than {_LARGEST} bytes.", Violation("messages", "They are too large."))
    validation.hold_messages(call.cloud, topic, messages)
    return {"messageIds": _publish(call.cloud, topic, messages)}


def announce(cloud: Cloud, topic: str, data: bytes, attributes: Mapping[str, str]) -> None:
    """Publish what a service has to say, where its topic still exists.

    Args:
        cloud: The cloud.
        topic: Full name of the topic.
        data: The message.
        attributes: Its attributes.
    """
    parts = topic.split("/", 2)
    parts[1:2] = [cloud.projects.id_of(each) for each in parts[1:2]]
    record = cloud.store.get(API, "/".join(parts))
    if record is not None:
        _publish(cloud, record, [{"data": base64.b64encode(data).decode(), "attributes": dict(attributes)}])


def _publish(cloud: Cloud, topic: Record, messages: list[dict[str, Any]]) -> list[str]:
    now = cloud.clock.tick()
    stamped = [{**each, "messageId": cloud.ids.numeric("pubsub/messages", 16), "publishTime": now} for each in messages]
    for subscription in followers(cloud, topic.name, "subscriptions"):
        if subscription.body.get("detached"):
            continue
        keep = filtering.read(subscription.body.get("filter", ""))
        wanted = [each for each in stamped if keep is None or keep(each.get("attributes", {}))]
        if wanted:
            _add(cloud, subscription, wanted)
    return [str(each["messageId"]) for each in stamped]


def _add(cloud: Cloud, subscription: Record, messages: list[dict[str, Any]]) -> None:
    entries = [{"message": each, "until": "", "attempts": 0, "acked": False} for each in messages]
    backlog = [*subscription.hidden.get("backlog", ()), *entries]
    keep_backlog(cloud, subscription, backlog)


def keep_backlog(cloud: Cloud, subscription: Record, backlog: list[dict[str, Any]]) -> None:
    """Keep a subscription's messages. The subscription itself does not change, so the journal does not tell of it."""
    cloud.store.change(
        subscription,
        subscription.body,
        updated=subscription.updated,
        hidden={**subscription.hidden, "backlog": backlog},
    )
