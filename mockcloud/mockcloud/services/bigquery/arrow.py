"""Rows as Arrow writes them, by pyarrow where that is installed."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from mockcloud.cloud.errors import not_modelled
from mockcloud.services.bigquery.fields import Field
from mockcloud.services.bigquery.values import Row

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _pyarrow() -> ModuleType:
    try:
        return import_module("pyarrow")
    except ImportError:
        raise not_modelled("rows as Arrow without the package pyarrow; ask for Avro") from None


def schema(fields: Sequence[Field]) -> bytes:
    """Give a table's schema as Arrow writes it.

    Raises:
        ApiError: 501, without pyarrow.
    """
    found: bytes = _schema(fields).serialize().to_pybytes()
    return found


def batch(fields: Sequence[Field], rows: Sequence[Row]) -> bytes:
    """Give rows as a record batch of Arrow.

    Raises:
        ApiError: 501, without pyarrow.
    """
    pyarrow, whole = _pyarrow(), _schema(fields)
    columns = [
        pyarrow.array([_value(field, row["f"][at]["v"]) for row in rows], type=whole.field(at).type)
        for at, field in enumerate(fields)
    ]
    found: bytes = pyarrow.RecordBatch.from_arrays(columns, schema=whole).serialize().to_pybytes()
    return found


def _schema(fields: Sequence[Field]) -> Any:  # noqa: ANN401 - pyarrow's, which may be absent
    pyarrow = _pyarrow()
    return pyarrow.schema([pyarrow.field(each["name"], _type(each), nullable=_nullable(each)) for each in fields])


def _nullable(field: Field) -> bool:
    return bool(field["mode"] != "REQUIRED")


def _type(field: Field) -> Any:  # noqa: ANN401 - as above
    pyarrow = _pyarrow()
    if field["type"] == "RECORD":
        inner = pyarrow.struct([pyarrow.field(each["name"], _type(each)) for each in field["fields"]])
    else:
        simple: Mapping[str, Any] = {
            "INTEGER": pyarrow.int64(),
            "FLOAT": pyarrow.float64(),
            "BOOLEAN": pyarrow.bool_(),
            "BYTES": pyarrow.binary(),
            "DATE": pyarrow.date32(),
            "DATETIME": pyarrow.timestamp("us"),
            "TIMESTAMP": pyarrow.timestamp("us", tz="UTC"),
            "TIME": pyarrow.time64("us"),
            "NUMERIC": pyarrow.decimal128(38, 9),
            "BIGNUMERIC": pyarrow.decimal256(76, 38),
        }
        inner = simple.get(field["type"], pyarrow.string())
    return pyarrow.list_(inner) if field["mode"] == "REPEATED" else inner


def _value(field: Field, value: Any) -> Any:  # noqa: ANN401 - a value of any type
    if value is None:
        return None
    if field["mode"] == "REPEATED":
        one = {**field, "mode": "NULLABLE"}
        return [_value(one, each["v"]) for each in value]
    kind = field["type"]
    if kind == "RECORD":
        return {each["name"]: _value(each, cell["v"]) for each, cell in zip(field["fields"], value["f"], strict=True)}
    if kind == "BOOLEAN":
        return value == "true"
    if kind == "TIMESTAMP":
        return _EPOCH + timedelta(microseconds=int(value))
    readers: Mapping[str, Any] = {
        "INTEGER": int,
        "FLOAT": float,
        "BYTES": base64.b64decode,
        "DATE": date.fromisoformat,
        "DATETIME": datetime.fromisoformat,
        "TIME": time.fromisoformat,
        "NUMERIC": Decimal,
        "BIGNUMERIC": Decimal,
    }
    return readers[kind](value) if kind in readers else value
