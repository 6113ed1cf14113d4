"""Executions of workflows. They are simulated: no step is run, and an execution succeeds without a result."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.services.progress import EVENT, Step, plan_run, progress, stop
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("workflowexecutions")
SERVICE.on_event(EVENT)(progress)

_SECONDS: Final = 10.0


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    workflow = call.cloud.store.get("workflows", name.rsplit("/", 2)[0])
    if workflow is None:
        raise not_found(name.rsplit("/", 2)[0], what="Workflow")
    now = call.cloud.clock.tick()
    revision = workflow.body["revisionId"]
    return {**body, "state": "ACTIVE", "createTime": now, "startTime": now, "workflowRevisionId": revision}


def _new_id(call: Call, body: dict[str, Any]) -> str:
    del body
    return call.cloud.ids.uuid("workflowexecutions")


def _run(call: Call, record: Record) -> None:
    steps = [Step(_SECONDS, {"state": "SUCCEEDED"}, ("endTime",))]
    plan_run(call, record, steps, lambda error: {"state": "FAILED", "error": {"payload": error.message}})


SERVICE.collection(
    "projects.locations.workflows.executions", new_id=_new_id, created=_created, after_create=_run, state=None
)


@SERVICE.method("projects.locations.workflows.executions.cancel")
def cancel(call: Call) -> Answer | Body:
    """Cancel an execution that runs."""
    record = found(call)
    if record.body["state"] != "ACTIVE":
        raise failed_precondition(f"The execution has ended: {record.body['state']}.")
    return stop(call.cloud, record, {"state": "CANCELLED"}, "endTime").body
