"""Predictions of endpoints, by what is registered for the endpoint or for the model that gets the call.

A small local simulation: see `register` and `serve`.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid, not_found, not_modelled
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import predictors, traffic
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, found
from mockcloud.services.aiplatform.predictors import Explain, InvalidPredictor, Predict, register, serve
from mockcloud.services.references import resolve

__all__ = ["Explain", "InvalidPredictor", "Predict", "register", "serve"]

_ENDPOINTS: Final = f"{LOCATION}.endpoints"
_RAW: Final = ("rawPredict", "streamRawPredict")


def prepare(call: Call) -> None:
    """Wrap the body of a raw prediction, which over HTTP is the message itself, as a client of gRPC wraps it.

    The newer clients send the parameters of a deletion (`force`) as its body.
    """
    if call.method.http == "DELETE" and call.request.content:
        call.request = replace(call.request, query={**_told(call), **call.query}, content=None)
    if call.method.verb not in _RAW:
        return
    body = call.request.body
    if isinstance(body, Mapping) and set(body) <= {"httpBody", "http_body"} and body:
        return
    data = base64.b64encode(json.dumps(body).encode()).decode()
    wrapped = {"httpBody": {"contentType": "application/json", "data": data}}
    call.request = replace(call.request, body=wrapped)


def _told(call: Call) -> dict[str, Any]:
    """Give the parameters of a method that a body tells which has no place in it."""
    try:
        body = json.loads(call.request.content or b"{}")
    except (ValueError, RecursionError):
        return {}
    found = body.items() if isinstance(body, dict) else ()
    return {key: each for key, each in found if key in call.method.parameters}


SERVICE.preparation(prepare)


def _chosen(call: Call, endpoint: Record, wanted: str = "") -> Mapping[str, Any]:
    """Choose the deployed model that answers: the one that is asked for, else by the split of the traffic.

    Raises:
        ApiError: There is none.
    """
    deployed = {each["id"]: each for each in endpoint.body.get("deployedModels", [])}
    if wanted:
        if wanted not in deployed:
            raise not_found(wanted, what="Deployed model")
        return dict(deployed[wanted])
    if not deployed:
        raise failed_precondition(f"No model is deployed to '{endpoint.body['name']}'.")
    split = {key: share for key, share in endpoint.body.get("trafficSplit", {}).items() if key in deployed}
    if len(deployed) == 1 and not split:
        return dict(next(iter(deployed.values())))
    if not split:
        raise failed_precondition(f"No model at '{endpoint.body['name']}' gets traffic.")
    kind = f"aiplatform/predictions/{endpoint.name}"
    turn = call.cloud.ids.counts[kind]
    call.cloud.ids.counts[kind] += 1
    return dict(deployed[traffic.choose(split, turn)])


def _predictor(call: Call, endpoint: Record, deployed: Mapping[str, Any]) -> predictors.Predictor:
    model = resolve(call.cloud, deployed.get("model", ""), API)
    name = model.name if model is not None else ""
    return predictors.find(call.cloud, endpoint.name, f"{name}@{deployed.get('modelVersionId', '')}", name)


def _answer(deployed: Mapping[str, Any], predictions: Sequence[Any]) -> Body:
    kept = {
        "deployedModelId": deployed["id"],
        "model": deployed.get("model", ""),
        "modelVersionId": deployed.get("modelVersionId", ""),
        "modelDisplayName": deployed.get("displayName", ""),
    }
    return {"predictions": list(predictions), **{key: value for key, value in kept.items() if value}}


@SERVICE.method(f"{_ENDPOINTS}.predict")
def predict(call: Call) -> Answer | Body:
    """Predict."""
    endpoint = found(call)
    instances = call.body.get("instances", [])
    if not instances:
        raise invalid("There are no instances.", Violation("instances", "It is required."))
    deployed = _chosen(call, endpoint)
    predictor = _predictor(call, endpoint, deployed)
    parameters = call.body.get("parameters")
    return predictors.outside(lambda: _answer(deployed, predictors.answers(predictor, instances, parameters)))


@SERVICE.method(f"{_ENDPOINTS}.explain")
def explain(call: Call) -> Answer | Body:
    """Predict, and explain."""
    endpoint = found(call)
    deployed = _chosen(call, endpoint, call.body.get("deployedModelId", ""))
    predictor = _predictor(call, endpoint, deployed)
    explaining = predictor.explain
    if explaining is None:
        raise not_modelled(f"explanations of '{endpoint.body['name']}' until `explain=` is registered for it")
    instances, parameters = call.body.get("instances", []), call.body.get("parameters")
    return predictors.outside(
        lambda: {
            "explanations": predictors.as_json(predictors.call_function(explaining, instances, parameters)),
            "deployedModelId": deployed["id"],
            "predictions": predictors.answers(predictor, instances, parameters),
        }
    )


# Raw predictions
# ---------------------------------------------------------------------------------------------------------------------


def _raw(call: Call) -> Mapping[str, Any]:
    """Read the JSON of a raw prediction.

    Raises:
        ApiError: It is none.
    """
    http = call.body.get("httpBody", {})
    try:
        read = json.loads(base64.b64decode(http.get("data", ""), validate=True))
    except (binascii.Error, ValueError):
        read = None
    if not isinstance(read, Mapping) or not isinstance(read.get("instances"), list):
        raise invalid(
            'The mock cloud reads raw predictions of the form {"instances": [...]}.',
            Violation("http_body.data", "It has another form."),
        )
    return read


@SERVICE.method(f"{_ENDPOINTS}.rawPredict", f"{_ENDPOINTS}.streamRawPredict")
def raw_predict(call: Call) -> Answer | Body:
    """Predict, and give the JSON as a container would."""
    endpoint = found(call)
    deployed = _chosen(call, endpoint)
    sent = _raw(call)
    predictor = _predictor(call, endpoint, deployed)
    headers = {
        "X-Vertex-AI-Endpoint-Id": endpoint.id,
        "X-Vertex-AI-Deployed-Model-Id": deployed["id"],
        "X-Vertex-AI-Model": deployed.get("model", ""),
        "X-Vertex-AI-Model-Version-Id": deployed.get("modelVersionId", ""),
    }

    def said() -> Answer:
        predictions = predictors.answers(predictor, sent["instances"], sent.get("parameters"))
        content = json.dumps({"predictions": predictions}).encode()
        return Answer(content=content, content_type="application/json", headers=headers)

    return predictors.outside(said)


# Tensors
# ---------------------------------------------------------------------------------------------------------------------


def _outputs(call: Call, shape: Callable[[list[Any]], Answer | Body]) -> Answer:
    """Give the outputs for the inputs of a call, in some shape."""
    endpoint = found(call)
    deployed = _chosen(call, endpoint)
    predictor = _predictor(call, endpoint, deployed)
    inputs, parameters = call.body.get("inputs", []), call.body.get("parameters")
    return predictors.outside(lambda: shape(predictors.answers(predictor, inputs, parameters)))


@SERVICE.method(f"{_ENDPOINTS}.directPredict")
def direct_predict(call: Call) -> Answer | Body:
    """Predict from tensors: the function gets and gives Tensor messages as JSON."""
    return _outputs(call, lambda outputs: {"outputs": outputs})


@SERVICE.method(f"{_ENDPOINTS}.serverStreamingPredict")
def streaming_predict(call: Call) -> Answer | Body:
    """Predict from tensors, one output an answer."""
    return _outputs(call, lambda outputs: Answer(stream=tuple({"outputs": [each]} for each in outputs)))
