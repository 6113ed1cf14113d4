"""Proves variables of the environment, each by a client that has no other: run as a program of its own.

Reads JSON, row -> variables, and writes JSON, row -> what came of it, "ok" where the client was answered.
"""

import contextlib
import importlib
import json
import os
import socket
import sys
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Mapping
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

SECRETS = "https://secretmanager.googleapis.com/v1/projects/acme/secrets"


def urllib_() -> None:
    with urllib.request.urlopen(SECRETS, timeout=20) as answer:
        assert json.load(answer) == {}


def requests_() -> None:
    import requests

    assert requests.get(SECRETS, timeout=20).json() == {}


def httpx_() -> None:
    import httpx

    assert httpx.get(SECRETS, timeout=20).json() == {}


def httplib2_() -> None:
    """Trusts by httplib2's own file and settings. Its way through a proxy needs PySocks, so the tunnel is dug here."""
    import httplib2

    context: SSLContext = httplib2._build_ssl_context(False, httplib2.certs.where())  # noqa: FBT003
    proxy = urlsplit(os.environ["HTTPS_PROXY"])
    with socket.create_connection((str(proxy.hostname), int(proxy.port or 0)), timeout=20) as plain:
        plain.sendall(
            b"CONNECT secretmanager.googleapis.com:443 HTTP/1.1\r\nHost: secretmanager.googleapis.com:443\r\n\r\n"
        )
        assert b" 200 " in plain.recv(4096)
        with context.wrap_socket(plain, server_hostname="secretmanager.googleapis.com") as tunnel:
            tunnel.sendall(b"GET /v1/projects/acme/secrets HTTP/1.1\r\nHost: secretmanager.googleapis.com\r\n\r\n")
            assert tunnel.recv(4096).startswith(b"HTTP/1.1 200 ")


def grpc_() -> None:
    from google.auth.credentials import AnonymousCredentials
    from google.cloud.secretmanager import SecretManagerServiceClient

    client = SecretManagerServiceClient(credentials=AnonymousCredentials(), transport="grpc")
    assert list(client.list_secrets(parent="projects/acme", timeout=20)) == []


def credentials_() -> None:
    import google.auth
    from google.auth.transport.requests import Request

    credentials, project = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    credentials.refresh(Request())
    assert project == "mock-project"
    assert str(credentials.token).startswith("ya29.mock-")


def project_() -> None:
    import google.auth

    assert google.auth.default()[1] == os.environ["GOOGLE_CLOUD_PROJECT"] != "mock-project"


def metadata_() -> None:
    """Read like a machine of Google's; the module reads its variables when it is imported."""
    from google.auth.compute_engine import Credentials, _metadata
    from google.auth.transport.requests import Request

    importlib.reload(_metadata)
    assert _metadata.get(Request(), "project/project-id", retry_count=1) == "mock-project"
    credentials = Credentials()
    credentials.refresh(Request())
    assert str(credentials.token).startswith("ya29.mock-")


def metadata_by_its_older_name_() -> None:
    metadata_()


def metadata_is_there_() -> None:
    from google.auth.compute_engine import _metadata
    from google.auth.transport.requests import Request

    assert _metadata.ping(Request(), retry_count=1)


def no_proxy_() -> None:
    import requests

    os.environ["HTTPS_PROXY"] = "http://192.0.2.1:9"
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert not requests.utils.get_environ_proxies(f"https://{host}:8443/", no_proxy=None)
    assert requests.utils.get_environ_proxies(SECRETS, no_proxy=None)


def storage_() -> None:
    from google.cloud import storage

    bucket = storage.Client(project="acme").create_bucket("acme-row")
    bucket.blob("greeting").upload_from_string("hello")
    assert bucket.blob("greeting").download_as_bytes() == b"hello"


def bigquery_() -> None:
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import bigquery

    client = bigquery.Client(project="acme", credentials=AnonymousCredentials())
    client.create_dataset("row")
    assert [each.dataset_id for each in client.list_datasets()] == ["row"]


def pubsub_() -> None:
    from google.cloud.pubsub_v1 import PublisherClient

    with PublisherClient() as client:
        assert client.create_topic(name="projects/acme/topics/row").name == "projects/acme/topics/row"


def spanner_() -> None:
    from google.cloud import spanner

    assert list(spanner.Client(project="acme").list_instances()) == []


def firestore_() -> None:
    """Called as its client calls an emulator; no such client is installed here."""
    import grpc

    with grpc.insecure_channel(os.environ["FIRESTORE_EMULATOR_HOST"]) as channel:
        call: Any = channel.unary_unary("/google.firestore.v1.Firestore/GetDocument")
        ended: Any = call.future(b"", timeout=20, metadata=[("authorization", "Bearer owner")])
        assert ended.code() is grpc.StatusCode.UNIMPLEMENTED
        assert "/google.firestore.v1.Firestore/GetDocument" in ended.details()


ROWS: Mapping[str, Callable[[], None]] = {
    name.removesuffix("_"): each for name, each in list(globals().items()) if name.endswith("_") and callable(each)
}


@contextlib.contextmanager
def only(variables: Mapping[str, str]) -> Iterator[None]:
    """Have the variables, and none of those of other rows."""
    before = dict(os.environ)
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    os.environ.clear()
    os.environ.update({**kept, **variables})
    yield
    os.environ.clear()
    os.environ.update(before)


def main() -> None:
    warnings.simplefilter("ignore")
    wanted: dict[str, dict[str, str]] = json.load(sys.stdin)
    results: dict[str, str] = {}
    for row, variables in wanted.items():
        with only(variables):
            try:
                ROWS[row]()
                results[row] = "ok"
            except Exception as error:  # noqa: BLE001 - whatever it is, the row is not proven
                results[row] = f"{type(error).__name__}: {error}"
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
