"""Service perimeters: who gets in and out, tried in a dry run before it is enforced."""

from collections.abc import Iterator, Mapping
from typing import Any

import google.auth
import pytest
from google.api_core import exceptions
from google.auth.transport.requests import AuthorizedSession
from google.cloud import secretmanager_v1, storage
from google.identity.accesscontextmanager.v1 import access_level_pb2, service_perimeter_pb2
from google.oauth2 import credentials
from google.protobuf import json_format

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.organisations import ORGANISATION
from mockcloud.cloud.tokens import mock_token

pytestmark = pytest.mark.scenario(library="google-cloud-access-context-manager")

MEMBER = "user:owner@mock.test"


@pytest.fixture
def strict() -> Iterator[Cloud]:
    with mock_gcp("strict", off=["enablement"], project="acme") as cloud:
        for each in ("acme", "other"):
            cloud.projects.ensure(each)
        yield cloud


class Manager:
    """Calls Access Context Manager, for which Google ships messages and no client, and reads its answers with those."""

    def __init__(self) -> None:
        self._session = AuthorizedSession(google.auth.default()[0])

    def call(self, verb: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answer = self._session.request(verb, f"https://accesscontextmanager.googleapis.com/v1/{path}", json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        if "response" in found or not found.get("name", "").startswith("operations/"):
            return found
        done = self._session.get(f"https://accesscontextmanager.googleapis.com/v1/{found['name']}").json()
        return done if "done" in done else found

    def policy(self) -> str:
        self.call("POST", "accessPolicies", {"parent": ORGANISATION, "title": "acme"})
        listed = self.call("GET", f"accessPolicies?parent={ORGANISATION}")["accessPolicies"]
        return str(listed[0]["name"])

    def perimeter(self, policy: str, identifier: str, **config: Any) -> str:
        name = f"{policy}/servicePerimeters/{identifier}"
        body = {"name": name, "title": identifier, **config}
        json_format.ParseDict(body, service_perimeter_pb2.ServicePerimeter())
        self.call("POST", f"{policy}/servicePerimeters", body)
        return name

    def level(self, policy: str, identifier: str, *conditions: Mapping[str, Any]) -> str:
        name = f"{policy}/accessLevels/{identifier}"
        body = {"name": name, "title": identifier, "basic": {"conditions": list(conditions)}}
        json_format.ParseDict(body, access_level_pb2.AccessLevel())
        self.call("POST", f"{policy}/accessLevels", body)
        return name


def secrets(called: str, **origin: str) -> list[str]:
    held = credentials.Credentials(mock_token(MEMBER, **origin))
    client = secretmanager_v1.SecretManagerServiceClient(credentials=held)
    return [each.name for each in client.list_secrets(parent=f"projects/{called}")]


def config(cloud: Cloud, *projects: str, **more: Any) -> dict[str, Any]:
    resources = [f"projects/{cloud.projects.number_of(each)}" for each in projects]
    return {"resources": resources, "restrictedServices": ["secretmanager.googleapis.com"], **more}


def test_a_perimeter_lets_in_what_comes_from_inside_or_satisfies_a_level(strict: Cloud) -> None:
    manager = Manager()
    policy = manager.policy()
    level = manager.level(policy, "corporate", {"ipSubnetworks": ["203.0.113.0/24"]})
    manager.perimeter(policy, "data", status=config(strict, "acme", accessLevels=[level]))
    with pytest.raises(exceptions.PermissionDenied, match=r"vpcServiceControlsUniqueIdentifier"):
        secrets("acme")
    assert secrets("acme", project="acme") == []
    assert secrets("acme", ip="203.0.113.7") == []
    with pytest.raises(exceptions.PermissionDenied):
        secrets("acme", ip="198.51.100.7")
    with pytest.raises(exceptions.PermissionDenied):
        secrets("other", project="acme")
    assert secrets("other") == []
    # A service that is not restricted crosses.
    assert list(storage.Client(credentials=credentials.Credentials(mock_token(MEMBER))).list_buckets()) == []


def test_rules_let_in_and_out_by_identity_operation_and_target(strict: Cloud) -> None:
    manager = Manager()
    policy = manager.policy()
    inside = [f"projects/{strict.projects.number_of('acme')}"]
    operations = [{"serviceName": "secretmanager.googleapis.com", "methodSelectors": [{"method": "*"}]}]
    entry = {
        "ingressFrom": {"identities": [MEMBER], "sources": [{"accessLevel": "*"}]},
        "ingressTo": {"resources": inside, "operations": operations},
    }
    leaving = {
        "egressFrom": {"identityType": "ANY_IDENTITY"},
        "egressTo": {
            "resources": [f"projects/{strict.projects.number_of('other')}"],
            "operations": [
                {
                    "serviceName": "secretmanager.googleapis.com",
                    "methodSelectors": [{"permission": "secretmanager.secrets.list"}],
                }
            ],
        },
    }
    name = manager.perimeter(policy, "data", status=config(strict, "acme"))
    with pytest.raises(exceptions.PermissionDenied):
        secrets("acme")
    status = config(strict, "acme", ingressPolicies=[entry], egressPolicies=[leaving])
    manager.call("PATCH", f"{name}?updateMask=status", {"status": status})
    assert secrets("acme") == []
    assert secrets("other", project="acme") == []
    strict.projects.ensure("third")
    with pytest.raises(exceptions.PermissionDenied):
        secrets("third", project="acme")


def test_a_dry_run_logs_what_it_would_refuse_until_it_is_committed(strict: Cloud) -> None:
    manager = Manager()
    policy = manager.policy()
    manager.perimeter(policy, "data", spec=config(strict, "acme"), status={}, useExplicitDryRunSpec=True)
    assert secrets("acme") == []
    assert [(each.rule, each.reason) for each in strict.journal.violations] == [
        ("service perimeter (dry run)", "NO_MATCHING_ACCESS_LEVEL")
    ]
    looked_up = manager.call("GET", "projects/acme:lookupConfiguredServicePerimeter")
    assert looked_up == {
        "servicePerimeterDryRun": f"{policy}/servicePerimeters/data",
        "restrictedResourceDryRun": f"projects/{strict.projects.number_of('acme')}",
    }
    manager.call("POST", f"{policy}/servicePerimeters:commit", {})
    with pytest.raises(exceptions.PermissionDenied):
        secrets("acme")


def test_a_bridge_joins_two_perimeters(strict: Cloud) -> None:
    manager = Manager()
    policy = manager.policy()
    manager.perimeter(policy, "data", status=config(strict, "acme"))
    manager.perimeter(policy, "models", status=config(strict, "other"))
    with pytest.raises(exceptions.PermissionDenied):
        secrets("other", project="acme")
    joined = {"resources": config(strict, "acme", "other")["resources"]}
    manager.perimeter(policy, "bridge", perimeterType="PERIMETER_TYPE_BRIDGE", status=joined)
    assert secrets("other", project="acme") == []
    listed = manager.call("GET", f"{policy}/servicePerimeters")["servicePerimeters"]
    assert [each["title"] for each in listed] == ["bridge", "data", "models"]
