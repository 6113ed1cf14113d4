"""Hooking libraries: those that are imported by now, and those that are imported later, when that happens."""

import sys
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Final

Hook = Callable[[ModuleType], None]

_hooks: Final[dict[str, list[Hook]]] = {}
_lock = threading.Lock()


def when_imported(name: str, hook: Hook) -> None:
    """Call a hook with a module as soon as it is imported; now, if it is. The module is not imported for it.

    Args:
        name: Full name of the module.
        hook: What is called, once.
    """
    with _lock:
        if not any(isinstance(each, _Finder) for each in sys.meta_path):
            sys.meta_path.insert(0, _Finder())
        if name not in sys.modules:
            _hooks.setdefault(name, []).append(hook)
            return
    # Another thread may be in the middle of importing it: then this waits.
    hook(import_module(name))


class _Finder(MetaPathFinder):
    """Finds nothing itself: it lets the others find, and sees to it that the hooks are called after the import."""

    def __init__(self) -> None:
        self._busy = threading.local()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Give the spec that the others find, with a loader that calls the hooks; None for a module without hooks."""
        del path, target
        if fullname not in _hooks or getattr(self._busy, "name", None) == fullname:
            return None
        self._busy.name = fullname
        try:
            spec = find_spec(fullname)
        finally:
            self._busy.name = None
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(Loader):
    """Loads as another loader does, and calls the module's hooks then.

    Args:
        loader: The other loader.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Make the module as the other loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code, then the hooks. The module knows only the other loader."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        for hook in _hooks.pop(module.__name__, ()):
            hook(module)
