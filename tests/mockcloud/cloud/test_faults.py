import json
from datetime import timedelta
from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import Fault, InvalidFault, Phase
from mockcloud.cloud.trouble import asks_for_accelerator
from mockcloud.doors.wire import HttpResponse
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.calls import call, get_secret, make_secret, send

WORKFLOWS = "/v1/projects/acme/locations/europe-west4/workflows"
HOST = "workflows.googleapis.com"
VERTEX = "europe-west4-aiplatform.googleapis.com"


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


def make_workflow(cloud: Cloud, name: str) -> str:
    """Give the full name of the operation that makes a workflow."""
    body = {"sourceContents": "main: {steps: [{end: {return: 1}}]}"}
    return str(call(cloud, "POST", WORKFLOWS, body, query=f"workflowId={name}", host=HOST)["name"])


def operation(cloud: Cloud, name: str) -> dict[str, Any]:
    return call(cloud, "GET", f"/v1/{name}", host=HOST)


def error(response: HttpResponse) -> dict[str, Any]:
    return dict(json.loads(response.body)["error"])


def test_an_error_before_has_no_effect_and_google_s_shape(cloud: Cloud) -> None:
    cloud.faults.add(Fault(method="secretmanager.*.create", status=503, retry_after=7, count=1))

    refused = make_secret(cloud, "key")

    assert refused.status == 503
    assert refused.headers["Retry-After"] == "7"
    assert error(refused) == {
        "code": 503,
        "message": "The service is currently unavailable.",
        "status": "UNAVAILABLE",
        "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"}],
    }
    assert get_secret(cloud, "key").status == 404
    assert make_secret(cloud, "key").status == 200


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (429, "RESOURCE_EXHAUSTED"),
        (500, "INTERNAL"),
        (502, "UNAVAILABLE"),
        (504, "DEADLINE_EXCEEDED"),
        (599, "INTERNAL"),
    ],
)
def test_a_status_has_its_word(cloud: Cloud, status: int, word: str) -> None:
    cloud.faults.add(Fault(status=status))

    assert error(make_secret(cloud, "key"))["status"] == word


def test_old_apis_say_it_in_the_old_form(cloud: Cloud) -> None:
    cloud.faults.add(Fault(method="storage.buckets.list", status=429, message="Slow down."))

    found = error(send(cloud, "GET", "/storage/v1/b", query="project=acme", host="storage.googleapis.com"))

    assert found["errors"] == [{"message": "Slow down.", "domain": "global", "reason": "rateLimitExceeded"}]


def test_a_lost_answer_leaves_the_effect(cloud: Cloud) -> None:
    cloud.faults.add(Fault(name="*/secrets/key", phase=Phase.AFTER, status=503, count=1))

    assert make_secret(cloud, "key").status == 503
    assert make_secret(cloud, "key").status == 409, "it is there already"


def test_a_name_fits_the_resource_that_a_call_makes_and_the_one_that_it_reads(cloud: Cloud) -> None:
    cloud.faults.add(Fault(name="projects/acme/secrets/a*", status=500))

    assert make_secret(cloud, "alpha").status == 500
    assert make_secret(cloud, "beta").status == 200
    assert make_secret(cloud, "alpha", project="other").status == 200
    assert get_secret(cloud, "alpha").status == 500


def test_what_is_named_in_the_body_counts_too(cloud: Cloud) -> None:
    cloud.faults.add(Fault(method="storage.buckets.insert", name="b/acme-*", status=500))

    made = [
        send(cloud, "POST", "/storage/v1/b", {"name": name}, query="project=acme", host="storage.googleapis.com").status
        for name in ("acme-data", "other-data")
    ]

    assert made == [500, 200]


def test_some_calls_go_well_before_and_it_happens_so_often(cloud: Cloud) -> None:
    added = cloud.faults.add(Fault(status=500, skip=1, count=2))

    assert [make_secret(cloud, f"key-{at}").status for at in range(5)] == [200, 500, 500, 200, 200]
    assert (added.fitting, added.happened, added.spent) == (3, 2, True)


def test_a_probability_hits_the_same_calls_in_every_run() -> None:
    def run(seed: int) -> list[int]:
        cloud = new_cloud(seed=seed)
        cloud.faults.add(Fault(status=500, probability=0.3))
        return [make_secret(cloud, f"key-{at}").status for at in range(60)]

    hits = run(0)

    assert run(0) == hits
    assert run(1) != hits
    assert 8 <= hits.count(500) <= 28


def test_a_delay_passes_in_the_cloud_s_time_and_a_server_may_wait_it_out(cloud: Cloud) -> None:
    before = cloud.clock.now
    cloud.faults.add(Fault(delay=30, count=1))

    assert make_secret(cloud, "key").status == 200
    assert cloud.clock.now - before >= timedelta(seconds=30)
    assert cloud.faults.take_delay() == 30
    assert cloud.faults.take_delay() == 0


def test_an_operation_that_fails_takes_back_what_it_was_to_make(cloud: Cloud) -> None:
    cloud.faults.add(Fault(phase=Phase.OPERATION, status=500, count=1))

    name = make_workflow(cloud, "w")
    cloud.advance(3600)

    assert operation(cloud, name)["error"] == {"code": 13, "message": "Internal error encountered.", "details": []}
    assert send(cloud, "GET", f"{WORKFLOWS}/w", host=HOST).status == 404
    name = make_workflow(cloud, "w")
    cloud.advance(3600)
    assert "error" not in operation(cloud, name)


def test_a_stuck_operation_never_ends(cloud: Cloud) -> None:
    cloud.faults.add(Fault(phase=Phase.OPERATION, stuck=True))

    name = make_workflow(cloud, "w")
    cloud.advance(timedelta(days=400))

    assert not operation(cloud, name).get("done")


def test_an_operation_takes_as_long_as_it_is_told(cloud: Cloud) -> None:
    cloud.faults.add(Fault(phase=Phase.OPERATION, seconds=500))

    name = make_workflow(cloud, "w")
    cloud.advance(499)
    assert not operation(cloud, name).get("done")
    cloud.advance(1)
    assert operation(cloud, name)["done"]


@pytest.mark.parametrize("waits", ["clock", "poll"])
def test_an_operation_ends_at_a_poll_whatever_the_time(waits: str) -> None:
    cloud = new_cloud(waits=waits)
    cloud.faults.add(Fault(phase=Phase.OPERATION, polls=3))

    name = make_workflow(cloud, "w")
    cloud.advance(3600)

    assert [bool(operation(cloud, name).get("done")) for _ in range(4)] == [False, False, True, True]


def test_an_accelerator_that_is_gone_is_missed_by_those_who_ask_for_it(cloud: Cloud) -> None:
    cloud.faults.add(Fault(accelerator="nvidia-l4"))
    path = "/v1/projects/acme/locations/europe-west4/customJobs"

    def job(**machine: object) -> HttpResponse:
        pool = {"machineSpec": machine, "replicaCount": "1", "containerSpec": {"imageUri": "gcr.io/acme/train"}}
        return send(cloud, "POST", path, {"displayName": "j", "jobSpec": {"workerPoolSpecs": [pool]}}, host=VERTEX)

    refused = job(machineType="g2-standard-8", acceleratorType="NVIDIA_L4", acceleratorCount=1)

    assert (refused.status, error(refused)["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert "europe-west4" in error(refused)["message"]
    assert job(machineType="n1-standard-8", acceleratorType="NVIDIA_TESLA_T4", acceleratorCount=1).status == 200


def job(cloud: Cloud, fault: Fault) -> str:
    """Make a job, with a fault, and give its address."""
    cloud.faults.add(fault)
    pool = {"machineSpec": {"machineType": "a2-highgpu-1g"}, "replicaCount": "1", "containerSpec": {"imageUri": "i"}}
    path = "/v1/projects/acme/locations/europe-west4/customJobs"
    made = call(cloud, "POST", path, {"displayName": "j", "jobSpec": {"workerPoolSpecs": [pool]}}, host=VERTEX)
    return f"/v1/{made['name']}"


def test_a_job_waits_and_then_fails_where_there_is_no_accelerator_left(cloud: Cloud) -> None:
    address = job(cloud, Fault(phase=Phase.OPERATION, accelerator="nvidia-tesla-a100"))

    cloud.advance(5)
    assert call(cloud, "GET", address, host=VERTEX)["state"] == "JOB_STATE_PENDING"
    cloud.advance(60)
    ended = call(cloud, "GET", address, host=VERTEX)

    assert ended["state"] == "JOB_STATE_FAILED"
    assert ended["error"]["code"] == 8
    assert "insufficient in region: europe-west4" in ended["error"]["message"]


def test_a_job_waits_for_ever_or_longer_or_for_polls(cloud: Cloud) -> None:
    stuck = job(cloud, Fault(phase=Phase.OPERATION, stuck=True, count=1))
    long = job(cloud, Fault(phase=Phase.OPERATION, seconds=5000, count=1))
    polled = job(cloud, Fault(phase=Phase.OPERATION, polls=2, count=1))
    cloud.advance(4000)

    def states() -> list[str]:
        return [str(call(cloud, "GET", each, host=VERTEX)["state"])[10:] for each in (stuck, long, polled)]

    assert states() == ["PENDING", "RUNNING", "RUNNING"]
    assert states() == ["PENDING", "RUNNING", "SUCCEEDED"]
    cloud.advance(2000)
    assert states() == ["PENDING", "SUCCEEDED", "SUCCEEDED"]


def test_a_machine_whose_operation_fails_is_not_there(cloud: Cloud) -> None:
    cloud.faults.add(Fault(phase=Phase.OPERATION, accelerator="*", count=1))
    zone = "/compute/v1/projects/acme/zones/europe-west4-a"
    body = {
        "name": "vm",
        "machineType": "zones/europe-west4-a/machineTypes/a2-highgpu-1g",
        "disks": [
            {"boot": True, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/family/debian-12"}}
        ],
        "networkInterfaces": [{"network": "global/networks/default"}],
    }
    started = call(cloud, "POST", f"{zone}/instances", body, host="compute.googleapis.com")

    cloud.advance(600)
    ended = call(cloud, "GET", f"{zone}/operations/{started['name']}", host="compute.googleapis.com")

    assert ended["status"] == "DONE"
    assert ended["error"]["errors"][0]["code"] == "ZONE_RESOURCE_POOL_EXHAUSTED"
    assert send(cloud, "GET", f"{zone}/instances/vm", host="compute.googleapis.com").status == 404


def test_a_cluster_that_fails_stays_there_broken(cloud: Cloud) -> None:
    cloud.faults.add(Fault(method="container.*.create", phase=Phase.OPERATION, status=500, message="No.", count=1))
    path, host = "/v1/projects/acme/locations/europe-west4-a", "container.googleapis.com"
    started = call(cloud, "POST", f"{path}/clusters", {"cluster": {"name": "c", "initialNodeCount": 1}}, host=host)

    cloud.advance(3600)
    ended = call(cloud, "GET", f"{path}/operations/{started['name']}", host=host)
    cluster = call(cloud, "GET", f"{path}/clusters/c", host=host)

    assert (ended["status"], ended["error"]) == ("DONE", {"code": 13, "message": "No."})
    assert (cluster["status"], cluster["statusMessage"]) == ("ERROR", "No.")


def test_a_database_that_fails_stays_there_broken(cloud: Cloud) -> None:
    cloud.faults.add(Fault(method="sqladmin.*", phase=Phase.OPERATION, status=503, count=1))
    path, host = "/v1/projects/acme", "sqladmin.googleapis.com"
    body = {
        "name": "db",
        "region": "europe-west4",
        "databaseVersion": "POSTGRES_15",
        "settings": {"tier": "db-f1-micro"},
    }
    started = call(cloud, "POST", f"{path}/instances", body, host=host)

    cloud.advance(3600)
    ended = call(cloud, "GET", f"{path}/operations/{started['name']}", host=host)

    assert ended["status"] == "DONE"
    assert ended["error"]["errors"][0]["code"] == "UNAVAILABLE"
    assert call(cloud, "GET", f"{path}/instances/db", host=host)["state"] == "FAILED"


def test_compute_speaks_of_the_pool_of_its_zone(cloud: Cloud) -> None:
    cloud.faults.add(Fault(accelerator="*", method="compute.*"))
    body = {"name": "vm", "machineType": "zones/europe-west4-a/machineTypes/a2-highgpu-1g"}

    refused = send(
        cloud, "POST", "/compute/v1/projects/acme/zones/europe-west4-a/instances", body, host="compute.googleapis.com"
    )

    assert error(refused)["errors"][0]["reason"] == "ZONE_RESOURCE_POOL_EXHAUSTED"
    assert "projects/acme/zones/europe-west4-a" in error(refused)["message"]


@pytest.mark.parametrize(
    ("body", "wanted", "fits"),
    [
        ({"acceleratorType": "v5litepod-8"}, "v5litepod-*", True),
        (
            {"gceSetup": {"acceleratorConfigs": [{"type": "NVIDIA_TESLA_T4", "coreCount": "1"}]}},
            "nvidia-tesla-t4",
            True,
        ),
        (
            {"guestAccelerators": [{"acceleratorType": "projects/p/zones/z/acceleratorTypes/nvidia-l4"}]},
            "NVIDIA_L4",
            True,
        ),
        ({"machineType": "ct5lp-hightpu-4t"}, "ct5lp*", True),
        ({"machineType": "a3-highgpu-8g"}, "nvidia-h100*", True),
        ({"machineType": "n2-standard-4", "type": "nvidia-l4"}, "*", False),
        ({"acceleratorType": "ACCELERATOR_TYPE_UNSPECIFIED"}, "*", False),
    ],
)
def test_every_api_s_way_to_ask_for_an_accelerator_is_read(body: dict[str, object], wanted: str, fits: bool) -> None:
    assert asks_for_accelerator(body, wanted) is fits


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ({}, "a fault that does nothing"),
        ({"status": 200}, "status 200"),
        ({"status": 500, "probability": 0}, "probability 0"),
        ({"status": 500, "probability": float("nan")}, "probability nan"),
        ({"status": 500, "count": -1}, "a negative number"),
        ({"delay": -1.0}, "a delay of -1.0 s"),
        ({"delay": float("inf")}, "a delay of inf s"),
        ({"stuck": True}, "a fault that does nothing"),
        ({"status": 500, "stuck": True}, "stuck, seconds or polls with the phase before"),
        ({"phase": "operation", "status": 500, "delay": 1.0}, "delay or retry_after with the phase operation"),
        ({"phase": "operation", "seconds": -1.0}, "an operation of -1.0 s"),
        ({"phase": "later", "status": 500}, "the phase 'later'"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(said: dict[str, Any], given: str) -> None:
    with pytest.raises(InvalidFault) as refused:
        Fault(**said)

    assert refused.value.given == given
    assert refused.value.allowed
    assert refused.value.remedy


def test_a_fault_ends_when_it_is_removed_or_the_cloud_is_emptied(cloud: Cloud) -> None:
    first, second = cloud.faults.add(Fault(status=500)), cloud.faults.add(Fault(status=503))

    cloud.faults.remove(first.number)
    assert make_secret(cloud, "key").status == 503
    with pytest.raises(InvalidFault, match="no such fault") as missing:
        cloud.faults.remove(first.number)
    assert missing.value.allowed == str(second.number)
    cloud.reset()

    assert make_secret(cloud, "key").status == 200
    with pytest.raises(InvalidFault, match="no such fault") as missing:
        cloud.faults.remove(1)
    assert missing.value.allowed.startswith("none")


def test_an_emptied_cloud_is_as_it_was_made() -> None:
    cloud, fresh = new_cloud(), new_cloud()
    make_secret(cloud, "key")
    cloud.advance(500)
    cloud.access.delay = timedelta(seconds=60)

    cloud.reset()

    assert len(cloud.store) == 0
    assert (cloud.clock.now, cloud.access.delay) == (fresh.clock.now, timedelta())
    assert make_secret(cloud, "key").body == make_secret(fresh, "key").body
    assert [each.number for each in cloud.journal.changes] == [1]


@pytest.mark.parametrize(
    ("method", "allowed"),
    [
        ("sql.instances.insert", "the name of an API that is served; near: sqladmin"),
        ("pubsub.projects.topics.crate", "pubsub.projects.topics.create"),
        ("pubsub.*.nothing", "pubsub.*, or methods such as pubsub.projects."),
        ("pubsub", "pubsub.*, or methods such as"),
    ],
)
def test_a_fault_that_fits_no_method_is_refused(method: str, allowed: str) -> None:
    cloud = new_cloud()
    with pytest.raises(InvalidFault, match="No method fits") as raised:
        cloud.faults.add(Fault(method=method, status=503))

    assert allowed in raised.value.allowed
    assert len(cloud.faults) == 0
