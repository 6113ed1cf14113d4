"""gRPC: a channel to Google's hosts is one of the cloud's; made while no cloud is open, it is a real one."""

import functools
from collections.abc import Mapping
from importlib import import_module

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign
from mockcloud.doors.process.network import is_googles, permit


def install(grpc: Foreign) -> None:
    """Hook `grpc`, the factories of its synchronous channels."""
    import_module("mockcloud.doors.grpc.credentials").remember(grpc)
    _replace(grpc, "mockcloud.doors.grpc.channel", "MockChannel")


def install_aio(aio: Foreign) -> None:
    """Hook `grpc.aio`, the factories of its asynchronous channels."""
    _replace(aio, "mockcloud.doors.grpc.aio", "AioMockChannel")


def _replace(module: Foreign, home: str, kind: str) -> None:
    secure, insecure = module.secure_channel, module.insecure_channel

    @functools.wraps(secure)
    def secure_channel(target: str, credentials: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        if not _is_answered(target):
            return secure(target, credentials, *args, **kwargs)
        return getattr(import_module(home), kind)(target, choose, credentials)

    @functools.wraps(insecure)
    def insecure_channel(target: str, *args: Foreign, **kwargs: Foreign) -> Foreign:
        if not _is_answered(target):
            return insecure(target, *args, **kwargs)
        return getattr(import_module(home), kind)(target, choose)

    module.secure_channel = secure_channel
    module.insecure_channel = insecure_channel


def choose(headers: Mapping[str, str]) -> Cloud:
    """Give the cloud of a call.

    Raises:
        NoCloud: It cannot be told which.
    """
    return sessions.choose(headers.get("authorization", "")).cloud


def _is_answered(target: str) -> bool:
    """Whether the cloud answers a target; what it does not is refused, unless it may be reached."""
    if not sessions.OPEN:
        return False
    scheme, _, rest = target.partition(":")
    if scheme in {"unix", "unix-abstract", "vsock"}:
        return False
    host = host_of(rest.lstrip("/").rpartition("/")[2] if scheme in {"dns", "ipv4", "ipv6", "xds"} else target)
    if is_googles(host):
        return True
    permit(host)
    return False


def host_of(target: str) -> str:
    """Give the host of `host:port`, `[::1]:port` or `host`."""
    if target.startswith("["):
        return target[1:].partition("]")[0]
    return target if target.count(":") > 1 else target.partition(":")[0]
