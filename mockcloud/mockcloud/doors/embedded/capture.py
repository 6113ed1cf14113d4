"""Keeps what a program prints, refuses it standard input, times its imports, and spares it the garbage collector.

Python's streams, its import function and its collector belong to the process, programs to a context. So each is
replaced while any program runs by one that asks which program, if any, is calling; the last program to end puts the
old ones back.
"""

import builtins
import functools
import gc
import io
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import ModuleType
from typing import Final, Protocol, TextIO

from mockcloud.doors.embedded.errors import ProgramReadStdin


@dataclass(slots=True)
class Capture:
    """What one program printed and how long its imports took, in seconds.

    Attributes:
        show: What clears a text of secrets, where what is printed is shown at once as well; None to keep it only.
    """

    stdout: io.StringIO = field(default_factory=io.StringIO)
    stderr: io.StringIO = field(default_factory=io.StringIO)
    imports: float = 0.0
    importing: bool = False
    show: Callable[[str], str] | None = None


class _Import(Protocol):
    """Python's import function."""

    def __call__(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - Python's signature
        locals: Mapping[str, object] | None = None,  # noqa: A002 - as above
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType: ...


_CURRENT: Final[ContextVar[Capture | None]] = ContextVar("capture", default=None)
_LOCK: Final = threading.Lock()
_THRESHOLD: Final = (500_000, 20, 20)
"""When the garbage collector looks. A program keeps what it makes until it ends, so looking often finds nothing."""


class _Output(io.TextIOBase):
    """A text stream that writes to the calling program's buffer, or to the stream that it replaces, or to both."""

    def __init__(self, replaced: TextIO, pick: Callable[[Capture], io.StringIO]) -> None:
        self._replaced, self._pick = replaced, pick

    def _target(self) -> TextIO:
        capture = _CURRENT.get()
        return self._replaced if capture is None else self._pick(capture)

    def write(self, text: str) -> int:
        capture = _CURRENT.get()
        if capture is not None and capture.show is not None:
            self._replaced.write(capture.show(text))
        return self._target().write(text)

    def flush(self) -> None:
        self._target().flush()

    def isatty(self) -> bool:
        return self._target().isatty()

    def fileno(self) -> int:
        return self._target().fileno()

    def writable(self) -> bool:
        return True

    @property
    def buffer(self) -> io.BufferedIOBase:
        """Bytes are written as UTF-8 text where a program is captured."""
        return self._replaced.buffer if _CURRENT.get() is None else _Bytes(self)  # type: ignore[return-value] # typeshed says BinaryIO


class _Bytes(io.BufferedIOBase):
    """The byte stream under a captured text stream."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override] # typeshed: any buffer
        self._text.write(bytes(data).decode("utf-8", "replace"))
        return len(data)

    def writable(self) -> bool:
        return True


class _Input(io.TextIOBase):
    """Standard input that a program may not read; whoever else reads it gets the one that it replaces."""

    def __init__(self, replaced: TextIO) -> None:
        self._replaced = replaced

    def _source(self) -> TextIO:
        if _CURRENT.get() is None:
            return self._replaced
        raise ProgramReadStdin(
            "The program reads standard input",
            given="a call of input() or a read of sys.stdin",
            allowed="configuration, files and arguments: a preview has nobody to ask",
            remedy="read the value from `pulumi.Config` instead",
        )

    def read(self, size: int | None = -1, /) -> str:
        return self._source().read(-1 if size is None else size)

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override] # typeshed gives TextIOBase a wider one
        return self._source().readline(size)

    def fileno(self) -> int:
        return self._source().fileno()

    def isatty(self) -> bool:
        return _CURRENT.get() is None and self._replaced.isatty()

    def readable(self) -> bool:
        return True


@dataclass(slots=True)
class _Replaced:
    """What stood in the process before the first program began."""

    users: int = 0
    names: dict[str, tuple[TextIO, TextIO]] = field(default_factory=dict)
    find: _Import | None = None
    threshold: tuple[int, int, int] = (0, 0, 0)


_STATE: Final = _Replaced()


@contextmanager
def capturing() -> Iterator[Capture]:
    """Capture the calling context until the block ends."""
    capture = Capture()
    _install()
    token = _CURRENT.set(capture)
    try:
        yield capture
    finally:
        _CURRENT.reset(token)
        _uninstall()


def _install() -> None:
    with _LOCK:
        _STATE.users += 1
        if _STATE.users > 1:
            return
        made: dict[str, TextIO] = {
            "stdin": _Input(sys.stdin),  # type: ignore[dict-item] # TextIOBase, of which TextIO is the typing view
            "stdout": _Output(sys.stdout, lambda capture: capture.stdout),  # type: ignore[dict-item] # as above
            "stderr": _Output(sys.stderr, lambda capture: capture.stderr),  # type: ignore[dict-item] # as above
        }
        for name, stream in made.items():
            _STATE.names[name] = (getattr(sys, name), stream)
            setattr(sys, name, stream)
        _STATE.find, _STATE.threshold = builtins.__import__, gc.get_threshold()
        builtins.__import__ = _timed(builtins.__import__)
        gc.set_threshold(*_THRESHOLD)


def _uninstall() -> None:
    with _LOCK:
        _STATE.users -= 1
        if _STATE.users:
            return
        for name, (replaced, stream) in _STATE.names.items():
            if getattr(sys, name) is stream:
                setattr(sys, name, replaced)
        _STATE.names.clear()
        if _STATE.find is not None:
            builtins.__import__ = _STATE.find
        gc.set_threshold(*_STATE.threshold)


def _timed(find: _Import) -> _Import:
    """Time the outermost imports of captured programs, with the garbage collector off.

    The collector finds nothing while modules load, and looking costs a fifth of the time.
    """

    def timed(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - Python's signature
        locals: Mapping[str, object] | None = None,  # noqa: A002 - as above
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        capture = _CURRENT.get()
        package = globals.get("__package__") if level and globals else None
        if capture is None or capture.importing or _full_name(name, package, level) in sys.modules:
            return find(name, globals, locals, fromlist, level)
        collecting, began = gc.isenabled(), time.perf_counter()
        capture.importing = True
        gc.disable()
        try:
            return find(name, globals, locals, fromlist, level)
        finally:
            capture.importing = False
            capture.imports += time.perf_counter() - began
            if collecting:
                gc.enable()

    return timed


@functools.lru_cache(maxsize=4096)
def _full_name(name: str, package: object, level: int) -> str:
    """Give the absolute name of what an import statement in a package names, as far as it says."""
    if not level or package is None:
        return name
    base = str(package).rsplit(".", level - 1)[0]
    return f"{base}.{name}" if name else base
