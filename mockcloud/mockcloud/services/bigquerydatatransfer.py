"""BigQuery Data Transfer: transfers and their runs. Nothing is transferred: a run is simulated."""

from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.older_names import with_location
from mockcloud.services.progress import EVENT, Step, plan_steps, progress
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("bigquerydatatransfer", numbers=True)
SERVICE.on_event(EVENT)(progress)

_SECONDS: Final = 30.0
_MOST: Final = 100
"""Runs that one call may plan."""


@SERVICE.preparation
def _place(call: Call) -> None:
    """Read names of the older form, which leaves the location out, as those of the location `us`."""
    call.name = with_location(call.name, "us")


def _id(call: Call, body: dict[str, Any]) -> str:
    del body
    return call.cloud.ids.uuid("bigquerydatatransfer")


def _config(call: Call, name: str, body: dict[str, Any]) -> Body:
    if not body.get("dataSourceId"):
        raise invalid("A transfer has a data source.", Violation("transfer_config.data_source_id", "It is empty."))
    return {
        "disabled": False,
        **body,
        "datasetRegion": name.split("/")[3],
        "state": "PENDING",
        "ownerInfo": {"email": call.caller.email},
    }


for _where in ("projects", "projects.locations"):
    SERVICE.collection(f"{_where}.transferConfigs", new_id=_id, created=_config, state=None)


def _run(call: Call, config: Record, moment: str) -> Body:
    """Plan a run of a transfer."""
    cloud = call.cloud
    name = f"{config.name}/runs/{cloud.ids.uuid('bigquerydatatransfer/runs')}"
    kept = ("dataSourceId", "destinationDatasetId", "params", "schedule", "notificationPubsubTopic")
    body = {
        **{key: config.body[key] for key in kept if key in config.body},
        "name": operations.with_number(cloud, name),
        "runTime": moment,
        "scheduleTime": stamp(cloud.clock.now),
        "state": "PENDING",
        "updateTime": cloud.clock.tick(),
    }
    record = cloud.create(Record("bigquerydatatransfer", name, body))
    steps = [
        Step(1.0, {"state": "RUNNING"}, ("startTime", "updateTime")),
        Step(_SECONDS, {"state": "SUCCEEDED"}, ("endTime", "updateTime")),
    ]
    plan_steps(cloud, record, steps)
    return record.body


@SERVICE.method("projects.transferConfigs.startManualRuns", "projects.locations.transferConfigs.startManualRuns")
def start_runs(call: Call) -> Answer | Body:
    """Run a transfer now: for one moment, or for each day of a range."""
    config = found(call)
    span = call.body.get("requestedTimeRange")
    if span is None:
        moment = call.body.get("requestedRunTime", stamp(call.cloud.clock.now))
        return {"runs": [_run(call, config, moment)]}
    return {"runs": [_run(call, config, each) for each in _days(span.get("startTime", ""), span.get("endTime", ""))]}


@SERVICE.method("projects.transferConfigs.scheduleRuns", "projects.locations.transferConfigs.scheduleRuns")
def schedule_runs(call: Call) -> Answer | Body:
    """Run a transfer for each day of a range."""
    config = found(call)
    days = _days(call.body.get("startTime", ""), call.body.get("endTime", ""))
    return {"runs": [_run(call, config, each) for each in days]}


def _days(start: str, end: str) -> list[str]:
    if not start or not end:
        raise invalid("A range has a start and an end.", Violation("requested_time_range", "One is missing."))
    moment, last = parse_stamp(start), parse_stamp(end)
    if last <= moment:
        raise invalid("The range ends before it starts.", Violation("requested_time_range", "It is empty."))
    days: list[str] = []
    while moment < last and len(days) < _MOST:
        days.append(stamp(moment))
        moment += timedelta(days=1)
    return days


@SERVICE.method("projects.dataSources.checkValidCreds", "projects.locations.dataSources.checkValidCreds")
def check_credentials(call: Call) -> Answer | Body:
    """Say whether the caller may use a data source: always, as no source is reached."""
    del call
    return {"hasValidCreds": True}


@SERVICE.method("projects.enrollDataSources", "projects.locations.enrollDataSources")
def enroll(call: Call) -> Answer | Body:
    """Enroll data sources, which all are."""
    del call
    return {}
