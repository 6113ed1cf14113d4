"""Model monitoring: the first form, on an endpoint's traffic, and the second, on any data.

A small local simulation: nothing is measured. Jobs run as virtual time passes; they find neither statistics nor
anomalies.
"""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import jobs, versions
from mockcloud.services.aiplatform.api import (
    API,
    LOCATION,
    SERVICE,
    collection,
    found,
    given_id,
    need,
    refuse_in_use,
    shown,
    touch,
)

RUN: Final = "monitoring.run"
"""Event: the monitoring of an endpoint looks at its traffic."""
_READY: Final = 60.0
_INTERVAL: Final = 3600.0
"""Virtual seconds until the monitoring of an endpoint is set up, and between its runs where it does not say."""
_JOBS: Final = "modelDeploymentMonitoringJobs"
_ID: Final = r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"


# The first form
# ---------------------------------------------------------------------------------------------------------------------


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    endpoint = need(call.cloud, body["endpoint"], "Endpoint")
    deployed = {each["id"] for each in endpoint.body.get("deployedModels", [])}
    configs = body.get("modelDeploymentMonitoringObjectiveConfigs", [])
    for each in configs:
        if each.get("deployedModelId", "") not in deployed:
            raise invalid(
                f"The deployed model '{each.get('deployedModelId', '')}' is not at '{body['endpoint']}'.",
                Violation("model_deployment_monitoring_objective_configs", "It names what is not deployed."),
            )
    table = f"bq://{name.split('/')[1]}.model_deployment_monitoring_{endpoint.id}.serving_predict"
    return {
        **body,
        "endpoint": shown(call.cloud, endpoint.name),
        "state": "JOB_STATE_PENDING",
        "scheduleState": "PENDING",
        "bigqueryTables": [{"logSource": "SERVING", "logType": "PREDICT", "bigqueryTablePath": table}],
    }


def _after_create(call: Call, record: Record) -> None:
    endpoint = need(call.cloud, record.body["endpoint"], "Endpoint")
    touch(call.cloud, endpoint, modelDeploymentMonitoringJob=record.body["name"])
    call.cloud.plan(_READY, record, "monitoring.ready")


def _after_delete(call: Call, record: Record) -> None:
    head, project, rest = record.body["endpoint"].split("/", 2)
    endpoint = call.cloud.store.get(API, f"{head}/{call.cloud.projects.id_of(project)}/{rest}")
    if endpoint is not None:
        touch(call.cloud, endpoint, modelDeploymentMonitoringJob=None)


collection(
    _JOBS,
    created=_created,
    after_create=_after_create,
    after_delete=_after_delete,
    state=None,
    required=("displayName", "endpoint"),
)


@SERVICE.on_event("monitoring.ready")
def ready(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Let the monitoring of an endpoint begin."""
    del data
    _go_on(cloud, touch(cloud, record, state="JOB_STATE_RUNNING", scheduleState="RUNNING"))


def _go_on(cloud: Cloud, record: Record) -> None:
    text = record.body.get("modelDeploymentMonitoringScheduleConfig", {}).get("monitorInterval", "")
    seconds = float(text.removesuffix("s")) if text else _INTERVAL
    cloud.plan(max(seconds, _INTERVAL), record, RUN, recurring=True)


@SERVICE.on_event(RUN)
def run(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Look at the traffic once."""
    del data
    latest = {"runTime": stamp(cloud.clock.now), "status": {}}
    _go_on(cloud, touch(cloud, record, latestMonitoringPipelineMetadata=latest))


@SERVICE.method(f"{LOCATION}.{_JOBS}.pause")
def pause(call: Call) -> Answer | Body:
    """Stop looking for now."""
    record = found(call)
    if record.body["state"] not in {"JOB_STATE_RUNNING", "JOB_STATE_PENDING"}:
        refuse_in_use(call, f"'{shown(call.cloud, record.name)}' is {record.body['state']}; it cannot be paused.")
    call.cloud.plans.cancel(API, record.name)
    touch(call.cloud, record, state="JOB_STATE_PAUSED", scheduleState="OFFLINE")
    return {}


@SERVICE.method(f"{LOCATION}.{_JOBS}.resume")
def resume(call: Call) -> Answer | Body:
    """Look again."""
    record = found(call)
    if record.body["state"] != "JOB_STATE_PAUSED":
        refuse_in_use(call, f"'{shown(call.cloud, record.name)}' is {record.body['state']}, not paused.")
        return {}
    _go_on(call.cloud, touch(call.cloud, record, state="JOB_STATE_RUNNING", scheduleState="RUNNING"))
    return {}


@SERVICE.method(f"{LOCATION}.{_JOBS}.searchModelDeploymentMonitoringStatsAnomalies")
def search_anomalies(call: Call) -> Answer | Body:
    """Give what was measured of a deployed model, which is nothing."""
    found(call)
    return {}


# The second form
# ---------------------------------------------------------------------------------------------------------------------


def _monitor_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    target = body.get("modelMonitoringTarget", {}).get("vertexModel", {})
    if target.get("model"):
        record, number = versions.find(call.cloud, target["model"])
        if target.get("modelVersionId") and target["modelVersionId"] not in versions.versions(record):
            raise not_found(f"{target['model']}@{target['modelVersionId']}", what="Model version")
        target = {"modelVersionId": number, **target}
        return {**body, "modelMonitoringTarget": {**body["modelMonitoringTarget"], "vertexModel": target}}
    return body


collection("modelMonitors", new_id=given_id("modelMonitorId", rf"{_ID}|[0-9]+"), created=_monitor_created)
jobs.kind(
    "modelMonitors.modelMonitoringJobs",
    jobs.Job(stamps=False, seconds=300.0, cancels=False),
    new_id=given_id("modelMonitoringJobId", rf"{_ID}|[0-9]+"),
)


def make(cloud: Cloud, parent: str, request: Mapping[str, Any]) -> Record:
    """Make a monitoring job where no call asks for it, for a schedule.

    Args:
        cloud: The cloud.
        parent: Full name of the monitor.
        request: `modelMonitoringJob`, and the name of the `schedule`.
    """
    body = {
        **request.get("modelMonitoringJob", {}),
        "state": "JOB_STATE_QUEUED",
        "schedule": request["schedule"],
        "scheduleTime": stamp(cloud.clock.now),
    }
    identifier = cloud.ids.numeric("aiplatform/modelMonitoringJobs")
    record = jobs.make(cloud, f"{parent}/modelMonitoringJobs/{identifier}", body)
    jobs.begin(cloud, record)
    return record


@SERVICE.method(f"{LOCATION}.modelMonitors.searchModelMonitoringStats")
def search_stats(call: Call) -> Answer | Body:
    """Give what the jobs of a monitor measured, which is nothing."""
    found(call)
    return {}


@SERVICE.method(f"{LOCATION}.modelMonitors.searchModelMonitoringAlerts")
def search_alerts(call: Call) -> Answer | Body:
    """Give what a monitor warned of, which is nothing."""
    found(call)
    return {"totalNumberAlerts": "0"}
