"""Each library through which Google's clients call: answered by the cloud, refused, or let through to this machine."""

import asyncio
import contextlib
import http.client
import io
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import grpc
import httplib2
import httpx
import pytest
import requests
import urllib3
import websockets.asyncio.client
import websockets.sync.client
from google.auth.compute_engine import _metadata
from google.auth.transport import _http_client
from google.auth.transport.requests import Request
from google.cloud import bigquery, secretmanager, storage
from googleapiclient import discovery
from websockets.exceptions import InvalidStatus

import mockcloud
from mockcloud import mock_gcp
from mockcloud.doors.process.network import permit

SECRETS = "https://secretmanager.googleapis.com/v1/projects/acme/secrets"

Call = Callable[[str, bytes], tuple[int, bytes]]


def by_requests(url: str, body: bytes) -> tuple[int, bytes]:
    found = requests.post(url, data=io.BytesIO(body), timeout=5)
    return found.status_code, found.content


def by_urllib3(url: str, body: bytes) -> tuple[int, bytes]:
    with urllib3.PoolManager() as pool:
        found = pool.request("POST", url, body=body, timeout=5)
        return found.status, found.data


def by_httplib2(url: str, body: bytes) -> tuple[int, bytes]:
    http = httplib2.Http(timeout=5)
    found, content = http.request(url, "POST", body=body)
    http.close()
    return found.status, content


def by_httpx(url: str, body: bytes) -> tuple[int, bytes]:
    found = httpx.post(url, content=body)
    return found.status_code, found.content


def by_httpx_async(url: str, body: bytes) -> tuple[int, bytes]:
    async def call() -> tuple[int, bytes]:
        async with httpx.AsyncClient() as client:
            found = await client.post(url, content=body)
            return found.status_code, found.content

    return asyncio.run(call())


def by_aiohttp(url: str, body: bytes) -> tuple[int, bytes]:
    async def call() -> tuple[int, bytes]:
        async with aiohttp.ClientSession() as session, session.post(url, data=body) as found:
            return found.status, await found.read()

    return asyncio.run(call())


def by_aiohttp_in_chunks(url: str, body: bytes) -> tuple[int, bytes]:
    async def parts() -> Any:
        for at in range(0, len(body), 7):
            yield body[at : at + 7]

    async def call() -> tuple[int, bytes]:
        async with aiohttp.ClientSession() as session, session.post(url, data=parts()) as found:
            return found.status, await found.read()

    return asyncio.run(call())


def by_urllib(url: str, body: bytes) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, data=body, timeout=5) as found:  # noqa: S310 - addresses of this file
            return found.status, found.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


HTTP = [by_requests, by_urllib3, by_httplib2, by_httpx, by_httpx_async, by_aiohttp, by_urllib]


@pytest.mark.parametrize("call", [*HTTP, by_aiohttp_in_chunks])
def test_it_reaches_the_cloud(call: Call) -> None:
    with mock_gcp() as cloud:
        status, content = call(f"{SECRETS}?secretId=a", b'{"replication": {"automatic": {}}}')
        assert (status, json.loads(content)["name"].rpartition("/")[2]) == (200, "a")
        status, content = call(f"{SECRETS}?secretId=a", b'{"replication": {"automatic": {}}}')
        assert (status, json.loads(content)["error"]["status"]) == (409, "ALREADY_EXISTS")
        assert {each.door for each in cloud.journal.calls} == {"process"}


@pytest.mark.parametrize("call", HTTP)
def test_another_host_is_refused_at_once(call: Call) -> None:
    with mock_gcp():
        begun = time.monotonic()
        with pytest.raises(mockcloud.NetworkRefused) as caught:
            call("https://example.com/x", b"")
        assert time.monotonic() - begun < 2
    assert 'mock_gcp(allow=["example.com"])' in caught.value.remedy
    assert not isinstance(caught.value, OSError)


@pytest.mark.parametrize("call", HTTP)
def test_a_server_of_this_machine_is_reached_with_a_cloud_and_without(call: Call, own_server: str) -> None:
    assert call(own_server, b"before") == (200, b"before")
    with mock_gcp() as cloud:
        assert call(own_server, b"inside") == (200, b"inside")
        assert not cloud.journal.calls
    assert call(own_server, b"after") == (200, b"after")


def test_a_host_that_is_allowed_is_reached(own_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address = own_server.split(":")[1].strip("/")
    monkeypatch.setattr("mockcloud.doors.process.network.is_loopback", lambda host: host == "localhost")
    with mock_gcp(), pytest.raises(mockcloud.NetworkRefused):
        by_requests(own_server, b"x")
    with mock_gcp(allow=[address]):
        assert by_requests(own_server, b"x") == (200, b"x")


def test_the_addresses_of_a_name_that_is_allowed_are_reached(own_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockcloud.doors.process.network.is_loopback", lambda _: False)
    with mock_gcp(allow=["localhost"]):
        assert by_requests(own_server.replace("127.0.0.1", "localhost"), b"x") == (200, b"x")


def test_a_name_may_be_looked_up_if_its_host_may_be_reached() -> None:
    with mock_gcp():
        assert socket.gethostbyname("localhost") == "127.0.0.1"
        assert "127.0.0.1" in socket.gethostbyname_ex("localhost")[2]
        assert socket.getaddrinfo(b"localhost", 80)
        assert socket.getaddrinfo(None, 80)
        for look_up in (socket.gethostbyname, socket.gethostbyname_ex):
            with pytest.raises(mockcloud.NetworkRefused):
                look_up("example.com")


def test_an_address_has_a_name_if_it_may_be_reached() -> None:
    with mock_gcp():
        assert "127.0.0.1" in socket.gethostbyaddr("127.0.0.1")[2]
        assert socket.getnameinfo(("127.0.0.1", 80), 0)
        assert socket.getnameinfo(("192.0.2.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0] == "192.0.2.1"
        with pytest.raises(mockcloud.NetworkRefused):
            socket.gethostbyaddr("192.0.2.1")
        with pytest.raises(mockcloud.NetworkRefused):
            socket.getnameinfo(("192.0.2.1", 80), 0)


def test_sockets_reach_this_machine_only() -> None:
    with mock_gcp(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", 9))
        with pytest.raises(mockcloud.NetworkRefused):
            sender.sendto(b"x", ("192.0.2.1", 9))
        with pytest.raises(mockcloud.NetworkRefused):
            sender.sendto(b"x", 0, ("192.0.2.1", 9))
        sender.sendmsg([b"x"], [], 0, ("127.0.0.1", 9))
        with pytest.raises(mockcloud.NetworkRefused):
            sender.sendmsg([b"x"], [], 0, ("192.0.2.1", 9))
        with pytest.raises(mockcloud.NetworkRefused):
            sender.connect_ex(("192.0.2.1", 9))
    first, second = socket.socketpair()
    with mock_gcp(), first, second:
        first.sendall(b"x")


@pytest.mark.parametrize("host", ["db.acme.test", "a.db.acme.test", "DB.acme.test"])
def test_hosts_are_allowed_by_pattern(host: str) -> None:
    with mock_gcp(allow=["*.acme.test"]):
        permit(host)
        with pytest.raises(mockcloud.NetworkRefused):
            permit("acme.test")
        permit(socket.gethostname())


def test_what_no_hook_answers_is_refused_by_name() -> None:
    async def call() -> None:
        await asyncio.open_connection("storage.googleapis.com", 443)

    with mock_gcp(), pytest.raises(mockcloud.NetworkRefused, match="in a way that the mock cloud does not answer"):
        asyncio.run(call())


def test_an_address_of_the_users_network_is_answered_if_it_comes_with_the_clouds_credentials() -> None:
    with mock_gcp(project="acme"):
        import google.auth

        credentials = google.auth.default()[0]
        headers = {"authorization": f"Bearer {credentials.token}"}
        url = "https://10.1.2.3/v1/projects/acme/locations/europe-west4/endpoints"
        with urllib3.PoolManager() as pool:
            assert pool.request("GET", url, headers=headers).status == 200
            with pytest.raises(mockcloud.NetworkRefused):
                pool.request("GET", url)
            with pytest.raises(mockcloud.NetworkRefused):
                pool.request("GET", url.replace("10.1.2.3", "8.8.8.8"), headers=headers)


def test_a_connection_that_has_outlived_its_cloud_is_refused() -> None:
    connection = http.client.HTTPSConnection("secretmanager.googleapis.com")
    with mock_gcp():
        connection.request("GET", "/v1/projects/acme/secrets")
        assert connection.getresponse().read() == b"{}"
        connection.request("HEAD", "/v1/projects/acme/secrets")
        assert connection.getresponse().read() == b""
    with pytest.raises(mockcloud.NoCloud, match="although the cloud is closed"):
        connection.request("GET", "/v1/projects/acme/secrets")

    async def call() -> None:
        async with aiohttp.ClientSession() as session:
            with mock_gcp():
                async with session.get(SECRETS) as found:
                    assert await found.json() == {}
            await session.get(SECRETS)

    with pytest.raises(mockcloud.NoCloud):
        asyncio.run(call())


def test_behind_a_proxy_the_cloud_is_called_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://proxy.example.com:3128")
    with mock_gcp() as cloud:
        for call in HTTP:
            assert (
                call(f"{SECRETS}?secretId={call.__name__.replace('_', '-')}", b'{"replication": {"automatic": {}}}')[0]
                == 200
            )
        assert len(list(cloud.store.page("secretmanager", "projects/acme/secrets"))) == len(HTTP)


def test_a_proxy_of_this_machine_leads_nowhere_else(own_server: str) -> None:
    def asked(url: str) -> int:
        with contextlib.closing(http.client.HTTPConnection(urlsplit(own_server).netloc)) as proxy:
            proxy.request("POST", url, b"x")
            return proxy.getresponse().status

    with mock_gcp():
        for host in ("example.com", "metadata.google.internal"):
            with pytest.raises(mockcloud.NetworkRefused):
                asked(f"http://{host}/")
        tunnel = http.client.HTTPSConnection(urlsplit(own_server).netloc)
        tunnel.set_tunnel("example.com", 443)
        with pytest.raises(mockcloud.NetworkRefused):
            tunnel.request("GET", "/")
        assert asked(own_server) == asked("/?url=http://example.com") == 200
    with mock_gcp(allow=["example.com"]):
        assert asked("http://example.com/") == 200


# The metadata server
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [Request, _http_client.Request], ids=["requests", "http.client"])
def test_a_probe_for_a_metadata_server_is_answered_at_once(make: Callable[[], Any]) -> None:
    with mock_gcp():
        begun = time.monotonic()
        assert _metadata.ping(make()) in {True, False}
        assert time.monotonic() - begun < 2


# gRPC
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["example.com:443", "dns:///example.com", "10.0.0.1:50051", "[2001:db8::1]:50051"])
@pytest.mark.parametrize("module", [grpc, grpc.aio], ids=["grpc", "aio"])
def test_a_channel_to_another_host_is_refused(module: Any, target: str) -> None:
    with mock_gcp():
        with pytest.raises(mockcloud.NetworkRefused):
            module.insecure_channel(target)
        with pytest.raises(mockcloud.NetworkRefused):
            module.secure_channel(target, grpc.ssl_channel_credentials())


@pytest.mark.parametrize("target", ["localhost:50051", "127.0.0.1:50051", "[::1]:50051", "unix:/tmp/socket"])
def test_a_channel_to_this_machine_is_a_real_one(target: str) -> None:
    with mock_gcp(), grpc.insecure_channel(target) as channel:
        assert type(channel).__module__ == "grpc._channel"
    with grpc.secure_channel(target, grpc.ssl_channel_credentials()) as channel:
        assert type(channel).__module__ == "grpc._channel"


# WebSockets
# ---------------------------------------------------------------------------------------------------------------------

LIVE = "wss://aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent"


async def open_socket(uri: str) -> None:
    async with websockets.asyncio.client.connect(uri):
        pass


def open_socket_sync(uri: str) -> None:
    with websockets.sync.client.connect(uri):
        pass


@pytest.mark.parametrize("call", [lambda uri: asyncio.run(open_socket(uri)), open_socket_sync], ids=["async", "sync"])
def test_a_web_socket(call: Callable[[str], None]) -> None:
    with mock_gcp():
        with pytest.raises(InvalidStatus) as caught:
            call(LIVE)
        assert caught.value.response.status_code == 501
        assert b"BidiGenerateContent" in caught.value.response.body
        with pytest.raises(mockcloud.NetworkRefused, match=r"example\.com"):
            call("wss://example.com/x")
        with pytest.raises(OSError, match=r"refused|failed"):
            call("ws://127.0.0.1:9/x")


# Clients that try again
# ---------------------------------------------------------------------------------------------------------------------


def by_storage() -> object:
    return storage.Client(client_options={"api_endpoint": "https://storage.example.com"}).create_bucket("data")


def by_bigquery() -> object:
    return bigquery.Client(client_options={"api_endpoint": "https://bigquery.example.com"}).query_and_wait("SELECT 1")


def by_googleapiclient() -> object:
    options = {"api_endpoint": "https://pubsub.example.com"}
    with discovery.build("pubsub", "v1", client_options=options, cache_discovery=False) as service:
        return service.projects().topics().list(project="projects/acme").execute(num_retries=5)


def by_a_generated_client() -> object:
    options = {"api_endpoint": "secrets.example.com"}
    client = secretmanager.SecretManagerServiceClient(transport="rest", client_options=options)
    return client.access_secret_version(name="projects/acme/secrets/a/versions/1")


@pytest.mark.parametrize("call", [by_storage, by_bigquery, by_googleapiclient, by_a_generated_client])
def test_no_client_tries_again_what_is_refused(call: Callable[[], object]) -> None:
    with mock_gcp() as cloud:
        before = cloud.clock.now
        begun = time.monotonic()
        with pytest.raises(mockcloud.NetworkRefused, match=r"example\.com"):
            call()
        assert time.monotonic() - begun < 2
        assert cloud.clock.now == before
