"""Copy jobs."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Record
from mockcloud.services.bigquery import names, partitions, tables
from mockcloud.services.bigquery.access import hold_data
from mockcloud.services.bigquery.jobs import Done
from mockcloud.services.bigquery.refusals import bad
from mockcloud.services.bigquery.row_access import hold_all_rows
from mockcloud.services.bigquery.values import Row
from mockcloud.services.bigquery.writing import write

_KEPT: Final = ("timePartitioning", "rangePartitioning", "clustering", "description", "labels")


def work(call: Call, location: str, settings: Mapping[str, Any]) -> Done:
    """Copy tables to one."""
    del location
    references = settings.get("sourceTables") or [settings.get("sourceTable", {})]
    destination = settings.get("destinationTable", {})
    if not destination.get("tableId") or not all(each.get("tableId") for each in references):
        raise bad("Required parameter is missing: sourceTable and destinationTable")
    sources = [names.table(call.cloud, names.table_name(call.cloud, each, call.project)) for each in references]
    for each in sources:
        hold_data(call, each.name, "getData")
        hold_all_rows(call, each)
    name = names.table_name(call.cloud, destination, call.project)
    names.dataset(call.cloud, name.rpartition("/tables/")[0])
    rows = [
        row
        for each, reference in zip(sources, references, strict=True)
        for row in _rows(each, partitions.split(reference["tableId"])[1])
    ]
    further = {key: sources[0].body[key] for key in _KEPT if key in sources[0].body}
    record = write(call, name, tables.fields_of(sources[0]), rows, settings, usual="WRITE_EMPTY", further=further)
    size = sum(int(each.body["numBytes"]) for each in sources)
    statistics = {"copiedRows": str(len(rows)), "copiedLogicalBytes": str(size)}
    return Done(location=record.body["location"], copy=statistics)


def _rows(table: Record, partition: str) -> list[Row]:
    rows = tables.rows_of(table)
    return [row for row in rows if partitions.partition_of(table, row) == partition] if partition else rows
