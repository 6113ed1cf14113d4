"""Schemas that are found out from data, where nobody states them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

_PATTERNS: Final = (
    ("INTEGER", re.compile(r"[+-]?\d{1,19}")),
    ("FLOAT", re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")),
    ("BOOLEAN", re.compile(r"true|false", re.IGNORECASE)),
    ("DATE", re.compile(r"\d{4}-\d{1,2}-\d{1,2}")),
    (
        "TIMESTAMP",
        re.compile(r"\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|UTC|[+-]\d{1,2}(:?\d{2})?)"),
    ),
    ("DATETIME", re.compile(r"\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?")),
    ("TIME", re.compile(r"\d{1,2}:\d{2}:\d{2}(\.\d+)?")),
)  # fmt: skip


def of_text(text: str) -> str:
    """Give the type that a text looks like."""
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(text.strip())), "STRING")


def _wider(one: str, other: str) -> str:
    if not one or one == other:
        return other
    if {one, other} == {"INTEGER", "FLOAT"}:
        return "FLOAT"
    return "TIMESTAMP" if {one, other} == {"DATE", "TIMESTAMP"} else "STRING"


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: all of it is text, and in another row something is not."""
    if not rows or any(of_text(each) != "STRING" for each in rows[0]):
        return False
    return len(rows) == 1 or any(each and of_text(each) != "STRING" for row in rows[1:100] for each in row)


def of_columns(rows: Iterable[Sequence[str]], header: Sequence[str]) -> list[dict[str, Any]]:
    """Give the schema of rows of text.

    Args:
        rows: The rows.
        header: Names of the columns; those that are missing are called `string_field_0`, …
    """
    kinds: list[str] = ["" for _ in header]
    for row in rows:
        for at, each in enumerate(row):
            if at >= len(kinds):
                kinds.append("")
            if each:
                kinds[at] = _wider(kinds[at], of_text(each))
    found = []
    for at, kind in enumerate(kinds):
        kind = kind or "STRING"  # noqa: PLW2901 - a column of nothing
        name = column(header[at]) if at < len(header) else f"{kind.lower()}_field_{at}"
        found.append({"name": name, "type": kind, "mode": "NULLABLE"})
    return found


def column(name: str) -> str:
    """Give a name that a column may have."""
    bare = re.sub(r"\W", "_", name.strip())
    return bare if bare and not bare[0].isdigit() else f"_{bare}"


def of_objects(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give the schema of JSON objects."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for name, value in row.items():
            field = _of_value(name, value)
            if field is not None:
                found[name] = _joined(found[name], field) if name in found else field
    return list(found.values())


def _of_value(name: str, value: Any) -> dict[str, Any] | None:  # noqa: ANN401 - JSON
    if value is None or value == []:
        return None
    if isinstance(value, list):
        inner = [each for each in (_of_value(name, one) for one in value) if each is not None]
        whole = inner[0] if inner else None
        for each in inner[1:]:
            whole = _joined(whole, each) if whole else each
        return {**whole, "mode": "REPEATED"} if whole else None
    if isinstance(value, dict):
        members = of_objects([value])
        return {"name": name, "type": "RECORD", "mode": "NULLABLE", "fields": members} if members else None
    if isinstance(value, bool):
        kind = "BOOLEAN"
    elif isinstance(value, int):
        kind = "INTEGER"
    elif isinstance(value, float):
        kind = "FLOAT"
    else:
        kind = of_text(str(value)) if "-" in str(value)[1:] else "STRING"
    return {"name": name, "type": kind, "mode": "NULLABLE"}


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    mode = "REPEATED" if "REPEATED" in {one["mode"], other["mode"]} else "NULLABLE"
    if one["type"] == other["type"] == "RECORD":
        fields = {each["name"]: each for each in one["fields"]}
        for each in other["fields"]:
            fields[each["name"]] = _joined(fields[each["name"]], each) if each["name"] in fields else each
        return {**one, "mode": mode, "fields": list(fields.values())}
    return {"name": one["name"], "type": _wider(one["type"], other["type"]), "mode": mode}
