"""Endpoints: models are deployed to them, changed there, and undeployed."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import already_exists, invalid, not_found
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import standard
from mockcloud.services.aiplatform import traffic, versions
from mockcloud.services.aiplatform.api import (
    API,
    LOCATION,
    SERVICE,
    collection,
    found,
    given_id,
    need,
    now,
    refuse_in_use,
    shown,
    start,
    touch,
)
from mockcloud.services.aiplatform.networks import hold_network
from mockcloud.services.references import resolve

_RESOURCES: Final = ("dedicatedResources", "automaticResources", "sharedResources", "fullFineTunedResources")
_SECONDS: Final = 300.0
"""Virtual seconds that a deployment takes."""
_NOT_DEPLOYED: Final = "endpoint.notDeployed"
"""Event: a deployment came to nothing."""


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    hold_network(body)
    if body.get("network") and body.get("privateServiceConnectConfig", {}).get("enablePrivateServiceConnect"):
        raise invalid(
            "An endpoint has a network or Private Service Connect, not both.",
            Violation("endpoint.network", "It excludes private_service_connect_config."),
        )
    traffic.hold(body.get("trafficSplit", {}), [])
    return {**body, **dedicated(call, name, body)}


def dedicated(call: Call, name: str, body: Mapping[str, Any]) -> Body:
    """Give the name under which an endpoint of its own is reached."""
    if not body.get("dedicatedEndpointEnabled"):
        return {}
    _, project, _, region, _, identifier = name.split("/")
    number = call.cloud.projects.number_of(project)
    return {"dedicatedEndpointDns": f"{identifier}.{region}-{number}.prediction.vertexai.goog"}


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    if body.get("trafficSplit") != record.body.get("trafficSplit"):
        traffic.hold(body.get("trafficSplit", {}), [each["id"] for each in record.body.get("deployedModels", [])])
    return {**body, **dedicated(call, record.name, body)}


def _deleting(call: Call, record: Record) -> None:
    deployed = record.body.get("deployedModels", [])
    if deployed:
        refuse_in_use(
            call,
            f"Endpoint '{shown(call.cloud, record.name)}' has deployed or being-deployed model(s): "
            f"{', '.join(each['id'] for each in deployed)}. Undeploy them first.",
        )
    for each in deployed:
        _forget(call.cloud, record, each["id"])


collection(
    "endpoints",
    new_id=given_id("endpointId", r"[0-9]{1,19}|[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"),
    created=_created,
    changed=_changed,
    deleting=_deleting,
    required=("displayName",),
    immutable=("encryptionSpec", "network"),
)


@SERVICE.method(f"{LOCATION}.endpoints.update")
def update(call: Call) -> Answer | Body:
    """Change an endpoint in an operation. The request wraps it, and says no mask."""
    given = dict(call.body.get("endpoint", {}))
    record = found(call)
    changed = dict(_changed(call, record, {**record.body, **given, "name": record.body["name"]}))
    record = touch(call.cloud, record, **changed)
    return start(call, record.name, record.body)


# Deployed models
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(f"{LOCATION}.endpoints.deployModel")
def deploy_model(call: Call) -> Answer | Body:
    """Deploy a model, with a share of the traffic."""
    endpoint = found(call)
    before = dict(endpoint.body.get("trafficSplit", {}))
    deployed = put_model(call, endpoint, call.body.get("deployedModel", {}), call.body.get("trafficSplit", {}))
    response = {"deployedModel": {"id": deployed["id"], "model": deployed.get("model", "")}}
    data = {"deployed": deployed["id"], "split": before}
    back = {"name": endpoint.name, "event": _NOT_DEPLOYED, "data": data}
    return start(call, endpoint.name, response, seconds=_SECONDS, back=back)


def put_model(call: Call, endpoint: Record, asked: Mapping[str, Any], share: Mapping[str, int]) -> dict[str, Any]:
    """Put a deployed model on an endpoint, and give it as it is there.

    Args:
        call: The call.
        endpoint: The endpoint.
        asked: The deployed model.
        share: The split of the traffic, in which `0` stands for it.
    """
    present = [each["id"] for each in endpoint.body.get("deployedModels", [])]
    identifier = asked.get("id") or call.cloud.ids.numeric(f"{API}/deployedModels")
    if identifier in present:
        raise already_exists(identifier, what="Deployed model")
    deployed = _deployed(call, endpoint, asked, identifier)
    split = traffic.after_deploy(endpoint.body.get("trafficSplit", {}), share, identifier, present)
    models = [*endpoint.body.get("deployedModels", []), deployed]
    touch(call.cloud, endpoint, deployedModels=models, trafficSplit=split or None)
    _remember(call, endpoint, deployed)
    return deployed


@SERVICE.on_event(_NOT_DEPLOYED)
def not_deployed(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Take back a deployment that failed or was cancelled, and give the traffic to those who had it before."""
    rest = [each for each in record.body.get("deployedModels", []) if each["id"] != data["deployed"]]
    if len(rest) == len(record.body.get("deployedModels", [])):
        return  # somebody undeployed it meanwhile
    split = {each["id"]: data["split"][each["id"]] for each in rest if each["id"] in data["split"]}
    if rest and sum(split.values()) != traffic.WHOLE:
        split = {rest[-1]["id"]: traffic.WHOLE}
    _forget(cloud, record, data["deployed"])
    touch(cloud, record, deployedModels=rest or None, trafficSplit=split or None)


def _deployed(call: Call, endpoint: Record, asked: Mapping[str, Any], identifier: str) -> dict[str, Any]:
    """Complete a deployed model."""
    deployed = {**asked, "id": identifier, "createTime": now(call.cloud)}
    if not any(each in asked for each in (*_RESOURCES, "gdcConnectedModel")):
        deployed["automaticResources"] = {}
    if asked.get("sharedResources"):
        pool = need(call.cloud, asked["sharedResources"], "DeploymentResourcePool")
        deployed["sharedResources"] = shown(call.cloud, pool.name)
    for kind in ("dedicatedResources", "automaticResources"):
        if kind in deployed:
            deployed[kind] = _scaled(kind, deployed[kind])
    if asked.get("model"):
        record, number = versions.find(call.cloud, asked["model"])
        body = versions.body_of(record, number)
        deployed["model"] = shown(call.cloud, record.name)
        deployed["modelVersionId"] = number
        deployed.setdefault("displayName", body["displayName"])
    elif not asked.get("gdcConnectedModel"):
        raise invalid("The deployed model names no model.", Violation("deployed_model.model", "It is required."))
    if endpoint.body.get("network"):
        deployed["privateEndpoints"] = _private(endpoint, identifier)
    return deployed


def _scaled(kind: str, resources: Mapping[str, Any]) -> Body:
    """Fill in how many replicas there are at least and at most (DedicatedResources, AutomaticResources).

    Raises:
        ApiError: There are more at least than at most.
    """
    low = resources.get("minReplicaCount", 1)
    high = resources.get("maxReplicaCount") or max(low, 1)
    if low < 0 or high < low:
        raise invalid(
            f"The replicas of {kind} make no sense: at least {low}, at most {high}.",
            Violation(f"deployed_model.{kind}", "max_replica_count must not be below min_replica_count."),
        )
    return {**resources, "minReplicaCount": low, "maxReplicaCount": high}


def _private(endpoint: Record, identifier: str) -> Body:
    base = f"http://{endpoint.id}.aiplatform.googleapis.com/v1/models/{identifier}"
    return {"predictHttpUri": f"{base}:predict", "explainHttpUri": f"{base}:explain", "healthHttpUri": base}


def _remember(call: Call, endpoint: Record, deployed: Mapping[str, Any]) -> None:
    """Let the model know where it is deployed."""
    if not deployed.get("model"):
        return
    record, _ = versions.find(call.cloud, deployed["model"])
    entry = {
        "endpoint": shown(call.cloud, endpoint.name),
        "id": deployed["id"],
        "version": deployed["modelVersionId"],
    }
    deployments = [*record.hidden.get("deployed", []), entry]
    versions.write(call.cloud, record, versions.versions(record), deployed=deployments)


def _forget(cloud: Cloud, endpoint: Record, identifier: str) -> None:
    name = shown(cloud, endpoint.name)
    model = next(each.get("model") for each in endpoint.body["deployedModels"] if each["id"] == identifier)
    record = resolve(cloud, model, API) if model else None
    if record is not None:
        kept = [
            each for each in record.hidden.get("deployed", []) if (each["endpoint"], each["id"]) != (name, identifier)
        ]
        versions.write(cloud, record, versions.versions(record), deployed=kept)


def _at(endpoint: Record, identifier: str) -> dict[str, Any]:
    """Find a deployed model.

    Raises:
        ApiError: 404.
    """
    for each in endpoint.body.get("deployedModels", []):
        if each["id"] == identifier:
            return dict(each)
    raise not_found(identifier, what="Deployed model")


@SERVICE.method(f"{LOCATION}.endpoints.undeployModel")
def undeploy_model(call: Call) -> Answer | Body:
    """Undeploy a model, which must get no traffic any more unless it is the last one."""
    endpoint = found(call)
    identifier = _at(endpoint, call.body.get("deployedModelId", ""))["id"]
    rest = [each for each in endpoint.body["deployedModels"] if each["id"] != identifier]
    split = traffic.after_undeploy(
        endpoint.body.get("trafficSplit", {}),
        call.body.get("trafficSplit", {}),
        identifier,
        [each["id"] for each in rest],
    )
    _forget(call.cloud, endpoint, identifier)
    touch(call.cloud, endpoint, deployedModels=rest or None, trafficSplit=split or None)
    return start(call, endpoint.name, {}, seconds=60)


@SERVICE.method(f"{LOCATION}.endpoints.mutateDeployedModel")
def mutate_deployed_model(call: Call) -> Answer | Body:
    """Change the replicas and settings of a deployed model."""
    endpoint = found(call)
    asked = call.body.get("deployedModel", {})
    old = _at(endpoint, asked.get("id", ""))
    schema = call.schemas.fields(call.method.request)["deployedModel"].ref
    mask = call.body.get("updateMask") or ",".join(key for key in asked if key not in {"id", "model"})
    new = {**apply_mask(old, asked, read_mask(mask, call.schemas, schema)), "id": old["id"]}
    for kind in ("dedicatedResources", "automaticResources"):
        if kind in new:
            new[kind] = _scaled(kind, new[kind])
    models = [new if each["id"] == old["id"] else each for each in endpoint.body["deployedModels"]]
    touch(call.cloud, endpoint, deployedModels=models)
    return start(call, endpoint.name, {"deployedModel": new}, seconds=60)


# Pools of machines that several models share
# ---------------------------------------------------------------------------------------------------------------------


def _users(call: Call, pool: Record) -> list[tuple[Record, Body]]:
    location = pool.name.rpartition("/deploymentResourcePools/")[0]
    name = shown(call.cloud, pool.name)
    return [
        (endpoint, each)
        for endpoint in call.cloud.store.page(API, f"{location}/endpoints")
        for each in endpoint.body.get("deployedModels", [])
        if each.get("sharedResources") == name
    ]


def _pool_deleting(call: Call, record: Record) -> None:
    if _users(call, record):
        refuse_in_use(call, f"Models use the pool '{shown(call.cloud, record.name)}'. Undeploy them first.")


def _pool_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {**body, "dedicatedResources": _scaled("dedicatedResources", body.get("dedicatedResources", {}))}


collection(
    "deploymentResourcePools",
    new_id=given_id("deploymentResourcePoolId", r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", required=True),
    wrapper="deploymentResourcePool",
    created=_pool_created,
    deleting=_pool_deleting,
    required=("dedicatedResources",),
)


@SERVICE.method(f"{LOCATION}.deploymentResourcePools.queryDeployedModels")
def query_deployed_models(call: Call) -> Answer | Body:
    """Give the models that use a pool."""
    users = _users(call, standard.found(call))
    refs = [{"endpoint": shown(call.cloud, endpoint.name), "deployedModelId": each["id"]} for endpoint, each in users]
    return {
        "deployedModels": [dict(each) for _, each in users],
        "deployedModelRefs": refs,
        "totalDeployedModelCount": len(users),
        "totalEndpointCount": len({endpoint.name for endpoint, _ in users}),
    }
