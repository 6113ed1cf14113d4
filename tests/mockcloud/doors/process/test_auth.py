import json
from pathlib import Path
from typing import Any

import google.auth
import pytest
from google.auth import _default_async, credentials, exceptions

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
