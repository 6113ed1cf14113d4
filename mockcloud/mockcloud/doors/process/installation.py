"""The hooks are installed once a process, at the first use, and stay. Closed, they pass everything on."""

import threading
from importlib import import_module
from types import ModuleType
from typing import Final

from mockcloud.doors.process.imports import when_imported

HOOKS: Final = {
    "requests.adapters": "requests",
    "google.auth": "auth",
}
"""Module of a library -> module of `hooks` whose `install` takes it."""

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
        import_module(f"mockcloud.doors.process.hooks.{self._hook}").install(module)
