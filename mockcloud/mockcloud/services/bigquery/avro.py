"""Rows written as Avro (https://avro.apache.org/docs/1.11.1/specification/)."""

import base64
import io
import json
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from mockcloud.services.bigquery.fields import Field
from mockcloud.services.bigquery.values import Row

_MAGIC: Final = b"Obj\x01"
_SYNC: Final = b"groundplan-avro!"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_TYPES: Final[Mapping[str, Any]] = {
    "INTEGER": "long",
    "FLOAT": "double",
    "BOOLEAN": "boolean",
    "BYTES": "bytes",
    "DATE": {"type": "int", "logicalType": "date"},
    "TIMESTAMP": {"type": "long", "logicalType": "timestamp-micros"},
    "TIME": {"type": "long", "logicalType": "time-micros"},
    "DATETIME": {"type": "string", "sqlType": "DATETIME"},
    "NUMERIC": {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 9},
    "BIGNUMERIC": {"type": "bytes", "logicalType": "decimal", "precision": 77, "scale": 38},
    "JSON": {"type": "string", "sqlType": "JSON"},
    "GEOGRAPHY": {"type": "string", "sqlType": "GEOGRAPHY"},
}
_SCALES: Final = {"NUMERIC": 9, "BIGNUMERIC": 38}


def schema_of(fields: Sequence[Field], name: str = "__root__") -> dict[str, Any]:
    """Give the Avro schema for a table's schema."""
    return {"type": "record", "name": name, "fields": [{"name": f["name"], "type": _type(f, name)} for f in fields]}


def _type(field: Field, path: str) -> Any:  # noqa: ANN401 - JSON
    inner = _TYPES.get(field["type"], "string")
    if field["type"] == "RECORD":
        inner = schema_of(field["fields"], f"{path}_{field['name']}")
    if field["mode"] == "REPEATED":
        return {"type": "array", "items": inner}
    return inner if field["mode"] == "REQUIRED" else ["null", inner]


def encoded(fields: Sequence[Field], rows: Sequence[Row]) -> bytes:
    """Give rows as Avro writes them, one behind the other, without the frame of a file."""
    out = io.BytesIO()
    for row in rows:
        _write_record(out, fields, row)
    return out.getvalue()


def file_of(fields: Sequence[Field], rows: Sequence[Row]) -> bytes:
    """Give a file of rows."""
    out = io.BytesIO()
    out.write(_MAGIC)
    meta = {"avro.schema": json.dumps(schema_of(fields)).encode(), "avro.codec": b"null"}
    _write_long(out, len(meta))
    for key, value in meta.items():
        _write_bytes(out, key.encode())
        _write_bytes(out, value)
    _write_long(out, 0)
    out.write(_SYNC)
    if rows:
        block = encoded(fields, rows)
        _write_long(out, len(rows))
        _write_long(out, len(block))
        out.write(block + _SYNC)
    return out.getvalue()


def _write_record(out: io.BytesIO, fields: Sequence[Field], row: Row) -> None:
    for field, each in zip(fields, row["f"], strict=True):
        value = each["v"]
        if field["mode"] == "REPEATED":
            if value:
                _write_long(out, len(value))
                for one in value:
                    _write_value(out, field, one["v"])
            _write_long(out, 0)
        elif field["mode"] == "REQUIRED":
            _write_value(out, field, value)
        else:
            _write_long(out, 0 if value is None else 1)
            if value is not None:
                _write_value(out, field, value)


def _write_value(out: io.BytesIO, field: Field, value: Any) -> None:  # noqa: ANN401 - as rows keep it
    kind = field["type"]
    if kind == "RECORD":
        _write_record(out, field["fields"], value)
    elif kind in {"INTEGER", "TIMESTAMP"}:
        _write_long(out, int(value))
    elif kind == "FLOAT":
        out.write(struct.pack("<d", float(value)))
    elif kind == "BOOLEAN":
        out.write(b"\x01" if value == "true" else b"\x00")
    elif kind == "BYTES":
        _write_bytes(out, base64.b64decode(value))
    elif kind == "DATE":
        _write_long(out, (date.fromisoformat(value) - _EPOCH.date()).days)
    elif kind == "TIME":
        clock = datetime.fromisoformat(f"1970-01-01T{value}+00:00")
        _write_long(out, (clock - _EPOCH) // timedelta(microseconds=1))
    elif kind in _SCALES:
        whole = int(Decimal(value).scaleb(_SCALES[kind]))
        _write_bytes(out, whole.to_bytes((whole.bit_length() + 8) // 8, "big", signed=True))
    else:
        _write_bytes(out, value.encode())


def _write_long(out: io.BytesIO, value: int) -> None:
    zigzag = (value << 1) ^ (value >> 63)
    while zigzag > 0x7F:  # noqa: PLR2004 - seven bits a byte
        out.write(bytes([zigzag & 0x7F | 0x80]))
        zigzag >>= 7
    out.write(bytes([zigzag]))


def _write_bytes(out: io.BytesIO, value: bytes) -> None:
    _write_long(out, len(value))
    out.write(value)
