"""Snapshots of what a subscription had not acknowledged, and the way back to one or to a moment."""

from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.errors import already_exists, invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.pubsub.links import link
from mockcloud.services.pubsub.publishing import keep_backlog
from mockcloud.services.pubsub.service import API, SERVICE, hold_id
from mockcloud.services.reading import found

_KEPT: Final = timedelta(days=7)


@SERVICE.method("projects.snapshots.create")
def create(call: Call) -> Answer | Body:
    """Keep which messages of a subscription are not acknowledged now."""
    hold_id(call.name, "snapshots")
    subscription = _named(call, call.body.get("subscription", ""), "subscription")
    if call.cloud.store.get(API, call.name) is not None:
        raise already_exists(call.name)
    body: dict[str, Any] = {
        "name": call.name,
        "topic": subscription.body["topic"],
        "expireTime": stamp(call.cloud.clock.now + _KEPT),
        **({"labels": call.body["labels"]} if call.body.get("labels") else {}),
    }
    backlog = subscription.hidden.get("backlog", [])
    hidden = {
        "open": [each["message"]["messageId"] for each in backlog if not each["acked"]],
        "at": stamp(call.cloud.clock.now),
    }
    record = call.cloud.create(Record(API, call.name, body, hidden))
    link(call.cloud, record, "snapshots")
    return record.body


def _named(call: Call, name: str, kind: str) -> Record:
    if f"/{kind}s/" not in name:
        raise invalid(f"Invalid name of a {kind}: '{name}'.", Violation(kind, "It is none."))
    parts = name.split("/", 2)
    parts[1:2] = [call.cloud.projects.id_of(each) for each in parts[1:2]]
    record = call.cloud.store.get(API, "/".join(parts))
    if record is None:
        raise not_found(name)
    return record


SERVICE.collection("projects.snapshots", wrapper="snapshot", immutable=("topic",))


@SERVICE.method("projects.subscriptions.seek")
def seek(call: Call) -> Answer | Body:
    """Go back, or on, to a moment or a snapshot: what is before counts as acknowledged, what is after does not."""
    subscription = found(call)
    backlog: list[dict[str, Any]] = subscription.hidden.get("backlog", [])
    if call.body.get("snapshot"):
        snapshot = _named(call, call.body["snapshot"], "snapshot")
        still, since = set(snapshot.hidden["open"]), parse_stamp(snapshot.hidden["at"])
        acked = [
            each["message"]["messageId"] not in still and parse_stamp(each["message"]["publishTime"]) <= since
            for each in backlog
        ]
    elif call.body.get("time"):
        moment = parse_stamp(call.body["time"])
        acked = [parse_stamp(each["message"]["publishTime"]) < moment for each in backlog]
    else:
        raise invalid("A seek needs a time or a snapshot.", Violation("target", "It is not set."))
    entries = [{**each, "acked": done, "until": "", "attempts": 0} for each, done in zip(backlog, acked, strict=True)]
    keep_backlog(call.cloud, subscription, entries)
    return {}
