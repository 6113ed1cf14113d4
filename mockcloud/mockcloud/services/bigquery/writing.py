"""Rows written to a table as a job says: added, in the place of those before, or only where there are none."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Record
from mockcloud.services.bigquery import names, partitions, tables
from mockcloud.services.bigquery.access import hold_data
from mockcloud.services.bigquery.fields import Field, normal
from mockcloud.services.bigquery.refusals import bad, duplicate, missing
from mockcloud.services.bigquery.service import API
from mockcloud.services.bigquery.values import Row


def write(
    call: Call,
    name: str,
    fields: Sequence[Field],
    rows: Sequence[Row],
    settings: Mapping[str, Any],
    *,
    usual: str = "WRITE_APPEND",
    further: Mapping[str, Any] | None = None,
) -> Record:
    """Write rows to a table.

    Args:
        call: The call.
        name: Full name of the table.
        fields: Schema of the rows.
        rows: The rows.
        settings: The job's configuration, with `createDisposition`, `writeDisposition`, `schemaUpdateOptions`.
        usual: The write disposition where it does not say.
        further: What else a new table is made with.

    Raises:
        ApiError: The table is missing or full where it must not be, or its schema does not take the rows.
    """
    name, partition = partitions.split(name)
    hold_data(call, name, "updateData")
    record = call.cloud.store.get(API, name)
    body = record.body if record is not None else {"timePartitioning": partitions.usual(partition), **(further or {})}
    if partition:
        at = partitions.begin(body, partition)
        rows = [{**row, partitions.ARRIVED: at} for row in rows] if partitions.by_arrival(body) else rows
    if record is None:
        if settings.get("createDisposition") == "CREATE_NEVER":
            raise missing("Table", names.colons(name))
        names.hold_table_id(name.rpartition("/")[2])
        made = {**(further or {}), **({"timePartitioning": body["timePartitioning"]} if partition else {})}
        return tables.create(call, name, {"schema": {"fields": list(fields)}, **made}, rows)
    disposition = settings.get("writeDisposition") or usual
    before = tables.rows_of(record)
    inside = [row for row in before if not partition or partitions.partition_of(record, row) == partition]
    if disposition == "WRITE_EMPTY" and inside:
        raise duplicate("Table", names.colons(name))
    replaces = disposition in {"WRITE_TRUNCATE", "WRITE_TRUNCATE_DATA"}
    if (replaces and not partition) or not tables.fields_of(record):
        return tables.store_rows(call, record, rows, {"schema": {"fields": normal(fields)}})
    if replaces:
        gone = {id(row) for row in inside}
        record = tables.store_rows(call, record, [row for row in before if id(row) not in gone])
    return _append(call, record, fields, rows, settings)


def _append(
    call: Call, record: Record, fields: Sequence[Field], rows: Sequence[Row], settings: Mapping[str, Any]
) -> Record:
    """Add rows, in the order of the table's columns; new columns where the job allows them."""
    old = tables.fields_of(record)
    known = {each["name"].lower(): each for each in old}
    new = [each for each in fields if each["name"].lower() not in known]
    table = names.colons(record.name)
    if new and "ALLOW_FIELD_ADDITION" not in settings.get("schemaUpdateOptions", []):
        raise bad(f"Provided Schema does not match Table {table}. Cannot add fields (field: {new[0]['name']})")
    for each in fields:
        before = known.get(each["name"].lower())
        if before is not None and before["type"] != each["type"]:
            raise bad(
                f"Provided Schema does not match Table {table}. Field {each['name']} has changed type from "
                f"{before['type']} to {each['type']}"
            )
    whole = [*old, *normal([{**each, "mode": "NULLABLE"} if each["mode"] == "REQUIRED" else each for each in new])]
    at = {each["name"].lower(): place for place, each in enumerate(fields)}
    empty: list[dict[str, Any]] = [{"v": [] if each["mode"] == "REPEATED" else None} for each in whole]
    places = [at.get(each["name"].lower()) for each in whole]
    added = [
        {**row, "f": [blank if place is None else row["f"][place] for place, blank in zip(places, empty, strict=True)]}
        for row in rows
    ]
    changes: dict[str, Any] = {}
    before_rows: Sequence[Row] = tables.rows_of(record)
    if new:
        changes["schema"] = {**record.body.get("schema", {}), "fields": whole}
        before_rows = tables.fitted(record, whole)
    return tables.store_rows(call, record, [*before_rows, *added], changes)
