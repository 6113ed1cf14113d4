"""What child processes of the tests do."""

import google.auth
import requests
from google.auth.transport.requests import AuthorizedSession

import mockcloud

SECRETS = "https://secretmanager.googleapis.com/v1/projects/acme/secrets"


def create(name: str) -> int:
    """Create a secret as whoever google.auth says."""
    session = AuthorizedSession(google.auth.default()[0])
    return session.post(f"{SECRETS}?secretId={name}", json={"replication": {"automatic": {}}}, timeout=5).status_code


def everything(name: str) -> dict[str, object]:
    """Call by HTTP and by gRPC, wait, and try to leave."""
    from google.api_core import exceptions, retry
    from google.cloud import secretmanager

    found: dict[str, object] = {"created": create(name)}
    client = secretmanager.SecretManagerServiceClient()
    found["read"] = client.get_secret(name=f"projects/acme/secrets/{name}").name
    found["listed"] = len(list(client.list_secrets(parent="projects/acme")))
    try:
        client.get_secret(name="projects/acme/secrets/missing")
    except exceptions.NotFound as error:
        found["missing"] = error.message
    failures = iter([True, False])

    def fails_once() -> None:
        if next(failures):
            raise exceptions.ServiceUnavailable("not yet")

    retry.Retry(initial=7200, maximum=7200, timeout=None)(fails_once)()
    try:
        requests.get("https://example.com/", timeout=5)
    except mockcloud.NetworkRefused:
        found["refused"] = True
    return found
