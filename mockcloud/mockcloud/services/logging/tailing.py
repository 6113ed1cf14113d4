"""Entries as they come, for a client that stays connected."""

from collections.abc import Iterator
from typing import Any

from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.cloud.streams import Stream
from mockcloud.discovery.schemas import Violation
from mockcloud.services.logging.listing import entries_of, keeper
from mockcloud.services.logging.service import API, SERVICE


@SERVICE.stream("LoggingServiceV2.TailLogEntries")
def tail(stream: Stream) -> Iterator[Body]:
    """Give entries that are written from now on."""
    first = stream.receive()
    if first is None:
        return
    names: list[str] = first.get("resourceNames", [])
    if not names:
        raise invalid("At least one resource name is needed.", Violation("resource_names", "There are none."))
    # A call with every rule, which says whether the caller may read at all.
    stream.call(API, "v2", "entries.list", {}, {"resourceNames": names, "pageSize": 1})
    keep = keeper(str(first.get("filter", "")))
    with stream.cloud.changed:
        seen = {_identity(each) for each in entries_of(stream.cloud, names)}
    while True:
        with stream.cloud.changed:
            new = [each for each in entries_of(stream.cloud, names) if _identity(each) not in seen]
            if not new:
                stream.wait()
        if new:
            seen |= {_identity(each) for each in new}
            chosen = [each for each in new if keep is None or keep(each)]
            if chosen:
                yield {"entries": chosen}


def _identity(entry: Any) -> tuple[object, object, object]:  # noqa: ANN401 - an entry
    return entry["logName"], entry["timestamp"], entry["insertId"]


@SERVICE.method("entries.tail")
def tail_once(call: Any) -> Body:  # noqa: ANN401 - a Call
    """Give nothing: without a stream there is no tail."""
    del call
    return {}
