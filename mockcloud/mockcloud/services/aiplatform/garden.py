"""Model Garden: an open model is uploaded and deployed to a new endpoint in one call (`deploy`).

A small local simulation: nothing is downloaded and nothing runs. Predictions are what is registered.
"""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import already_exists, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import endpoints, models
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, now, shown, start, touch

_SECONDS: Final = 900.0
"""Virtual seconds that it takes."""
_IMAGE: Final = "us-docker.pkg.dev/vertex-ai/vertex-vision-model-garden-dockers/pytorch-vllm-serve"
"""Container that serves an open model where the call names none."""
_MACHINE: Final[Body] = {"machineType": "g2-standard-12", "acceleratorType": "NVIDIA_L4", "acceleratorCount": 1}
_NOT_THERE: Final = "garden.notThere"


@SERVICE.method(f"{LOCATION}.deploy")
def deploy(call: Call) -> Answer | Body:
    """Upload a model, make an endpoint, and deploy the one to the other."""
    published, hugging = call.body.get("publisherModelName", ""), call.body.get("huggingFaceModelId", "")
    if not published and not hugging:
        raise invalid("No model is named.", Violation("artifacts", "publisher_model_name or hugging_face_model_id."))
    title = (published or hugging).rpartition("/")[2].replace("@", "-")
    model = _model(call, title, published or hugging)
    endpoint = _endpoint(call, title)
    config = call.body.get("deployConfig", {})
    resources = {"machineSpec": _MACHINE, "minReplicaCount": 1, **config.get("dedicatedResources", {})}
    deployed = {"model": model.name, "displayName": title, "dedicatedResources": resources}
    endpoints.put_model(call, endpoint, deployed, {"0": 100})
    source = published or f"publishers/hf-{hugging.partition('/')[0]}/models/{hugging.partition('/')[2]}"
    response = {
        "publisherModel": source,
        "endpoint": shown(call.cloud, endpoint.name),
        "model": shown(call.cloud, model.name),
    }
    place = f"projects/{call.project}/locations/{call.location}"
    told: dict[str, object] = {"destination": place, "projectNumber": call.cloud.projects.number_of(call.project)}
    back = {"name": endpoint.name, "event": _NOT_THERE, "data": {"model": model.name}}
    return start(call, place, response, seconds=_SECONDS, back=back, publisherModel=source, **told)


def _model(call: Call, title: str, source: str) -> Record:
    config = call.body.get("modelConfig", {})
    container = config.get("containerSpec") or {"imageUri": _IMAGE, "predictRoute": "/generate", "healthRoute": "/ping"}
    model: dict[str, Any] = {
        "displayName": config.get("modelDisplayName") or title,
        "containerSpec": container,
        "modelSourceInfo": {"sourceType": "MODEL_GARDEN"},
        "baseModelSource": {"modelGardenSource": {"publicModelName": source}},
    }
    place = f"projects/{call.project}/locations/{call.location}"
    return models.add(call, place, model, parent=None, model_id=config.get("modelUserId", ""))


def _endpoint(call: Call, title: str) -> Record:
    config = call.body.get("endpointConfig", {})
    identifier = config.get("endpointUserId") or call.cloud.ids.numeric(f"{API}/endpoints")
    name = f"projects/{call.project}/locations/{call.location}/endpoints/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(shown(call.cloud, name), what="Endpoint")
    moment = now(call.cloud)
    body: dict[str, Any] = {
        "name": shown(call.cloud, name),
        "displayName": config.get("endpointDisplayName") or title,
        "dedicatedEndpointEnabled": not config.get("dedicatedEndpointDisabled", False),
        "createTime": moment,
        "updateTime": moment,
        "etag": call.cloud.etag(1),
        **{key: config[key] for key in ("labels", "privateServiceConnectConfig") if key in config},
    }
    return call.cloud.create(Record(API, name, {**body, **endpoints.dedicated(call, name, body)}))


@SERVICE.on_event(_NOT_THERE)
def not_there(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Take back endpoint and model of a deployment that failed or was cancelled."""
    touch(cloud, record, deployedModels=None, trafficSplit=None)
    cloud.delete(record)
    model = cloud.store.get(API, data["model"])
    if model is not None:
        cloud.delete(model)
