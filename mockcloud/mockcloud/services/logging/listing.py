"""Entries read, by Logging's query language as far as the usual filters serve.

What is different is turned into what they know: severities have an order, and `log_id("x")` stands for a log.
Source: https://cloud.google.com/logging/docs/view/logging-query-language (2026-11).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import parse_stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.logging.service import API, SERVICE, SEVERITIES, root_of

Entry = Mapping[str, Any]

_SEVERITY: Final = re.compile(r"""\bseverity\s*(<=|>=|!=|=|<|>|:)\s*["']?([A-Za-z]+)["']?""", re.IGNORECASE)
_SEVERITY_CHOICE: Final = re.compile(r"\bseverity\s*(=|:)\s*\(([^)]*)\)", re.IGNORECASE)
_LOG_ID: Final = re.compile(r"""(?i)\blog_id\(\s*["']([^"']*)["']\s*\)""")
_COMMENT: Final = re.compile(r"(?m)(^|\s)--[^\n]*")
_SINCE: Final = re.compile(r"""\btimestamp\s*(>=?)\s*["']([^"']+)["']""")
_EVER: Final = "0001-01-01T00:00:00Z"
_ORDERS: Final = {"", "timestamp", "timestamp asc", "timestamp desc"}
_USUAL: Final = 50
_MOST: Final = 1000


@lru_cache(maxsize=256)
def keeper(text: str) -> Callable[[Entry], bool] | None:
    """Read a filter; None where everything passes.

    Raises:
        ApiError: It is no filter.
    """
    text = _COMMENT.sub(r"\1", text)
    text = _SEVERITY_CHOICE.sub(lambda found: f"severity {found[1]} ({_numbers(found[2])})", text)
    text = _SEVERITY.sub(lambda found: f"severity {found[1].replace(':', '=')} {_number(found[2])}", text)
    text = _LOG_ID.sub(lambda found: f'logName : "/logs/{quote(found[1], safe="")}"', text)
    keep = matcher(text)
    return keep and (lambda entry: keep(_view(entry)))


def _number(word: str) -> int:
    if word.upper() not in SEVERITIES:
        raise invalid(f"Unparseable filter: '{word}' is no severity.", Violation("filter", "It names no severity."))
    return SEVERITIES[word.upper()]


def _numbers(text: str) -> str:
    words = (each.strip("\"' ") for each in re.split(r"\bOR\b|,", text))
    return " OR ".join(str(_number(each)) for each in words if each)


def _view(entry: Entry) -> Entry:
    """Give an entry as filters see it."""
    return {**entry, "severity": SEVERITIES.get(entry["severity"], 0)}


def entries_of(cloud: Cloud, names: Sequence[str]) -> Iterator[Entry]:
    """Give the entries of what is named: a project or the like, or a view of one of its buckets, which shows all."""
    roots: dict[str, None] = {}
    for each in names:
        parts = root_of(each).split("/")
        if parts[0] == "projects" and len(parts) > 1:
            parts[1] = cloud.projects.id_of(parts[1])
        roots["/".join(parts)] = None
    for root in roots:
        for log in cloud.store.page(API, f"{root}/logs"):
            yield from log.hidden["entries"]


@SERVICE.method("entries.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of entries, the oldest first unless the newest are asked for first."""
    names = [*call.body.get("resourceNames", []), *(f"projects/{each}" for each in call.body.get("projectIds", []))]
    if not names:
        raise invalid("At least one resource name is needed.", Violation("resource_names", "There are none."))
    order = " ".join(call.body.get("orderBy", "").lower().split())
    if order not in _ORDERS:
        raise invalid(f"Invalid order: '{order}'.", Violation("order_by", "It is timestamp asc or timestamp desc."))
    keep = keeper(_reachable(call.body.get("filter", ""), call.cloud.clock.now))
    chosen = [each for each in entries_of(call.cloud, names) if keep is None or keep(each)]
    chosen.sort(key=lambda each: (parse_stamp(each["timestamp"]), each["insertId"]), reverse=order.endswith("desc"))
    size = call.body.get("pageSize", 0) or _USUAL
    if size < 0:
        raise invalid("The page size cannot be negative.", Violation("page_size", "It must not be negative."))
    page, token = slice_page(_paged(call, min(size, _MOST)), chosen)
    return {**({"entries": page} if page else {}), **({"nextPageToken": token} if token else {})}


def _reachable(text: str, now: datetime) -> str:
    """Give a filter without lower bounds that lie in the cloud's future.

    Google's client asks for the last day where nobody says since when, by the clock of its machine: that bound would
    leave out whatever was written in virtual time.
    """

    def bounded(found: re.Match[str]) -> str:
        try:
            moment = parse_stamp(found[2])
        except ValueError:
            return found[0]
        beyond = moment.tzinfo is not None and moment > now
        return f'timestamp {found[1]} "{_EVER}"' if beyond else found[0]

    return _SINCE.sub(bounded, text)


def _paged(call: Call, size: int) -> Call:
    """Give a call whose page is asked for in its body as one that asks in its query."""
    query = {
        "pageSize": size,
        "pageToken": call.body.get("pageToken", ""),
        "filter": call.body.get("filter", ""),
        "orderBy": call.body.get("orderBy", ""),
    }
    name = " ".join(call.body.get("resourceNames", []))
    return replace(call, request=replace(call.request, query=query), name=name)
