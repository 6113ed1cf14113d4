"""Clients that behave badly, through a real server on a loopback port: nothing is lost, nothing is mixed."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.rest.server import Server, serve
from mockcloud.simulator import new_cloud

SECRETS = "/secretmanager/v1/projects/acme/secrets"
BODY = b'{"replication":{"automatic":{}}}'


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


@pytest.fixture
def server(cloud: Cloud) -> Iterator[Server]:
    with serve(cloud) as found:
        yield found


def post(server: Server, path: str, body: bytes = BODY) -> int:
    connection = HTTPConnection(server.host, server.port, timeout=30)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def test_two_hundred_at_once_are_all_answered(server: Server, cloud: Cloud) -> None:
    start = threading.Barrier(50)

    def create(worker: int) -> list[int]:
        start.wait(30)
        return [post(server, f"{SECRETS}?secretId=s{worker}-{number}") for number in range(4)]

    with ThreadPoolExecutor(50) as pool:
        statuses = [each for found in pool.map(create, range(50)) for each in found]
    assert statuses == [200] * 200
    assert len(cloud.store.page("secretmanager", "projects/acme/secrets")) == 200


def test_half_a_body_changes_nothing_and_the_server_goes_on(server: Server, cloud: Cloud) -> None:
    with socket.create_connection((server.host, server.port), 10) as client:
        head = f"POST {SECRETS}?secretId=half HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
        client.sendall(head.encode() + BODY)
    assert post(server, f"{SECRETS}?secretId=whole") == 200
    assert [each.id for each in cloud.store.page("secretmanager", "projects/acme/secrets")] == ["whole"]


def test_a_client_that_does_not_wait_for_its_answer_has_still_changed_something(server: Server, cloud: Cloud) -> None:
    with socket.create_connection((server.host, server.port), 10) as client:
        head = f"POST {SECRETS}?secretId=gone HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n\r\n"
        client.sendall(head.encode() + BODY)
        client.recv(1)
    assert post(server, f"{SECRETS}?secretId=gone") == 409


@pytest.mark.parametrize(
    "bytes_",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET /%zz HTTP/1.1\r\nHost: \xff\r\n\r\n",
    ],
)
def test_what_is_no_http_harms_nobody(server: Server, bytes_: bytes) -> None:
    with socket.create_connection((server.host, server.port), 10) as client:
        client.sendall(bytes_)
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass
    assert post(server, f"{SECRETS}?secretId=a") == 200


def test_fifty_megabytes_are_taken(server: Server, cloud: Cloud) -> None:
    post(server, "/storage/v1/b?project=acme", b'{"name":"bucket-of-acme"}')
    body = b"x" * (50 * 2**20)
    assert post(server, "/upload/storage/v1/b/bucket-of-acme/o?uploadType=media&name=large", body) == 200
    found = cloud.store.get("storage", "b/bucket-of-acme/o/large")
    assert found is not None
    assert found.body["size"] == str(len(body))


def test_json_of_many_megabytes_is_answered(server: Server) -> None:
    labels = json.dumps({"replication": {"automatic": {}}, "annotations": {"a": "x" * 5_000_000}}).encode()
    assert post(server, f"{SECRETS}?secretId=large", labels) in {200, 400}


def test_requests_in_one_connection_are_answered_in_their_order(server: Server) -> None:
    with socket.create_connection((server.host, server.port), 10) as client:
        one = f"POST {SECRETS}?secretId=p HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY
        two = f"GET {SECRETS}/p HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        client.sendall(one + two)
        text = b""
        while part := client.recv(65_536):
            text += part
    assert text.count(b"HTTP/1.1 200 OK") == 2
