"""Every resource of the three environments finds its API enabled in its project, and allowed there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.stacks.previews import resources

# Package of pulumi_gcp -> the API that makes its resources; packages whose API every project has are left out.
APIS = {
    "accesscontextmanager": "accesscontextmanager",
    "artifactregistry": "artifactregistry",
    "bigquery": "bigquery",
    "bigquerydatapolicy": "bigquerydatapolicy",
    "billing": "billingbudgets",
    "binaryauthorization": "binaryauthorization",
    "cloudasset": "cloudasset",
    "cloudbuild": "cloudbuild",
    "cloudbuildv2": "cloudbuild",
    "cloudscheduler": "cloudscheduler",
    "colab": "aiplatform",
    "compute": "compute",
    "container": "container",
    "containeranalysis": "containeranalysis",
    "datacatalog": "datacatalog",
    "dataloss": "dlp",
    "dataplex": "dataplex",
    "developerconnect": "developerconnect",
    "dns": "dns",
    "essentialcontacts": "essentialcontacts",
    "iam": "iam",
    "kms": "cloudkms",
    "logging": "logging",
    "monitoring": "monitoring",
    "networkconnectivity": "networkconnectivity",
    "networksecurity": "networksecurity",
    "networkservices": "networkservices",
    "orgpolicy": "orgpolicy",
    "projects": "cloudresourcemanager",
    "pubsub": "pubsub",
    "secretmanager": "secretmanager",
    "securitycenter": "securitycenter",
    "securesourcemanager": "securesourcemanager",
    "serviceaccount": "iam",
    "servicenetworking": "servicenetworking",
    "storage": "storage",
    "tpu": "tpu",
    "vertex": "aiplatform",
    "workbench": "notebooks",
}
_PROVIDER = "gcp-"


def _project(resource: dict[str, Any]) -> str:
    """Return the project whose provider makes a resource."""
    name: str = resource["provider"].rsplit("::", 2)[-2]
    return name.removeprefix(_PROVIDER)


@pytest.mark.parametrize("stack", ["learner", "team", "regulated"])
def test_the_api_of_every_resource_is_enabled_in_its_project(stack: str) -> None:
    enabled: dict[str, set[str]] = {}
    for r in resources(stack):
        if r["type"] == "gcp:projects/service:Service":
            enabled.setdefault(r["inputs"]["project"], set()).add(
                r["inputs"]["service"].removesuffix(".googleapis.com")
            )
    missing = {
        f"{_project(r)}: {api} for {r['type']}"
        for r in resources(stack)
        if r["type"].startswith("gcp:")
        and (api := APIS[r["type"].split(":")[1].partition("/")[0]]) not in enabled[_project(r)]
    }
    assert not missing


def test_what_is_enabled_is_allowed_where_services_are_listed() -> None:
    allowed: dict[str, set[str]] = {}
    for r in resources("regulated"):
        if r["type"] == "gcp:orgpolicy/policy:Policy" and r["inputs"]["name"].endswith("gcp.restrictServiceUsage"):
            parent = r["inputs"]["parent"].removeprefix("projects/")
            allowed[parent] = set(r["inputs"]["spec"]["rules"][0]["values"]["allowedValues"])
    assert len(allowed) == 5
    for r in resources("regulated"):
        if r["type"] == "gcp:projects/service:Service":
            assert r["inputs"]["service"] in allowed[r["inputs"]["project"]], json.dumps(r["inputs"])
