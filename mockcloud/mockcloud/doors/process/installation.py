"""The hooks are installed once a process, at the first use, and stay.

With no cloud open, they pass everything on, but for calls to Google with the credentials of a cloud that was.
"""

import threading
from importlib import import_module
from types import ModuleType
from typing import Final

from mockcloud.doors.process.hooks import http_client, processes, sockets, threads, waits
from mockcloud.doors.process.imports import Hook, when_imported

HOOKS: Final = {
    "aiohttp.connector": "aiohttp:install",
    "google.api_core.retry.retry_base": "waits:install_random",
    "google.auth": "auth:install",
    "google.auth._default_async": "auth:install_async",
    "google.auth._exponential_backoff": "waits:install_random",
    "google.cloud.aiplatform.initializer": "vertex:install_settings",
    "google.cloud.aiplatform.metadata.metadata": "vertex:install_experiments",
    "google.genai._api_client": "genai:install",
    "google.resumable_media._helpers": "waits:install_random",
    "googleapiclient.http": "waits:install_random",
    "grpc": "grpc:install",
    "grpc.aio": "grpc:install_aio",
    "httplib2": "httplib2:install",
    "httpx": "httpx:install",
    "httpx2": "httpx:install",  # a fork under a name of its own, which google-genai prefers
    "requests.adapters": "requests:install",
    "urllib3.connectionpool": "urllib3:install",
    "websockets.asyncio.client": "websockets:install",
    "websockets.legacy.client": "websockets:install",
    "websockets.sync.client": "websockets:install",
    "websockets.trio.client": "websockets:install",
}
"""Module of a library -> module of `hooks`, and its function that takes the library's."""

STANDARD: Final[dict[str, Hook]] = {
    "concurrent.futures.thread": threads.install_pools,
    "http.client": http_client.install,
    "multiprocessing.process": processes.install_multiprocessing,
    "os": processes.install_forks,
    "socket": sockets.install,
    "subprocess": processes.install,
    "threading": threads.install,
}
"""The same of the standard library. Our own modules import it, so what its hooks need must be loaded before."""

_lock = threading.Lock()


def install() -> None:
    """Install the hooks, if that has not been done. One that fails is tried again the next time."""
    if not _left:
        return
    with _lock:
        while _left:
            name, hook = _left[-1]
            when_imported(name, hook)
            _left.pop()


class _Install:
    """Loads a hook's module only when its library is there."""

    def __init__(self, hook: str) -> None:
        self._hook = hook

    def __call__(self, module: ModuleType) -> None:
        home, _, name = self._hook.partition(":")
        getattr(import_module(f"mockcloud.doors.process.hooks.{home}"), name)(module)


_left: list[tuple[str, Hook]] = [
    *STANDARD.items(),
    *((name, _Install(hook)) for name, hook in HOOKS.items()),
    *((name, waits.install) for name in waits.table()),
]
_left.reverse()
