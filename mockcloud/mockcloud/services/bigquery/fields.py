"""Schemas of tables: fields in BigQuery's words, and what they are in DuckDB's."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from mockcloud.services.bigquery.refusals import bad

if TYPE_CHECKING:
    from duckdb.sqltypes import DuckDBPyType

Field = Mapping[str, Any]
"""A field as the API has it: name, type, mode, fields."""

_LEGACY: Final = {
    "INT64": "INTEGER", "INT": "INTEGER", "SMALLINT": "INTEGER", "BIGINT": "INTEGER", "TINYINT": "INTEGER",
    "BYTEINT": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN", "STRUCT": "RECORD", "DECIMAL": "NUMERIC",
    "BIGDECIMAL": "BIGNUMERIC",
}  # fmt: skip
"""Names of types in SQL -> those that the API shows."""

_DUCK: Final = {
    "INTEGER": "BIGINT", "FLOAT": "DOUBLE", "BOOLEAN": "BOOLEAN", "STRING": "VARCHAR", "BYTES": "BLOB",
    "DATE": "DATE", "DATETIME": "TIMESTAMP", "TIMESTAMP": "TIMESTAMPTZ", "TIME": "TIME",
    "NUMERIC": "DECIMAL(38,9)", "BIGNUMERIC": "DECIMAL(38,18)", "JSON": "JSON", "GEOGRAPHY": "VARCHAR",
    "INTERVAL": "INTERVAL", "RANGE": "VARCHAR",
}  # fmt: skip

_FROM_DUCK: Final = {
    "boolean": "BOOLEAN", "tinyint": "INTEGER", "smallint": "INTEGER", "integer": "INTEGER", "bigint": "INTEGER",
    "hugeint": "INTEGER", "utinyint": "INTEGER", "usmallint": "INTEGER", "uinteger": "INTEGER", "ubigint": "INTEGER",
    "uhugeint": "INTEGER", "float": "FLOAT", "double": "FLOAT", "decimal": "NUMERIC", "varchar": "STRING",
    "blob": "BYTES", "date": "DATE", "time": "TIME", "timestamp": "DATETIME", "timestamp_s": "DATETIME",
    "timestamp_ms": "DATETIME", "timestamp_ns": "DATETIME", "timestamp with time zone": "TIMESTAMP",
    "interval": "INTERVAL", "uuid": "STRING", "enum": "STRING",
}  # fmt: skip

MODES: Final = frozenset({"NULLABLE", "REQUIRED", "REPEATED"})


def normal(fields: Sequence[Field]) -> list[dict[str, Any]]:
    """Give fields as the API shows them: with the older names of types, and a mode.

    Raises:
        ApiError: A field has no name, a type that there is not, or a name that another one has.
    """
    found, names = [], set()
    for each in fields:
        name = each.get("name", "")
        if not name:
            raise bad("Field name is empty.")
        if name.lower() in names:
            raise bad(f"Duplicate field name: {name}")
        names.add(name.lower())
        kind = _LEGACY.get(each.get("type", "").upper(), each.get("type", "").upper())
        mode = (each.get("mode") or "NULLABLE").upper()
        if (kind not in _DUCK and kind != "RECORD") or mode not in MODES:
            raise bad(f"Invalid value for type or mode of field {name}: {each.get('type')} {mode}")
        field = {**each, "type": kind, "mode": mode}
        if kind == "RECORD":
            if not each.get("fields"):
                raise bad(f"Field {name} is type RECORD but has no schema")
            field["fields"] = normal(each["fields"])
        found.append(field)
    return found


def duck_type(field: Field) -> str:
    """Give the type of a field in DuckDB."""
    if field["type"] == "RECORD":
        inner = ", ".join(f"{quoted(each['name'])} {duck_type(each)}" for each in field["fields"])
        kind = f"STRUCT({inner})"
    else:
        kind = _DUCK[field["type"]]
    return f"{kind}[]" if field["mode"] == "REPEATED" else kind


def duck_structure(field: Field) -> Any:  # noqa: ANN401 - JSON
    """Give the type of a field as DuckDB's `from_json` reads it."""
    kind: Any = _DUCK.get(field["type"])
    if field["type"] == "RECORD":
        kind = {each["name"]: duck_structure(each) for each in field["fields"]}
    return [kind] if field["mode"] == "REPEATED" else kind


def quoted(name: str) -> str:
    """Give a name as SQL has it in quotes."""
    return '"' + name.replace('"', '""') + '"'


def from_duck(name: str, kind: "DuckDBPyType", mode: str = "NULLABLE") -> dict[str, Any]:
    """Give the field for a column of a result."""
    if str(kind) == "JSON":
        return {"name": name, "type": "JSON", "mode": mode}
    if kind.id in {"list", "array"}:
        return from_duck(name, _children(kind)["child"], "REPEATED")
    if kind.id == "struct":
        members = [from_duck(label, each) for label, each in _children(kind).items()]
        return {"name": name, "type": "RECORD", "mode": mode, "fields": members}
    return {"name": name, "type": _FROM_DUCK.get(kind.id, "STRING"), "mode": mode}


def _children(kind: "DuckDBPyType") -> "dict[str, DuckDBPyType]":
    # Some children are numbers or names, but not those of lists and structures.
    return {label: each for label, each in kind.children if not isinstance(each, (int, list))}


def holds(fields: Sequence[Field], kind: str) -> bool:
    """Whether a type occurs in a schema."""
    return any(each["type"] == kind or holds(each.get("fields", ()), kind) for each in fields)
