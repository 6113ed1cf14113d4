"""Messages leave the backlog of a subscription: leased, acknowledged, given back, buried.

An entry of a backlog holds the message, until when it is leased (a stamp; "" for never), how often it was delivered,
and whether it was acknowledged. What was acknowledged stays only where it could be asked for again.
"""

import base64
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.pubsub.links import followers
from mockcloud.services.pubsub.publishing import announce, keep_backlog
from mockcloud.services.pubsub.service import SERVICE
from mockcloud.services.reading import found

Entry = dict[str, Any]

_LONGEST_LEASE: Final = 600


@SERVICE.method("projects.subscriptions.pull")
def pull(call: Call) -> Answer | Body:
    """Give messages that nobody has leased, at most as many as were asked for. It does not wait for new ones."""
    subscription = found(call)
    most = call.body.get("maxMessages", 0)
    if most <= 0:
        raise invalid("The number of messages must be positive.", Violation("max_messages", "It is not positive."))
    received = take(call.cloud, subscription, most)
    return {"receivedMessages": received} if received else {}


def take(cloud: Cloud, subscription: Record, most: int, seconds: int = 0) -> list[dict[str, Any]]:
    """Lease messages.

    Args:
        cloud: The cloud.
        subscription: The subscription.
        most: The most to give.
        seconds: How long the lease lasts; 0 for what the subscription says.

    Raises:
        ApiError: The subscription is detached.
    """
    body = subscription.body
    if body.get("detached"):
        raise failed_precondition(f"Subscription {subscription.name} is detached.")
    now = stamp(cloud.clock.now)
    until = stamp(cloud.clock.now + timedelta(seconds=seconds or body["ackDeadlineSeconds"]))
    kept: list[Entry] = []
    given: list[dict[str, Any]] = []
    busy: set[str] = set()
    dead: list[Entry] = []
    for entry in _alive(cloud, subscription):
        key = entry["message"].get("orderingKey", "") if body.get("enableMessageOrdering") else ""
        leased = _after(entry["until"], now)
        if entry["acked"] or leased or key in busy or len(given) >= most:
            if not entry["acked"] and key and leased:
                busy.add(key)
            kept.append(entry)
        elif _buried(body, entry):
            dead.append(entry)
        else:
            entry = {**entry, "until": until, "attempts": entry["attempts"] + 1}  # noqa: PLW2901 - a copy
            kept.append(entry)
            given.append(_received(body, entry))
    if given or dead:
        keep_backlog(cloud, subscription, kept)
    for entry in dead:
        _bury(cloud, subscription, entry)
    return given


def _after(until: str, now: str) -> bool:
    return bool(until) and parse_stamp(until) > parse_stamp(now)


def _alive(cloud: Cloud, subscription: Record) -> list[Entry]:
    """Give the entries that are not too old."""
    backlog: list[Entry] = subscription.hidden.get("backlog", [])
    if not backlog:
        return []
    span = float(str(subscription.body["messageRetentionDuration"]).removesuffix("s"))
    oldest = cloud.clock.now - timedelta(seconds=span)
    if parse_stamp(backlog[0]["message"]["publishTime"]) >= oldest:
        return backlog
    return [each for each in backlog if parse_stamp(each["message"]["publishTime"]) >= oldest]


def _received(body: Body, entry: Entry) -> dict[str, Any]:
    token = f"{entry['message']['messageId']}:{entry['attempts']}"
    found = {"ackId": base64.urlsafe_b64encode(token.encode()).decode(), "message": entry["message"]}
    return {**found, "deliveryAttempt": entry["attempts"]} if body.get("deadLetterPolicy") else found


def _message_id(ack_id: str) -> str:
    try:
        return base64.b64decode(ack_id, altchars=b"-_", validate=True).decode().partition(":")[0]
    except ValueError:
        raise invalid(
            "You have passed an invalid ack ID to the service.", Violation("ack_ids", "It is none.")
        ) from None


# Dead letters
# ---------------------------------------------------------------------------------------------------------------------


def _buried(body: Body, entry: Entry) -> bool:
    policy = body.get("deadLetterPolicy") or {}
    return bool(policy.get("deadLetterTopic")) and entry["attempts"] >= policy["maxDeliveryAttempts"]


def _bury(cloud: Cloud, subscription: Record, entry: Entry) -> None:
    """Send a message that was delivered too often to the topic for those."""
    message = entry["message"]
    project, _, identifier = subscription.name.removeprefix("projects/").partition("/subscriptions/")
    attributes = {
        **message.get("attributes", {}),
        "CloudPubSubDeadLetterSourceSubscription": identifier,
        "CloudPubSubDeadLetterSourceSubscriptionProject": project,
        "CloudPubSubDeadLetterSourceDeliveryCount": str(entry["attempts"]),
        "CloudPubSubDeadLetterSourceTopicPublishTime": message["publishTime"],
    }
    data = base64.b64decode(message.get("data", ""))
    announce(cloud, subscription.body["deadLetterPolicy"]["deadLetterTopic"], data, attributes)


# Leases
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("projects.subscriptions.acknowledge")
def acknowledge(call: Call) -> Answer | Body:
    """Acknowledge messages: they are not delivered again. Ids that are unknown are passed over."""
    subscription = found(call)
    acknowledge_all(call.cloud, subscription, call.body.get("ackIds", []))
    return {}


def acknowledge_all(cloud: Cloud, subscription: Record, ack_ids: list[str]) -> None:
    """Acknowledge messages by the ids of their leases.

    Raises:
        ApiError: An id is none.
    """
    done = {_message_id(each) for each in ack_ids}
    kept = keeps_acknowledged(cloud, subscription)
    backlog: list[Entry] = subscription.hidden.get("backlog", [])
    left = []
    for entry in backlog:
        if entry["message"]["messageId"] not in done:
            left.append(entry)
        elif kept:
            left.append({**entry, "acked": True, "until": ""})
    keep_backlog(cloud, subscription, left)


def keeps_acknowledged(cloud: Cloud, subscription: Record) -> bool:
    """Whether messages that were acknowledged may be asked for again, by a seek."""
    body = subscription.body
    if body.get("retainAckedMessages") or body.get("topicMessageRetentionDuration"):
        return True
    return bool(followers(cloud, body["topic"], "snapshots"))


@SERVICE.method("projects.subscriptions.modifyAckDeadline")
def modify_ack_deadline(call: Call) -> Answer | Body:
    """Make leases longer or shorter; 0 gives messages back at once."""
    seconds = call.body.get("ackDeadlineSeconds", 0)
    extend(call.cloud, found(call), dict.fromkeys(call.body.get("ackIds", []), seconds))
    return {}


def extend(cloud: Cloud, subscription: Record, spans: dict[str, int]) -> None:
    """Set the leases of messages.

    Args:
        cloud: The cloud.
        subscription: The subscription.
        spans: From the id of a lease to the seconds from now.

    Raises:
        ApiError: An id is none, or the seconds are not 0 to 600.
    """
    if any(not 0 <= each <= _LONGEST_LEASE for each in spans.values()):
        raise invalid("Invalid ack deadline given.", Violation("ack_deadline_seconds", "It must be 0 to 600."))
    wanted = {_message_id(ack_id): seconds for ack_id, seconds in spans.items()}
    backlog = [
        {**entry, "until": _lease(cloud, subscription.body, entry, wanted[entry["message"]["messageId"]])}
        if entry["message"]["messageId"] in wanted and not entry["acked"]
        else entry
        for entry in subscription.hidden.get("backlog", [])
    ]
    keep_backlog(cloud, subscription, backlog)


def _lease(cloud: Cloud, body: Body, entry: Entry, seconds: float) -> str:
    """Give until when a message stays away. One that is given back waits as the retry policy says."""
    retry = body.get("retryPolicy")
    if seconds == 0 and retry:
        low, high = (float(retry[each].removesuffix("s")) for each in ("minimumBackoff", "maximumBackoff"))
        seconds = min(low * 2 ** max(entry["attempts"] - 1, 0), high)
    return stamp(cloud.clock.now + timedelta(seconds=seconds)) if seconds else ""
