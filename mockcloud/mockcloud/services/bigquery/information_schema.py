"""INFORMATION_SCHEMA: what there is in a dataset or project, as rows of tables."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.store import Record
from mockcloud.services.bigquery import names
from mockcloud.services.bigquery.access import hold_listing
from mockcloud.services.bigquery.partitions import counts
from mockcloud.services.bigquery.refusals import missing, not_done
from mockcloud.services.bigquery.service import API
from mockcloud.services.bigquery.tables import rows_of
from mockcloud.services.bigquery.values import Row, row_of

if TYPE_CHECKING:
    from mockcloud.services.bigquery.sql import Reading

_WORD: Final = "INFORMATION_SCHEMA"
_SUMMARY: Final = "__PARTITIONS_SUMMARY__"
"""What stands behind the `$` of a table's name in the older dialect for its partitions."""
Values = Iterator[Mapping[str, Any]]


def _field(name: str, kind: str = "STRING") -> dict[str, Any]:
    return {"name": name, "type": kind, "mode": "NULLABLE"}


_COLUMNS: Final[Mapping[str, tuple[dict[str, Any], ...]]] = {
    "SCHEMATA": (
        _field("catalog_name"), _field("schema_name"), _field("schema_owner"),
        _field("creation_time", "TIMESTAMP"), _field("last_modified_time", "TIMESTAMP"), _field("location"),
    ),
    "TABLES": (
        _field("table_catalog"), _field("table_schema"), _field("table_name"), _field("table_type"),
        _field("is_insertable_into"), _field("is_typed"), _field("creation_time", "TIMESTAMP"), _field("ddl"),
    ),
    "VIEWS": (
        _field("table_catalog"), _field("table_schema"), _field("table_name"), _field("view_definition"),
        _field("check_option"), _field("use_standard_sql"),
    ),
    "COLUMNS": (
        _field("table_catalog"), _field("table_schema"), _field("table_name"), _field("column_name"),
        _field("ordinal_position", "INTEGER"), _field("is_nullable"), _field("data_type"), _field("is_hidden"),
        _field("is_partitioning_column"), _field("clustering_ordinal_position", "INTEGER"),
    ),
    "PARTITIONS": (
        _field("table_catalog"), _field("table_schema"), _field("table_name"), _field("partition_id"),
        _field("total_rows", "INTEGER"), _field("last_modified_time", "TIMESTAMP"), _field("storage_tier"),
    ),
    _SUMMARY: (
        _field("project_id"), _field("dataset_id"), _field("table_id"), _field("partition_id"),
        _field("creation_time", "INTEGER"), _field("last_modified_time", "INTEGER"),
    ),
    "__TABLES__": (
        _field("project_id"), _field("dataset_id"), _field("table_id"), _field("creation_time", "INTEGER"),
        _field("last_modified_time", "INTEGER"), _field("row_count", "INTEGER"), _field("size_bytes", "INTEGER"),
        _field("type", "INTEGER"),
    ),
}  # fmt: skip


def rows(reading: "Reading", parts: list[str]) -> tuple[list[dict[str, Any]], list[Row]] | None:
    """Give schema and rows of a view of INFORMATION_SCHEMA; None where a name means something else.

    Args:
        reading: The query.
        parts: The parts of the name.

    Raises:
        ApiError: There is no such view, no such dataset, or the caller may not know what is in it.
    """
    upper = [each.upper() for each in parts]
    if _WORD in upper:
        at = upper.index(_WORD)
        view, front = ".".join(upper[at + 1 :]), parts[:at]
    elif upper[-1] == "__TABLES__":
        view, front = upper[-1], parts[:-1]
    elif upper[-1].endswith(f"${_SUMMARY}"):
        return _summary(reading, parts)
    else:
        return None
    if view not in _COLUMNS:
        raise not_done(f"the view {_WORD}.{view}")
    fields = list(_COLUMNS[view])
    values = _VIEWS[view](list(_datasets(reading, front, view)))
    return fields, [row_of(fields, each) for each in values]


def _summary(reading: "Reading", parts: list[str]) -> tuple[list[dict[str, Any]], list[Row]]:
    """Give the partitions of one table."""
    *front, last = parts
    fields = list(_COLUMNS[_SUMMARY])
    found: list[Row] = []
    for dataset, tables in _datasets(reading, front or [reading.dataset], _SUMMARY):
        for each in (table for table in tables if table.id == last.partition("$")[0]):
            place = {"project_id": dataset.name.split("/")[1], "dataset_id": dataset.id, "table_id": each.id}
            times = {"creation_time": each.body["creationTime"], "last_modified_time": each.body["lastModifiedTime"]}
            found += [
                row_of(fields, {**place, "partition_id": partition, **times})
                for partition in counts(each, rows_of(each))
            ]
    return fields, found


def _datasets(reading: "Reading", front: list[str], view: str) -> Iterator[tuple[Record, list[Record]]]:
    """Give the datasets that are meant, each with its tables: one, or those of a project in a region.

    Of a project's datasets those are given that the caller may know of.
    """
    permission = "bigquery.datasets.get" if view == "SCHEMATA" else "bigquery.tables.list"
    cloud = reading.call.cloud
    store = cloud.store
    *projects, last = front or [""]
    project = cloud.projects.id_of(projects[0]) if projects else reading.project
    region = last.lower().removeprefix("region-") if last.lower().startswith("region-") else ""
    if last and not region:
        record = store.get(API, names.dataset_name(project, last))
        if record is None:
            raise missing("Dataset", f"{project}:{last}")
        hold_listing(reading.call, record.name, permission)
        records = [record]
    else:
        records = [
            each
            for each in store.page(API, f"projects/{project}/datasets")
            if not each.id.startswith("_") and region in {"", each.body["location"].lower()}
            if cloud.allows(reading.call, permission, each.name, API)
        ]
    for each in records:
        yield each, store.page(API, f"{each.name}/tables")


def _schemata(found: list[tuple[Record, list[Record]]]) -> Values:
    for dataset, _ in found:
        yield {
            "catalog_name": dataset.name.split("/")[1],
            "schema_name": dataset.id,
            "creation_time": _seconds(dataset.body["creationTime"]),
            "last_modified_time": _seconds(dataset.body["lastModifiedTime"]),
            "location": dataset.body["location"],
        }


def _seconds(milliseconds: str) -> float:
    return int(milliseconds) / 1000


def _place(table: Record) -> dict[str, Any]:
    reference = table.body["tableReference"]
    return {
        "table_catalog": reference["projectId"],
        "table_schema": reference["datasetId"],
        "table_name": reference["tableId"],
    }


def _tables(found: list[tuple[Record, list[Record]]]) -> Values:
    kinds = {"TABLE": "BASE TABLE", "MATERIALIZED_VIEW": "MATERIALIZED VIEW"}
    for _, tables in found:
        for each in tables:
            yield {
                **_place(each),
                "table_type": kinds.get(each.body["type"], each.body["type"]),
                "is_insertable_into": "YES" if each.body["type"] == "TABLE" else "NO",
                "is_typed": "NO",
                "creation_time": _seconds(each.body["creationTime"]),
            }


def _views(found: list[tuple[Record, list[Record]]]) -> Values:
    for _, tables in found:
        for each in tables:
            if each.body["type"] == "VIEW":
                view = each.body["view"]
                standard = "NO" if view.get("useLegacySql") else "YES"
                yield {**_place(each), "view_definition": view["query"], "use_standard_sql": standard}


def _columns(found: list[tuple[Record, list[Record]]]) -> Values:
    for _, tables in found:
        for each in tables:
            partition = each.body.get("timePartitioning", each.body.get("rangePartitioning", {})).get("field")
            clustering = each.body.get("clustering", {}).get("fields", [])
            for at, field in enumerate(each.body.get("schema", {}).get("fields", []), 1):
                name = field["name"]
                yield {
                    **_place(each),
                    "column_name": name,
                    "ordinal_position": at,
                    "is_nullable": "NO" if field["mode"] == "REQUIRED" else "YES",
                    "data_type": sql_type(field),
                    "is_hidden": "NO",
                    "is_partitioning_column": "YES" if name == partition else "NO",
                    "clustering_ordinal_position": clustering.index(name) + 1 if name in clustering else None,
                }


def sql_type(field: Mapping[str, Any]) -> str:
    """Give the type of a field as SQL names it: `ARRAY<STRUCT<x INT64>>`."""
    if field["type"] == "RECORD":
        members = ", ".join(f"{each['name']} {sql_type(each)}" for each in field["fields"])
        kind = f"STRUCT<{members}>"
    else:
        kind = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL"}.get(field["type"], field["type"])
    return f"ARRAY<{kind}>" if field["mode"] == "REPEATED" else kind


def _partitions(found: list[tuple[Record, list[Record]]]) -> Values:
    for _, tables in found:
        for each in tables:
            whole = {None: int(each.body["numRows"])} if each.body["type"] == "TABLE" else {}
            for partition, count in (counts(each, rows_of(each)) or whole).items():
                yield {
                    **_place(each),
                    "partition_id": partition,
                    "total_rows": count,
                    "last_modified_time": int(each.body["lastModifiedTime"]) / 1000,
                    "storage_tier": "ACTIVE",
                }


def _sizes(found: list[tuple[Record, list[Record]]]) -> Values:
    kinds = {"TABLE": 1, "VIEW": 2, "EXTERNAL": 3}
    for dataset, tables in found:
        for each in tables:
            yield {
                "project_id": dataset.name.split("/")[1],
                "dataset_id": dataset.id,
                "table_id": each.id,
                "creation_time": each.body["creationTime"],
                "last_modified_time": each.body["lastModifiedTime"],
                "row_count": each.body["numRows"],
                "size_bytes": each.body["numBytes"],
                "type": kinds.get(each.body["type"], 1),
            }


_VIEWS: Final[Mapping[str, Callable[[list[tuple[Record, list[Record]]]], Values]]] = {
    "SCHEMATA": _schemata,
    "TABLES": _tables,
    "VIEWS": _views,
    "COLUMNS": _columns,
    "PARTITIONS": _partitions,
    "__TABLES__": _sizes,
}
