"""Pages of a list."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Record
from mockcloud.discovery.schemas import Violation

USUAL: Final = 100
"""Resources on a page where the call does not say. Google's services say 50 to 1000."""
MOST: Final = 1000
"""The most on a page, whatever the call asks."""

_BATCH: Final = 500


def page(call: Call, collection: str, keep: Callable[[Record], bool] | None = None) -> tuple[list[Record], str]:
    """Give a page of a collection, and the token of the next one; "" for the last.

    Args:
        call: The call with `pageSize` or `maxResults`, and `pageToken`.
        collection: Full name of the collection.
        keep: Which resources count; all by default.

    Raises:
        ApiError: The size is negative, or the token is not ours or belongs to another list.
    """
    size = page_size(call)
    after = _read_token(call)
    found: list[Record] = []
    while len(found) <= size:
        batch = call.cloud.store.page(
            call.api, collection, after=after, size=max(size + 1, _BATCH) if keep else size + 1
        )
        if not batch:
            break
        found.extend(each for each in batch if keep is None or keep(each))
        after = batch[-1].id
        if keep is None:
            break
    if len(found) <= size:
        return found, ""
    return found[:size], _token(call, found[size - 1].id)


def slice_page(call: Call, entries: list[Any]) -> tuple[list[Any], str]:
    """Give a page of entries that are in an order already, and the token of the next one."""
    size = page_size(call)
    text = _read_token(call)
    start = int(text) if text.isascii() and text.isdigit() else 0
    more = len(entries) > start + size
    return entries[start : start + size], _token(call, str(start + size)) if more else ""


def page_size(call: Call) -> int:
    """Read how many resources the call asks for."""
    asked = _asked(call, "pageSize") or _asked(call, "maxResults") or 0
    try:
        size = int(asked)
    except (TypeError, ValueError):
        raise invalid(f"Invalid page size: {asked!r}.", Violation("page_size", "It is no whole number.")) from None
    if size < 0:
        raise invalid("The page size cannot be negative.", Violation("page_size", "It must not be negative."))
    return min(size or USUAL, MOST)


def _scope(call: Call) -> Mapping[str, str]:
    return {"list": call.name, "filter": str(_asked(call, "filter")), "order": str(_asked(call, "orderBy"))}


def _asked(call: Call, parameter: str) -> Any:  # noqa: ANN401 - what the client sent
    """Give a parameter: of the query, or of the body where the list is asked for by POST."""
    return call.query.get(parameter, "") if parameter in call.query else call.body.get(parameter, "")


def _token(call: Call, after: str) -> str:
    text = json.dumps({"after": after, **_scope(call)}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_token(call: Call) -> str:
    text = _asked(call, "pageToken")
    text = text[-1] if isinstance(text, list) and text else text
    if not text:
        return ""
    try:
        read = json.loads(base64.urlsafe_b64decode(str(text) + "=" * (-len(str(text)) % 4)))
        if {key: read[key] for key in ("list", "filter", "order")} == _scope(call):
            return str(read["after"])
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise invalid("The page token is invalid.", Violation("page_token", "It belongs to no such list."))
