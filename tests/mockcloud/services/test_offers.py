"""Places, machines, accelerators and disks that Google does not have: refused where that is asked, else taken."""

from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.services import catalogues
from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import Caller

PLACE = "projects/acme/locations/europe-west4"
ZONES = "/compute/v1/projects/acme/zones"
DISK = {"boot": True, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/family/debian-12"}}


@pytest.fixture(params=["strict", "lenient"])
def cloud(request: pytest.FixtureRequest) -> Cloud:
    off = ["authentication", "projects", "access", "enablement", "quota"] if request.param == "strict" else []
    return new_cloud(request.param, off=off)


def _expect(cloud: Cloud, found: int, code: int) -> None:
    """A lenient cloud takes what a strict one refuses."""
    assert found == (code if cloud.rules.profile == "strict" else 200)


@pytest.mark.parametrize(
    ("host", "path", "body", "code"),
    [
        ("europe-west4-aiplatform", f"/v1/{PLACE}/endpoints", {"displayName": "e"}, 200),
        ("aiplatform", f"/v1/{PLACE.replace('europe-west4', 'us-west8')}/endpoints", {"displayName": "e"}, 400),
        ("artifactregistry", f"/v1/{PLACE}/repositories?repositoryId=r", {"format": "DOCKER"}, 200),
        ("artifactregistry", "/v1/projects/acme/locations/us/repositories?repositoryId=r", {"format": "DOCKER"}, 200),
        ("artifactregistry", f"/v1/{PLACE}0/repositories?repositoryId=r", {"format": "DOCKER"}, 400),
        (
            "artifactregistry",
            "/v1/projects/acme/locations/nowhere/repositories?repositoryId=r",
            {"format": "DOCKER"},
            400,
        ),
        ("secretmanager", "/v1/projects/acme/locations/us-central2/secrets?secretId=s", {}, 200),
        ("bigqueryconnection", "/v1/projects/acme/locations/EU/connections?connectionId=c", {"cloudResource": {}}, 200),
        ("cloudkms", "/v1/projects/acme/locations/nam-eur-asia1/keyRings?keyRingId=r", {}, 200),
        ("notebooks", f"/v2/{PLACE}-a/instances?instanceId=i", {}, 200),
        ("notebooks", f"/v2/{PLACE}/instances?instanceId=i", {}, 400),
        ("dataplex", "/v1/projects/acme/locations/global/entryTypes?entryTypeId=e", {}, 200),
    ],
)
def test_locations(cloud: Cloud, host: str, path: str, body: dict[str, Any], code: int) -> None:
    target, _, query = path.partition("?")
    _expect(cloud, Caller(cloud, f"{host}.googleapis.com")("POST", target, body, query=query).status, code)


MACHINES = [
    ("n1-standard-4", "", None, 200),
    ("n2-custom-4-8192", "", None, 200),
    ("c3-standard-8-lssd", "", None, 200),
    ("z9-standard-8", "", None, 200),
    ("n1-standard-3", "", None, 400),
    ("large", "", None, 400),
    ("n1-standard-4", "NVIDIA_TESLA_T4", 2, 200),
    ("n1-standard-4", "NVIDIA_TESLA_T4", 3, 400),
    ("n1-standard-16", "NVIDIA_TESLA_V100", 8, 200),
    ("n1-standard-4", "NVIDIA_L4", 1, 400),
    ("e2-standard-4", "NVIDIA_TESLA_T4", 1, 400),
    ("g2-standard-4", "NVIDIA_L4", 1, 200),
    ("g2-standard-4", "NVIDIA_L4", 2, 400),
    ("g2-standard-4", "NVIDIA_TESLA_T4", 1, 400),
    ("a2-highgpu-1g", "NVIDIA_TESLA_A100", 1, 200),
    ("a3-highgpu-8g", "NVIDIA_H100_80GB", 8, 200),
    ("a3-highgpu-8g", "NVIDIA_H100_80GB", 4, 400),
    ("n1-standard-4", "NVIDIA_TESLA_K80", 1, 200),
    ("ct5lp-hightpu-4t", "", None, 200),
    ("cloud-tpu", "TPU_V3", 8, 200),
]


@pytest.mark.parametrize(("machine", "kind", "count", "code"), MACHINES)
def test_machines_of_jobs(cloud: Cloud, machine: str, kind: str, count: int | None, code: int) -> None:
    spec = {"machineType": machine, **({"acceleratorType": kind, "acceleratorCount": count} if kind else {})}
    pool = {"machineSpec": spec, "replicaCount": "1", "containerSpec": {"imageUri": "i"}}
    call = Caller(cloud, "europe-west4-aiplatform.googleapis.com")
    job = {"displayName": "j", "jobSpec": {"workerPoolSpecs": [pool]}}
    _expect(cloud, call("POST", f"/v1/{PLACE}/customJobs", job).status, code)


@pytest.mark.parametrize(
    ("zone", "machine", "accelerators", "disk", "code"),
    [
        ("europe-west4-a", "e2-small", [], "pd-balanced", 200),
        ("europe-west4-z", "e2-small", [], "pd-balanced", 400),
        ("europe-west4-a", "e2-small", [], "pd-slow", 404),
        ("europe-west4-a", "g2-standard-4", [], "pd-balanced", 200),
        ("africa-south1-a", "g2-standard-4", [], "pd-balanced", 404),
        ("europe-west4-a", "n1-standard-4", [("nvidia-tesla-t4", 1)], "pd-balanced", 200),
        ("africa-south1-a", "n1-standard-4", [("nvidia-tesla-t4", 1)], "pd-balanced", 404),
        ("europe-west4-a", "n2-standard-4", [("nvidia-tesla-t4", 1)], "pd-balanced", 400),
    ],
)
def test_instances(
    cloud: Cloud, zone: str, machine: str, accelerators: list[tuple[str, int]], disk: str, code: int
) -> None:
    front = f"zones/{zone}"
    body = {
        "name": "i",
        "machineType": f"{front}/machineTypes/{machine}",
        "disks": [{**DISK, "initializeParams": {**DISK_PARAMS, "diskType": f"{front}/diskTypes/{disk}"}}],
        "networkInterfaces": [{}],
        "guestAccelerators": [
            {"acceleratorType": f"{front}/acceleratorTypes/{kind}", "acceleratorCount": count}
            for kind, count in accelerators
        ],
    }
    _expect(cloud, Caller(cloud, "compute.googleapis.com")("POST", f"{ZONES}/{zone}/instances", body).status, code)


DISK_PARAMS = {"sourceImage": "projects/debian-cloud/global/images/family/debian-12"}


@pytest.mark.parametrize(
    ("config", "code"),
    [
        (
            {
                "machineType": "n1-standard-4",
                "accelerators": [{"acceleratorType": "nvidia-tesla-t4", "acceleratorCount": "1"}],
            },
            200,
        ),
        (
            {
                "machineType": "e2-medium",
                "accelerators": [{"acceleratorType": "nvidia-tesla-t4", "acceleratorCount": "1"}],
            },
            400,
        ),
        ({"machineType": "e2-medium", "diskType": "hyperdisk-balanced"}, 200),
        ({"machineType": "e2-medium", "diskType": "pd-slow"}, 400),
    ],
)
def test_nodes_of_clusters(cloud: Cloud, config: dict[str, Any], code: int) -> None:
    cluster = {"cluster": {"name": "c", "initialNodeCount": 1, "nodeConfig": config}}
    _expect(cloud, Caller(cloud, "container.googleapis.com")("POST", f"/v1/{PLACE}/clusters", cluster).status, code)


@pytest.mark.parametrize(("zone", "code"), [("europe-west4-a", 200), ("africa-south1-a", 400)])
def test_notebooks_with_accelerators(cloud: Cloud, zone: str, code: int) -> None:
    body = {
        "gceSetup": {"machineType": "g2-standard-4", "acceleratorConfigs": [{"type": "NVIDIA_L4", "coreCount": "1"}]}
    }
    path = f"/v2/projects/acme/locations/{zone}/instances"
    _expect(cloud, Caller(cloud, "notebooks.googleapis.com")("POST", path, body, instanceId="i").status, code)


@pytest.mark.parametrize(("kind", "code"), [("v5litepod-4", 200), ("v4-8", 400)])
def test_tpus(cloud: Cloud, kind: str, code: int) -> None:
    node = {"acceleratorType": kind, "runtimeVersion": "v2-alpha-tpuv5-lite"}
    call = Caller(cloud, "tpu.googleapis.com")
    _expect(cloud, call("POST", f"/v2/{PLACE}-a/nodes", node, nodeId="n").status, code)


def test_the_rule_is_switched() -> None:
    cloud = new_cloud(on=["offers"])
    call = Caller(cloud, "aiplatform.googleapis.com")
    path = "/v1/projects/acme/locations/nowhere/endpoints"
    assert call("POST", path, {"displayName": "e"}).status == 400
    cloud.rules.switch("offers", on=False)
    assert call("POST", path, {"displayName": "e"}).status == 200


def test_every_machine_of_the_tables_fits_its_accelerators() -> None:
    accelerators = catalogues.accelerators()
    assert all(not each.gpu or each.gpu in accelerators for each in catalogues.machine_types().values())
    assert {name for name, each in accelerators.items() if each.counts} == {
        "nvidia-tesla-t4",
        "nvidia-tesla-p4",
        "nvidia-tesla-p100",
        "nvidia-tesla-v100",
    }
