"""The descriptions that are written from the client libraries."""

import json

import pytest

from mockcloud.discovery.catalogue import find
from mockcloud.discovery.methods import Kind
from tools.client_descriptions import DESCRIBED, DIRECTORY, described


@pytest.mark.parametrize(("api", "version"), DESCRIBED)
def test_a_description_is_what_the_library_tells(api: str, version: str) -> None:
    kept = json.loads((DIRECTORY / f"{api}.{version}.json").read_text(encoding="utf-8"))
    assert described(api, version) == kept, "Run: python -m tools.client_descriptions"


@pytest.mark.parametrize(
    ("http", "host", "path", "identifier", "kind"),
    [
        (
            "POST",
            "iam.googleapis.com",
            "v3/organizations/1/locations/global/principalAccessBoundaryPolicies",
            "organizations.locations.principalAccessBoundaryPolicies.create",
            Kind.CREATE,
        ),
        (
            "GET",
            "cloudquotas.googleapis.com",
            "v1/projects/p/locations/global/services/compute.googleapis.com/quotaInfos/CPUS",
            "projects.locations.services.quotaInfos.get",
            Kind.GET,
        ),
        (
            "POST",
            "europe-west4-speech.googleapis.com",
            "v2/projects/p/locations/europe-west4/recognizers/r:recognize",
            "projects.locations.recognizers.recognize",
            Kind.CUSTOM,
        ),
    ],
)
def test_its_methods_are_found(http: str, host: str, path: str, identifier: str, kind: Kind) -> None:
    found = find(http, host, path)
    assert found is not None
    assert (found.match.method.id, found.match.method.kind) == (identifier, kind)


def test_a_field_is_described_by_its_type() -> None:
    fields = described("cloudquotas", "v1")["schemas"]["QuotaPreference"]["properties"]
    assert fields["dimensions"] == {"type": "object", "additionalProperties": {"type": "string"}}
    assert fields["createTime"] == {"type": "string", "format": "google-datetime", "readOnly": True}
    assert fields["quotaConfig"] == {"$ref": "QuotaConfig"}
