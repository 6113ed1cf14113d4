"""Topics."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.pubsub.links import followers
from mockcloud.services.pubsub.service import API, SERVICE, hold_id
from mockcloud.services.reading import found

DELETED: Final = "_deleted-topic_"
"""What a subscription says where its topic was."""


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    hold_id(name, "topics")
    return body


def _after_delete(call: Call, record: Record) -> None:
    for name in record.hidden.get("subscriptions", ()):
        each = call.cloud.store.get(API, name)
        if each is not None and each.body["topic"] == record.name:
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
    followed = followers(call.cloud, topic.name, "subscriptions")
    names = [each.name for each in followed if not each.body.get("detached")]
    return _page(call, "subscriptions", names)


@SERVICE.method("projects.topics.snapshots.list")
def snapshots(call: Call) -> Answer | Body:
    """Give the names of the snapshots of a topic's subscriptions."""
    topic = found(call, call.name.rpartition("/")[0])
    return _page(call, "snapshots", [each.name for each in followers(call.cloud, topic.name, "snapshots")])


def _page(call: Call, field: str, names: list[str]) -> Body:
    chosen, token = slice_page(call, sorted(names))
    return {**({field: chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}
