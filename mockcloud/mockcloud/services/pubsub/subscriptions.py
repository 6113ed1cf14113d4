"""Subscriptions, as they are configured."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.pubsub import filtering
from mockcloud.services.pubsub.links import link
from mockcloud.services.pubsub.service import API, SERVICE, hold_id
from mockcloud.services.reading import found

_LONGEST_LEASE = 600
_SHORTEST_LEASE = 10
_ATTEMPTS = range(5, 101)


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    hold_id(name, "subscriptions")
    if not body.get("topic"):
        raise invalid("Topic must be set.", Violation("topic", "It is not set."))
    topic = call.cloud.store.get(API, body["topic"])
    body = {
        "pushConfig": {},
        "messageRetentionDuration": "604800s",
        "expirationPolicy": {"ttl": "2678400s"},
        **body,
    }
    body["ackDeadlineSeconds"] = body.get("ackDeadlineSeconds") or _SHORTEST_LEASE
    kept = topic.body.get("messageRetentionDuration") if topic else None
    return _held({**body, **({"topicMessageRetentionDuration": kept} if kept else {})})


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del call, record
    return _held(body)


def _held(body: dict[str, Any]) -> dict[str, Any]:
    """Hold a subscription to the rules, and complete its policies."""
    if not _SHORTEST_LEASE <= body.get("ackDeadlineSeconds", _SHORTEST_LEASE) <= _LONGEST_LEASE:
        raise invalid(
            f"Invalid ack deadline given: (ack_deadline={body['ackDeadlineSeconds']}).",
            Violation("ack_deadline_seconds", "It must be 10 to 600."),
        )
    filtering.read(body.get("filter", ""))
    dead = body.get("deadLetterPolicy")
    if dead and dead.get("deadLetterTopic"):
        attempts = dead.get("maxDeliveryAttempts") or _ATTEMPTS[0]
        if attempts not in _ATTEMPTS:
            raise invalid(
                "Invalid maximum of delivery attempts.",
                Violation("dead_letter_policy.max_delivery_attempts", "It must be 5 to 100."),
            )
        body["deadLetterPolicy"] = {**dead, "maxDeliveryAttempts": attempts}
    retry = body.get("retryPolicy")
    if retry is not None:
        body["retryPolicy"] = {"minimumBackoff": "10s", "maximumBackoff": "600s", **retry}
    return body


def _after_create(call: Call, record: Record) -> None:
    link(call.cloud, record, "subscriptions")


SERVICE.collection(
    "projects.subscriptions",
    created=_created,
    after_create=_after_create,
    changed=_changed,
    immutable=("topic", "filter", "enableMessageOrdering"),
    wrapper="subscription",
    references={"topic": API, "deadLetterPolicy.deadLetterTopic": API},
)


@SERVICE.method("projects.subscriptions.modifyPushConfig")
def modify_push_config(call: Call) -> Answer | Body:
    """Change where messages are pushed to. Nothing is pushed here."""
    record = found(call)
    call.cloud.change(record, {**record.body, "pushConfig": call.body.get("pushConfig", {})})
    return {}


@SERVICE.method("projects.subscriptions.detach")
def detach(call: Call) -> Answer | Body:
    """Cut a subscription off from its topic; what was not delivered is lost."""
    record = found(call)
    call.cloud.change(record, {**record.body, "detached": True}, hidden={})
    return {}
