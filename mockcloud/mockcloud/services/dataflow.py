"""Dataflow: jobs from templates and from the SDK. Nothing is computed: a job is simulated."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.older_names import with_location
from mockcloud.services.progress import EVENT, Step, plan_run, progress, stop
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("dataflow")
SERVICE.on_event(EVENT)(progress)

_USUAL_REGION: Final = "us-central1"
"""Region of a call that names none, as Dataflow's clients have it."""
_SECONDS: Final = 120.0
_ENDED: Final = frozenset({"JOB_STATE_DONE", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_DRAINED"})


SERVICE.collection("projects.jobs", "projects.locations.jobs", items="jobs", state=None)


@SERVICE.preparation
def _place(call: Call) -> None:
    """Read names of the older form, which leaves the location out, as those of the usual region."""
    call.name = with_location(call.name, _USUAL_REGION, {"jobs", "templates"})


def _start(call: Call, location: str, body: Body) -> Record:
    """Make a job below a location, and let it go on."""
    cloud = call.cloud
    if not body.get("name"):
        raise invalid("A job has a name.", Violation("job.name", "It is empty."))
    identifier = f"{cloud.clock.now:%Y-%m-%d_%H_%M_%S}-{cloud.ids.numeric('dataflow/jobs')}"
    now = cloud.clock.tick()
    job = {
        "type": "JOB_TYPE_BATCH",
        **body,
        "id": identifier,
        "projectId": call.project,
        "location": location.split("/")[3],
        "currentState": "JOB_STATE_PENDING",
        "currentStateTime": now,
        "createTime": now,
        "startTime": now,
    }
    record = cloud.create(Record("dataflow", f"{location}/jobs/{identifier}", job))
    steps = [Step(1.0, {"currentState": "JOB_STATE_RUNNING"}, ("currentStateTime",))]
    if job["type"] != "JOB_TYPE_STREAMING":
        steps.append(Step(_SECONDS, {"currentState": "JOB_STATE_DONE"}, ("currentStateTime",)))
    plan_run(call, record, steps, lambda _: {"currentState": "JOB_STATE_FAILED"})
    return record


def _location(call: Call) -> str:
    return "/".join(call.name.split("/")[:4])


@SERVICE.method("projects.jobs.create", "projects.locations.jobs.create")
def create_job(call: Call) -> Answer | Body:
    """Start a job."""
    return _start(call, _location(call), call.body).body


@SERVICE.method("projects.jobs.update", "projects.locations.jobs.update")
def update_job(call: Call) -> Answer | Body:
    """Cancel or drain a job, or change its labels."""
    record = found(call)
    wanted = call.body.get("requestedState", "")
    if wanted and record.body["currentState"] in _ENDED:
        raise failed_precondition(f"The job has ended: {record.body['currentState']}.")
    if wanted in {"JOB_STATE_CANCELLED", "JOB_STATE_DRAINED"}:
        change: dict[str, Any] = {"currentState": wanted, "requestedState": wanted}
        return stop(call.cloud, record, change, "currentStateTime").body
    return call.cloud.change(record, {**record.body, **call.body}).body


def _from_template(parameters: Body, environment: Body) -> Body:
    return {
        "name": parameters.get("jobName", ""),
        "labels": dict(environment.get("additionalUserLabels", {})),
        "environment": {
            key: environment[key] for key in ("serviceAccountEmail", "serviceKmsKeyName") if key in environment
        },
        **({"type": "JOB_TYPE_STREAMING"} if environment.get("enableStreamingEngine") else {}),
    } | ({"replaceJobId": parameters.get("jobName", "")} if parameters.get("update") else {})


@SERVICE.method("projects.templates.launch", "projects.locations.templates.launch")
def launch(call: Call) -> Answer | Body:
    """Start a job from a classic template."""
    path = call.text("gcsPath")
    if not path.startswith("gs://"):
        raise invalid("A template lies in Cloud Storage.", Violation("gcs_path", "It begins with no gs://."))
    body = _from_template(call.body, call.body.get("environment", {}))
    return {"job": dict(_start(call, _location(call), body).body)}


@SERVICE.method("projects.templates.create", "projects.locations.templates.create")
def create_from_template(call: Call) -> Answer | Body:
    """Start a job from a classic template, and give the job itself."""
    path = call.body.get("gcsPath", "")
    if not path.startswith("gs://"):
        raise invalid("A template lies in Cloud Storage.", Violation("gcs_path", "It begins with no gs://."))
    body = _from_template(call.body, call.body.get("environment", {}))
    return _start(call, _location(call), body).body


@SERVICE.method("projects.locations.flexTemplates.launch")
def launch_flex(call: Call) -> Answer | Body:
    """Start a job from a flex template."""
    parameters = call.body.get("launchParameter", {})
    if not parameters.get("containerSpecGcsPath") and "containerSpec" not in parameters:
        raise invalid("A flex template has a container spec.", Violation("launch_parameter", "It names none."))
    body = _from_template(parameters, parameters.get("environment", {}))
    return {"job": dict(_start(call, _location(call), body).body)}


@SERVICE.method("projects.jobs.aggregated")
def aggregated(call: Call) -> Answer | Body:
    """Give a project's jobs in all locations."""
    project = "/".join(call.name.split("/")[:2])
    jobs = [each.body for each in call.cloud.store.below("dataflow", project) if "/jobs/" in each.name]
    return {"jobs": jobs} if jobs else {}
