"""Files of Avro read (https://avro.apache.org/docs/1.11.1/specification/)."""

import json
import struct
import zlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

_MAGIC: Final = b"Obj\x01"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DEEPEST: Final = 64


def read(content: bytes, *, logical: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Read a file of rows.

    Args:
        content: The file.
        logical: Whether dates, times and decimals are read as such; else as the numbers that hold them.

    Returns:
        The table's schema, and the rows as clients send them in JSON.

    Raises:
        ValueError: It is no such file.
    """
    source = _Source(content)
    if source.take(len(_MAGIC)) != _MAGIC:
        raise ValueError("The Apache Avro library failed to read the header: Not an Avro data file.")
    meta = source.map_of_bytes()
    schema = json.loads(meta["avro.schema"])
    codec = meta.get("avro.codec", b"null")
    if codec not in {b"null", b"deflate"}:
        raise ValueError(f"The codec {codec.decode(errors='replace')} is not one of null and deflate.")
    sync = source.take(16)
    names: dict[str, Any] = {}
    fields = [_field(each["name"], each["type"], names, logical=logical, depth=0) for each in schema["fields"]]
    rows = []
    while source.left:
        count, size = source.long(), source.long()
        block = source.take(size)
        inner = _Source(zlib.decompress(block, -15) if codec == b"deflate" else block)
        rows += [_read(inner, schema, names, logical=logical, depth=0) for _ in range(count)]
        if source.take(16) != sync:
            raise ValueError("The Apache Avro library failed to read a block: its end is not where it should be.")
    return fields, rows


class _Source:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._content) - self._at

    def take(self, size: int) -> bytes:
        if not 0 <= size <= self.left:
            raise ValueError("The Apache Avro library failed to parse the file: it ends too early.")
        self._at += size
        return self._content[self._at - size : self._at]

    def long(self) -> int:
        found, shift = 0, 0
        while True:
            byte = self.take(1)[0]
            found |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return (found >> 1) ^ -(found & 1)

    def text(self) -> bytes:
        return self.take(self.long())

    def blocks(self) -> int:
        """Give the entries of the next block of a list or map; 0 at its end."""
        count = self.long()
        if count < 0:
            self.long()  # its size in bytes
        return abs(count)

    def map_of_bytes(self) -> dict[str, bytes]:
        found = {}
        while count := self.blocks():
            for _ in range(count):
                key = self.text().decode()
                found[key] = self.text()
        return found


def _named(schema: Any, names: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Give the definition that a schema means: its own, or the one of its name."""
    if isinstance(schema, str):
        return names.get(schema, schema)
    if isinstance(schema, dict) and "name" in schema:
        names[schema["name"]] = schema
    return schema


def _field(name: str, schema: Any, names: dict[str, Any], *, logical: bool, depth: int) -> dict[str, Any]:  # noqa: ANN401 - JSON
    if depth > _DEEPEST:
        raise ValueError("The schema is nested too deeply.")
    schema = _named(schema, names)
    if isinstance(schema, list):
        inner = next((each for each in schema if each != "null"), "string")
        return _field(name, inner, names, logical=logical, depth=depth + 1)
    kind = schema["type"] if isinstance(schema, dict) else schema
    if kind == "record":
        members = [
            _field(each["name"], each["type"], names, logical=logical, depth=depth + 1) for each in schema["fields"]
        ]
        return {"name": name, "type": "RECORD", "mode": "NULLABLE", "fields": members}
    if kind == "array":
        return {**_field(name, schema["items"], names, logical=logical, depth=depth + 1), "mode": "REPEATED"}
    if kind == "map":
        value = _field("value", schema["values"], names, logical=logical, depth=depth + 1)
        key = {"name": "key", "type": "STRING", "mode": "NULLABLE"}
        return {"name": name, "type": "RECORD", "mode": "REPEATED", "fields": [key, value]}
    return {"name": name, "type": _scalar(kind, schema, logical=logical), "mode": "NULLABLE"}


def _scalar(kind: str, schema: Any, *, logical: bool) -> str:  # noqa: ANN401 - JSON
    word = schema.get("logicalType", "") if isinstance(schema, dict) and logical else ""
    found = {
        "date": "DATE",
        "time-millis": "TIME",
        "time-micros": "TIME",
        "timestamp-millis": "TIMESTAMP",
        "timestamp-micros": "TIMESTAMP",
        "decimal": "NUMERIC",
    }.get(word)
    plain = {"boolean": "BOOLEAN", "int": "INTEGER", "long": "INTEGER", "float": "FLOAT", "double": "FLOAT"}
    return found or plain.get(kind, "BYTES" if kind in {"bytes", "fixed"} else "STRING")


def _read(  # noqa: C901, PLR0911, PLR0912 - one return a type
    source: _Source,
    schema: Any,  # noqa: ANN401 - JSON
    names: dict[str, Any],
    *,
    logical: bool,
    depth: int,
) -> Any:  # noqa: ANN401 - JSON
    if depth > _DEEPEST:
        raise ValueError("The data is nested too deeply.")
    schema = _named(schema, names)
    if isinstance(schema, list):
        at = source.long()
        if not 0 <= at < len(schema):
            raise ValueError("The Apache Avro library failed to parse a union.")
        return _read(source, schema[at], names, logical=logical, depth=depth + 1)
    kind = schema["type"] if isinstance(schema, dict) else schema
    if kind == "null":
        return None
    if kind == "boolean":
        return source.take(1) != b"\x00"
    if kind in {"int", "long"}:
        return _logical(source.long(), schema, logical=logical)
    if kind == "float":
        return struct.unpack("<f", source.take(4))[0]
    if kind == "double":
        return struct.unpack("<d", source.take(8))[0]
    if kind in {"bytes", "fixed"}:
        found = source.take(schema["size"]) if kind == "fixed" else source.text()
        return _logical(found, schema, logical=logical)
    if kind == "enum":
        return schema["symbols"][source.long()]
    if kind == "record":
        return {
            each["name"]: _read(source, each["type"], names, logical=logical, depth=depth + 1)
            for each in schema["fields"]
        }
    if kind == "array":
        items = []
        while count := source.blocks():
            items += [_read(source, schema["items"], names, logical=logical, depth=depth + 1) for _ in range(count)]
        return items
    if kind == "map":
        pairs = []
        while count := source.blocks():
            for _ in range(count):
                key = source.text().decode()
                value = _read(source, schema["values"], names, logical=logical, depth=depth + 1)
                pairs.append({"key": key, "value": value})
        return pairs
    if isinstance(kind, (dict, list)):
        return _read(source, kind, names, logical=logical, depth=depth + 1)
    return source.text().decode()


def _logical(value: Any, schema: Any, *, logical: bool) -> Any:  # noqa: ANN401 - JSON
    """Give what a number or bytes mean."""
    word = schema.get("logicalType", "") if isinstance(schema, dict) and logical else ""
    if word == "date":
        return (_EPOCH + timedelta(days=value)).date()
    if word.startswith("time"):
        moment = _EPOCH + (timedelta(milliseconds=value) if word.endswith("millis") else timedelta(microseconds=value))
        return moment if word.startswith("timestamp") else moment.time()
    if word == "decimal":
        return Decimal(int.from_bytes(value, "big", signed=True)).scaleb(-schema.get("scale", 0))
    return value
