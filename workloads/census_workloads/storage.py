"""Where files are: folders here, or buckets as tasks in the cloud see them; and digests of what they hold."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from census_workloads.errors import SourceError

_BUCKETS: Final = Path("/gcs")
"""Where tasks of Vertex AI see buckets as folders (Cloud Storage FUSE)."""
_SCHEME: Final = "gs://"


def folder(place: str) -> Path:
    """Return a folder by its path or its ``gs://`` address; another scheme raises ``SourceError``."""
    if place.startswith(_SCHEME):
        return _BUCKETS / place.removeprefix(_SCHEME)
    if not place or "://" in place:
        raise SourceError(
            "a folder cannot be reached",
            given=repr(place),
            allowed="a path, or gs://BUCKET/PATH in the cloud",
            do="copy the files to a folder or a bucket, and name that",
        )
    return Path(place)


def address(path: str) -> str:
    """Return the ``gs://`` address of what a task in the cloud sees below ``/gcs``; any other path as it is."""
    below = f"{_BUCKETS}/"
    return _SCHEME + path.removeprefix(below) if path.startswith(below) else path


def sha256(path: Path) -> str:
    """Return the SHA-256 digest of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
