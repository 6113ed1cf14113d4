"""Jobs and their executions. Each task takes a while and succeeds; nothing is run."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record
from mockcloud.services import operations
from mockcloud.services.acting import act
from mockcloud.services.creating import now
from mockcloud.services.reading import found
from mockcloud.services.run.service import API, JOBS, SERVICE, condition, stamped, task, touched

_SECONDS: Final = 60.0
"""How long an execution takes, in virtual seconds."""


def _with_template(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    sent = body.get("template", {})
    inner = task(call, dict(sent.get("template", {})), {"timeout": "600s", "maxRetries": 3})
    return {**body, "template": {"taskCount": 1, **sent, "template": inner}}


def _job(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    uid = call.cloud.ids.uuid("run/uid")
    return {**_with_template(call, body), **stamped(call, ("Ready",)), "uid": uid, "executionCount": 0}


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    return {**_with_template(call, body), **touched(call, dict(record.body)), "updateTime": now(call)}


SERVICE.collection(JOBS, created=_job, changed=_changed, seconds=5.0)
SERVICE.collection(f"{JOBS}.executions", f"{JOBS}.executions.tasks", seconds=5.0)


@SERVICE.method(f"{JOBS}.run")
def run(call: Call) -> Answer | Body:
    """Execute a job."""
    job = found(call)
    overrides = call.body.get("overrides", {})
    template = _overridden(job.body["template"], overrides)
    count = int(template.get("taskCount", 1))
    name = f"{job.name}/executions/{job.id}-{call.cloud.ids.hexadecimal('run/execution', 5)}"
    at = call.cloud.clock.tick()
    body = {
        "name": name,
        "uid": call.cloud.ids.uuid("run/uid"),
        "job": job.id,
        "creator": call.caller.email or "owner@mock.test",
        "generation": "1",
        "observedGeneration": "1",
        "createTime": at,
        "startTime": at,
        "updateTime": at,
        "labels": dict(job.body.get("labels", {})),
        "launchStage": "GA",
        "parallelism": int(template.get("parallelism", count)),
        "taskCount": count,
        "template": template["template"],
        "runningCount": count,
        "reconciling": True,
        "etag": call.cloud.etag(1),
        "conditions": [condition("Completed", call, "CONDITION_RECONCILING"), condition("Started", call)],
    }
    record = call.cloud.create(Record(API, name, body))
    _tasks(call, record)
    latest = {"name": record.id, "createTime": at, "completionStatus": "EXECUTION_RUNNING"}
    counted = {"executionCount": int(job.body.get("executionCount", 0)) + 1, "latestCreatedExecution": latest}
    call.cloud.change(job, {**job.body, **counted})
    call.cloud.plan(_SECONDS, record, "execution.done")
    place = "/".join(job.name.split("/")[:4])
    kind = "google.cloud.run.v2.Execution"
    done = {**body, **_finished(count), "completionTime": at}
    metadata = {"@type": f"type.googleapis.com/{kind}", **body}
    return operations.start(call, place, done, type_name=kind, metadata=metadata, seconds=_SECONDS, about=name)


def _overridden(template: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = dict(template)
    if "taskCount" in overrides:
        found["taskCount"] = overrides["taskCount"]
    inner = dict(found["template"])
    if "timeout" in overrides:
        inner["timeout"] = overrides["timeout"]
    containers = list(inner["containers"])
    for at, each in enumerate(overrides.get("containerOverrides", [])[: len(containers)]):
        sent = {key: value for key, value in each.items() if key in {"args", "env"}}
        containers[at] = merged(containers[at], sent)
    return {**found, "template": {**inner, "containers": containers}}


def _tasks(call: Call, execution: Record) -> None:
    for at in range(execution.body["taskCount"]):
        name = f"{execution.name}/tasks/{execution.id}-task{at}"
        body = {
            "name": name,
            "uid": call.cloud.ids.uuid("run/uid"),
            "job": execution.body["job"],
            "execution": execution.id,
            "index": at,
            "createTime": execution.body["createTime"],
            "containers": execution.body["template"]["containers"],
            "conditions": [condition("Completed", call, "CONDITION_RECONCILING")],
        }
        call.cloud.create(Record(API, name, body))


def _finished(count: int) -> dict[str, Any]:
    return {"runningCount": 0, "succeededCount": count, "reconciling": False}


@SERVICE.on_event("execution.done")
def _done(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    del data
    at = stamp(cloud.clock.now)
    completed = {"type": "Completed", "state": "CONDITION_SUCCEEDED", "lastTransitionTime": at}
    body = {**record.body, **_finished(record.body["taskCount"]), "completionTime": at, "conditions": [completed]}
    cloud.change(record, body)
    for each in cloud.store.page(API, f"{record.name}/tasks"):
        cloud.change(each, {**each.body, "completionTime": at, "conditions": [completed]})
    _tell(cloud, record, at, "EXECUTION_SUCCEEDED")


def _tell(cloud: Cloud, record: Record, at: str, status: str) -> None:
    """Let the job know how its latest execution ended."""
    job = cloud.store.get(API, record.name.partition("/executions/")[0])
    if job is not None and job.body.get("latestCreatedExecution", {}).get("name") == record.id:
        latest = {**job.body["latestCreatedExecution"], "completionTime": at, "completionStatus": status}
        cloud.change(job, {**job.body, "latestCreatedExecution": latest})


@SERVICE.method(f"{JOBS}.executions.cancel")
def cancel(call: Call) -> Answer | Body:
    """Cancel an execution that is running."""
    record = found(call)
    if "completionTime" in record.body:
        raise failed_precondition(f"'{record.name}' has ended already.")
    call.cloud.plans.cancel(API, record.name)
    at = call.cloud.clock.tick()
    ended = {"runningCount": 0, "cancelledCount": record.body["taskCount"], "reconciling": False, "completionTime": at}
    _tell(call.cloud, record, at, "EXECUTION_CANCELLED")
    return act(call, record, ended, going=ended)
