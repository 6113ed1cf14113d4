"""Workloads elsewhere, people and machines: how each comes to a token."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import google.auth
import pytest
import requests
from google.auth import compute_engine, identity_pool
from google.auth.exceptions import InvalidOperation
from google.auth.transport.requests import AuthorizedSession, Request
from google.cloud import storage
from google.oauth2 import credentials, id_token

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.federation import subject_token
from mockcloud.cloud.instance import Instance
from mockcloud.cloud.policies import granted
from mockcloud.cloud.tokens import mock_token

pytestmark = pytest.mark.scenario(library="google-auth")

ISSUER = "https://token.actions.githubusercontent.com"
SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
RESOURCE_MANAGER = "cloudresourcemanager"
EMAIL = "deployer@acme.iam.gserviceaccount.com"


@pytest.fixture
def strict() -> Iterator[Cloud]:
    with mock_gcp("strict", off=["enablement"], project="acme") as cloud:
        cloud.projects.ensure("acme")
        cloud.accounts.add("acme", EMAIL)
        yield cloud


def provider(cloud: Cloud, **more: Any) -> str:
    """Make a pool with a provider for GitHub, by the REST API, which no generated client has."""
    session = AuthorizedSession(google.auth.default()[0])
    base = "https://iam.googleapis.com/v1/projects/acme/locations/global/workloadIdentityPools"
    assert session.post(base, params={"workloadIdentityPoolId": "github"}, json={}).ok
    body = {
        "oidc": {"issuerUri": ISSUER},
        "attributeMapping": {"google.subject": "assertion.sub", "attribute.repository": "assertion.repository"},
        "attributeCondition": "assertion.repository_owner == 'acme'",
        **more,
    }
    answer = session.post(f"{base}/github/providers", params={"workloadIdentityPoolProviderId": "actions"}, json=body)
    assert answer.ok, answer.text
    number = cloud.projects.number_of("acme")
    return f"projects/{number}/locations/global/workloadIdentityPools/github"


def external(cloud: Cloud, pool: str, tmp_path: Path, **claims: Any) -> identity_pool.Credentials:
    name = f"{pool}/providers/actions"
    said = {"repository": "acme/models", "repository_owner": "acme", **claims}
    token = subject_token(
        cloud, issuer=ISSUER, subject="repo:acme/models", audience=f"https://iam.googleapis.com/{name}", **said
    )
    file = tmp_path / "token"
    file.write_text(token)
    held: identity_pool.Credentials = identity_pool.Credentials.from_info(
        {
            "type": "external_account",
            "audience": f"//iam.googleapis.com/{name}",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": "https://sts.googleapis.com/v1/token",
            "credential_source": {"file": str(file)},
            "service_account_impersonation_url": (
                f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{EMAIL}:generateAccessToken"
            ),
        },
        scopes=SCOPES,
    )
    return held


def test_a_pipeline_elsewhere_acts_as_a_service_account(strict: Cloud, tmp_path: Path) -> None:
    pool = provider(strict)
    held = external(strict, pool, tmp_path)
    with pytest.raises(Exception, match=r"iam.serviceAccounts.getAccessToken"):
        held.refresh(Request())
    member = f"principalSet://iam.googleapis.com/{pool}/attribute.repository/acme/models"
    name = f"projects/acme/serviceAccounts/{EMAIL}"
    granted(strict, "iam", name, "roles/iam.workloadIdentityUser", member)
    granted(strict, RESOURCE_MANAGER, "projects/acme", "roles/storage.admin", f"serviceAccount:{EMAIL}")
    held.refresh(Request())
    storage.Client(project="acme", credentials=credentials.Credentials(held.token)).create_bucket("acme-models")
    called = strict.journal.calls[-1]
    assert (called.method, called.caller) == ("storage.buckets.insert", f"serviceAccount:{EMAIL}")


@pytest.mark.parametrize(
    ("claims", "more", "error"),
    [
        ({"repository_owner": "evil"}, {}, "unauthorized_client"),
        ({"iss": "https://evil.test"}, {}, "invalid_grant"),
        ({}, {"oidc": {"issuerUri": ISSUER, "allowedAudiences": ["other"]}}, "invalid_grant"),
        ({}, {"disabled": True}, "invalid_target"),
    ],
)
def test_what_does_not_fit_the_provider_gets_no_token(
    strict: Cloud, tmp_path: Path, claims: dict[str, Any], more: dict[str, Any], error: str
) -> None:
    pool = provider(strict, **more)
    with pytest.raises(Exception, match=error):
        external(strict, pool, tmp_path, **claims).refresh(Request())


def test_a_machine_has_the_token_of_its_account(strict: Cloud) -> None:
    strict.instance = Instance(project="acme", account=EMAIL)
    granted(strict, RESOURCE_MANAGER, "projects/acme", "roles/storage.admin", f"serviceAccount:{EMAIL}")
    held = compute_engine.Credentials()
    held.refresh(Request())
    assert held.service_account_email == EMAIL
    client = storage.Client(project="acme", credentials=credentials.Credentials(held.token))
    assert client.create_bucket("acme-machine").name == "acme-machine"
    token = id_token.fetch_id_token(Request(), "https://app.acme.test")
    told = requests.get("https://oauth2.googleapis.com/tokeninfo", params={"id_token": token}, timeout=5).json()
    assert (told["email"], told["aud"]) == (EMAIL, "https://app.acme.test")


def test_a_person_refreshes_and_is_known_by_the_token(strict: Cloud) -> None:
    held = credentials.Credentials(
        None,
        refresh_token=mock_token("user:alice@acme.test"),
        token_uri="https://oauth2.googleapis.com/token",
        client_id="id",
        client_secret="secret",
    )
    held.refresh(Request())
    headers = {"Authorization": f"Bearer {held.token}"}
    told = requests.get("https://openidconnect.googleapis.com/v1/userinfo", headers=headers, timeout=5).json()
    assert told["email"] == "alice@acme.test"
    older = requests.get("https://www.googleapis.com/oauth2/v2/userinfo", headers=headers, timeout=5).json()
    assert older["email"] == "alice@acme.test"
    stranger = credentials.Credentials(
        None, refresh_token="x", token_uri="https://oauth2.googleapis.com/token", client_id="i", client_secret="s"
    )
    with pytest.raises(Exception, match=r"invalid_grant"):
        stranger.refresh(Request())


def test_a_token_expires_in_virtual_time(strict: Cloud) -> None:
    held = credentials.Credentials(
        None,
        refresh_token=mock_token("user:owner@mock.test"),
        token_uri="https://oauth2.googleapis.com/token",
        client_id="id",
        client_secret="secret",
    )
    held.refresh(Request())
    client = storage.Client(project="acme", credentials=credentials.Credentials(held.token))
    assert list(client.list_buckets()) == []
    strict.advance(3601)
    with pytest.raises(Exception, match=r"(?i)expired|refresh"):
        list(client.list_buckets())


def test_public_objects_need_no_credentials_and_others_do(strict: Cloud) -> None:
    bucket = storage.Client(project="acme").create_bucket("acme-public")
    bucket.blob("a.txt").upload_from_string("hello")
    anonymous = storage.Client.create_anonymous_client()
    # Google's library tries to refresh what it does not have.
    with pytest.raises(InvalidOperation):
        anonymous.bucket("acme-public").blob("a.txt").download_as_bytes()
    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.bindings.append({"role": "roles/storage.objectViewer", "members": {"allUsers"}})
    bucket.set_iam_policy(policy)
    assert anonymous.bucket("acme-public").blob("a.txt").download_as_bytes() == b"hello"


def test_certificates_verify_what_the_cloud_signs(cloud: Cloud) -> None:
    keys = requests.get("https://www.googleapis.com/oauth2/v3/certs", timeout=5).json()["keys"]
    certificates = requests.get("https://www.googleapis.com/oauth2/v1/certs", timeout=5).json()
    assert [each["kid"] for each in keys] == list(certificates)
    assert json.dumps(certificates).count("BEGIN CERTIFICATE") == 1
