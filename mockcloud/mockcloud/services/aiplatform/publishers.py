"""Publishers' models: what is known of them. What they answer is registered (`generation`, `predictions`)."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body
from mockcloud.services.aiplatform import generation, predictors
from mockcloud.services.aiplatform.api import SERVICE

_GOOGLE: Final = "publishers/google/models/"
_SCHEMAS: Final = "gs://google-cloud-aiplatform/schema/predict/instance"


@cache
def _known() -> Mapping[str, str]:
    found: dict[str, str] = yaml.safe_load((Path(__file__).parent / "publishers.yaml").read_text(encoding="utf-8"))
    return found


def _schema(identifier: str) -> str | None:
    """Give the schema of a model's instances; None for a model that is not known."""
    return next((schema for pattern, schema in _known().items() if fnmatchcase(identifier, pattern)), None)


def _body(name: str) -> Body:
    identifier, _, version = name.rpartition("/")[2].partition("@")
    body: dict[str, Any] = {
        "name": name.partition("@")[0],
        "versionId": version or "default",
        "openSourceCategory": "PROPRIETARY",
        "launchStage": "GA",
        "publisherModelTemplate": f"projects/{{project}}/locations/{{location}}/{name}",
    }
    schema = _schema(f"{identifier}@{version}" if version else identifier)
    if schema:
        body["predictSchemata"] = {"instanceSchemaUri": f"{_SCHEMAS}/{schema}_1.0.0.yaml"}
    return body


def _registered(call: Call) -> set[str]:
    """Give the names of Google's and other publishers' models for which something is registered."""
    spoken = {f"{_GOOGLE}{each}" for each in generation.known(call.cloud)}
    return spoken | {each for each in predictors.names(call.cloud) if each.startswith("publishers/")}


@SERVICE.method("publishers.models.get")
def get(call: Call) -> Answer | Body:
    """Give a model: one that is known, or for which something is registered."""
    known = call.name.startswith(_GOOGLE) and _schema(call.name.removeprefix(_GOOGLE)) is not None
    if not known and call.name not in _registered(call):
        raise not_found(call.name, what="Publisher model")
    return _body(call.name)


@SERVICE.method("publishers.models.list")
def list_(call: Call) -> Answer | Body:
    """Give the models of a publisher that are known, and those for which something is registered."""
    google = {f"{_GOOGLE}{each}" for each in _known() if "*" not in each}
    names = sorted(each for each in google | _registered(call) if each.startswith(f"{call.name}/"))
    chosen, token = slice_page(call, [_body(each) for each in names])
    return {**({"publisherModels": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}
