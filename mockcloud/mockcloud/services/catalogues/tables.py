"""The tables, read once."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_HERE: Final = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """Read a table by its name. Nobody changes what it gives."""
    with (_HERE / f"{name}.yaml").open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.safe_load(file)
    return found
