"""Notifications of changes, as they are configured. Messages are sent to topics of the same cloud."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.services.references import resolve
from mockcloud.services.storage import buckets
from mockcloud.services.storage.service import API, SERVICE


@SERVICE.method("notifications.insert")
def insert(call: Call) -> Answer | Body:
    """Configure notifications to a topic."""
    bucket = buckets.found(call)
    topic = str(call.body.get("topic", "")).removeprefix("//pubsub.googleapis.com/")
    if not topic:
        raise invalid("Required parameter: topic", reason="required")
    if not call.body.get("payload_format"):
        raise invalid("Required parameter: payload_format", reason="required")
    if call.cloud.rules.on(Rule.REFERENCES) and resolve(call.cloud, topic, "pubsub") is None:
        raise invalid(f"Cloud Pub/Sub topic '{topic}' does not exist.", reason="invalid")
    taken = [int(each.id) for each in call.cloud.store.page(API, f"{bucket.name}/notificationConfigs")]
    identifier = str(max(taken, default=0) + 1)
    body: dict[str, Any] = {
        **call.body,
        "kind": "storage#notification",
        "id": identifier,
        "topic": f"//pubsub.googleapis.com/{topic}",
        "etag": identifier,
        "selfLink": f"{buckets.LINK}/{bucket.name}/notificationConfigs/{identifier}",
    }
    return call.cloud.create(Record(API, f"{bucket.name}/notificationConfigs/{identifier}", body)).body


def _found(call: Call) -> Record:
    bucket = buckets.found(call)
    identifier = call.request.variables["notification"]
    record = call.cloud.store.get(API, f"{bucket.name}/notificationConfigs/{identifier}")
    if record is None:
        raise ApiError(404, "NOT_FOUND", f"The notification '{identifier}' does not exist.", reason="notFound")
    return record


@SERVICE.method("notifications.get")
def get(call: Call) -> Answer | Body:
    """Give a configuration."""
    return _found(call).body


@SERVICE.method("notifications.list")
def list_(call: Call) -> Answer | Body:
    """Give a bucket's configurations."""
    items = [each.body for each in call.cloud.store.page(API, f"{buckets.found(call).name}/notificationConfigs")]
    return {"kind": "storage#notifications", **({"items": items} if items else {})}


@SERVICE.method("notifications.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a configuration."""
    call.cloud.delete(_found(call))
    return Answer(status=204, content=b"")


def notify(cloud: Cloud, bucket: Record, record: Record, event: str) -> None:
    """Tell the topics of a bucket what happened to an object.

    Args:
        cloud: The cloud.
        bucket: The bucket.
        record: The object.
        event: `OBJECT_FINALIZE`, `OBJECT_METADATA_UPDATE`, `OBJECT_DELETE` or `OBJECT_ARCHIVE`.
    """
    for each in cloud.store.page(API, f"{bucket.name}/notificationConfigs"):
        wanted = each.body.get("event_types", [])
        name = record.body["name"]
        if (wanted and event not in wanted) or not name.startswith(each.body.get("object_name_prefix", "")):
            continue
        # Another service, so it is read only where it is needed.
        from mockcloud.services.pubsub.publishing import announce

        form = each.body["payload_format"]
        attributes = {
            **each.body.get("custom_attributes", {}),
            "notificationConfig": f"projects/_/buckets/{bucket.id}/notificationConfigs/{each.id}",
            "eventType": event,
            "payloadFormat": form,
            "bucketId": bucket.id,
            "objectId": name,
            "objectGeneration": record.body["generation"],
            "eventTime": stamp(cloud.clock.now),
        }
        topic = each.body["topic"].removeprefix("//pubsub.googleapis.com/")
        announce(cloud, topic, record.json() if form == "JSON_API_V1" else b"", attributes)
