"""Rows as clients and files show them."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mockcloud.services.bigquery.fields import Field
from mockcloud.services.bigquery.values import Row

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def for_export(fields: Sequence[Field], row: Row) -> dict[str, Any]:
    """Give a row as it is written to files of JSON lines: whole numbers and decimals as text, as BigQuery does."""
    return {field["name"]: _for_export(field, each["v"]) for field, each in zip(fields, row["f"], strict=False)}


def _for_export(field: Field, value: Any) -> Any:  # noqa: ANN401 - a value of any type
    if value is None:
        return None
    if field["mode"] == "REPEATED":
        one = {**field, "mode": "NULLABLE"}
        return [_for_export(one, each["v"]) for each in value]
    kind = field["type"]
    if kind == "RECORD":
        return for_export(field["fields"], value)
    if kind == "TIMESTAMP":
        moment = _EPOCH + timedelta(microseconds=int(value))
        return moment.strftime("%Y-%m-%d %H:%M:%S.%f").rstrip("0").rstrip(".") + " UTC"
    if kind == "FLOAT":
        number = float(value)
        return number if math.isfinite(number) else value
    return {"true": True, "false": False}[value] if kind == "BOOLEAN" else value


def shown(fields: Sequence[Field], row: Row, *, whole: bool) -> Row:
    """Give a row as a client asks for it: timestamps as whole microseconds, or as seconds with a fraction."""
    if whole:
        return row
    return {"f": [{"v": _seconds(field, each["v"])} for field, each in zip(fields, row["f"], strict=False)]}


def _seconds(field: Field, value: Any) -> Any:  # noqa: ANN401 - a value of any type
    if value is None or field["type"] not in {"TIMESTAMP", "RECORD"}:
        return value
    if field["mode"] == "REPEATED":
        one = {**field, "mode": "NULLABLE"}
        return [{"v": _seconds(one, each["v"])} for each in value]
    if field["type"] == "RECORD":
        return shown(field["fields"], value, whole=False)
    return repr(int(value) / 1_000_000)
