"""The HTTPS proxy, through the clients that people use."""

import contextlib
import json
import shutil
import socket
import ssl
import stat
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import requests
from cryptography import x509

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.proxy import Proxy, serve_proxy
from mockcloud.doors.proxy.authority import Authority, UnusableAuthority
from mockcloud.doors.rest.server import CannotListen
from mockcloud.simulator import new_cloud

SECRETS = "https://secretmanager.googleapis.com/v1/projects/acme/secrets"
BODY: dict[str, dict[str, dict[str, str]]] = {"replication": {"automatic": {}}}


@pytest.fixture(scope="module")
def cloud() -> Cloud:
    return new_cloud()


@pytest.fixture(scope="module")
def proxy(cloud: Cloud) -> Iterator[Proxy]:
    with serve_proxy(cloud) as found:
        yield found


def opener(proxy: Proxy) -> urllib.request.OpenerDirector:
    context = ssl.create_default_context(cafile=str(proxy.ca_path))
    proxies = urllib.request.ProxyHandler({"https": proxy.url, "http": proxy.url})
    return urllib.request.build_opener(proxies, urllib.request.HTTPSHandler(context=context))


def said(proxy: Proxy, text: bytes) -> bytes:
    """Send bytes, and give what comes until the proxy closes."""
    with socket.create_connection((proxy.host, proxy.port), 10) as client:
        client.sendall(text)
        found = b""
        while part := client.recv(4096):
            found += part
    return found


def test_requests(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(proxy.ca_path))
    monkeypatch.delenv("NO_PROXY", raising=False)
    with requests.Session() as session:
        assert session.post(SECRETS, params={"secretId": "requests"}, json=BODY).status_code == 200
        assert session.get(f"{SECRETS}/requests").json()["replication"] == {"automatic": {}}


def test_httpx(proxy: Proxy) -> None:
    context = ssl.create_default_context(cafile=str(proxy.ca_path))
    with httpx.Client(proxy=proxy.url, verify=context, trust_env=False) as client:
        assert client.post(SECRETS, params={"secretId": "httpx"}, json=BODY).status_code == 200
        assert client.get(f"{SECRETS}/httpx").status_code == 200


def test_urllib_over_https_and_http(proxy: Proxy) -> None:
    with opener(proxy).open(SECRETS) as response:
        assert "secrets" in json.load(response)
    with opener(proxy).open(SECRETS.replace("https", "http")) as response:
        assert response.status == 200


def test_many_hosts_in_one_proxy(proxy: Proxy) -> None:
    for host in ("europe-west4-aiplatform.googleapis.com", "7.europe-west4-997.prediction.vertexai.goog"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            opener(proxy).open(f"https://{host}/v1/projects/acme/locations/europe-west4/endpoints/7")
        assert json.load(caught.value)["error"]["status"] == "NOT_FOUND"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(proxy: Proxy) -> None:
    command = [
        "curl",
        "--silent",
        "--show-error",
        "--noproxy",
        "",
        "--proxy",
        proxy.url,
        "--cacert",
        str(proxy.ca_path),
    ]
    done = subprocess.run([*command, SECRETS, SECRETS], capture_output=True, check=True, text=True)
    assert done.stdout.count("{") >= 2


def test_nobody_else_s_hosts_are_reached(proxy: Proxy) -> None:
    answer = said(proxy, b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n")
    status, _, body = answer.partition(b"\r\n")
    assert status.startswith(b"HTTP/1.1 403 Forbidden")
    for each in (status, body):
        assert b"does not lead to example.com" in each
        assert b"--pass-through" in each
    assert said(proxy, b"CONNECT googleapis.com.example.com:443 HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 403")
    assert said(proxy, b"GET http://example.com/ HTTP/1.1\r\nHost: pubsub.googleapis.com\r\n\r\n").startswith(
        b"HTTP/1.1 400"
    )


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1",
        b"CONNECT pubsub.googleapis.com HTTP/1.1",
        b"CONNECT x:99999 HTTP/1.1",
        b"\x16\x03\x01",
        b"x" * 70_000,
    ],
    ids=["plain", "no-port", "port", "tls", "long"],
)
def test_what_is_no_proxy_request_is_refused(proxy: Proxy, line: bytes) -> None:
    assert said(proxy, line + b"\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_a_client_that_does_not_trust_it_gets_nothing(proxy: Proxy, cloud: Cloud) -> None:
    before = len(cloud.journal.calls)
    opened = urllib.request.build_opener(urllib.request.ProxyHandler({"https": proxy.url}))
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        opened.open(SECRETS)
    assert len(cloud.journal.calls) == before
    with opener(proxy).open(SECRETS) as response:
        assert response.status == 200


def test_a_client_that_goes_leaves_the_others(proxy: Proxy) -> None:
    with socket.create_connection((proxy.host, proxy.port), 10) as client:
        client.sendall(b"CONNECT pubsub.googleapis.com:443 HTTP/1.1\r\n\r\n")
        client.recv(100)
    socket.create_connection((proxy.host, proxy.port), 10).close()
    with opener(proxy).open(SECRETS) as response:
        assert response.status == 200


def handshake(proxy: Proxy, *protocols: str) -> ssl.SSLSocket:
    """Give a connection through the proxy that has offered to speak so."""
    client = socket.create_connection((proxy.host, proxy.port), 10)
    client.sendall(b"CONNECT pubsub.googleapis.com:443 HTTP/1.1\r\n\r\n")
    assert client.recv(100).startswith(b"HTTP/1.1 200")
    context = ssl.create_default_context(cafile=str(proxy.ca_path))
    context.set_alpn_protocols(list(protocols))
    return context.wrap_socket(client, server_hostname="pubsub.googleapis.com")


def test_who_speaks_both_gets_http_1(proxy: Proxy) -> None:
    with handshake(proxy, "h2", "http/1.1") as client:
        assert client.selected_alpn_protocol() == "http/1.1"


def test_h2_alone_is_refused_where_nobody_speaks_it(proxy: Proxy) -> None:
    with handshake(proxy, "h2") as client:
        assert client.selected_alpn_protocol() == "h2"
        with contextlib.suppress(ConnectionError):
            assert client.recv(10) == b""


class Echo:
    """A server that sends back what it gets, in upper case, until the client says no more."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while True:
                client, _ = self._listener.accept()
                with client:
                    while part := client.recv(65_536):
                        client.sendall(part.upper())
        except OSError:
            return

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


@pytest.fixture
def echo() -> Iterator[Echo]:
    found = Echo()
    yield found
    found.close()


def test_h2_is_handed_to_who_speaks_it(echo: Echo) -> None:
    with serve_proxy(new_cloud(), grpc=echo.address) as proxy, handshake(proxy, "h2") as client:
        client.sendall(b"preface")
        assert client.recv(100) == b"PREFACE"
        sent = b"x" * 1_000_000
        thread = threading.Thread(target=client.sendall, args=(sent,))
        thread.start()
        found = b""
        while len(found) < len(sent):
            found += client.recv(65_536)
        thread.join(10)
        assert found == sent.upper()


def test_other_hosts_pass_where_that_is_asked_for(echo: Echo) -> None:
    host, port = echo.address
    with serve_proxy(new_cloud(), passthrough=True) as proxy:
        with socket.create_connection((proxy.host, proxy.port), 10) as client:
            client.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.1 200")
            client.sendall(b"hello")
            assert client.recv(100) == b"HELLO"
            client.shutdown(socket.SHUT_WR)
            assert client.recv(100) == b""
        nobody = socket.create_server(("127.0.0.1", 0))
        closed = nobody.getsockname()[1]
        nobody.close()
        assert said(proxy, f"CONNECT 127.0.0.1:{closed} HTTP/1.1\r\n\r\n".encode()).startswith(b"HTTP/1.1 502")


def test_it_listens_on_this_machine_only() -> None:
    with pytest.raises(CannotListen, match="this machine only"):
        serve_proxy(new_cloud(), host="0.0.0.0")  # noqa: S104 - that is what is refused


def test_it_is_no_relay_for_the_network() -> None:
    with pytest.raises(CannotListen, match="Google's hosts only") as refused:
        serve_proxy(new_cloud(), passthrough=True, open_to_network=True)
    assert "--pass-through" in refused.value.remedy


def test_what_stops_leaves_nothing_behind() -> None:
    proxy = serve_proxy(new_cloud())
    idle = socket.create_connection((proxy.host, proxy.port), 10)
    proxy.stop()
    proxy.stop()
    assert not proxy.ca_path.exists()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((proxy.host, proxy.port), 10)
    idle.close()


# The authority
# ---------------------------------------------------------------------------------------------------------------------


def test_an_authority_in_a_folder_is_the_same_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "ca"
    first, second = Authority(folder), Authority(folder)
    assert first.pem == second.pem == (folder / "ca.pem").read_bytes()
    assert stat.S_IMODE((folder / "ca-key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with serve_proxy(new_cloud(), ca_dir=folder) as proxy:
        assert proxy.ca_path == folder / "ca.pem"
    assert (folder / "ca.pem").exists()


def test_a_key_and_a_certificate_that_are_no_pair_are_made_anew(tmp_path: Path) -> None:
    Authority(tmp_path)
    key = (tmp_path / "ca-key.pem").read_bytes()
    (tmp_path / "ca.pem").write_bytes(Authority().pem)
    Authority(tmp_path)
    assert (tmp_path / "ca-key.pem").read_bytes() != key


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ca-key.pem").write_text("no key")
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(UnusableAuthority, match="cannot be kept there"):
        Authority(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableAuthority):
        Authority(tmp_path / "file" / "ca")


def test_the_authority_vouches_for_google_only() -> None:
    authority = Authority()
    constraints = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert "googleapis.com" in {each.value for each in constraints.value.permitted_subtrees or ()}
    assert {str(each.value) for each in constraints.value.excluded_subtrees or ()} == {"0.0.0.0/0", "::/0"}


def test_a_certificate_is_made_once_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority()
    first = authority.context("a.googleapis.com")
    assert authority.context("a.googleapis.com") is first
    monkeypatch.setattr("mockcloud.doors.proxy.authority._KEPT", 1)
    assert authority.context("b.googleapis.com") is not first
    assert authority.context("a.googleapis.com") is not first


def test_h2_that_nobody_answers_ends() -> None:
    nobody = socket.create_server(("127.0.0.1", 0))
    address = nobody.getsockname()
    nobody.close()
    with serve_proxy(new_cloud(), grpc=address) as proxy, handshake(proxy, "h2") as client:
        assert client.recv(10) == b""
