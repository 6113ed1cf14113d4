"""Opens the documents that reviews and agreements refer to, as far as they are files of the project.

A document is untrusted: its name comes from the deployment document. Nothing outside of the project is opened, by
whatever links or dots, and nothing that is not a plain file of moderate size in UTF-8.
"""

import hashlib
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from groundplan_policies.engine.document import Document
from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.values import Value, is_unknown

MOST_BYTES: Final = 1_000_000
"""Bytes of a document at most. A model card of that length would be a book."""

_DECLARING: Final = ("review", "agreement")
_PREFIX: Final = "groundplan:governance:"
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def open_documents(document: Document, root: Path) -> Mapping[str, Opened]:
    """Open every document that a review or an agreement names by a path.

    Args:
        document: The deployment, with the reviews and agreements.
        root: The project's directory, from which the paths are written and outside of which nothing is opened.
    """
    home = root.resolve()
    return {uri: _open(home, uri) for uri in sorted(set(_named(document)))}


def _named(document: Document) -> Iterator[str]:
    for resource in document.resources:
        if resource.is_component and resource.type.startswith(_PREFIX):
            for key in _DECLARING:
                yield from _references(resource.inputs.get(key))


def _references(said: Value) -> Iterator[str]:
    """Give the paths among the references of a review or an agreement: parts with a `uri` that is no address."""
    for part in said.values() if isinstance(said, dict) else ():
        uri = part.get("uri") if isinstance(part, dict) else None
        if isinstance(uri, str) and uri and not is_unknown(uri) and not _ADDRESS.match(uri):
            yield uri


def _open(home: Path, uri: str) -> Opened:
    try:
        path = (home / uri).resolve(strict=True)
        if not path.is_relative_to(home):
            return Opened(problem="is outside of the project")
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return Opened(problem="is no file")
        if found.st_size > MOST_BYTES:
            return Opened(problem=f"is larger than {MOST_BYTES:,} bytes")
        content = path.read_bytes()
    except FileNotFoundError:
        return Opened(problem="is not there")
    except (OSError, ValueError, RuntimeError):
        return Opened(problem="cannot be read")
    return _read(content)


def _read(content: bytes) -> Opened:
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    try:
        return Opened(digest=digest, text=content.decode("utf-8"))
    except UnicodeDecodeError:
        return Opened(digest=digest, problem="is no text in UTF-8")
