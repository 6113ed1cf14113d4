"""Asks clouds over HTTP, as somebody."""

import json
from collections.abc import Mapping
from typing import Any

from mockcloud.cloud import enabled
from mockcloud.cloud.callers import OWNER
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.organisations import ORGANISATION, found
from mockcloud.cloud.policies import granted
from mockcloud.cloud.store import Record
from mockcloud.cloud.tokens import mock_token
from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.simulator import new_cloud

RESOURCE_MANAGER = "cloudresourcemanager"
PROJECT = "projects/acme"
ALICE, BOB = "user:alice@acme.test", "user:bob@acme.test"


def ask(
    cloud: Cloud, verb: str, url: str, body: object = None, *, token: str | None = None, **headers: str
) -> tuple[int, Any]:
    """Send a request to `HOST/PATH?QUERY`; give status and JSON. By default the owner asks; "" is for no token."""
    address, _, query = url.partition("?")
    host, _, path = address.partition("/")
    held = mock_token(OWNER.member) if token is None else token
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if held:
        sent["authorization"] = f"Bearer {held}"
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    response = answer(cloud, HttpRequest(verb, host, f"/{path}", query, sent, content))
    try:
        return response.status, json.loads(response.body) if response.body else {}
    except ValueError:
        return response.status, response.body.decode()


def status(cloud: Cloud, member: str, verb: str, url: str, body: object = None, **origin: str) -> int:
    """Give the status with which somebody is answered."""
    return ask(cloud, verb, url, body, token=mock_token(member, **origin))[0]  # type: ignore[arg-type]  # texts only


def reason(answered: tuple[int, Any]) -> str:
    """Give the reason that a refusal states for programs."""
    details: list[Mapping[str, Any]] = answered[1]["error"].get("details", [])
    return next((each["reason"] for each in details if "reason" in each), "")


def grant(cloud: Cloud, role: str, *members: str, name: str = PROJECT, api: str = RESOURCE_MANAGER) -> None:
    """Give members a role on the project, or on another resource."""
    granted(cloud, api, name, role, *members)


DATASETS = f"aiplatform.googleapis.com/v1/{PROJECT}/locations/europe-west4/datasets"
DATASET = {"displayName": "d", "metadataSchemaUri": "gs://s", "metadata": {}}
KEY = f"{PROJECT}/locations/europe-west4/keyRings/r/cryptoKeys/k"
JOB = {
    "displayName": "j",
    "jobSpec": {
        "workerPoolSpecs": [
            {
                "machineSpec": {
                    "machineType": "n1-standard-4",
                    "acceleratorType": "NVIDIA_TESLA_T4",
                    "acceleratorCount": 1,
                },
                "replicaCount": "8",
                "containerSpec": {"imageUri": "i"},
            }
        ]
    },
}


def strict(**options: Any) -> Cloud:
    cloud: Cloud = new_cloud("strict", **options)
    found(cloud)
    cloud.projects.ensure("acme", parent=ORGANISATION)
    enabled.enable(cloud, "acme", ["aiplatform.googleapis.com"])
    return cloud


def policy(cloud: Cloud, constraint: str, *rules: dict[str, Any], place: str = PROJECT, **more: Any) -> None:
    name = f"{place}/policies/{constraint}"
    cloud.create(Record("orgpolicy", name, {"name": name, "spec": {"rules": list(rules)}, **more}))


def perimeter(cloud: Cloud) -> None:
    resources = [f"projects/{cloud.projects.number_of('acme')}"]
    status_ = {"resources": resources, "restrictedServices": ["aiplatform.googleapis.com"]}
    cloud.create(Record("accesscontextmanager", "accessPolicies/1", {"parent": ORGANISATION}))
    cloud.create(Record("accesscontextmanager", "accessPolicies/1/servicePerimeters/p", {"status": status_}))
