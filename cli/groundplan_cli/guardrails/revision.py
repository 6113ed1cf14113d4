"""Which commit a directory is of, read from the files that Git keeps: Git itself is not run."""

import re
from pathlib import Path

from groundplan_cli.guardrails.target import repository_of

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LINK = "gitdir:"
_REFERENCE = "ref:"


def commit_of(directory: Path) -> str:
    """Give the commit that is checked out; "" where there is no repository, no commit yet, or Git's files say nothing.

    Args:
        directory: A directory inside the work tree.
    """
    root = repository_of(directory)
    if root is None:
        return ""
    home = _home(root / ".git")
    head = _read(home / "HEAD")
    found = _resolve(home, head.removeprefix(_REFERENCE).strip()) if head.startswith(_REFERENCE) else head
    return found if _COMMIT.fullmatch(found) else ""


def _home(git: Path) -> Path:
    """Give where a work tree's own files are: it may be one of several, and then `.git` is a file that says so."""
    if git.is_dir():
        return git
    link = _read(git)
    return git.parent / link.removeprefix(_LINK).strip() if link.startswith(_LINK) else git


def _resolve(home: Path, reference: str) -> str:
    common = _read(home / "commondir")
    for place in (home, home / common) if common else (home,):
        loose = _read(place / reference)
        if loose:
            return loose
        for line in _read(place / "packed-refs").splitlines():
            commit, _, name = line.partition(" ")
            if name == reference:
                return commit
    return ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
