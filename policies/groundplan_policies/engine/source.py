"""Where in the user's program a resource was made."""

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from urllib.parse import unquote, urlsplit

LIBRARY_DIRECTORIES = ("site-packages/", "dist-packages/", "/lib/python3", ".venv/", "node_modules/", "/pkg/mod/")
"""Fragments of a path that say that a file was installed and not written by the user."""


@dataclass(frozen=True, slots=True)
class Source:
    """A line of a program.

    Attributes:
        file: Path relative to the project directory, with forward slashes; absolute, or with leading `..`, if outside.
        line: Line number, from 1.
        own: Whether the file is the user's: inside the project and of no library.
    """

    file: str
    line: int
    own: bool

    def __str__(self) -> str:
        """Give `file:line`, as editors and terminals link it."""
        return f"{self.file}:{self.line}"


def find_source(position: str, trace: Iterable[str], libraries: Sequence[str] = ()) -> Source | None:
    """Find the line to show a reader: the innermost one that the user wrote, else the one that Pulumi recorded.

    Args:
        position: The resource's `sourcePosition`, a URI such as `project:///net.py#12`; "" if there is none.
        trace: The positions of its `stackTrace`, innermost first.
        libraries: Directories inside the project, such as `constructs/groundplan/`, that hold a library's code.
    """
    libraries = tuple(libraries)
    for frame in chain(trace, (position,)):
        source = _parse(frame, libraries)
        if source is not None and source.own:
            return source
    return _parse(position, libraries)


@lru_cache(maxsize=4096)
def _parse(position: str, libraries: tuple[str, ...]) -> Source | None:
    """Read one position. The same few lines come back thousands of times in a document, so they are remembered."""
    uri = urlsplit(position)
    line = uri.fragment.partition(",")[0]
    if uri.scheme not in {"project", "file"} or not line.isdecimal():
        return None
    path = unquote(uri.path)
    inside = uri.scheme == "project"
    if inside:
        path = posixpath.normpath(path.lstrip("/"))
        inside = not path.startswith("../")
    installed = any(mark in f"/{path}" for mark in LIBRARY_DIRECTORIES) or path.startswith(libraries)
    return Source(file=path, line=int(line), own=inside and not installed)
