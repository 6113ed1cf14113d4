"""Endpoints: deployments, traffic, pools."""

import pytest

from mockcloud.cloud.access.permissions import permission_of
from mockcloud.cloud.faults import Fault, Phase
from mockcloud.discovery.catalogue import description
from mockcloud.services.aiplatform import traffic
from tests.mockcloud.services.aiplatform.rest import PLACE, Api, strict

MODEL = f"{PLACE}/models/churn"


def _api(**endpoint: object) -> Api:
    api = Api()
    api.done("POST", "models:upload", {"model": {"displayName": "churn"}, "modelId": "churn"})
    api.done("POST", "endpoints?endpointId=1", {"displayName": "e", **endpoint})
    return api


def _deploy(api: Api, split: dict[str, int] | None = None, **fields: object) -> str:
    deployed = {"model": MODEL, "dedicatedResources": {"machineSpec": {"machineType": "n1-standard-2"}}, **fields}
    body = {"deployedModel": deployed, **({"trafficSplit": split} if split else {})}
    return str(api.done("POST", "endpoints/1:deployModel", body)["deployedModel"]["id"])


def test_the_service_fills_in_a_deployment() -> None:
    api = _api()
    identifier = _deploy(api, {"0": 100})
    endpoint = api.ok("GET", "endpoints/1")
    assert endpoint["trafficSplit"] == {identifier: 100}
    deployed = endpoint["deployedModels"][0]
    assert deployed["dedicatedResources"]["maxReplicaCount"] == 1
    assert (deployed["displayName"], deployed["modelVersionId"]) == ("churn", "1")
    second = _deploy(api, id="7", displayName="second")
    assert second == "7"
    assert api.ok("GET", "endpoints/1")["trafficSplit"] == {identifier: 100}


def test_a_private_endpoint_gives_addresses() -> None:
    api = _api(network="projects/acme-ml/global/networks/default")
    identifier = _deploy(api)
    private = api.ok("GET", "endpoints/1")["deployedModels"][0]["privateEndpoints"]
    assert private["predictHttpUri"] == f"http://1.aiplatform.googleapis.com/v1/models/{identifier}:predict"


def test_an_endpoint_of_its_own_has_a_name() -> None:
    api = _api(dedicatedEndpointEnabled=True)
    number = api.cloud.projects.number_of("acme-ml")
    name = f"1.europe-west4-{number}.prediction.vertexai.goog"
    assert api.ok("GET", "endpoints/1")["dedicatedEndpointDns"] == name


def test_an_endpoint_is_changed_in_an_operation() -> None:
    api = _api()
    updated = api.done("POST", "endpoints/1:update", {"endpoint": {"displayName": "new"}})
    assert updated["displayName"] == "new"
    assert updated["@type"].endswith(".Endpoint")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"displayName": "e", "trafficSplit": {"1": 100}}, "INVALID_ARGUMENT"),
        ({}, "INVALID_ARGUMENT"),
        (
            {
                "displayName": "e",
                "network": "projects/acme-ml/global/networks/default",
                "privateServiceConnectConfig": {"enablePrivateServiceConnect": True},
            },
            "INVALID_ARGUMENT",
        ),
    ],
)
def test_an_endpoint_is_refused(body: dict[str, object], code: str) -> None:
    assert Api().refused("POST", "endpoints", body) == code


@pytest.mark.parametrize(
    ("deployed", "split", "code"),
    [
        ({"model": f"{PLACE}/models/none"}, None, "NOT_FOUND"),
        ({}, None, "INVALID_ARGUMENT"),
        (
            {"model": MODEL, "dedicatedResources": {"minReplicaCount": 3, "maxReplicaCount": 2}},
            None,
            "INVALID_ARGUMENT",
        ),
        ({"model": MODEL}, {"0": 50}, "INVALID_ARGUMENT"),
        ({"model": MODEL}, {"0": 150, "9": -50}, "INVALID_ARGUMENT"),
        ({"model": MODEL}, {"0": 50, "none": 50}, "INVALID_ARGUMENT"),
        ({"model": MODEL, "id": "9"}, None, "ALREADY_EXISTS"),
        ({"model": MODEL, "sharedResources": f"{PLACE}/deploymentResourcePools/none"}, None, "NOT_FOUND"),
    ],
)
def test_a_deployment_is_refused(deployed: dict[str, object], split: dict[str, int] | None, code: str) -> None:
    api = _api()
    _deploy(api, {"0": 100}, id="9")
    body = {"deployedModel": deployed, **({"trafficSplit": split} if split else {})}
    assert api.refused("POST", "endpoints/1:deployModel", body) == code


def test_only_what_gets_no_traffic_is_undeployed() -> None:
    api = _api()
    _deploy(api, {"0": 100}, id="1")
    _deploy(api, {"0": 40, "1": 60}, id="2")
    undeploy = {"deployedModelId": "2"}
    assert api.refused("POST", "endpoints/1:undeployModel", undeploy) == "FAILED_PRECONDITION"
    bad = {**undeploy, "trafficSplit": {"1": 50, "2": 50}}
    assert api.refused("POST", "endpoints/1:undeployModel", bad) == "INVALID_ARGUMENT"
    api.done("POST", "endpoints/1:undeployModel", {**undeploy, "trafficSplit": {"1": 100, "2": 0}})
    assert api.ok("GET", "endpoints/1")["trafficSplit"] == {"1": 100}
    _deploy(api, id="3")
    api.done("POST", "endpoints/1:undeployModel", {"deployedModelId": "3"})
    api.done("POST", "endpoints/1:undeployModel", {"deployedModelId": "1"})
    endpoint = api.ok("GET", "endpoints/1")
    assert "deployedModels" not in endpoint
    assert "trafficSplit" not in endpoint
    assert api.refused("POST", "endpoints/1:undeployModel", {"deployedModelId": "1"}) == "NOT_FOUND"
    assert "deployedModels" not in api.ok("GET", "models/churn")


def test_a_deployed_model_is_scaled() -> None:
    api = _api()
    identifier = _deploy(api)
    asked = {"deployedModel": {"id": identifier, "dedicatedResources": {"maxReplicaCount": 4}}}
    mask = {"updateMask": "dedicatedResources.maxReplicaCount"}
    changed = api.done("POST", "endpoints/1:mutateDeployedModel", {**asked, **mask})["deployedModel"]
    assert changed["dedicatedResources"] == {
        "machineSpec": {"machineType": "n1-standard-2"},
        "minReplicaCount": 1,
        "maxReplicaCount": 4,
    }
    unmasked = {"deployedModel": {"id": identifier, "enableAccessLogging": True}}
    assert api.done("POST", "endpoints/1:mutateDeployedModel", unmasked)["deployedModel"]["enableAccessLogging"]


def test_an_endpoint_with_models_is_deleted_where_nobody_minds() -> None:
    api = _api()
    _deploy(api)
    api.done("DELETE", "endpoints/1")
    assert "deployedModels" not in api.ok("GET", "models/churn")


def test_the_model_of_a_deployment_may_be_gone() -> None:
    api = _api()
    identifier = _deploy(api)
    api.done("DELETE", "models/churn")
    api.done("POST", "endpoints/1:undeployModel", {"deployedModelId": identifier})
    elsewhere = {"deployedModel": {"gdcConnectedModel": "m"}}
    made = api.done("POST", "endpoints/1:deployModel", elsewhere)["deployedModel"]["id"]
    api.done("POST", "endpoints/1:undeployModel", {"deployedModelId": made})


def test_a_pool_in_use_stays() -> None:
    api = strict()
    api.done("POST", "models:upload", {"model": {"displayName": "churn"}, "modelId": "churn"})
    api.done("POST", "endpoints?endpointId=1", {"displayName": "e"})
    resources = {"machineSpec": {"machineType": "n1-standard-2"}}
    pool = {"deploymentResourcePoolId": "pool", "deploymentResourcePool": {"dedicatedResources": resources}}
    made = api.done("POST", "deploymentResourcePools", pool)
    assert made["dedicatedResources"]["minReplicaCount"] == 1
    _deploy(api, sharedResources=f"{PLACE}/deploymentResourcePools/pool", dedicatedResources=resources)
    users = api.ok("GET", "deploymentResourcePools/pool:queryDeployedModels")
    assert (users["totalDeployedModelCount"], users["totalEndpointCount"]) == (1, 1)
    assert api.refused("DELETE", "deploymentResourcePools/pool") == "FAILED_PRECONDITION"


def test_shares_are_met_over_a_hundred_calls() -> None:
    split = {"a": 70, "b": 25, "c": 5}
    chosen = [traffic.choose(split, turn) for turn in range(100)]
    assert {key: chosen.count(key) for key in split} == split
    assert traffic.choose({"a": 0}, 3) == "a"


def test_a_model_of_the_garden_is_deployed_in_one_call() -> None:
    api = Api()
    body = {
        "publisherModelName": "publishers/google/models/gemma3@gemma-3-4b-it",
        "endpointConfig": {"labels": {"a": "b"}},
    }
    made = api.done("POST", f"{PLACE}:deploy", body)

    endpoint, model = api.ok("GET", made["endpoint"]), api.ok("GET", made["model"])
    assert (endpoint["displayName"], endpoint["labels"]) == ("gemma3-gemma-3-4b-it", {"a": "b"})
    assert endpoint["deployedModels"][0]["model"] == model["name"]
    assert endpoint["deployedModels"][0]["dedicatedResources"]["minReplicaCount"] == 1
    assert model["baseModelSource"]["modelGardenSource"]["publicModelName"] == body["publisherModelName"]
    assert made["publisherModel"] == body["publisherModelName"]


def test_a_model_of_hugging_face_is_deployed_as_it_is_asked() -> None:
    api = Api()
    body = {
        "huggingFaceModelId": "Qwen/Qwen3-4B",
        "modelConfig": {"modelUserId": "qwen", "modelDisplayName": "Q", "acceptEula": True},
        "endpointConfig": {"endpointUserId": "chat", "dedicatedEndpointDisabled": True},
        "deployConfig": {
            "dedicatedResources": {"machineSpec": {"machineType": "g2-standard-24"}, "maxReplicaCount": 2}
        },
    }
    made = api.done("POST", f"{PLACE}:deploy", body)

    deployed = api.ok("GET", "endpoints/chat")["deployedModels"][0]
    assert deployed["dedicatedResources"]["machineSpec"] == {"machineType": "g2-standard-24"}
    assert api.ok("GET", "models/qwen")["displayName"] == "Q"
    assert made["publisherModel"] == "publishers/hf-Qwen/models/Qwen3-4B"
    assert api.refused("POST", f"{PLACE}:deploy", body) == "ALREADY_EXISTS"
    assert api.refused("POST", f"{PLACE}:deploy", {}) == "INVALID_ARGUMENT"


def test_a_model_of_the_garden_that_finds_no_machine_leaves_nothing() -> None:
    api = Api()
    api.cloud.faults.add(Fault(method="*.deploy", phase=Phase.OPERATION, status=429))
    begun = api.ok("POST", f"{PLACE}:deploy", {"huggingFaceModelId": "Qwen/Qwen3-4B"})

    assert api.ok("POST", f"{begun['name']}:wait")["error"]["code"] == 8
    assert api.ok("GET", "endpoints") == {}
    assert api.ok("GET", "models") == {}


def test_a_deployment_from_the_garden_asks_for_a_permission() -> None:
    method = description("aiplatform", "v1").routes.by_id["projects.locations.deploy"]
    assert permission_of(method) == "aiplatform.endpoints.deploy"
