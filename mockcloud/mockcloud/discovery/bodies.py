"""Which field of a request the body of a method stands for, as gRPC has the request."""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from mockcloud.discovery.methods import Kind, Method
from mockcloud.discovery.names import singular, snake
from mockcloud.discovery.tables import read_table

_ONE: Final = frozenset({Kind.CREATE, Kind.PATCH, Kind.UPDATE})


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, str]]:
    data: dict[str, Any] = read_table(Path(__file__).parent / "bodies.yaml")
    found: Mapping[str, Mapping[str, str]] = data["bodies"]
    return found


@cache
def bound(method: Method) -> str:
    """Give the field in snake_case: `endpoint`; "" where the body is the whole request, or there is none."""
    table = _table().get(method.api, {})
    words = method.id.split(".")
    for key in (".".join(words[-2:]), words[-1], method.resource, "*"):
        if key in table:
            return table[key]
    if not method.request or method.request.endswith("Request"):
        return ""
    if method.kind in _ONE:
        return snake(singular(method.resource))
    return snake(words[-1].removeprefix("update")) if words[-1].startswith("update") else ""
