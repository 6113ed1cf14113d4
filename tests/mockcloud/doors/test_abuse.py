"""Clients that send what no client should, at every port: nobody else notices, and no log tells of a fault of ours."""

import json
import logging
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import TypeVar

import grpc
import pytest
from google.cloud.secretmanager_v1 import CreateSecretRequest, ListSecretsRequest, ListSecretsResponse, Secret

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.grpc.server import GrpcServer, serve_grpc
from mockcloud.doors.grpc.tls import self_signed
from mockcloud.doors.proxy import Proxy, serve_proxy
from mockcloud.doors.rest.server import Server, serve
from mockcloud.simulator import new_cloud

T = TypeVar("T")

PORTS = ("rest", "proxy", "grpc", "grpc-tls")
HOST = "secretmanager.googleapis.com"
SECRETS = "/v1/projects/acme/secrets"
BODY = b'{"replication":{"automatic":{}}}'
SERVICE = "/google.cloud.secretmanager.v1.SecretManagerService"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
CONNECT = f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode()
POST = f"POST {SECRETS}?secretId=abused HTTP/1.1\r\nHost: {HOST}\r\n".encode()
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
MEGABYTE = 2**20

RUBBISH = {
    "nothing": b"",
    "zeros": bytes(5000),
    "a hello of TLS": b"\x16\x03\x01\x02\x00" + b"\x01" * 600,
    "the preface of HTTP/2": PREFACE,
    "HTTP/2 with a window that overflows": PREFACE + bytes([0, 0, 4, 8, 0, 0, 0, 0, 0, 255, 255, 255, 255]),
    "HTTP/2 with rubbish for frames": PREFACE + b"\xff" * 4000,
    "HTTP/1.1 to whoever it is": b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    "half a head": POST,
    "half a body": POST + b"Content-Length: 1000\r\n\r\n" + BODY,
    "a negative length": POST + b"Content-Length: -5\r\n\r\n" + BODY,
    "a length without end": POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n" + BODY,
    "two lengths": POST + b"Content-Length: 32\r\nContent-Length: 5\r\n\r\n" + BODY,
    "a length that is too small": POST + b"Content-Length: 3\r\n\r\n" + BODY,
    "a length and chunks": POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks without a size": CHUNKED + b"zz\r\n" + BODY,
    "chunks of a negative size": CHUNKED + b"-1\r\n" + BODY,
    "chunks of endless size": CHUNKED + b"f" * 20 + b"\r\n" + BODY,
    "chunks larger than they say": CHUNKED + b"1\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a header of megabytes": POST + b"X: " + b"a" * (3 * MEGABYTE) + b"\r\nContent-Length: -1\r\n\r\n",
    "endlessly many headers": POST + b"".join(b"x%d: y\r\n" % at for at in range(20_000)),
    "a line of a megabyte": b"GET /" + b"a" * MEGABYTE + b" HTTP/1.1\r\n\r\n",
    "a tunnel, and rubbish in it": CONNECT + b"rubbish" * 100,
    "a tunnel, and HTTP/2 in it without TLS": CONNECT + PREFACE,
    "a tunnel to no port": b"CONNECT secretmanager.googleapis.com:99999 HTTP/1.1\r\n\r\n",
}


@dataclass(frozen=True)
class Ports:
    """The servers of one cloud."""

    cloud: Cloud
    rest: Server
    proxy: Proxy
    grpc: GrpcServer
    secure: GrpcServer

    def connect(self, name: str) -> socket.socket:
        ports = {
            "rest": self.rest.port,
            "proxy": self.proxy.port,
            "grpc": self.grpc.port,
            "grpc-tls": self.secure.port,
        }
        return socket.create_connection(("127.0.0.1", ports[name]), 20)

    def tunnel(self, *protocols: str) -> ssl.SSLSocket:
        """Connect through the proxy, with TLS."""
        plain = self.connect("proxy")
        plain.sendall(CONNECT)
        assert b" 200 " in plain.recv(4096)
        context = ssl.create_default_context(cafile=str(self.proxy.ca_path))
        context.set_alpn_protocols(list(protocols) or ["http/1.1"])
        return context.wrap_socket(plain, server_hostname=HOST)

    def lists(self) -> list[list[str]]:
        """List the secrets at each port; each answers at once, whoever else is connected."""
        connection = HTTPConnection("127.0.0.1", self.rest.port, timeout=20)
        connection.request("GET", SECRETS, headers={"Host": HOST})
        found = [names(connection.getresponse())]
        connection.close()
        with self.tunnel() as inside:
            inside.sendall(f"GET {SECRETS} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            found.append(answered(inside, names))
        trusted = grpc.ssl_channel_credentials(self.secure.tls.root if self.secure.tls else b"")
        for channel in (
            grpc.insecure_channel(f"127.0.0.1:{self.grpc.port}"),
            grpc.secure_channel(f"localhost:{self.secure.port}", trusted),
        ):
            with channel:
                method = channel.unary_unary(
                    f"{SERVICE}/ListSecrets", ListSecretsRequest.serialize, ListSecretsResponse.deserialize
                )
                page = method(ListSecretsRequest(parent="projects/acme"), timeout=20)
                found.append([each.name.rpartition("/")[2] for each in page.secrets])
        return found


def names(response: HTTPResponse) -> list[str]:
    assert response.status == 200
    return [each["name"].rpartition("/")[2] for each in json.load(response).get("secrets", [])]


def answered(connection: socket.socket, read: Callable[[HTTPResponse], T]) -> T:
    with HTTPResponse(connection) as response:
        response.begin()
        return read(response)


@pytest.fixture(scope="module")
def opened() -> Iterator[Ports]:
    cloud = new_cloud()
    with ExitStack() as stack:
        plain = stack.enter_context(serve_grpc(cloud))
        yield Ports(
            cloud,
            stack.enter_context(serve(cloud)),
            stack.enter_context(serve_proxy(cloud, grpc=("127.0.0.1", plain.port))),
            plain,
            stack.enter_context(serve_grpc(cloud, tls=self_signed())),
        )


@pytest.fixture
def ports(opened: Ports, caplog: pytest.LogCaptureFixture) -> Iterator[Ports]:
    """The servers, empty. After the test they are alive, hold what they should, and have logged no error."""
    opened.cloud.reset()
    yield opened
    assert opened.lists() in ([[]] * 4, [["kept"]] * 4)
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR or each.exc_info] == []


def abort(connection: socket.socket) -> None:
    """Go without a word: the other end gets a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def until_closed(connection: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionError):  # closed before all was read
        while part := connection.recv(65_536):
            found += part
    return found


@pytest.mark.parametrize("port", PORTS)
def test_rubbish_ends_the_connection_and_changes_nothing(ports: Ports, port: str) -> None:
    for name, rubbish in RUBBISH.items():
        with ports.connect(port) as connection:
            with suppress(OSError):  # refused before it was through
                connection.sendall(rubbish)
                connection.shutdown(socket.SHUT_WR)
            found = until_closed(connection)
        status = found.partition(b" ")[2][:3] if found.startswith(b"HTTP/1.1") else b""
        assert not status or status in {b"200", b"400", b"404"}, (name, found)
        assert status != b"200" or b"Connection established" in found, (name, found)


@pytest.mark.parametrize("port", PORTS)
def test_who_goes_without_a_word_is_forgotten(ports: Ports, port: str) -> None:
    for rubbish in RUBBISH.values():
        connection = ports.connect(port)
        with suppress(OSError):  # refused before it was through
            connection.sendall(rubbish)
        abort(connection)


def test_half_a_body_in_a_tunnel_changes_nothing(ports: Ports) -> None:
    for rubbish in (POST, POST + b"Content-Length: 1000\r\n\r\n" + BODY, CHUNKED + b"20\r\n" + BODY):
        inside = ports.tunnel()
        inside.sendall(rubbish)
        abort(inside)


def test_rubbish_in_a_tunnel_is_refused_or_ends_it(ports: Ports) -> None:
    with ports.tunnel() as inside:
        inside.sendall(CHUNKED + b"zz\r\n" + BODY)
        assert until_closed(inside).startswith(b"HTTP/1.1 400 ")
    for rubbish in (b"\xff" * 4000, PREFACE + b"\xff" * 4000, POST):
        with ports.tunnel("h2") as inside:
            assert inside.selected_alpn_protocol() == "h2"
            inside.sendall(rubbish)
            abort(inside)


def test_two_hundred_who_say_nothing_more_keep_nobody_waiting(ports: Ports) -> None:
    """As many as an attacker can open who sends a byte now and then; all ports answer beside them."""
    with ExitStack() as stack:
        for port in PORTS:
            for half in (b"P", POST, CONNECT, PREFACE[:10]) * 12 + (b"",) * 2:
                stack.enter_context(ports.connect(port)).sendall(half)
        assert ports.lists() == [[], [], [], []]


def test_fifty_megabytes_pass_through_a_tunnel(ports: Ports) -> None:
    body = b"x" * (50 * MEGABYTE)
    with ports.tunnel() as inside:
        head = "POST /storage/v1/b?project=acme HTTP/1.1\r\nHost: storage.googleapis.com\r\nContent-Length: 20\r\n\r\n"
        inside.sendall(head.encode() + b'{"name":"acme-data"}')
        assert answered(inside, lambda response: (response.status, response.read())[0]) == 200
        head = (
            "POST /upload/storage/v1/b/acme-data/o?uploadType=media&name=large HTTP/1.1\r\n"
            f"Host: storage.googleapis.com\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        inside.sendall(head.encode() + body)
        assert answered(inside, lambda response: response.status) == 200
    found = ports.cloud.store.get("storage", "b/acme-data/o/large")
    assert found is not None
    assert found.body["size"] == str(len(body))


@pytest.mark.parametrize("megabytes", [50, 101])
def test_a_message_of_many_megabytes_is_refused(ports: Ports, megabytes: int) -> None:
    secret = Secret(annotations={"a": "x" * (megabytes * MEGABYTE)})
    request = CreateSecretRequest(parent="projects/acme", secret_id="abused", secret=secret)
    options = [("grpc.max_send_message_length", -1)]
    with grpc.insecure_channel(f"127.0.0.1:{ports.grpc.port}", options) as channel:
        method: Callable[..., bytes] = channel.unary_unary(f"{SERVICE}/CreateSecret", CreateSecretRequest.serialize)
        with pytest.raises(grpc.RpcError) as refused:
            method(request, timeout=60)
    assert refused.value.code() in {grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED}


def test_two_hundred_at_once_in_tunnels_lose_nothing(ports: Ports) -> None:
    def create(number: int) -> int:
        target = f"{SECRETS}?secretId=s{number}"
        head = f"POST {target} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(BODY)}\r\n\r\n"
        with ports.tunnel() as inside:
            inside.sendall(head.encode() + BODY)
            return answered(inside, lambda response: response.status)

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(create, range(200))) == [200] * 200
    assert len(ports.cloud.store.page("secretmanager", "projects/acme/secrets")) == 200
    ports.cloud.reset()


def test_what_was_kept_before_is_there_afterwards(ports: Ports) -> None:
    """The rubbish of others, between two calls of one client."""
    with ports.connect("rest") as client:
        target = f"{SECRETS}?secretId=kept"
        head = f"POST {target} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
        client.sendall(head + BODY)
        assert answered(client, lambda response: (response.read(), response.status)[1]) == 200
        for port in PORTS:
            abort(ports.connect(port))
        client.sendall(f"GET {SECRETS} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        assert answered(client, names) == ["kept"]
