"""Lists of compute, with its own filters, and those over all zones and regions."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.ordering import ordered
from mockcloud.cloud.paging import page, slice_page
from mockcloud.cloud.patterns import PatternError, pattern
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.methods import Method
from mockcloud.discovery.schemas import Violation
from mockcloud.services.compute import hold
from mockcloud.services.compute.links import V1, link, scope
from mockcloud.services.compute.schemas import kind
from mockcloud.services.compute.standard import versioned

API: Final = "compute"
_ANY_VERSION: Final = re.compile(r"https://(?:www|compute)\.googleapis\.com/compute/(?:v1|beta)/")
_MOST: Final = 500
"""Entries of a page (https://cloud.google.com/compute/docs/reference/rest/v1/instances/list)."""
_ORDERS: Final = frozenset({"", "name", "creationTimestamp desc"})
_OLD: Final = re.compile(r"\s*\(?\s*(?P<field>[A-Za-z.]+)\s+(?P<operator>eq|ne)\s+(?P<value>.+?)\s*\)?\s*")


def list_(call: Call) -> Answer | Body:
    """Give a page of a collection."""
    hold.place(call)
    _hold_size(call)
    keep = filtered(_ANY_VERSION.sub(V1, call.text("filter")))
    order = _order(call)
    if call.name.endswith("/global/networks"):
        from mockcloud.services.compute.default_network import ensure

        ensure(call.cloud, call.project)
    if order:
        records = [each for each in call.cloud.store.page(API, call.name) if keep is None or keep(each.body)]
        chosen, token = slice_page(call, ordered(records, order))
    else:
        chosen, token = page(call, call.name, keep and (lambda each: keep(each.body)))
    return answer(call, [each.body for each in chosen], token)


def _hold_size(call: Call) -> None:
    size = call.text("maxResults")
    if size.isdigit() and int(size) > _MOST:
        why = f"It must be from 0 to {_MOST}."
        raise invalid(f"Invalid value for field 'maxResults': '{size}'. {why}", Violation("maxResults", why))


def _order(call: Call) -> str:
    """Give the order in which a list is asked for. There are two."""
    order = call.text("orderBy")
    if order not in _ORDERS:
        why = "It must be 'name' or 'creationTimestamp desc'."
        raise invalid(f"Invalid value for field 'orderBy': '{order[:100]}'. {why}", Violation("orderBy", why))
    return order


def answer(call: Call, items: Sequence[Body], token: str = "") -> Body:
    """Give entries in the form of a list."""
    body: dict[str, Any] = {
        "kind": kind(call.method.version, call.method.response),
        "id": call.name,
        **({"items": list(items)} if items else {}),
        "selfLink": link(call.name),
        **({"nextPageToken": token} if token else {}),
    }
    fields = call.schemas.fields(call.method.response)
    return versioned(call, {key: each for key, each in body.items() if key in fields and each})


def aggregated(call: Call) -> Answer | Body:
    """Give a page of the resources of all zones and regions, by these."""
    _hold_size(call)
    _order(call)
    keep = filtered(_ANY_VERSION.sub(V1, call.text("filter")))
    wanted = re.compile(
        rf"{re.escape(f'projects/{call.project}')}/(?:global|(?:zones|regions)/[^/]+)/{call.method.resource}"
    )
    records: list[Record] = []
    for collection in call.cloud.store.collections(API):
        if wanted.fullmatch(collection):
            records += [each for each in call.cloud.store.page(API, collection) if keep is None or keep(each.body)]
    chosen, token = slice_page(call, records)
    field = _field(call, call.method)
    items: dict[str, dict[str, list[Body]]] = {}
    for each in chosen:
        items.setdefault(scope(each.name), {field: []})[field].append(each.body)
    body = {
        "kind": kind(call.method.version, call.method.response),
        "id": call.name,
        **({"items": items} if items else {}),
        "selfLink": link(call.name),
        **({"nextPageToken": token} if token else {}),
    }
    return versioned(call, body)


def _field(call: Call, method: Method) -> str:
    """Give the field that holds the resources of one zone or region."""
    of_scope = call.schemas.fields(call.schemas.fields(method.response)["items"].ref)
    return next(each.name for each in of_scope.values() if each.repeated)


def _refused(text: str, error: PatternError) -> ApiError:
    return invalid(f"Invalid value for field 'filter': '{text}'. {error}", Violation("filter", str(error)))


@lru_cache(maxsize=512)
def filtered(text: str) -> Callable[[Body], bool] | None:
    """Read a filter: of AIP-160, or of the older form `name eq REGULAR_EXPRESSION`.

    Raises:
        ApiError: It is none.
    """
    old = _OLD.fullmatch(text)
    if old is None:
        return matcher(text)
    wanted = old["value"].strip("\"'")
    try:
        expression = pattern(wanted)
    except PatternError as error:
        raise _refused(text, error) from None
    path = old["field"].split(".")
    positive = old["operator"] == "eq"

    def holds(body: Body) -> bool:
        value: Any = body
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        try:
            return (value is not None and expression.fullmatch(shown)) == positive
        except PatternError as error:
            raise _refused(text, error) from None

    return holds
