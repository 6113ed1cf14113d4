import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from ipaddress import IPv4Address

import pytest

from mockcloud.cloud.faults import Fault
from mockcloud.doors.rest.server import CannotListen, Server, listen, serve
from mockcloud.simulator import new_cloud

SECRETS = "/v1/projects/acme/secrets"
EVERYWHERE = str(IPv4Address(0))
HEAVY = ("pulumi", "duckdb", "grpc", "uvicorn", "starlette", "google.auth", "cryptography")


def connected(server: Server, path: str) -> tuple[HTTPConnection, HTTPResponse]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request("GET", path, headers={"X-Mock-Cloud": "test"})
    except OSError:
        connection.close()
        raise
    return connection, connection.getresponse()


def status(server: Server, path: str) -> int:
    connection, response = connected(server, path)
    response.read()
    connection.close()
    return response.status


def test_importing_the_server_imports_nothing_heavy() -> None:
    script = f"import sys, mockcloud.doors.rest.server; print([each for each in {HEAVY!r} if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_a_server_answers_as_soon_as_it_is_given_and_not_after_its_end() -> None:
    with serve(new_cloud()) as server:
        assert status(server, SECRETS) == 200
        assert server.cloud.journal.calls[-1].method == "secretmanager.projects.secrets.list"

    with pytest.raises(OSError, match="refused"):
        status(server, SECRETS)


def test_a_server_that_is_stopped_does_not_wait_for_who_watches() -> None:
    with serve(new_cloud()) as server:
        connection, events = connected(server, "/_mock/events")
        with closing(connection), events:
            events.readline()
            started = time.monotonic()
            server.stop()
    assert time.monotonic() - started < 10


def test_the_console_stops_a_server() -> None:
    with serve(new_cloud()) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("POST", "/_mock/stop", headers={"X-Mock-Cloud": "test"})
        assert connection.getresponse().read() == b"{}"
        connection.close()
        server.wait()

        with pytest.raises(OSError, match="refused"):
            status(server, SECRETS)


def test_a_delay_is_waited_out_where_the_server_is_told_so() -> None:
    cloud = new_cloud()
    cloud.faults.add(Fault(delay=0.15))
    with serve(cloud, real_delays=True) as server:
        started = time.monotonic()
        assert status(server, SECRETS) == 200

    assert time.monotonic() - started >= 0.15


def test_a_port_that_is_taken_is_refused() -> None:
    with serve(new_cloud()) as server, pytest.raises(CannotListen) as refused:
        serve(new_cloud(), port=server.port)

    assert f"port {server.port}" in refused.value.given
    assert refused.value.remedy


@pytest.mark.parametrize("host", [EVERYWHERE, "192.0.2.1", "::", "example.test"])
def test_the_network_is_left_out_unless_somebody_says_so(host: str) -> None:
    with pytest.raises(CannotListen, match="this machine only") as refused:
        serve(new_cloud(), host)

    assert host in refused.value.given


def test_an_address_of_the_network_is_warned_of() -> None:
    with (
        pytest.warns(UserWarning, match="whoever reaches it may read and change everything"),
        serve(new_cloud(), EVERYWHERE, open_to_network=True) as server,
    ):
        assert server.url == f"http://127.0.0.1:{server.port}"


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.warns(UserWarning, match="listens"), pytest.raises(CannotListen, match="cannot listen"):
        listen("192.0.2.1", 0, open_to_network=True)


def test_the_other_loopback_has_brackets() -> None:
    try:
        server = serve(new_cloud(), "::1")
    except CannotListen:
        pytest.skip("this machine has no IPv6")
    with server:
        assert server.url == f"http://[::1]:{server.port}"
