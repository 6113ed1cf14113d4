"""Dataproc: clusters, jobs, batches, sessions, workflow templates.

Nothing is computed: jobs and batches are simulated, and succeed unless a fault says otherwise.
"""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.progress import EVENT, Step, plan_run, plan_steps, progress, stop
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("dataproc")
SERVICE.on_event(EVENT)(progress)

_CLUSTER: Final = "google.cloud.dataproc.v1.Cluster"
_METADATA: Final = "type.googleapis.com/google.cloud.dataproc.v1.ClusterOperationMetadata"
_GROUPS: Final = {"masterConfig": "m", "workerConfig": "w", "secondaryWorkerConfig": "sw"}
"""Group of a cluster's machines -> word in their names. A master that is alone has no number."""

_PAGES: Final = {
    "YARN ResourceManager": "yarn",
    "MapReduce Job History": "jobhistory",
    "Spark History Server": "sparkhistory",
    "HDFS NameNode": "hdfs",
}
"""Pages of a cluster's component gateway that every cluster has."""

_ENDED: Final = frozenset({"DONE", "ERROR", "CANCELLED"})


def _cluster_id(call: Call, body: dict[str, Any]) -> str:
    del call
    name = body.get("clusterName", "")
    if not name:
        raise invalid("A cluster has a name.", Violation("cluster.clusterName", "It is empty."))
    return str(name)


def _cluster(call: Call, name: str, body: dict[str, Any]) -> Body:
    made = {
        **body,
        "projectId": call.project,
        "clusterUuid": call.cloud.ids.uuid("dataproc/clusters"),
        "status": {"state": "RUNNING", "stateStartTime": call.cloud.clock.tick()},
        "config": merged(_config(call), body.get("config", {})),
    }
    return _with_machines(name, made)


def _with_machines(name: str, body: Body) -> Body:
    """Name the machines of a cluster, and the pages of the first, where they are opened."""
    _, _, _, region, _, cluster = name.split("/")
    config = dict(body["config"])
    for group, word in _GROUPS.items():
        if group in config:
            count = int(config[group].get("numInstances") or 0)
            names = [f"{cluster}-{word}-{number}" for number in range(count)]
            alone = group == "masterConfig" and count == 1
            config[group] = {**config[group], "instanceNames": [f"{cluster}-{word}"] if alone else names}
    if config.get("endpointConfig", {}).get("enableHttpPortAccess"):
        host = f"https://{body['clusterUuid'][:8]}-dot-{region}.dataproc.googleusercontent.com"
        pages = {title: f"{host}/{path}/" for title, path in _PAGES.items()}
        config["endpointConfig"] = {**config["endpointConfig"], "httpPorts": pages}
    return {**body, "config": config}


def _config(call: Call) -> Body:
    """What the service fills where the caller leaves it out."""
    number = call.cloud.projects.number_of(call.project)
    region = call.name.split("/")[3]
    return {
        "configBucket": f"dataproc-staging-{region}-{number}",
        "tempBucket": f"dataproc-temp-{region}-{number}",
        "softwareConfig": {"imageVersion": "2.2-debian12"},
    }


SERVICE.collection("projects.regions.clusters", new_id=_cluster_id, created=_cluster, state=None, seconds=90.0)


@SERVICE.method(
    "projects.regions.clusters.create", "projects.regions.clusters.patch", "projects.regions.clusters.delete"
)
def clusters(call: Call) -> Answer | Body:
    """Make, change or delete a cluster, with this API's own metadata on the operation."""
    verb = call.method.id.rpartition(".")[2]
    back: operations.Back | None = None
    if verb == "create":
        name = f"{call.name}/{_cluster_id(call, call.body)}"
        if call.cloud.store.get("dataproc", name) is not None:
            raise already_exists(name, what="Cluster")
        record = call.cloud.create(Record("dataproc", name, _cluster(call, name, call.body)))
        back = {"name": name}
    elif verb == "patch":
        before = found(call)
        record = call.cloud.change(before, _patched(call, before))
        back = operations.fields_back(before, before.body)
    else:
        record = found(call)
        call.cloud.delete(record)
    kind = {"create": "CREATE", "patch": "UPDATE", "delete": "DELETE"}[verb]
    return operations.start(
        call,
        "/".join(record.name.split("/")[:4]),
        {} if verb == "delete" else record.body,
        type_name="google.protobuf.Empty" if verb == "delete" else _CLUSTER,
        metadata={"@type": _METADATA, "clusterName": record.id, "operationType": kind, "status": {"state": "DONE"}},
        seconds=90.0,
        back=back,
    )


def _patched(call: Call, record: Record) -> Body:
    mask = call.text("updateMask")
    if not mask:
        raise invalid("An update needs a mask.", Violation("updateMask", "It is empty."))
    return _with_machines(record.name, apply_mask(record.body, call.body, read_mask(mask, call.schemas, "Cluster")))


@SERVICE.method("projects.regions.clusters.start", "projects.regions.clusters.stop")
def switch(call: Call) -> Answer | Body:
    """Start or stop a cluster."""
    record = found(call)
    state = "RUNNING" if call.method.id.endswith("start") else "STOPPED"
    status = {"state": state, "stateStartTime": call.cloud.clock.tick()}
    back = operations.fields_back(record, ["status"])
    record = call.cloud.change(record, {**record.body, "status": status})
    return operations.start(
        call,
        "/".join(record.name.split("/")[:4]),
        record.body,
        type_name=_CLUSTER,
        metadata={"@type": _METADATA, "clusterName": record.id},
        back=back,
    )


@SERVICE.method("projects.regions.jobs.submit")
def submit(call: Call) -> Answer | Body:
    """Submit a job to a cluster that exists."""
    job = call.body.get("job", {})
    region = "/".join(call.name.split("/")[:4])
    cluster = job.get("placement", {}).get("clusterName", "")
    if not cluster:
        raise invalid("A job names a cluster.", Violation("job.placement.clusterName", "It is empty."))
    there = call.cloud.store.get("dataproc", f"{region}/clusters/{cluster}")
    if there is None:
        raise not_found(f"{region}/clusters/{cluster}", what="Cluster")
    identifier = job.get("reference", {}).get("jobId") or call.cloud.ids.uuid("dataproc/jobs")
    name = f"{region}/jobs/{identifier}"
    if call.cloud.store.get("dataproc", name) is not None:
        raise already_exists(name, what="Job")
    body = {
        **job,
        "reference": {"projectId": call.project, "jobId": identifier},
        "placement": {**job["placement"], "clusterUuid": there.body["clusterUuid"]},
        "status": {"state": "PENDING", "stateStartTime": call.cloud.clock.tick()},
        "jobUuid": call.cloud.ids.uuid("dataproc/jobs/uuid"),
        "done": False,
    }
    record = call.cloud.create(Record("dataproc", name, body))
    steps = [
        Step(1.0, {"status": {"state": "RUNNING"}}, ("status.stateStartTime",)),
        Step(60.0, {"status": {"state": "DONE"}, "done": True}, ("status.stateStartTime",)),
    ]
    plan_run(call, record, steps, lambda error: {"status": {"state": "ERROR", "details": error.message}, "done": True})
    return record.body


@SERVICE.method("projects.regions.jobs.cancel")
def cancel(call: Call) -> Answer | Body:
    """Cancel a job."""
    record = found(call)
    if record.body["status"]["state"] in _ENDED:
        raise failed_precondition(f"The job has ended: {record.body['status']['state']}.")
    return stop(call.cloud, record, {"status": {"state": "CANCELLED"}, "done": True}, "status.stateStartTime").body


def _batch(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    return {
        **body,
        "uuid": call.cloud.ids.uuid("dataproc/batches"),
        "state": "PENDING",
        "stateTime": call.cloud.clock.tick(),
        "creator": call.caller.email,
        "runtimeConfig": {"version": "2.2", **body.get("runtimeConfig", {})},
    }


def _run_batch(call: Call, record: Record) -> None:
    steps = [Step(1.0, {"state": "RUNNING"}, ("stateTime",)), Step(60.0, {"state": "SUCCEEDED"}, ("stateTime",))]
    plan_steps(call.cloud, record, steps)


SERVICE.collection("projects.locations.batches", created=_batch, after_create=_run_batch, state=None, seconds=60.0)


def _named_by_id(call: Call, body: dict[str, Any]) -> str:
    identifier = body.get("id", "")
    if not identifier:
        raise invalid(f"A {call.method.resource} entry has an id.", Violation("id", "It is empty."))
    return str(identifier)


def _named(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    return {**body, "name": name}


for _collection in ("autoscalingPolicies", "workflowTemplates"):
    for _place in ("projects.regions", "projects.locations"):
        SERVICE.collection(f"{_place}.{_collection}", new_id=_named_by_id, created=_named, state=None)
