"""Writes files whole or not at all."""

import os
import tempfile
from pathlib import Path

from groundplan_cli.errors import Error


def write_atomically(path: Path, text: str) -> None:
    """Write a text file: to a temporary one beside it, which then takes its name.

    A reader sees the old content or the new, never a part, and a full disk or Ctrl-C leaves the old one.

    Raises:
        Error: The directory does not exist, or cannot be written to.
    """
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            # `mkstemp` makes files that only the owner reads; the result is an ordinary file.
            os.fchmod(file.fileno(), _mode(path))
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        raise Error(
            "The file cannot be written",
            given=f"{path} ({error.strerror})",
            allowed="a file in a directory that exists and may be written to",
            remedy="make the directory, or choose another place",
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _mode(path: Path) -> int:
    """Give the permissions of the file that is replaced, or those that a new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
