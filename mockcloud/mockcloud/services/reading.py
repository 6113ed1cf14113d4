"""Standard methods that read: get and list (AIP-131, AIP-132)."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from mockcloud.cloud.call import PLACES, Answer, Call
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.ordering import ordered
from mockcloud.cloud.paging import page, slice_page
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.methods import Method
from mockcloud.services.collections import Collection
from mockcloud.services.presentation import body_of, show, shown_name
from mockcloud.services.registry import service

_ALWAYS_THERE: Final = frozenset({"projects", "folders", "organizations", "billingAccounts", "global", *PLACES})
"""What needs no record to have something below it."""


def behaviour_of(call: Call) -> Collection:
    """Give how the resources of the call's collection behave."""
    return service(call.api).behaviour(call.method.collection)


def get(call: Call) -> Answer | Body:
    """Give a resource."""
    record = found(call)
    if record.hidden or call.cloud.waits == "poll":  # most have nothing that a poll would change
        record = call.cloud.polled(record) or found(call)
    return show(call, behaviour_of(call), record)


def found(call: Call, name: str = "") -> Record:
    """Find the resource that a call names.

    Raises:
        ApiError: 404.
    """
    wanted = name or call.name
    record = call.cloud.store.get(call.api, wanted)
    if record is None:
        raise not_found(shown_name(call, wanted) if not service(call.api).short_names else wanted)
    return record


def list_(call: Call) -> Answer | Body:
    """Give a page of a collection, or of those in all locations."""
    behaviour = behaviour_of(call)
    keep = matcher(call.text("filter"))
    order = call.text("orderBy")
    if "/-/" in f"{call.name}/" or order:
        chosen, token = slice_page(call, ordered(all_of(call, keep), order))
    else:
        hold_parent(call, behaviour, call.name)
        chosen, token = page(call, call.name, keep and (lambda one: keep(one.body)))
    items = behaviour.items or items_field(call.method)
    if behaviour.shown is None:
        return _page_of(items, chosen, token)
    bodies = [body_of(show(call, behaviour, each)) for each in chosen]
    return {**({items: bodies} if bodies else {}), **({"nextPageToken": token} if token else {})}


def _page_of(items: str, chosen: list[Record], token: str) -> Answer:
    """Give a page of resources whose JSON is written already."""
    body: dict[str, object] = {items: [each.body for each in chosen]} if chosen else {}
    parts = [b'"%s":[%s]' % (items.encode(), b",".join(each.json() for each in chosen))] if chosen else []
    if token:
        body["nextPageToken"] = token
        parts.append(b'"nextPageToken":"%s"' % token.encode())
    return Answer(body, ready=b"{%s}" % b",".join(parts))


def all_of(call: Call, keep: Callable[[Body], bool] | None = None) -> list[Record]:
    """Give what lies in the collections that a call names, where `-` stands for any one.

    Args:
        call: The call.
        keep: Which bodies count; all by default.
    """
    return [
        one
        for each in _collections(call)
        for one in call.cloud.store.page(call.api, each)
        if keep is None or keep(one.body)
    ]


def _collections(call: Call) -> list[str]:
    if "/-/" not in f"{call.name}/":
        return [call.name]
    pattern = re.compile("/".join("[^/]+" if each == "-" else re.escape(each) for each in call.name.split("/")))
    return [each for each in call.cloud.store.collections(call.api) if pattern.fullmatch(each)]


@cache
def items_field(method: Method) -> str:
    """Give the field of a list's answer that holds the resources."""
    fields = description(method.api, method.version).schemas.fields(method.response)
    return next((each.name for each in fields.values() if each.repeated and each.ref), "items")


def hold_parent(call: Call, behaviour: Collection, collection: str) -> None:
    """Hold a call on a collection to what that lies below.

    Raises:
        ApiError: 404, where that is a resource and is not there.
    """
    if behaviour.orphans or not _needs_parent(call.method) or not call.cloud.rules.on(Rule.REFERENCES):
        return
    parent = collection.rpartition("/")[0]
    if call.cloud.store.get(call.api, parent) is None:
        raise not_found(shown_name(call, parent) if not service(call.api).short_names else parent)


@cache
def _needs_parent(method: Method) -> bool:
    """Whether what a collection lies below is a resource that somebody makes through the same API."""
    segments = method.segments
    if segments[-1].startswith("{"):
        segments = segments[:-1]
    above = segments[:-1]
    words = [each for each in above if not each.startswith("{")]
    if not words or words[-1] in _ALWAYS_THERE or not above[-1].startswith("{"):
        return False
    made = ".".join(words)
    methods = description(method.api, method.version).routes.by_id.values()
    return any(
        each.http == "POST" and each.collection == made and not each.segments[-1].startswith("{") for each in methods
    )
