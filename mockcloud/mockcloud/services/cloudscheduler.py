"""Cloud Scheduler: jobs, paused and resumed. They are run only when a call says so: no target is called."""

import re
from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cron import InvalidCron, read
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("cloudscheduler")

_TARGETS: Final = ("httpTarget", "pubsubTarget", "appEngineHttpTarget")
_WORDS: Final = re.compile(
    r"(?:every|first|second|third|fourth|fifth|last|\d+(?:st|nd|rd|th)|\d+(?:,\d+)*\s+of)\b.*", re.IGNORECASE
)
"""App Engine's form: `every 24 hours`, `1st monday of month 09:00`."""


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    targets = [each for each in _TARGETS if each in body]
    if len(targets) != 1:
        raise invalid("A job has exactly one target.", Violation("job", f"Set one of {', '.join(_TARGETS)}."))
    _hold_times(body)
    return {"timeZone": "Etc/UTC", "attemptDeadline": "180s", **body, "userUpdateTime": call.cloud.clock.tick()}


def _hold_times(body: Mapping[str, Any]) -> None:
    """Hold schedule and time zone to what can be read."""
    schedule, zone = body.get("schedule", ""), body.get("timeZone") or "Etc/UTC"
    if schedule and not _WORDS.fullmatch(schedule):
        try:
            read(schedule)
        except InvalidCron as error:
            why = f"It is no cron expression: {error.allowed}."
            raise invalid(f"Schedule or time zone is invalid: '{schedule}'.", Violation("job.schedule", why)) from None
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        why = "It is no name of the tz database, such as Europe/Berlin."
        raise invalid(f"Schedule or time zone is invalid: '{zone}'.", Violation("job.time_zone", why)) from None


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del call, record
    _hold_times(body)
    return body


SERVICE.collection("projects.locations.jobs", created=_created, changed=_changed, state=("state", "ENABLED"))


@SERVICE.method("projects.locations.jobs.pause")
def pause(call: Call) -> Answer | Body:
    """Pause a job."""
    record = found(call)
    return call.cloud.change(record, {**record.body, "state": "PAUSED"}).body


@SERVICE.method("projects.locations.jobs.resume")
def resume(call: Call) -> Answer | Body:
    """Let a paused job go on."""
    record = found(call)
    return call.cloud.change(record, {**record.body, "state": "ENABLED"}).body


@SERVICE.method("projects.locations.jobs.run")
def run(call: Call) -> Answer | Body:
    """Note that a job ran now."""
    record = found(call)
    return call.cloud.change(record, {**record.body, "lastAttemptTime": call.cloud.clock.tick(), "status": {}}).body
