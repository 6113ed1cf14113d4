"""What a pipeline's run leaves: details of its tasks, and their lineage in the default metadata store."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Body, Record
from mockcloud.services.aiplatform import jobs, lineage, metadata, specs
from mockcloud.services.aiplatform.api import API, SERVICE, need, touch

TASK: Final = "pipeline.task"
"""Event: a task reaches its next state."""
_ROOT: Final = ""
_VERSION: Final = "0.0.1"
"""Version of the system's schemas."""
_ENDED: Final = frozenset({"SUCCEEDED", "FAILED", "CANCELLED", "NOT_TRIGGERED", "SKIPPED"})
_EXECUTIONS: Final[Mapping[str, str]] = {
    "RUNNING": "RUNNING",
    "SUCCEEDED": "COMPLETE",
    "FAILED": "FAILED",
    "CANCELLED": "CANCELLED",
}
"""State of the execution by that of the task."""


def _location(record: Record) -> str:
    return record.name.rpartition("/pipelineJobs/")[0]


def open_contexts(cloud: Cloud, record: Record) -> None:
    """Add the contexts of the pipeline and of this run, and note them in the job."""
    store = metadata.ensure_store(cloud, _location(record)).name
    pipeline = _context(
        cloud, f"{store}/contexts/{specs.name_of(record.body.get('pipelineSpec', {}))}", "system.Pipeline"
    )
    run = _context(cloud, f"{store}/contexts/{record.id}", "system.PipelineRun")
    lineage.join_contexts(cloud, pipeline, [run])
    detail = {
        "pipelineContext": need(cloud, pipeline.body["name"]).body,
        "pipelineRunContext": need(cloud, run.body["name"]).body,
    }
    touch(cloud, record, jobDetail=detail)


def _context(cloud: Cloud, name: str, schema: str) -> Record:
    return cloud.store.get(API, name) or metadata.add(
        cloud, name, {"displayName": name.rpartition("/")[2], "schemaTitle": schema, "schemaVersion": _VERSION}
    )


# Tasks
# ---------------------------------------------------------------------------------------------------------------------


def open_root(cloud: Cloud, record: Record) -> Body:
    """Give the details of a job whose outermost pipeline begins to run."""
    spec = record.body.get("pipelineSpec", {})
    runtime = record.body.get("runtimeConfig", {})
    given = runtime.get("parameterValues", {})
    inputs = {f"input:{name}": value for name, value in specs.parameters(spec, given).items()}
    title = specs.name_of(spec)
    execution = _execution(cloud, record, title, "system.DagExecution", inputs)
    detail = _detail(cloud, title, _ROOT, execution)
    return {**record.body.get("jobDetail", {}), "taskDetails": [detail]}


def _detail(cloud: Cloud, name: str, parent: str, execution: Record | None) -> dict[str, Any]:
    moment = stamp(cloud.clock.now)
    return {
        # A number of 64 bits, so not as long as the ids of resources, which are text.
        "taskId": cloud.ids.numeric("aiplatform/pipelineTasks", 18),
        "taskName": name,
        "createTime": moment,
        "startTime": moment,
        "state": "RUNNING",
        **({"parentTaskId": parent} if parent else {}),
        **({"execution": execution.body} if execution else {}),
    }


def _execution(cloud: Cloud, record: Record, title: str, schema: str, values: Body) -> Record:
    store = f"{_location(record)}/metadataStores/{metadata.DEFAULT_STORE}"
    name = f"{store}/executions/{cloud.ids.numeric('aiplatform/executions')}"
    body = {
        "displayName": title,
        "schemaTitle": schema,
        "schemaVersion": _VERSION,
        "state": "RUNNING",
        "metadata": dict(values),
    }
    made = metadata.add(cloud, name, body)
    _into_contexts(cloud, record, executions=[made])
    return need(cloud, made.body["name"])


def _into_contexts(
    cloud: Cloud, record: Record, *, executions: list[Record] | None = None, artifacts: list[Record] | None = None
) -> None:
    detail = record.body["jobDetail"]
    for key in ("pipelineContext", "pipelineRunContext"):
        context = need(cloud, detail[key]["name"])
        fresh = [need(cloud, each.body["name"]) for each in executions or []]
        made = [need(cloud, each.body["name"]) for each in artifacts or []]
        lineage.put_in_context(cloud, context, executions=fresh, artifacts=made)


@SERVICE.on_event(TASK)
def reach(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Let a task reach its next state."""
    task = next(each for each in specs.tasks(record.body["pipelineSpec"]) if each.key == data["task"])
    details = list(record.body["jobDetail"]["taskDetails"])
    ids: dict[str, str] = dict(record.hidden.get("tasks", {}))
    if data["state"] in {"RUNNING", "NOT_TRIGGERED"}:
        detail = _began(cloud, record, task, ids, details[0]["taskId"], data["state"])
        ids[task.key] = detail["taskId"]
        details.append(detail)
    else:
        at = next(at for at, each in enumerate(details) if each["taskId"] == ids[task.key])
        details[at] = _ended(cloud, record, task, details[at], data)
    touch(
        cloud,
        record,
        {**record.hidden, "tasks": ids},
        jobDetail={**record.body["jobDetail"], "taskDetails": details},
    )


def _began(
    cloud: Cloud, record: Record, task: specs.Task, ids: Mapping[str, str], root: str, state: str
) -> dict[str, Any]:
    parent = ids.get(task.parent, root)
    if state == "NOT_TRIGGERED":
        detail = {**_detail(cloud, task.name, parent, None), "state": state}
        return {**detail, "endTime": detail["startTime"]}
    schema = "system.DagExecution" if task.is_dag else "system.ContainerExecution"
    execution = _execution(cloud, record, task.name, schema, {})
    inputs = _inputs(cloud, record, task, ids)
    lineage.add_events(cloud, execution, [{"artifact": each["name"], "type": "INPUT"} for each in inputs.values()])
    detail = _detail(cloud, task.name, parent, execution)
    if inputs:
        detail["inputs"] = {name: {"artifacts": [each]} for name, each in inputs.items()}
    if task.container:
        job = jobs.begin_backing(cloud, _location(record), f"{record.id}-{task.name}", _job_spec(task))
        detail["executorDetail"] = {"containerDetail": {"mainJob": job.body["name"]}}
    return detail


def _job_spec(task: specs.Task) -> Body:
    container = {
        key: task.container[at]
        for key, at in (("imageUri", "image"), ("command", "command"), ("args", "args"))
        if at in task.container
    }
    return {"workerPoolSpecs": [{"containerSpec": container, "replicaCount": "1"}]}


def _inputs(cloud: Cloud, record: Record, task: specs.Task, ids: Mapping[str, str]) -> dict[str, Body]:
    """Give the artifacts that a task uses, by name."""
    details = {each["taskId"]: each for each in record.body["jobDetail"]["taskDetails"]}
    found: dict[str, Body] = {}
    for name, (maker, output) in task.inputs.items():
        made = details.get(ids.get(maker, ""), {}).get("outputs", {}).get(output, {}).get("artifacts", [])
        if made:
            found[name] = need(cloud, made[0]["name"]).body
    return found


def _ended(
    cloud: Cloud, record: Record, task: specs.Task, detail: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, Any]:
    state = data["state"]
    execution = need(cloud, detail["execution"]["name"])
    execution = touch(cloud, execution, state=_EXECUTIONS[state])
    ended: dict[str, Any] = {**detail, "state": state, "endTime": stamp(cloud.clock.now)}
    if state == "SUCCEEDED" and task.outputs:
        outputs = {name: _artifact(cloud, record, task, name, schema) for name, schema in task.outputs.items()}
        events = [{"artifact": each.body["name"], "type": "OUTPUT"} for each in outputs.values()]
        lineage.add_events(cloud, execution, events)
        _into_contexts(cloud, record, artifacts=list(outputs.values()))
        ended["outputs"] = {name: {"artifacts": [each.body]} for name, each in outputs.items()}
    if state == "FAILED":
        ended["error"] = {"code": 13, "message": data["message"]}
    job = detail.get("executorDetail", {}).get("containerDetail", {}).get("mainJob", "")
    jobs.end_backing(cloud, _location(record), job, state)
    ended["execution"] = need(cloud, execution.body["name"]).body
    return ended


def _artifact(cloud: Cloud, record: Record, task: specs.Task, output: str, schema: str) -> Record:
    root = record.body.get("runtimeConfig", {}).get("gcsOutputDirectory", "").rstrip("/")
    store = f"{_location(record)}/metadataStores/{metadata.DEFAULT_STORE}"
    name = f"{store}/artifacts/{cloud.ids.numeric('aiplatform/artifacts')}"
    number = cloud.projects.number_of(record.name.split("/")[1])
    uri = f"{root}/{number}/{record.id}/{task.name}/{output}"
    body = {"displayName": output, "uri": uri, "schemaTitle": schema, "schemaVersion": _VERSION, "state": "LIVE"}
    return metadata.add(cloud, name, body)


# The end
# ---------------------------------------------------------------------------------------------------------------------


def close_root(cloud: Cloud, record: Record, reached: str) -> Record:
    """End the outermost pipeline of a job."""
    detail = record.body["jobDetail"]
    root, *others = detail["taskDetails"]
    return touch(cloud, record, jobDetail={**detail, "taskDetails": [_closed(cloud, root, reached), *others]})


def cancelled(cloud: Cloud, record: Record) -> Body:
    """Give the details of a job whose running tasks are cancelled."""
    detail = record.body.get("jobDetail", {})
    tasks = [
        each if each["state"] in _ENDED else _closed(cloud, each, "CANCELLED") for each in detail.get("taskDetails", [])
    ]
    return {**detail, **({"taskDetails": tasks} if tasks else {})}


def _closed(cloud: Cloud, task: Mapping[str, Any], reached: str) -> dict[str, Any]:
    execution = touch(cloud, need(cloud, task["execution"]["name"]), state=_EXECUTIONS[reached])
    return {**task, "state": reached, "endTime": stamp(cloud.clock.now), "execution": execution.body}
