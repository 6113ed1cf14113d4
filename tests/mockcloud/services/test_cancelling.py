"""Operations that are cancelled, forgotten or that fail on their way, and what they leave."""

from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import Fault, Phase
from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

ZONE = "projects/acme/zones/europe-west4-a"
PLACE = "projects/acme/locations/europe-west4"
CANCELLED = {"code": 1, "message": "The operation was cancelled."}


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


def vertex(cloud: Cloud) -> Asking:
    return Asking(cloud, "europe-west4-aiplatform.googleapis.com", "/v1")


def compute(cloud: Cloud) -> Asking:
    return Asking(cloud, "compute.googleapis.com", "/compute/v1")


def tpu(cloud: Cloud) -> Asking:
    return Asking(cloud, "tpu.googleapis.com", "/v2")


def begun(api: Asking, verb: str, path: str, body: object = None, query: str = "") -> str:
    """Begin what takes time, and give the name of its operation."""
    status, answered = api.ask(verb, path, body, query)
    assert status == 200, answered
    return str(answered["name"])


def cancelled(api: Asking, operation: str) -> Any:
    """Cancel an operation, and give it as it is for ever after."""
    assert api.ask("POST", f"{operation}:cancel", {})[0] == 200
    api.cloud.advance(3600)
    return api.get(operation)


def instance(cloud: Cloud) -> Asking:
    api = compute(cloud)
    disk = {"boot": True, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/family/debian-12"}}
    network = {"network": "global/networks/default"}
    body = {"name": "vm", "machineType": f"zones/{ZONE[-14:]}/machineTypes/e2-medium", "disks": [disk]}
    api.done("POST", f"{ZONE}/instances", {**body, "networkInterfaces": [network]})
    return api


def deployed(api: Asking, name: str, share: dict[str, int]) -> str:
    """Begin to deploy a new model to the endpoint; give the operation."""
    container = {"imageUri": "docker.io/acme/serve:1"}
    uploaded = api.done("POST", f"{PLACE}/models:upload", {"model": {"displayName": name, "containerSpec": container}})
    model = api.get(uploaded["name"])["response"]["model"]
    asked = {"model": model, "dedicatedResources": {"machineSpec": {"machineType": "n1-standard-2"}}}
    return begun(api, "POST", f"{PLACE}/endpoints/7:deployModel", {"deployedModel": asked, "trafficSplit": share})


def test_an_operation_of_compute_is_not_cancelled_and_one_that_is_forgotten_is_done(cloud: Cloud) -> None:
    api = instance(cloud)
    operation = begun(api, "POST", f"{ZONE}/instances/vm/stop")
    assert api.get(f"{ZONE}/instances/vm")["status"] == "STOPPING"

    assert api.ask("POST", f"{ZONE}/operations/{operation}/cancel", {})[0] in {404, 405}
    assert api.ask("DELETE", f"{ZONE}/operations/{operation}")[0] == 200

    assert api.get(f"{ZONE}/instances/vm")["status"] == "TERMINATED"
    assert api.refused("GET", f"{ZONE}/operations/{operation}") == 404


def test_an_instance_whose_start_fails_is_stopped_again(cloud: Cloud) -> None:
    api = instance(cloud)
    api.done("POST", f"{ZONE}/instances/vm/stop")
    cloud.faults.add(Fault(method="compute.instances.start", phase=Phase.OPERATION, status=503))

    operation = begun(api, "POST", f"{ZONE}/instances/vm/start")
    cloud.advance(600)

    assert api.get(f"{ZONE}/operations/{operation}")["httpErrorStatusCode"] == 503
    assert api.get(f"{ZONE}/instances/vm")["status"] == "TERMINATED"


def test_what_was_to_be_made_is_not_there(cloud: Cloud) -> None:
    api = vertex(cloud)
    operation = begun(api, "POST", f"{PLACE}/endpoints", {"displayName": "e"}, "endpointId=7")

    ended = cancelled(api, operation)

    assert (ended["done"], ended["error"]) == (True, CANCELLED)
    assert api.refused("GET", f"{PLACE}/endpoints/7") == 404


def test_a_deployment_that_is_cancelled_gives_the_traffic_back(cloud: Cloud) -> None:
    api = vertex(cloud)
    api.done("POST", f"{PLACE}/endpoints", {"displayName": "e"}, "endpointId=7")
    deployed(api, "first", {"0": 100})
    cloud.advance(600)
    before = api.get(f"{PLACE}/endpoints/7")
    operation = deployed(api, "second", {"0": 50, before["deployedModels"][0]["id"]: 50})
    assert len(api.get(f"{PLACE}/endpoints/7")["deployedModels"]) == 2

    ended = cancelled(api, operation)

    after = api.get(f"{PLACE}/endpoints/7")
    models = {each["displayName"]: each for each in api.get(f"{PLACE}/models")["models"]}
    assert ended["error"] == CANCELLED
    assert (after["deployedModels"], after["trafficSplit"]) == (before["deployedModels"], before["trafficSplit"])
    assert "deployedModels" in models["first"]
    assert "deployedModels" not in models["second"]


def test_a_deployment_without_accelerators_fails_and_is_taken_back(cloud: Cloud) -> None:
    api = vertex(cloud)
    api.done("POST", f"{PLACE}/endpoints", {"displayName": "e"}, "endpointId=7")
    cloud.faults.add(Fault(method="*.deployModel", phase=Phase.OPERATION, status=429))

    operation = deployed(api, "m", {"0": 100})
    cloud.advance(600)

    assert api.get(operation)["error"]["code"] == 8
    assert "deployedModels" not in api.get(f"{PLACE}/endpoints/7")
    assert "trafficSplit" not in api.get(f"{PLACE}/endpoints/7")


def test_what_cannot_be_taken_back_goes_on_to_its_end(cloud: Cloud) -> None:
    api = vertex(cloud)
    api.done("POST", f"{PLACE}/endpoints", {"displayName": "e"}, "endpointId=7")
    operation = begun(api, "DELETE", f"{PLACE}/endpoints/7")

    ended = cancelled(api, operation)

    assert (ended["done"], "error" in ended) == (True, False)
    assert api.refused("GET", f"{PLACE}/endpoints/7") == 404


def test_an_export_that_is_cancelled_leaves_its_dataset(cloud: Cloud) -> None:
    api = vertex(cloud)
    body = {"displayName": "d", "metadataSchemaUri": "gs://google-cloud-aiplatform/schema/x.yaml", "metadata": {}}
    name = api.get(api.done("POST", f"{PLACE}/datasets", body)["name"])["response"]["name"]
    destination = {"exportConfig": {"gcsDestination": {"outputUriPrefix": "gs://out"}}}
    operation = begun(api, "POST", f"{name}:export", destination)

    assert cancelled(api, operation)["error"] == CANCELLED
    assert api.get(name)["displayName"] == "d"


def test_an_instance_of_spanner_is_what_it_was(cloud: Cloud) -> None:
    api = Asking(cloud, "spanner.googleapis.com", "/v1")
    config = "projects/acme/instanceConfigs/regional-europe-west4"
    sent = {"displayName": "i", "config": config, "nodeCount": 1}
    api.done("POST", "projects/acme/instances", {"instanceId": "inst", "instance": sent})
    more = {"instance": {"name": "projects/acme/instances/inst", "nodeCount": 3}, "fieldMask": "nodeCount"}
    operation = begun(api, "PATCH", "projects/acme/instances/inst", more)
    assert api.get("projects/acme/instances/inst")["nodeCount"] == 3

    assert cancelled(api, operation)["error"] == CANCELLED
    assert api.get("projects/acme/instances/inst")["nodeCount"] == 1

    database = {"createStatement": "CREATE DATABASE data"}
    operation = begun(api, "POST", "projects/acme/instances/inst/databases", database)
    assert cancelled(api, operation)["error"] == CANCELLED
    assert api.refused("GET", "projects/acme/instances/inst/databases/data") == 404


def test_a_cluster_of_dataproc_runs_on(cloud: Cloud) -> None:
    api = Asking(cloud, "dataproc.googleapis.com", "/v1")
    clusters = "projects/acme/regions/europe-west4/clusters"
    api.done("POST", clusters, {"clusterName": "c", "config": {}})
    operation = begun(api, "POST", f"{clusters}/c:stop", {})

    assert cancelled(api, operation)["error"] == CANCELLED
    assert api.get(f"{clusters}/c")["status"]["state"] == "RUNNING"

    operation = begun(api, "POST", clusters, {"clusterName": "d", "config": {}})
    assert cancelled(api, operation)["error"] == CANCELLED
    assert api.refused("GET", f"{clusters}/d") == 404


def test_a_node_of_tpus_that_is_stopped_or_started_is_what_it_was(cloud: Cloud) -> None:
    api = tpu(cloud)
    nodes = "projects/acme/locations/europe-west4-a/nodes"
    body = {"acceleratorType": "v2-8", "runtimeVersion": "tpu-vm-tf-2.16.1-pjrt"}
    api.done("POST", nodes, body, "nodeId=n")
    operation = begun(api, "POST", f"{nodes}/n:stop", {})
    assert api.get(f"{nodes}/n")["state"] == "STOPPING"

    assert cancelled(api, operation)["error"] == CANCELLED
    assert api.get(f"{nodes}/n")["state"] == "READY"


@pytest.mark.parametrize("fault", [{"stuck": True}, {"polls": 4}, {"seconds": 9000.0}])
def test_what_a_fault_holds_up_can_be_cancelled(cloud: Cloud, fault: dict[str, Any]) -> None:
    api = tpu(cloud)
    nodes = "projects/acme/locations/europe-west4-a/nodes"
    body = {"acceleratorType": "v2-8", "runtimeVersion": "tpu-vm-tf-2.16.1-pjrt"}
    cloud.faults.add(Fault(phase=Phase.OPERATION, **fault))
    operation = begun(api, "POST", nodes, body, "nodeId=n")

    assert cancelled(api, operation)["error"] == CANCELLED
    assert [api.get(operation)["error"] for _ in range(5)] == [CANCELLED] * 5
    assert api.refused("GET", f"{nodes}/n") == 404


def test_what_is_stuck_and_cannot_be_taken_back_ends_when_it_is_cancelled(cloud: Cloud) -> None:
    api = vertex(cloud)
    api.done("POST", f"{PLACE}/endpoints", {"displayName": "e"}, "endpointId=7")
    cloud.faults.add(Fault(phase=Phase.OPERATION, stuck=True))
    operation = begun(api, "DELETE", f"{PLACE}/endpoints/7")

    assert cancelled(api, operation)["error"] == CANCELLED
