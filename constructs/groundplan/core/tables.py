"""The tables that ship with groundplan: data files beside the code, read once."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Any

import yaml


@functools.cache
def load(name: str) -> dict[str, Any]:
    """Return the table ``data/<name>.yaml``, parsed; callers must not change it.

    A table that is missing or is no mapping is a fault of groundplan's own build, so it raises as it comes.
    """
    text = resources.files("groundplan.core").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    table = yaml.safe_load(text)
    if not isinstance(table, dict):
        raise TypeError(f"table {name} is no mapping")
    return table
