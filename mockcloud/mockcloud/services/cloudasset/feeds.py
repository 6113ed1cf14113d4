"""Feeds of changes and saved queries. A feed is kept; nothing is published to it."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, invalid, not_found
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudasset.service import API, SERVICE
from mockcloud.services.operations import with_number

_FEEDS: Final = "feeds"

SERVICE.collection("savedQueries", state=None)


@SERVICE.method("feeds.create")
def create(call: Call) -> Answer | Body:
    """Make a feed."""
    feed, identifier = call.body.get("feed", {}), call.body.get("feedId", "")
    if not identifier or not feed.get("feedOutputConfig", {}).get("pubsubDestination", {}).get("topic"):
        raise invalid("The feed's id and its topic must be set.", Violation("feed", "They are not set."))
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Feed")
    return call.cloud.create(Record(API, name, {**feed, "name": with_number(call.cloud, name)})).body


def _found(call: Call) -> Record:
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise not_found(call.name, what="Feed")
    return record


@SERVICE.method("feeds.get")
def get(call: Call) -> Answer | Body:
    """Give a feed."""
    return _found(call).body


@SERVICE.method("feeds.list")
def list_(call: Call) -> Answer | Body:
    """Give the feeds of a project, folder or organisation."""
    found = [each.body for each in call.cloud.store.page(API, call.name)]
    return {_FEEDS: found} if found else {}


@SERVICE.method("feeds.patch")
def patch(call: Call) -> Answer | Body:
    """Change what the mask names of a feed."""
    record = _found(call)
    mask = read_mask(call.body.get("updateMask", ""), call.schemas, "Feed")
    new: dict[str, Any] = apply_mask(record.body, call.body.get("feed", {}), mask)
    return call.cloud.change(record, {**new, "name": record.body["name"]}).body


@SERVICE.method("feeds.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a feed."""
    call.cloud.delete(_found(call))
    return {}
