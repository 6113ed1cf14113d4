"""Streaming pull: a subscriber that stays connected, as Google's client does by itself."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.cloud.streams import Stream
from mockcloud.discovery.schemas import Violation
from mockcloud.services.pubsub.delivery import acknowledge_all, extend, take
from mockcloud.services.pubsub.service import API, SERVICE

_AT_ONCE: Final = 100
"""Messages of one answer."""


@SERVICE.stream("Subscriber.StreamingPull")
def streaming_pull(stream: Stream) -> Iterator[Body]:
    """Give messages as they come, and take acknowledgements in between."""
    first = stream.receive()
    if first is None:
        return
    name = str(first.get("subscription", ""))
    # A call with every rule, which says whether the caller may pull at all.
    variables = _variables(name)
    stream.call(API, "v1", "projects.subscriptions.get", variables)
    stream.strike(API, "v1", "projects.subscriptions.pull", variables)
    seconds = int(first.get("streamAckDeadlineSeconds", 0))
    _settle(stream, variables, first)
    while True:
        with stream.cloud.changed:
            while stream.waiting:
                request = stream.receive()
                if request is None:
                    return
                _settle(stream, variables, request)
                seconds = int(request.get("streamAckDeadlineSeconds", 0)) or seconds
            received = take(stream.cloud, _subscription(stream, variables), _AT_ONCE, seconds)
            if not received:
                stream.wait()
            else:
                stream.cloud.settle()
        if received:
            yield {"receivedMessages": received}


def _variables(name: str) -> dict[str, str]:
    parts = name.split("/")
    if len(parts) != 4 or parts[0] != "projects" or parts[2] != "subscriptions":  # noqa: PLR2004 - the form of a name
        raise invalid(f"Invalid subscription name: '{name}'.", Violation("subscription", "It is no name."))
    return {"projectsId": parts[1], "subscriptionsId": parts[3]}


def _subscription(stream: Stream, variables: Mapping[str, str]) -> Record:
    project = stream.cloud.projects.id_of(variables["projectsId"])
    name = f"projects/{project}/subscriptions/{variables['subscriptionsId']}"
    record = stream.cloud.store.get(API, name)
    if record is None:
        raise not_found(name)
    return record


def _settle(stream: Stream, variables: Mapping[str, str], request: Mapping[str, Any]) -> None:
    """Acknowledge and extend what a request says."""
    ids, spans = request.get("modifyDeadlineAckIds", []), request.get("modifyDeadlineSeconds", [])
    if not ids and not request.get("ackIds"):
        return
    with stream.cloud.alone():
        if request.get("ackIds"):
            acknowledge_all(stream.cloud, _subscription(stream, variables), request["ackIds"])
        if ids:
            extend(stream.cloud, _subscription(stream, variables), dict(zip(ids, map(int, spans), strict=False)))
