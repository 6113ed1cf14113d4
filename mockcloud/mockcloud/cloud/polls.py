"""What ends when somebody has asked for it often enough, whatever the time: a fault can ask for that."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mockcloud.cloud.plans import Plan
from mockcloud.cloud.store import Record

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

LEFT: Final = "pollsLeft"
"""Hidden field of such a resource: `polls` that are left, and the `event` that then happens with its `data`."""


def plan(cloud: "Cloud", polls: int, record: Record, event: str, **data: object) -> Record:
    """Let an event of a resource's service happen at the last of so many polls."""
    left = {"polls": polls, "event": event, "data": data}
    return cloud.store.put(replace(record, hidden={**record.hidden, LEFT: left}))


def count(cloud: "Cloud", record: Record) -> Record | None:
    """Count a poll, and let the event happen if it was the last one; give the resource as it is then."""
    left = record.hidden[LEFT]
    if left["polls"] > 1:
        fewer = {**left, "polls": left["polls"] - 1}
        return cloud.store.put(replace(record, hidden={**record.hidden, LEFT: fewer}))
    hidden = {key: value for key, value in record.hidden.items() if key != LEFT}
    cloud.store.put(replace(record, hidden=hidden))
    cloud.happen(Plan(cloud.clock.now, 0, record.api, record.name, left["event"], left["data"]))
    return cloud.store.get(record.api, record.name)
