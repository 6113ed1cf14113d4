"""Bodies of every shape, sent to every method of the data services: whatever they are, it is no fault of ours."""

import random
from typing import Any

import pytest

from mockcloud.discovery.catalogue import description
from mockcloud.discovery.fields import Field
from mockcloud.discovery.methods import Method
from mockcloud.discovery.schemas import Schemas
from tests.mockcloud.services.data_rest import Rest

APIS = (
    "storage v1",
    "bigquery v2",
    "bigquerystorage v1",
    "pubsub v1",
    "secretmanager v1",
    "logging v2",
    "monitoring v3",
)
WORDS = (
    "abc",
    "d",
    "t",
    "acme",
    "projects/acme/topics/abc",
    "INT64",
    "x/y",
    "",
    "READER",
    "2026-01-01T00:00:00Z",
    "SELECT 1",
)


def _value(chance: random.Random, schemas: Schemas, field: Field, depth: int) -> Any:
    if field.ref:
        return _body(chance, schemas, field.ref, depth + 1) if depth < 4 else {}
    if field.enum:
        return chance.choice(field.enum)
    if field.type == "boolean":
        return chance.choice((True, False))
    if field.type in {"integer", "number"} or field.format in {"int64", "uint64"}:
        return chance.choice((0, 1, 60, 2**31 - 1))
    choices = {"byte": "YQ==", "google-duration": "60s", "google-datetime": "2026-01-01T00:00:00Z"}
    return choices.get(field.format) or chance.choice(WORDS)


def _body(chance: random.Random, schemas: Schemas, schema: str, depth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in schemas.fields(schema).items():
        if chance.random() < 0.4:
            value = _value(chance, schemas, field, depth)
            found[name] = {"a": value} if field.mapped else [value] if field.repeated else value
    return found


def _path(chance: random.Random, method: Method) -> str:
    parts = [chance.choice(("acme", "abc", "d", "t")) if each.startswith("{") else each for each in method.segments]
    whole = "/".join([*([method.prefix] if method.prefix else []), *parts])
    return f"/{whole}:{method.verb}" if method.verb else f"/{whole}"


@pytest.mark.parametrize("api", APIS)
def test_no_body_is_a_fault_of_ours(api: str) -> None:
    name, version = api.split()
    chance = random.Random(api)  # noqa: S311 - the same bodies in each run, nothing secret
    found = description(name, version)
    rest = Rest(f"{name}.googleapis.com")
    Rest("storage.googleapis.com", "/storage/v1", rest.cloud)("POST", "/b", "project=acme", {"name": "abc"})
    Rest("pubsub.googleapis.com", "/v1", rest.cloud)("PUT", "/projects/acme/topics/abc", "", {})
    bigquery = Rest("bigquery.googleapis.com", "/bigquery/v2", rest.cloud)
    bigquery("POST", "/projects/acme/datasets", "", {"datasetReference": {"datasetId": "d"}})
    for _ in range(2):
        for method in found.routes.by_id.values():
            body = _body(chance, found.schemas, method.request) if method.request else None
            answer = rest.raw(method.http, _path(chance, method), "", body)
            assert answer.status != 500, (method.full_id, body)
