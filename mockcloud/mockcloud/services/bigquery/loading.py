"""Load jobs: rows from objects of this cloud, or from what was uploaded with the job."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.services.bigquery import names, sources, tables
from mockcloud.services.bigquery.fields import normal
from mockcloud.services.bigquery.jobs import Done
from mockcloud.services.bigquery.refusals import bad
from mockcloud.services.bigquery.service import API
from mockcloud.services.bigquery.writing import write

_FURTHER: Final = ("timePartitioning", "rangePartitioning", "clustering")


def work(call: Call, location: str, settings: Mapping[str, Any]) -> Done:
    """Load rows into a table."""
    del location
    destination = settings.get("destinationTable", {})
    if not destination.get("tableId"):
        raise bad("Required parameter is missing: destinationTable")
    name = names.table_name(call.cloud, destination, call.project)
    dataset = names.dataset(call.cloud, name.rpartition("/tables/")[0])
    record = call.cloud.store.get(API, name.partition("$")[0])
    stated = normal(settings.get("schema", {}).get("fields", []))
    adds = "ALLOW_FIELD_ADDITION" in settings.get("schemaUpdateOptions", [])
    if not stated and record is not None and not adds and settings.get("writeDisposition") != "WRITE_TRUNCATE":
        stated = tables.fields_of(record)
    found = sources.read(_files(call, settings), settings, stated)
    fields = normal(found.fields)
    further: dict[str, Any] = {key: settings[key] for key in _FURTHER if key in settings}
    further.update(settings.get("destinationTableProperties", {}))
    if "destinationEncryptionConfiguration" in settings:
        further["encryptionConfiguration"] = settings["destinationEncryptionConfiguration"]
    written = write(call, name, fields, found.rows, settings, further=further)
    statistics = {
        "inputFiles": str(found.files),
        "inputFileBytes": str(found.size),
        "outputRows": str(len(found.rows)),
        "outputBytes": written.body["numBytes"],
        "badRecords": str(len(found.wrong)),
    }
    return Done(location=dataset.body["location"], load=statistics)


def _files(call: Call, settings: Mapping[str, Any]) -> list[tuple[str, bytes]]:
    if call.request.content is not None:
        return [("upload", call.request.content)]
    uris = settings.get("sourceUris", [])
    if not uris:
        raise bad("Load configuration must specify at least one source URI")
    return sources.contents(call, uris)
