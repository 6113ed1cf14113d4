"""What is said where a cloud cannot be asked: no credentials, no network, no server."""

from pathlib import Path

import google.auth
import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError
from requests import ConnectionError as NoNetwork

from groundplan_cli.errors import Error
from groundplan_cli.remote.google import Google
from groundplan_cli.remote.google import google as google_cloud
from groundplan_cli.remote.server import Server
from tests.cli.served import served


class Account(AnonymousCredentials):
    """Credentials that say whose they are."""

    service_account_email = "deployer@acme.iam.gserviceaccount.com"


def test_without_credentials_it_is_said_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: object) -> None:
        raise DefaultCredentialsError("none")  # type: ignore[no-untyped-call] # the library has no types here

    monkeypatch.setattr(google.auth, "default", none)
    with pytest.raises(Error, match="no credentials") as raised:
        google_cloud()
    assert "gcloud auth application-default login" in raised.value.remedy


def test_the_caller_is_that_of_the_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account()  # type: ignore[no-untyped-call] # the library has no types here
    monkeypatch.setattr(google.auth, "default", lambda **_: (account, "acme"))

    assert google_cloud().member == "serviceAccount:deployer@acme.iam.gserviceaccount.com"


def test_a_network_that_does_not_reach_google_is_said() -> None:
    class Session:
        def request(self, *_: object, **__: object) -> None:
            raise NoNetwork("unreachable")

    with pytest.raises(Error, match="Google Cloud does not answer"):
        Google(Session()).send("GET", "pubsub.googleapis.com", "/v1/x", "", b"")  # type: ignore[arg-type] # it never answers


def test_a_server_answers_who_calls_and_one_that_is_gone_is_said(tmp_path: Path) -> None:
    with served(tmp_path) as doors:
        url = f"http://127.0.0.1:{doors.server.port}"
        server = Server(url, "user:alice@acme.test")
        status, _ = server.send("PUT", "pubsub.googleapis.com", "/v1/projects/acme/topics/events", "", b"{}")
        assert status == 200
        assert doors.server.cloud.journal.calls[-1].caller == "user:alice@acme.test"
        assert server.now().year == 2026
    with pytest.raises(Error, match="does not answer"):
        server.send("GET", "pubsub.googleapis.com", "/v1/projects/acme/topics/events", "", b"")
