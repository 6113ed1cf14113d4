"""Annotations of the first version of the API, and the fields that say the same in the second one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.discovery.tables import read_table

_EVERY: Final = "*"
_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class _Row:
    """An annotation; see the head of `annotations.yaml`."""

    path: str
    form: str = "text"
    words: Mapping[str, str] = field(default_factory=dict)
    silent: str = ""


@cache
def _table(part: str) -> Mapping[str, _Row]:
    raw: Mapping[str, Any] = read_table(Path(__file__).parent / "annotations.yaml")[part]
    return {name: _Row(**row) for name, row in raw.items()}


def into_fields(part: str, given: Mapping[str, str], body: dict[str, Any]) -> dict[str, str]:
    """Set the fields that annotations mean, and give the annotations that mean none.

    Args:
        part: `service` or `template`.
        given: The annotations.
        body: The service or the template as the second version of the API has it.

    Raises:
        ApiError: 400, where an annotation's value is none that it takes.
    """
    table = _table(part)
    for name, row in table.items():
        if given.get(name):
            _put(body, row.path.split("."), _read(name, row, given[name]))
    return {name: value for name, value in given.items() if name not in table}


def of_fields(part: str, body: Body, sent: Mapping[str, str]) -> dict[str, str]:
    """Give the annotations that fields mean.

    Args:
        part: `service` or `template`.
        body: The service or the template as the second version of the API has it.
        sent: Annotations as they were sent last: one that still means the same is given as it was written.
    """
    found: dict[str, str] = {}
    for name, row in _table(part).items():
        value = _at(body, row.path.split("."))
        if value in (None, "", [], row.silent):
            continue
        same = sent.get(name) and _read(name, row, sent[name]) == value
        found[name] = sent[name] if same else _written(row, value)
    return found


def _read(name: str, row: _Row, text: str) -> Any:  # noqa: ANN401 - JSON
    """Read an annotation's value as the field has it."""
    try:
        if row.words:
            return row.words[text]
        if row.form == "boolean":
            return {"true": True, "false": False}[text.lower()]
        if row.form == "number":
            return int(text)
        if row.form == "hours":
            return f"{int(text) * _HOUR}s"
        return json.loads(text) if row.form == "json" else text
    except (KeyError, ValueError):
        allowed = ", ".join(row.words) or {"json": "JSON", "boolean": "true, false"}.get(row.form, "a whole number")
        raise invalid(
            f"The annotation '{name}' does not take '{text[:100]}'. It takes: {allowed}.",
            Violation(f"metadata.annotations[{name}]", f"It takes: {allowed}."),
        ) from None


def _written(row: _Row, value: Any) -> str:  # noqa: ANN401 - JSON
    """Write a field's value as the annotation has it."""
    if row.words:
        return next((word for word, each in row.words.items() if each == value), str(value))
    if row.form == "json":
        return json.dumps(value, separators=(",", ":"))
    if row.form == "boolean":
        return str(value).lower()
    return str(int(str(value).removesuffix("s")) // _HOUR) if row.form == "hours" else str(value)


def _put(body: dict[str, Any], path: list[str], value: object) -> None:
    head, *rest = path
    if rest and rest[0] == _EVERY:
        for each in body.get(head, []):
            _put(each, rest[1:], value)
    elif rest:
        _put(body.setdefault(head, {}), rest, value)
    else:
        body[head] = value


def _at(body: Body, path: list[str]) -> Any:  # noqa: ANN401 - JSON
    """Give the value at a path; of every container, the first one's."""
    found: Any = body
    for each in path:
        first = (found or [{}])[0] if each == _EVERY else None
        found = (found or {}).get(each) if first is None else first
    return found
