"""Schedules: pipelines, notebooks and monitoring jobs that run again and again as virtual time passes."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import cron
from mockcloud.services.aiplatform import jobs, monitors, notebooks, pipelines
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, collection, found, refuse_in_use, shown, touch

RUN: Final = "schedule.run"
"""Event: it is time for a run."""

Make = Callable[[Cloud, str, Mapping[str, Any]], Record]
"""Makes what a run is: from the parent's full name and the request for it."""

_MAKERS: Final[Mapping[str, Make]] = {
    "createPipelineJobRequest": pipelines.make,
    "createNotebookExecutionJobRequest": notebooks.make,
    "createModelMonitoringJobRequest": monitors.make,
}


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    requests = [each for each in _MAKERS if body.get(each)]
    if len(requests) != 1:
        raise invalid("A schedule has exactly one request.", Violation("schedule", f"Set one of {', '.join(_MAKERS)}."))
    _read(body)
    complete = {
        "startTime": body["createTime"],
        "maxConcurrentRunCount": "1",
        "catchUp": False,
        "startedRunCount": "0",
        **body,
        "state": "ACTIVE",
    }
    return {**complete, **_next(complete, call.cloud.clock.now)}


def _read(body: Mapping[str, Any]) -> cron.Cron:
    try:
        return cron.read(body.get("cron", ""))
    except cron.InvalidCron as error:
        raise invalid(f"Invalid cron: {error.allowed} is needed.", Violation("schedule.cron", error.allowed)) from None


def _next(body: Mapping[str, Any], moment: datetime) -> dict[str, str]:
    """Give when the next run is, where there is one."""
    begin = max(moment, parse_stamp(body["startTime"]) - timedelta(minutes=1))
    at = _read(body).after(begin)
    if at is None or ("endTime" in body and at > parse_stamp(body["endTime"])):
        return {}
    return {"nextRunTime": stamp(at)}


def _plan(cloud: Cloud, record: Record) -> None:
    """Plan the next run. Whoever waits for the schedule does not wait for its runs: they never end."""
    cloud.plans.cancel(API, record.name)
    if record.body["state"] == "ACTIVE" and "nextRunTime" in record.body:
        seconds = (parse_stamp(record.body["nextRunTime"]) - cloud.clock.now).total_seconds()
        cloud.plan(max(seconds, 0.0), record, RUN, recurring=True)


def _planned(call: Call, record: Record) -> None:
    _plan(call.cloud, record)


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del record
    kept = {key: value for key, value in body.items() if key != "nextRunTime"}
    return {**kept, **(_next(kept, call.cloud.clock.now) if kept["state"] == "ACTIVE" else {})}


collection(
    "schedules",
    created=_created,
    after_create=_planned,
    changed=_changed,
    after_change=_planned,
    state=None,
    required=("displayName", "cron"),
)


@SERVICE.on_event(RUN)
def run(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Make a run, unless too many are under way, and plan the next one."""
    del data
    body = record.body
    count = int(body["startedRunCount"])
    changes: dict[str, Any] = {"nextRunTime": None, **_next(body, cloud.clock.now)}
    response: dict[str, Any] = {"scheduledRunTime": body["nextRunTime"]}
    if len(_under_way(cloud, record)) >= int(body["maxConcurrentRunCount"]):
        response["runResponse"] = "The run was skipped: as many runs as are allowed are under way."
    else:
        made = _make(cloud, record)
        count += 1
        response["runResponse"] = f"Created {made.body['name']}."
        hidden = {**record.hidden, "runs": [*record.hidden.get("runs", []), made.name]}
        record = cloud.change(record, body, hidden=hidden)
    most = int(body.get("maxRunCount", 0))
    if (most and count >= most) or changes["nextRunTime"] is None:
        changes = {"nextRunTime": None, "state": "COMPLETED"}
    changes.update(startedRunCount=str(count), lastScheduledRunResponse=response)
    _plan(cloud, touch(cloud, record, **changes))


def _make(cloud: Cloud, record: Record) -> Record:
    key = next(each for each in _MAKERS if record.body.get(each))
    request = record.body[key]
    parent = request.get("parent", "") or record.name.rpartition("/schedules/")[0]
    head, project, rest = parent.split("/", 2)
    request = {**request, "schedule": shown(cloud, record.name)}
    return _MAKERS[key](cloud, f"{head}/{cloud.projects.id_of(project)}/{rest}", request)


def _under_way(cloud: Cloud, record: Record) -> list[Record]:
    made = [cloud.store.get(API, each) for each in record.hidden.get("runs", [])]
    return [each for each in made if each is not None and not jobs.is_final(each)]


@SERVICE.method(f"{LOCATION}.schedules.pause")
def pause(call: Call) -> Answer | Body:
    """Make no more runs for now."""
    record = found(call)
    if record.body["state"] != "ACTIVE":
        refuse_in_use(call, f"'{shown(call.cloud, record.name)}' is {record.body['state']}, not ACTIVE.")
        return {}
    moment = stamp(call.cloud.clock.now)
    _plan(call.cloud, touch(call.cloud, record, state="PAUSED", lastPauseTime=moment, nextRunTime=None))
    return {}


@SERVICE.method(f"{LOCATION}.schedules.resume")
def resume(call: Call) -> Answer | Body:
    """Make runs again; with `catchUp`, begin with one for what was missed."""
    record = found(call)
    if record.body["state"] != "PAUSED":
        refuse_in_use(call, f"'{shown(call.cloud, record.name)}' is {record.body['state']}, not PAUSED.")
        return {}
    now = call.cloud.clock.now
    changes: dict[str, Any] = {
        "state": "ACTIVE",
        "lastResumeTime": stamp(now),
        "catchUp": bool(call.body.get("catchUp")),
    }
    changes.update(_next(record.body, now))
    if changes["catchUp"]:
        missed = _next(record.body, parse_stamp(record.body["lastPauseTime"])).get("nextRunTime", "")
        if missed and parse_stamp(missed) <= now:
            changes["nextRunTime"] = missed
    _plan(call.cloud, touch(call.cloud, record, **changes))
    return {}
