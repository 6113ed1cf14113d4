"""Workbench, Artifact Registry, TPUs, Run, functions by HTTP: what the scenarios leave out."""

from typing import Any

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "projects/acme/locations/europe-west4"
ZONE = "projects/acme/locations/europe-west4-a"
STRICT_ALONE = ["authentication", "enablement", "access", "projects", "organisation", "perimeter", "quota"]


@pytest.fixture
def notebooks() -> Asking:
    return Asking(new_cloud(), "notebooks.googleapis.com", f"/v2/{ZONE}")


def _instance(notebooks: Asking, setup: dict[str, Any] | None = None, **more: Any) -> Any:
    notebooks.done("POST", "instances", {"gceSetup": setup or {}, **more}, "instanceId=n")
    return notebooks.get("instances/n")


def test_a_notebook_has_one_owner_and_may_have_no_proxy(notebooks: Asking) -> None:
    assert notebooks.refused("POST", "instances", {"instanceOwners": ["a@b.test", "c@d.test"]}, "instanceId=n") == 400
    made = _instance(
        notebooks,
        {"containerImage": {"repository": "r"}, "confidentialInstanceConfig": {}},
        disableProxyAccess=True,
        enableDeletionProtection=True,
    )
    assert "proxyUri" not in made
    assert "vmImage" not in made["gceSetup"]
    assert "shieldedInstanceConfig" not in made["gceSetup"]
    assert notebooks.refused("DELETE", "instances/n") == 400


def test_a_notebook_lies_in_the_network_of_its_subnet(notebooks: Asking) -> None:
    compute = Asking(notebooks.cloud, "compute.googleapis.com", "/compute/v1/projects/acme")
    compute.done("POST", "global/networks", {"name": "ml", "autoCreateSubnetworks": False})
    body = {"name": "s", "network": "global/networks/ml", "ipCidrRange": "10.0.0.0/24"}
    compute.done("POST", "regions/europe-west4/subnetworks", body)
    made = _instance(
        notebooks,
        {
            "networkInterfaces": [{"subnet": "projects/acme/regions/europe-west4/subnetworks/s"}],
            "vmImage": {"project": "p", "name": "i"},
        },
    )
    assert made["gceSetup"]["networkInterfaces"][0]["network"] == "projects/acme/global/networks/ml"
    assert made["gceSetup"]["vmImage"] == {"project": "p", "name": "i"}


def test_disks_of_notebooks_grow(notebooks: Asking) -> None:
    _instance(notebooks)
    notebooks.done("POST", "instances/n:resizeDisk", {"bootDisk": {"diskSizeGb": "200"}})
    notebooks.done("POST", "instances/n:resizeDisk", {"dataDisk": {"diskSizeGb": "300"}})
    setup = notebooks.get("instances/n")["gceSetup"]
    assert (setup["bootDisk"]["diskSizeGb"], setup["dataDisks"][0]["diskSizeGb"]) == ("200", "300")
    assert notebooks.refused("POST", "instances/n:resizeDisk", {"bootDisk": {"diskSizeGb": "10"}}) == 400
    assert notebooks.refused("POST", "instances/n:resizeDisk", {}) == 400


def test_a_notebook_is_moved_while_it_moves(notebooks: Asking) -> None:
    _instance(notebooks)
    assert notebooks.ask("POST", "instances/n:stop", {})[0] == 200
    notebooks.done("POST", "instances/n:start", {})
    assert notebooks.get("instances/n")["state"] == "ACTIVE"
    notebooks.done("POST", "instances/n:start", {})
    assert notebooks.done("POST", "instances/n:checkAuthorization", {})["success"] is True
    assert notebooks.done("POST", "instances/n:reportInfoSystem", {})["name"].endswith("/n")
    config = notebooks.get("instances:getConfig")
    assert "NVIDIA_L4" in config["supportedValues"]["acceleratorTypes"]
    assert config["defaultValues"]["machineType"] == "e2-standard-4"


@pytest.fixture
def registry() -> Asking:
    asking = Asking(new_cloud(), "artifactregistry.googleapis.com", f"/v1/{PLACE}")
    asking.done("POST", "repositories", {"format": "GENERIC"}, "repositoryId=r")
    return asking


def test_files_become_versions_of_packages(registry: Asking) -> None:
    upload = {"packageId": "model", "versionId": "1", "filename": "model.bin"}
    started = registry.done("POST", "repositories/r/genericArtifacts:create", upload)
    assert started["operation"]["name"].startswith(f"{PLACE}/operations/")
    assert registry.refused("POST", "repositories/r/genericArtifacts:create", upload) == 409
    assert registry.refused("POST", "repositories/r/genericArtifacts:create", {"packageId": "model"}) == 400
    package = "repositories/r/packages/model"
    assert registry.get(package)["displayName"] == "model"
    version = f"{PLACE}/{package}/versions/1"
    registry.done("POST", f"{package}/tags", {"version": version}, "tagId=latest")
    assert registry.refused("POST", f"{package}/tags", {"version": f"{version}0"}, "tagId=next") == 404
    assert registry.refused("DELETE", f"{package}/versions/1") == 400
    registry.done("POST", f"{package}/versions:batchDelete", {"names": [version], "validateOnly": True})
    registry.done("DELETE", f"{package}/versions/1", None, "force=true")
    assert registry.refused("GET", f"{package}/tags/latest") == 404
    registry.done("POST", "repositories/r/genericArtifacts:create", {**upload, "versionId": "2"})
    registry.done("POST", f"{package}/versions:batchDelete", {"names": [f"{PLACE}/{package}/versions/2"]})
    assert registry.get(f"{package}/versions") == {}
    registry.done("POST", "repositories", {"format": "DOCKER"}, "repositoryId=d")
    assert registry.refused("POST", "repositories/d/genericArtifacts:create", upload) == 400


def test_settings_of_a_registry(registry: Asking) -> None:
    root = Asking(registry.cloud, "artifactregistry.googleapis.com", "/v1/projects/acme")
    change = {"legacyRedirectionState": "REDIRECTION_FROM_GCR_IO_ENABLED"}
    root.done("PATCH", "projectSettings", change, "updateMask=legacyRedirectionState")
    assert root.get("projectSettings")["legacyRedirectionState"] == "REDIRECTION_FROM_GCR_IO_ENABLED"
    registry.done("PATCH", "projectConfig", {"platformLogsConfig": {"loggingState": "ENABLED"}})
    assert registry.get("projectConfig")["platformLogsConfig"] == {"loggingState": "ENABLED"}


def test_strict_clouds_know_which_tpus_a_zone_has() -> None:
    strict = Asking(new_cloud("strict", off=STRICT_ALONE), "tpu.googleapis.com", f"/v2/{ZONE}")
    body = {"acceleratorType": "v4-8", "runtimeVersion": "tpu-vm-base"}
    assert strict.refused("POST", "nodes", body, "nodeId=n") == 400
    strict.done("POST", "nodes", {**body, "acceleratorType": "v3-8"}, "nodeId=n")
    assert strict.get("nodes/n")["acceleratorConfig"] == {"type": "V3"}
    lenient = Asking(new_cloud(), "tpu.googleapis.com", f"/v2/{ZONE}")
    lenient.done("POST", "nodes", {**body, "acceleratorType": "v9-8"}, "nodeId=n")
    lenient.done("POST", "nodes", {"runtimeVersion": "tpu-vm-base"}, "nodeId=usual")
    assert lenient.get("nodes/usual")["acceleratorType"] == "v2-8"
    assert lenient.done("POST", "nodes/n:getGuestAttributes", {}) == {"guestAttributes": []}
    assert lenient.ask("POST", "nodes/n:stop", {})[0] == 200
    lenient.done("POST", "nodes/n:start", {})
    assert lenient.get("nodes/n")["state"] == "READY"


def test_queued_resources_of_several_nodes() -> None:
    tpu = Asking(new_cloud(), "tpu.googleapis.com", f"/v2/{ZONE}")
    node = {"runtimeVersion": "v2-alpha-tpuv6e", "acceleratorType": "v6e-4"}
    spec = {"parent": ZONE, "node": node, "multisliceParams": {"nodeCount": 2, "nodeIdPrefix": "slice"}}
    tpu.done("POST", "queuedResources", {"tpu": {"nodeSpec": [spec]}}, "queuedResourceId=q")
    assert [each["name"].rpartition("/")[2] for each in tpu.get("nodes")["nodes"]] == ["slice-0", "slice-1"]
    assert tpu.refused("POST", "queuedResources", {}, "queuedResourceId=x") == 400
    wrong = {"tpu": {"nodeSpec": [{**spec, "parent": "nowhere"}]}}
    assert tpu.refused("POST", "queuedResources", wrong, "queuedResourceId=x") == 400
    tpu.done("POST", "queuedResources/q:reset", {})
    assert tpu.get("queuedResources/q")["state"]["state"] == "ACTIVE"


def test_run_and_functions_state_what_they_lack() -> None:
    run = Asking(new_cloud(), "run.googleapis.com", f"/v2/{PLACE}")
    service = {"template": {"containers": [{"image": "i"}], "revision": "s-first"}, "defaultUriDisabled": True}
    run.done("POST", "services", service, "serviceId=s")
    assert "uri" not in run.get("services/s")
    assert run.refused(
        "PATCH", "services/s", {"template": {"containers": [{"image": "j"}], "revision": "s-first"}}
    ) in {400, 200}
    missing = {"traffic": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", "revision": "none", "percent": 100}]}
    assert run.refused("PATCH", "services/s", {**missing, "template": {"containers": [{"image": "i"}]}}) == 400
    job = {"template": {"template": {"containers": [{"image": "i", "env": [{"name": "A", "value": "1"}]}]}}}
    run.done("POST", "jobs", job, "jobId=j")
    overrides = {"timeout": "30s", "containerOverrides": [{"args": ["--fast"], "env": [{"name": "A", "value": "2"}]}]}
    run.done("POST", "jobs/j:run", {"overrides": overrides})
    (execution,) = run.get("jobs/j/executions")["executions"]
    assert (execution["template"]["timeout"], execution["template"]["containers"][0]["args"]) == ("30s", ["--fast"])
    run.done("PATCH", "jobs/j", {"template": {"taskCount": 2, "template": {"containers": [{"image": "k"}]}}})
    assert run.get("jobs/j")["generation"] == "2"
    old = Asking(run.cloud, "europe-west4-run.googleapis.com", "/apis/run.googleapis.com/v1/namespaces/acme")
    assert old.refused("GET", "jobs") == 501
    functions = Asking(run.cloud, "cloudfunctions.googleapis.com", f"/v2/{PLACE}")
    functions.done("POST", "functions", {"buildConfig": {"runtime": "go124", "entryPoint": "F"}}, "functionId=f")
    assert functions.done("POST", "functions/f:generateDownloadUrl", {})["downloadUrl"].startswith("https://storage.")
