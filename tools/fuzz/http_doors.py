"""The doors that speak HTTP, each as a function from a request to its answer."""

import socket
import ssl
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from itertools import cycle
from pathlib import Path
from typing import Final

import httplib2  # type: ignore[import-untyped] # it has none
import httpx
import requests
import urllib3

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.doors.wire import HttpResponse as Answered

HttpDoor = Callable[[HttpRequest], Answered]
"""Sends a request, and gives its answer."""

_SECONDS: Final = 60
_MOST_CONNECTIONS: Final = 32


def wire(cloud: Cloud) -> HttpDoor:
    """HTTP without a door."""
    return lambda request: answer(cloud, request)


def in_process() -> HttpDoor:
    """The hooks in this process, of each library by turns. The caller has opened `mock_gcp`."""
    session, pool = requests.Session(), urllib3.PoolManager(retries=False)
    session.trust_env = False
    client, older = httpx.Client(trust_env=False), httplib2.Http()
    older.follow_redirects = False

    def by_requests(request: HttpRequest) -> Answered:
        prepared = session.prepare_request(
            requests.Request(request.verb, _url(request), dict(request.headers), data=request.body or None)
        )
        found = session.send(prepared, allow_redirects=False)
        return Answered(found.status_code, found.headers, found.content)

    def by_urllib3(request: HttpRequest) -> Answered:
        found = pool.urlopen(
            request.verb, _url(request), body=request.body or None, headers=dict(request.headers), redirect=False
        )
        return Answered(found.status, found.headers, found.data)

    def by_httpx(request: HttpRequest) -> Answered:
        found = client.request(request.verb, _url(request), headers=dict(request.headers), content=request.body)
        return Answered(found.status_code, dict(found.headers), found.content)

    def by_httplib2(request: HttpRequest) -> Answered:
        found, content = older.request(_url(request), request.verb, request.body or None, dict(request.headers))
        return Answered(found.status, dict(found), content)

    ways = cycle((by_requests, by_urllib3, by_httpx, by_httplib2))

    def by_turns(request: HttpRequest) -> Answered:
        return next(ways)(request)

    return by_turns


def _url(request: HttpRequest) -> str:
    return f"https://{request.host}{request.path}" + (f"?{request.query}" if request.query else "")


class Sockets:
    """Connections that stay open, one a host, to a server that is called over them byte by byte.

    A client library would mend or refuse what it is given; this sends it as it is.

    Args:
        connect: Opens a connection for a host.
    """

    def __init__(self, connect: Callable[[str], socket.socket]) -> None:
        self._connect = connect
        self._open: dict[str, socket.socket] = {}

    def __call__(self, request: HttpRequest) -> Answered:
        """Send a request, and give its answer.

        Raises:
            HTTPException: What came back is no HTTP.
            OSError: The connection broke.
        """
        for connection in (self._open.pop(request.host, None), None):
            sock = connection or self._connect(request.host)
            try:
                found, again = _exchange(sock, request)
            except (OSError, HTTPException):
                sock.close()
                if connection is None:
                    raise
                continue  # the server had closed it after the last answer
            if again and len(self._open) < _MOST_CONNECTIONS:
                self._open[request.host] = sock
            else:
                sock.close()
            return found
        raise AssertionError("a new connection answers or raises")

    def close(self) -> None:
        """Close the connections."""
        for each in self._open.values():
            each.close()
        self._open.clear()


def _exchange(sock: socket.socket, request: HttpRequest) -> tuple[Answered, bool]:
    """Send a request; give its answer, and whether the connection can be used again."""
    target = request.path + (f"?{request.query}" if request.query else "")
    lines = [f"{request.verb} {target} HTTP/1.1", f"Host: {request.host}", f"Content-Length: {len(request.body)}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    sock.sendall("\r\n".join([*lines, "", ""]).encode() + request.body)
    with HTTPResponse(sock, method=request.verb) as response:
        response.begin()
        body = response.read()
        return Answered(response.status, dict(response.headers), body), not response.will_close


def rest(port: int) -> Sockets:
    """The REST server, by its loopback address."""
    return Sockets(lambda _: socket.create_connection(("127.0.0.1", port), _SECONDS))


def proxy(port: int, trusted: Path) -> Sockets:
    """The HTTPS proxy: a tunnel to each host, with TLS inside.

    Args:
        port: Of the proxy.
        trusted: File with the certificate of its authority.
    """
    context = ssl.create_default_context(cafile=str(trusted))
    context.set_alpn_protocols(["http/1.1"])

    def connect(host: str) -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", port), _SECONDS)
        plain.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        said = plain.recv(4096)
        if b" 200 " not in said.partition(b"\r\n")[0]:
            raise OSError(f"The proxy does not lead to {host}: {said!r}")
        return context.wrap_socket(plain, server_hostname=host)

    return Sockets(connect)
