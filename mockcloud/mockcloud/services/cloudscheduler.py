"""Cloud Scheduler: jobs, paused and resumed. They are run only when a call says so: no target is called."""

import re
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("cloudscheduler")

_TARGETS: Final = ("httpTarget", "pubsubTarget", "appEngineHttpTarget")
_CRON: Final = re.compile(r"[\d*/,\-A-Za-z]+( [\d*/,\-A-Za-z#?L]+){4}")
_WORDS: Final = re.compile(r"(every|first|second|third|fourth|last|\d+(st|nd|rd|th)?).*", re.IGNORECASE)
"""App Engine's form: `every 24 hours`, `1st monday of month 09:00`."""


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    targets = [each for each in _TARGETS if each in body]
    if len(targets) != 1:
        raise invalid("A job has exactly one target.", Violation("job", f"Set one of {', '.join(_TARGETS)}."))
    schedule = body.get("schedule", "")
    if schedule and not _CRON.fullmatch(schedule) and not _WORDS.fullmatch(schedule):
        raise invalid(f"Schedule or time zone is invalid: '{schedule}'.", Violation("job.schedule", "It is no cron."))
    return {"timeZone": "Etc/UTC", "attemptDeadline": "180s", **body, "userUpdateTime": call.cloud.clock.tick()}


SERVICE.collection("projects.locations.jobs", created=_created, state=("state", "ENABLED"))


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
