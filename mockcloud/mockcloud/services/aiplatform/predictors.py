"""What answers predictions: functions and local model servers that a test registers.

A small local simulation: Vertex would run the model's container; here a function in this process, or a server on this
machine, stands for it. Nothing answers by itself.
"""

import http.client
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from mockcloud.cloud.call import Answer
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, failed_precondition, not_modelled
from mockcloud.cloud.store import Body
from mockcloud.errors import Error
from mockcloud.services.aiplatform.api import API
from mockcloud.services.references import resolve

Predict = Callable[[Sequence[Any], Any], Sequence[Any]]
"""From instances and parameters to predictions: one of each, as JSON."""
Explain = Callable[[Sequence[Any], Any], Sequence[Mapping[str, Any]]]
"""From instances and parameters to an Explanation of each, as JSON."""

PART: Final = "aiplatform.predictors"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_SECONDS: Final = 60.0
"""How long a local server may take, in seconds."""
_REGISTER: Final = "mockcloud.services.aiplatform.predictions.register(cloud, endpoint_or_model, function)"


@dataclass(frozen=True, slots=True)
class Predictor:
    """What answers for an endpoint or a model.

    Attributes:
        predict: Gives the predictions.
        explain: Gives the explanations; None where nothing does.
    """

    predict: Predict
    explain: Explain | None = None


class InvalidPredictor(Error):
    """What is registered cannot answer."""


class Predictors:
    """What is registered in one cloud, by full name of an endpoint or model, or by a publisher's model."""

    def __init__(self) -> None:
        self.entries: dict[str, Predictor] = {}

    def snapshot(self) -> "Predictors":
        """Give a copy that later changes do not reach."""
        copy = Predictors()
        copy.entries = dict(self.entries)
        return copy


def register(cloud: Cloud, target: str, predict: Predict, *, explain: Explain | None = None) -> None:
    """Let a function answer the predictions of an endpoint or of a model, wherever it is deployed.

    Args:
        cloud: The cloud.
        target: Full name of an endpoint or model (`…/models/1@2` for one version), or a publisher's model:
            `publishers/google/models/text-embedding-005`.
        predict: From instances and parameters to predictions.
        explain: From instances and parameters to explanations.

    Raises:
        InvalidPredictor: There is no such endpoint or model.
    """
    with cloud.lock:
        part = cloud.parts.get(PART)
        predictors = part if isinstance(part, Predictors) else Predictors()
        predictors.entries[_key(cloud, target)] = Predictor(predict, explain)
        cloud.parts[PART] = predictors


def serve(cloud: Cloud, target: str, url: str) -> None:
    """Let a model server on this machine answer the predictions of an endpoint or model.

    It gets what a container on Vertex gets: a POST of `{"instances": […], "parameters": …}`; and answers
    `{"predictions": […]}`.

    Args:
        cloud: The cloud.
        target: As in `register`.
        url: Where it listens: `http://127.0.0.1:8080/predict`. Only a loopback address is called.

    Raises:
        InvalidPredictor: There is no such endpoint or model, or the address is no loopback one.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme != "http" or host not in _LOOPBACK:
        raise InvalidPredictor(
            "A model server must listen on this machine",
            given=repr(url),
            allowed="http:// and one of " + ", ".join(sorted(_LOOPBACK)),
            remedy="Start the server here, or register a function that calls it.",
        )
    path = parts.path or "/"

    def predict(instances: Sequence[Any], parameters: object) -> Sequence[Any]:
        body: dict[str, object] = {"instances": list(instances)}
        if parameters is not None:
            body["parameters"] = parameters
        return _posted(host, port, path, body)

    register(cloud, target, predict)


def _posted(host: str, port: int | None, path: str, body: Mapping[str, object]) -> Sequence[Any]:
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise failed_precondition(f"The model server answered {response.status}: {text[:200].decode(errors='replace')}")
    found: Sequence[Any] = json.loads(text)["predictions"]
    return found


def _key(cloud: Cloud, target: str) -> str:
    name, at, version = target.partition("@")
    if name.startswith("publishers/"):
        return name
    if "/publishers/" in name:
        return "publishers/" + name.rpartition("/publishers/")[2]
    record = resolve(cloud, name, API)
    if record is None:
        raise InvalidPredictor(
            "There is nothing to predict for under this name",
            given=repr(target),
            allowed="the full name of an endpoint or model in this cloud, or publishers/PUBLISHER/models/MODEL",
            remedy="Make the endpoint or model first, and give its resource_name.",
        )
    return f"{record.name}{at}{version}"


def names(cloud: Cloud) -> list[str]:
    """Give the names for which something is registered."""
    part = cloud.parts.get(PART)
    return sorted(part.entries) if isinstance(part, Predictors) else []


def known(cloud: Cloud, *wanted: str) -> Predictor | None:
    """Give what answers for the first of several names for which something does; None where nothing does."""
    part = cloud.parts.get(PART)
    entries = part.entries if isinstance(part, Predictors) else {}
    return next((entries[each] for each in wanted if each in entries), None)


def find(cloud: Cloud, *wanted: str) -> Predictor:
    """Give what answers for the first of several names for which something does.

    Raises:
        ApiError: 501, where nothing does.
    """
    found = known(cloud, *wanted)
    if found is not None:
        return found
    raise not_modelled(f"predictions of '{wanted[0]}' until something answers for it. Register it: {_REGISTER}")


def call_function(function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - what the function gives
    """Call what is registered. What it raises is a failure of the model, not of the cloud.

    Raises:
        ApiError: 400, FAILED_PRECONDITION.
    """
    try:
        return function(*arguments)
    except ApiError:
        raise
    except Exception as error:
        raise failed_precondition(f"The model failed: {type(error).__name__}: {error}") from error


def outside(work: Callable[[], Answer | Body]) -> Answer:
    """Give an answer that needs what is registered, which is called outside of the cloud's lock."""

    def later() -> Answer:
        given = work()
        return given if isinstance(given, Answer) else Answer(given)

    return Answer(later=later)


def answers(predictor: Predictor, instances: Sequence[Any], parameters: object) -> list[Any]:
    """Give the predictions of instances.

    Raises:
        ApiError: The function fails, or gives what is no list of JSON.
    """
    found = call_function(predictor.predict, instances, parameters)
    return as_json(found)


def as_json(found: object) -> list[Any]:
    """Give what a function gave as JSON.

    Raises:
        ApiError: It is no list of JSON.
    """
    try:
        read = json.loads(json.dumps(found, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise failed_precondition(f"The model's answer is no JSON: {error}") from error
    if not isinstance(read, list):
        raise failed_precondition(f"The model's answer is no list but a {type(found).__name__}.")
    return read
