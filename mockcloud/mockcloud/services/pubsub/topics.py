"""Topics."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.pubsub.service import API, SERVICE, hold_id
from mockcloud.services.reading import found

DELETED: Final = "_deleted-topic_"
"""What a subscription says where its topic was."""


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    hold_id(name, "topics")
    return body


def subscriptions_of(call: Call, topic: str) -> list[Record]:
    """Give the subscriptions to a topic, which may be of other projects."""
    return [
        each for each in call.cloud.store.of(API) if "/subscriptions/" in each.name and each.body.get("topic") == topic
    ]


def _after_delete(call: Call, record: Record) -> None:
    for each in subscriptions_of(call, record.name):
        call.cloud.change(each, {**each.body, "topic": DELETED})


SERVICE.collection(
    "projects.topics",
    created=_created,
    after_delete=_after_delete,
    wrapper="topic",
    references={"schemaSettings.schema": API},
)


@SERVICE.method("projects.topics.subscriptions.list")
def subscriptions(call: Call) -> Answer | Body:
    """Give the names of a topic's subscriptions."""
    topic = found(call, call.name.rpartition("/")[0])
    names = [each.name for each in subscriptions_of(call, topic.name) if not each.body.get("detached")]
    return _page(call, "subscriptions", names)


@SERVICE.method("projects.topics.snapshots.list")
def snapshots(call: Call) -> Answer | Body:
    """Give the names of the snapshots of a topic's subscriptions."""
    topic = found(call, call.name.rpartition("/")[0])
    kept = [each for each in call.cloud.store.of(API) if "/snapshots/" in each.name]
    return _page(call, "snapshots", [each.name for each in kept if each.body["topic"] == topic.name])


def _page(call: Call, field: str, names: list[str]) -> Body:
    chosen, token = slice_page(call, sorted(names))
    return {**({field: chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}
