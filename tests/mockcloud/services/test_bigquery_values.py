"""Values, schemas and files of BigQuery, by themselves."""

import json
from typing import Any

import pytest

from mockcloud.services.bigquery import avro, avro_files, detection, values
from mockcloud.services.bigquery.fields import normal


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("INTEGER", 1.0, "1"),
        ("FLOAT", "nan", "NaN"),
        ("FLOAT", "-inf", "-Infinity"),
        ("BOOLEAN", "yes", "true"),
        ("BOOLEAN", 0, "false"),
        ("STRING", True, "true"),
        ("BYTES", "YQ==", "YQ=="),
        ("NUMERIC", "1.500", "1.5"),
        ("DATE", "2026-1-2", "2026-01-02"),
        ("DATETIME", "2026-01-02 3:04:05", "2026-01-02T03:04:05"),
        ("TIME", "3:04:05", "03:04:05"),
        ("TIMESTAMP", 1.5, "1500000"),
        ("TIMESTAMP", "1970-01-01T01:00:00+1", "0"),
        ("TIMESTAMP", "1970-01-01 00:00:01.25 UTC", "1250000"),
        ("JSON", {"a": 1}, '{"a":1}'),
        ("GEOGRAPHY", "POINT(1 2)", "POINT(1 2)"),
    ],
)
def test_values_are_kept_in_one_form(kind: str, given: object, kept: str) -> None:
    assert values.cell({"name": "x", "type": kind, "mode": "NULLABLE"}, given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("INTEGER", 1.5),
        ("INTEGER", 2**63),
        ("BOOLEAN", "maybe"),
        ("NUMERIC", "NaN"),
        ("DATE", "tomorrow"),
        ("TIMESTAMP", True),
        ("BYTES", "!"),
        ("STRING", [1]),
        ("JSON", "{"),
    ],
)
def test_values_that_do_not_fit(kind: str, given: object) -> None:
    with pytest.raises(values.Unfit):
        values.cell({"name": "x", "type": kind, "mode": "NULLABLE"}, given)


def test_nested_values_that_do_not_fit() -> None:
    fields = normal([{"name": "r", "type": "RECORD", "fields": [{"name": "x", "type": "INT64", "mode": "REQUIRED"}]}])
    repeated = normal([{"name": "l", "type": "INT64", "mode": "REPEATED"}])
    for schema, given in (
        (fields, {"r": 1}),
        (fields, {"r": {}}),
        (fields, {"r": {"x": 1, "y": 2}}),
        (repeated, {"l": 1}),
    ):
        with pytest.raises(values.Unfit):
            values.row_of(schema, given)
    assert values.row_of(fields, {"r": {"x": 1, "y": 2}, "z": 1}, ignore_unknown=True) == {
        "f": [{"v": {"f": [{"v": "1"}]}}]
    }


def test_schemas_are_found_out() -> None:
    rows: list[dict[str, Any]] = [
        {"a": 1, "b": [1.5], "c": {"d": True}, "e": None, "f": "2026-01-01", "g": []},
        {"a": 1.5, "b": [2], "c": {"h": "x"}, "f": "2026-01-01T00:00:00Z", "i": {}},
    ]
    found = {each["name"]: (each["type"], each["mode"]) for each in detection.of_objects(rows)}
    assert found == {
        "a": ("FLOAT", "NULLABLE"),
        "b": ("FLOAT", "REPEATED"),
        "c": ("RECORD", "NULLABLE"),
        "f": ("TIMESTAMP", "NULLABLE"),
    }
    columns = detection.of_columns([["1", "x", "10:00:00", "true"], ["2", "", "", ""]], ["1st col"])
    assert [(each["name"], each["type"]) for each in columns] == [
        ("_1st_col", "INTEGER"),
        ("string_field_1", "STRING"),
        ("time_field_2", "TIME"),
        ("boolean_field_3", "BOOLEAN"),
    ]
    assert not detection.has_header([])


def test_avro_goes_there_and_back() -> None:
    fields = normal(
        [
            {"name": "i", "type": "INT64", "mode": "REQUIRED"},
            {"name": "f", "type": "FLOAT64"},
            {"name": "b", "type": "BOOL"},
            {"name": "y", "type": "BYTES"},
            {"name": "d", "type": "DATE"},
            {"name": "t", "type": "TIME"},
            {"name": "ts", "type": "TIMESTAMP"},
            {"name": "n", "type": "NUMERIC"},
            {"name": "l", "type": "STRING", "mode": "REPEATED"},
            {"name": "r", "type": "RECORD", "fields": [{"name": "x", "type": "INT64"}]},
        ]
    )
    given = {
        "i": -5, "f": 1.5, "b": True, "y": "YWI=", "d": "1969-12-31", "t": "01:02:03", "ts": "2026-01-01T00:00:00Z",
        "n": "-1.25", "l": ["a", "b"], "r": {"x": 300},
    }  # fmt: skip
    rows = [values.row_of(fields, given), values.row_of(fields, {"i": 1})]
    found, read = avro_files.read(avro.file_of(fields, rows), logical=True)
    assert [each["type"] for each in found] == [each["type"] for each in fields]
    assert [values.row_of(fields, each) for each in read] == rows
    with pytest.raises(ValueError, match="too early"):
        avro_files.read(avro.file_of(fields, rows)[:-20], logical=True)


def test_avro_of_others() -> None:
    schema = {
        "type": "record",
        "name": "x",
        "fields": [
            {"name": "m", "type": {"type": "map", "values": "long"}},
            {"name": "e", "type": {"type": "enum", "name": "e", "symbols": ["A", "B"]}},
            {"name": "g", "type": {"type": "fixed", "name": "g", "size": 2}},
            {"name": "h", "type": "float"},
            {"name": "w", "type": {"type": "int", "logicalType": "date"}},
            {"name": "u", "type": ["null", "string"]},
        ],
    }
    head = b"Obj\x01\x02\x16avro.schema" + _length(json.dumps(schema).encode()) + b"\x00" + b"s" * 16
    row = b"\x02\x02k\x04\x00" + b"\x02" + b"zz" + b"\x00\x00\x00\x40" + b"\x02" + b"\x00"
    content = head + b"\x02" + bytes([len(row) * 2]) + row + b"s" * 16
    fields, rows = avro_files.read(content, logical=False)
    assert [each["type"] for each in fields] == ["RECORD", "STRING", "BYTES", "FLOAT", "INTEGER", "STRING"]
    assert rows == [{"m": [{"key": "k", "value": 2}], "e": "B", "g": b"zz", "h": 2.0, "w": 1, "u": None}]


def _length(content: bytes) -> bytes:
    size, found = len(content) * 2, b""
    while size > 127:
        found, size = found + bytes([size & 127 | 128]), size >> 7
    return found + bytes([size]) + content
