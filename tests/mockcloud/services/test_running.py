"""What runs and is no operation ends as faults say: jobs, executions, invocations."""

from typing import Any

import pytest

from mockcloud.cloud.faults import Fault, Phase
from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

REGION = "projects/acme/regions/europe-west4"
PLACE = "projects/acme/locations/europe-west4"


def dataproc_job(api: Asking) -> str:
    job = {"placement": {"clusterName": "c"}, "sparkJob": {"mainClass": "A"}}
    made = api.ask("POST", f"{REGION}/jobs:submit", {"job": job})[1]
    return f"{REGION}/jobs/{made['reference']['jobId']}"


def dataflow_job(api: Asking) -> str:
    return f"{PLACE}/jobs/{api.ask('POST', f'{PLACE}/jobs', {'name': 'j'})[1]['id']}"


def dlp_job(api: Asking) -> str:
    config = {"storageConfig": {"cloudStorageOptions": {"fileSet": {"url": "gs://b/*"}}}}
    return str(api.ask("POST", f"{PLACE}/dlpJobs", {"inspectJob": config})[1]["name"])


def execution(api: Asking) -> str:
    return str(api.ask("POST", f"{PLACE}/workflows/w/executions", {})[1]["name"])


KINDS: dict[str, Any] = {
    "dataproc": (dataproc_job, lambda body: body["status"]["state"], "RUNNING", "DONE", "ERROR"),
    "dataflow": (
        dataflow_job,
        lambda body: body["currentState"].removeprefix("JOB_STATE_"),
        "RUNNING",
        "DONE",
        "FAILED",
    ),
    "dlp": (dlp_job, lambda body: body["state"], "RUNNING", "DONE", "FAILED"),
    "workflowexecutions": (execution, lambda body: body["state"], "ACTIVE", "SUCCEEDED", "FAILED"),
}
VERSIONS = {"dataproc": "v1", "dataflow": "v1b3", "dlp": "v2", "workflowexecutions": "v1"}


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def api(kind: str) -> Asking:
    cloud = new_cloud()
    made = Asking(cloud, f"{kind}.googleapis.com", f"/{VERSIONS[kind]}")
    if kind == "dataproc":
        made.done("POST", f"{REGION}/clusters", {"clusterName": "c", "config": {}})
    if kind == "workflowexecutions":
        workflows = Asking(cloud, "workflows.googleapis.com", "/v1")
        source = {"sourceContents": "main: {steps: [{end: {return: 1}}]}"}
        workflows.done("POST", f"{PLACE}/workflows", source, "workflowId=w")
    return made


def test_it_ends_as_the_fault_says(kind: str, api: Asking) -> None:
    begin, state, running, done, failed = KINDS[kind]

    def ended(after: float, **fault: Any) -> str:
        api.cloud.faults.add(Fault(phase=Phase.OPERATION, count=1, **fault))
        name = begin(api)
        api.cloud.advance(after)
        return str(state(api.get(name)))

    assert ended(3600, status=500) == failed
    assert ended(3600, stuck=True) == running
    assert (ended(3600, seconds=5000), ended(6000, seconds=5000)) == (running, done)


def test_it_ends_at_a_poll(kind: str, api: Asking) -> None:
    begin, state, running, done, _ = KINDS[kind]
    api.cloud.faults.add(Fault(phase=Phase.OPERATION, polls=3))
    name = begin(api)
    api.cloud.advance(3600)

    assert [state(api.get(name)) for _ in range(4)] == [running, running, done, done]


def test_what_is_cancelled_stays_so(kind: str, api: Asking) -> None:
    begin, state, _, done, _ = KINDS[kind]
    api.cloud.faults.add(Fault(phase=Phase.OPERATION, polls=2))
    name = begin(api)
    if kind == "dataflow":
        api.done("PUT", name, {"requestedState": "JOB_STATE_CANCELLED"})
    else:
        api.done("POST", f"{name}:cancel", {})

    assert done not in [state(api.get(name)) for _ in range(4)]
