"""Which code made a model: the version of this package, and a digest of its files."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).parent


def code_version() -> str:
    """Return the version with the first digits of the digest, ``0.1.0+0f3a…``; a changed file changes it."""
    digest = hashlib.sha256()
    for file in sorted(file for suffix in ("*.py", "*.yaml") for file in _ROOT.rglob(suffix)):
        digest.update(file.relative_to(_ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return f"{version('census-workloads')}+{digest.hexdigest()[:12]}"
