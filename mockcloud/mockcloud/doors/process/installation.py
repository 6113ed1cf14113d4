"""The hooks are installed once a process, at the first use, and stay. Closed, they pass everything on."""

import threading
from importlib import import_module
from types import ModuleType
from typing import Final

from mockcloud.doors.process.imports import when_imported

HOOKS: Final = {
    "aiohttp.connector": "aiohttp:install",
    "google.auth": "auth:install",
    "grpc": "grpc:install",
    "grpc.aio": "grpc:install_aio",
    "http.client": "http_client:install",
    "httplib2": "httplib2:install",
    "httpx": "httpx:install",
    "requests.adapters": "requests:install",
    "socket": "sockets:install",
    "urllib3.connectionpool": "urllib3:install",
}
"""Module of a library -> module of `hooks`, and its function that takes the library's."""

_lock = threading.Lock()
_state = {"installed": False}


def install() -> None:
    """Install the hooks, if that has not been done."""
    with _lock:
        if _state["installed"]:
            return
        _state["installed"] = True
        for name, hook in HOOKS.items():
            when_imported(name, _installer(hook))


def _installer(hook: str) -> "_Install":
    return _Install(hook)


class _Install:
    """Loads a hook's module only when its library is there."""

    def __init__(self, hook: str) -> None:
        self._hook = hook

    def __call__(self, module: ModuleType) -> None:
        home, _, name = self._hook.partition(":")
        getattr(import_module(f"mockcloud.doors.process.hooks.{home}"), name)(module)
