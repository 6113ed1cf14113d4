"""Pipeline jobs: their tasks run one after another as virtual time passes, and leave their lineage.

A small local simulation: nothing is executed. Every task makes the artifacts that its component declares, without
content. How a job or one of its tasks ends is what `outcomes` says.
"""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import jobs, outcomes, runs, specs, timeline
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, given_id, need, refuse_in_use, shown, start
from mockcloud.services.aiplatform.networks import hold_network
from mockcloud.services.references import resolve

_PENDING: Final = 2.0
"""Virtual seconds that a job waits."""


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    spec = body.get("pipelineSpec", {})
    runtime = body.get("runtimeConfig", {})
    hold_network(body)
    if not spec:
        if not body.get("templateUri"):
            why = "Either it or template_uri must be set."
            raise invalid("The job has no pipeline.", Violation("pipeline_job.pipeline_spec", why))
        # Only the registry knows the pipeline behind a template.
        return body
    specs.hold_parameters(spec, runtime.get("parameterValues", {}) or runtime.get("parameters", {}))
    specs.tasks(spec)
    return {"displayName": specs.name_of(spec), **body}


def begin(cloud: Cloud, record: Record) -> None:
    """Give a job its contexts, and plan its tasks."""
    runs.open_contexts(cloud, record)
    record = need(cloud, record.body["name"])
    title = record.body.get("displayName", "")
    fast = record.body.get("runtimeConfig", {}).get("failurePolicy") == "PIPELINE_FAILURE_POLICY_FAIL_FAST"
    cloud.plan(_PENDING, record, jobs.STEP, state="RUNNING")
    tasks = specs.tasks(record.body.get("pipelineSpec", {}))
    changes = timeline.of(tasks, lambda task: outcomes.of(cloud, f"{title}/{task.name}"), fast=fast)
    for each in changes:
        cloud.plan(_PENDING + each.seconds, record, runs.TASK, task=each.key, state=each.state, message=each.message)
    _plan_end(cloud, record, _PENDING + max((each.seconds for each in changes), default=0.0))


def _plan_end(cloud: Cloud, record: Record, end: float) -> None:
    whole = outcomes.of(cloud, record.body.get("displayName", ""))
    cloud.plan(max(end, whole.seconds or 0.0), record, "pipeline.end")


@SERVICE.on_event("pipeline.end")
def _end(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """End a job as its tasks, and what is registered for it, say."""
    del data
    whole = outcomes.of(cloud, record.body.get("displayName", ""))
    details = record.body.get("jobDetail", {}).get("taskDetails", [])
    failed = [each["taskName"] for each in details if each["state"] == "FAILED"]
    message = whole.fails or (
        f"The DAG failed because some tasks failed. The failed tasks are: {failed}." if failed else ""
    )
    reached = "FAILED" if message else "SUCCEEDED"
    record = runs.close_root(cloud, record, reached)
    jobs.enter(cloud, record, reached, message)


def _cancelled(cloud: Cloud, record: Record) -> Mapping[str, Any]:
    return {"jobDetail": runs.cancelled(cloud, record)}


def _running(cloud: Cloud, record: Record) -> Mapping[str, Any]:
    return {"jobDetail": runs.open_root(cloud, record)}


def _after_create(call: Call, record: Record) -> None:
    begin(call.cloud, record)


def _shown(call: Call, record: Record) -> Answer | Body:
    """Give a job with its contexts as they are now: somebody may have put them into an experiment meanwhile."""
    detail = record.body.get("jobDetail", {})
    now = {}
    for key in ("pipelineContext", "pipelineRunContext"):
        context = resolve(call.cloud, detail.get(key, {}).get("name", ""), API)
        if context is not None and context.body != detail[key]:
            now[key] = context.body
    if not now:
        return Answer(record.body, ready=record.json())
    return {**record.body, "jobDetail": {**detail, **now}}


jobs.kind(
    "pipelineJobs",
    jobs.Job(prefix="PIPELINE_STATE_", running=_running, cancelled=_cancelled, alone=False),
    new_id=given_id("pipelineJobId", r"[a-z0-9][a-z0-9-]{0,127}"),
    created=_created,
    after_create=_after_create,
    shown=_shown,
)


def make(cloud: Cloud, parent: str, request: Mapping[str, Any]) -> Record:
    """Make a job where no call asks for it, for a schedule.

    Args:
        cloud: The cloud.
        parent: Full name of the location.
        request: `pipelineJob`, and the name of the `schedule`.
    """
    job = request.get("pipelineJob", {})
    name = specs.name_of(job.get("pipelineSpec", {}))
    moment = cloud.clock.now.strftime("%Y%m%d%H%M%S")
    body = {
        "displayName": name,
        **job,
        "state": "PIPELINE_STATE_PENDING",
        "scheduleName": request["schedule"],
    }
    record = jobs.make(cloud, f"{parent}/pipelineJobs/{name}-{moment}", body)
    begin(cloud, record)
    return need(cloud, record.body["name"])


@SERVICE.method(f"{LOCATION}.pipelineJobs.batchCancel")
def batch_cancel(call: Call) -> Answer | Body:
    """Cancel several jobs. Those that have ended stay as they are."""
    records = [need(call.cloud, each, "PipelineJob") for each in call.body.get("names", [])]
    for each in records:
        if not jobs.is_final(each):
            jobs.stop(call.cloud, each)
    bodies = [need(call.cloud, each.body["name"]).body for each in records]
    return start(call, call.name.removesuffix("/pipelineJobs"), {"pipelineJobs": bodies})


@SERVICE.method(f"{LOCATION}.pipelineJobs.batchDelete")
def batch_delete(call: Call) -> Answer | Body:
    """Delete several jobs, all or none."""
    records = [need(call.cloud, each, "PipelineJob") for each in call.body.get("names", [])]
    running = [each for each in records if not jobs.is_final(each)]
    if running:
        refuse_in_use(call, f"'{shown(call.cloud, running[0].name)}' has not ended. Cancel it first.")
    for each in records:
        call.cloud.delete(each)
    return start(call, call.name.removesuffix("/pipelineJobs"), {"pipelineJobs": [each.body for each in records]})
