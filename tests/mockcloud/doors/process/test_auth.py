import json
from pathlib import Path
from typing import Any

import google.auth
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import _default_async, compute_engine, credentials, exceptions, impersonated_credentials
from google.auth import default as taken_before
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account

from mockcloud import mock_gcp

FILES: list[tuple[dict[str, str], str]] = [
    (
        {"type": "service_account", "client_email": "app@acme.iam.gserviceaccount.com", "project_id": "acme"},
        "serviceAccount:app@acme.iam.gserviceaccount.com",
    ),
    ({"type": "authorized_user", "account": "alice@acme.test"}, "user:alice@acme.test"),
    ({"type": "authorized_user"}, "user:owner@mock.test"),
    (
        {
            "type": "impersonated_service_account",
            "service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
            "ci@acme.iam.gserviceaccount.com:generateAccessToken",
        },
        "serviceAccount:ci@acme.iam.gserviceaccount.com",
    ),
]


@pytest.fixture(autouse=True)
def no_project(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)


SECRETS = "https://secretmanager.googleapis.com/v1/projects/acme/secrets"
ACCOUNT = "app@acme.iam.gserviceaccount.com"


def member(found: Any) -> str:
    return str(found.token).removeprefix("mock.").partition("~")[0]


def test_the_project_is_the_clouds_else_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_gcp():
        assert google.auth.default()[1] == "mock-project"
        monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "from-env")
        assert google.auth.default()[1] == "from-env"
    with mock_gcp(project="acme"):
        assert google.auth.default()[1] == "acme"


def test_nothing_is_looked_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    with mock_gcp():
        found: Any = google.auth.default(scopes=["a"], default_scopes=["b"], quota_project_id="billed")[0]
        assert (found.valid, found.expired, found.requires_scopes) == (True, False, False)
        assert (found.scopes, found.default_scopes, found.quota_project_id) == (["a"], ["b"], "billed")
    with pytest.raises(exceptions.DefaultCredentialsError):
        google.auth.default()


@pytest.mark.parametrize(("info", "expected"), FILES, ids=["service-account", "user", "anybody", "impersonated"])
def test_a_file_names_the_caller(info: dict[str, str], expected: str, tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(json.dumps(info), encoding="utf-8")
    with mock_gcp(project="acme"):
        for found, project in (
            google.auth.load_credentials_from_file(str(path), scopes=["a"]),
            google.auth.load_credentials_from_dict(info),
            _default_async.load_credentials_from_file(str(path)),
        ):
            assert (member(found), project) == (expected, "acme")


@pytest.mark.filterwarnings("ignore:The load_credentials_from_file method is deprecated")
def test_a_file_that_is_not_there_stands_for_the_default_credentials() -> None:
    with mock_gcp():
        found, project = google.auth.load_credentials_from_file("no/such/key.json")
        assert (member(found), project) == ("user:owner@mock.test", "mock-project")
    with pytest.raises(exceptions.DefaultCredentialsError):
        google.auth.load_credentials_from_file("no/such/key.json")


def test_the_asynchronous_default_credentials_are_the_clouds_too() -> None:
    with mock_gcp(project="acme"):
        assert _default_async.default_async()[1] == "acme"


def test_credentials_can_be_derived_refreshed_and_signed_with() -> None:
    with mock_gcp():
        found: Any = google.auth.default()[0]
        assert issubclass(type(found), credentials.Signing)
        token = found.token
        derived = credentials.with_scopes_if_required(found, ["a"]).with_quota_project("billed").with_scopes(["b"])
        assert (derived.token, derived.quota_project_id, derived.scopes) == (token, "billed", ["b"])
        found.token = None
        found.refresh(None)
        assert found.token == token
        assert found.sign_bytes(b"x") == found.signer.sign(b"x") != found.sign_bytes(b"y")
        assert (found.signer_email, found.service_account_email) == ("owner@mock.test", "owner@mock.test")
        assert found.signer.key_id == "mock"


def test_a_function_that_was_taken_before_looks_nothing_up_either() -> None:
    with mock_gcp(project="acme"):
        found, project = taken_before(scopes=["a"])
        assert (member(found), project) == ("user:owner@mock.test", "acme")


# Credentials that are the user's own
# ---------------------------------------------------------------------------------------------------------------------


def caller(found: Any) -> str:
    """Tell who calls with credentials, as the cloud sees it."""
    with mock_gcp(project="acme") as cloud:
        AuthorizedSession(found).get(SECRETS, timeout=5)
        return cloud.journal.calls[-1].caller


@pytest.fixture(scope="module")
def key() -> dict[str, str]:
    """A key that somebody made for tests."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "project_id": "acme",
        "private_key_id": "1",
        "private_key": private.decode(),
        "client_email": ACCOUNT,
        "client_id": "1",
        "token_uri": "https://oauth2.googleapis.com/token",
    }


@pytest.mark.parametrize("self_signed", [True, False])
def test_a_key_of_a_service_account(key: dict[str, str], self_signed: bool) -> None:
    found = service_account.Credentials.from_service_account_info(
        key, scopes=["https://www.googleapis.com/auth/cloud-platform"]
    ).with_always_use_jwt_access(self_signed)
    assert caller(found) == f"serviceAccount:{ACCOUNT}"


def test_the_account_of_a_machine() -> None:
    with mock_gcp(project="acme"):
        found = compute_engine.Credentials()
        found.refresh(Request())
        assert found.token
        requests.get(SECRETS, headers={"authorization": f"Bearer {found.token}"}, timeout=5).raise_for_status()


def test_an_account_that_is_impersonated() -> None:
    with mock_gcp(project="acme") as cloud:
        source = google.auth.default()[0]
        found = impersonated_credentials.Credentials(
            source, ACCOUNT, ["https://www.googleapis.com/auth/cloud-platform"]
        )
        AuthorizedSession(found).get(SECRETS, timeout=5).raise_for_status()
        assert cloud.journal.calls[-1].caller == f"serviceAccount:{ACCOUNT}"
