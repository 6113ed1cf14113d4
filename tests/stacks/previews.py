"""The three environments, previewed once a process."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import Any

from mockcloud import preview_directory

ROOT = Path(__file__).parents[2]


@functools.cache
def _document(stack: str) -> dict[str, Any]:
    found: Any = preview_directory(ROOT, stack).document
    return dict(found)


def document(stack: str) -> dict[str, Any]:
    """Return the deployment document of a shipped stack; a copy of its own for each caller."""
    return copy.deepcopy(_document(stack))


def resources(stack: str) -> list[dict[str, Any]]:
    """Return the resources of a shipped stack."""
    found: list[dict[str, Any]] = _document(stack)["deployment"]["resources"]
    return found
