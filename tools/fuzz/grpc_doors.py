"""The doors that speak gRPC, each as a function from a method and its request to the code that it ends with."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

import grpc

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.grpc.channel import MockChannel
from mockcloud.doors.grpc.rpcs import Rpc

Metadata = tuple[tuple[str, str], ...]
Ended = tuple[grpc.StatusCode, str]
"""The code that a call ends with, and its message."""

_SECONDS: Final = 60
_OPEN_SECONDS: Final = 0.2
"""How long a call lasts that takes many requests: some stay open until somebody goes."""
_MOST_ANSWERS: Final = 3
"""Answers of a stream that are read before it is left."""


class Channels:
    """Channels to the hosts of APIs.

    Args:
        connect: Makes a channel to a host.
    """

    def __init__(self, connect: Callable[[str], grpc.Channel]) -> None:
        self._connect = connect
        self._open: dict[str, grpc.Channel] = {}

    def __call__(self, host: str, rpc: Rpc, request: bytes, metadata: Metadata) -> Ended:
        """Call a method, and give how that ended. What stays open is left after a few answers."""
        channel = self._open.get(host)
        if channel is None:
            channel = self._open[host] = self._connect(host)
        kind = f"{'stream' if rpc.client_streaming else 'unary'}_{'stream' if rpc.server_streaming else 'unary'}"
        method: Any = getattr(channel, kind)(rpc.path)
        given: bytes | Iterator[bytes] = iter([request]) if rpc.client_streaming else request
        seconds = _OPEN_SECONDS if rpc.client_streaming else _SECONDS
        try:
            called = method(given, timeout=seconds, metadata=metadata)
            if rpc.server_streaming:
                for _ in islice(called, _MOST_ANSWERS):
                    pass
                called.cancel()
        except grpc.RpcError as error:
            failed: Any = error
            return failed.code(), failed.details() or ""
        return grpc.StatusCode.OK, ""

    def close(self) -> None:
        """Close the channels."""
        for each in self._open.values():
            each.close()
        self._open.clear()


def channel(cloud: Cloud) -> Channels:
    """The channel of this process."""
    return Channels(lambda host: MockChannel(f"{host}:443", lambda _: cloud))


def plaintext(port: int) -> Channels:
    """The server without TLS."""
    return Channels(
        lambda host: grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.default_authority", f"{host}:443")])
    )


def tls(port: int, root: bytes) -> Channels:
    """The server with TLS, whose certificate names Google's hosts."""
    trusted = grpc.ssl_channel_credentials(root)
    return Channels(
        lambda host: grpc.secure_channel(f"127.0.0.1:{port}", trusted, [("grpc.ssl_target_name_override", host)])
    )


def proxied(url: str, root: bytes) -> Channels:
    """The server behind the HTTPS proxy, as a client reaches it that has `https_proxy` in its environment."""
    trusted = grpc.ssl_channel_credentials(root)
    return Channels(lambda host: grpc.secure_channel(f"{host}:443", trusted, [("grpc.http_proxy", url)]))
