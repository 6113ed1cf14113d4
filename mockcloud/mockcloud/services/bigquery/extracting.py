"""Extract jobs: rows to objects of this cloud."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from mockcloud.cloud.call import Call, Request
from mockcloud.cloud.errors import ApiError
from mockcloud.discovery.catalogue import description
from mockcloud.services.bigquery import avro, names, tables
from mockcloud.services.bigquery.access import hold_data
from mockcloud.services.bigquery.engine import Engine
from mockcloud.services.bigquery.fields import Field
from mockcloud.services.bigquery.jobs import Done
from mockcloud.services.bigquery.refusals import JobFailure, bad, not_done
from mockcloud.services.bigquery.row_access import hold_all_rows
from mockcloud.services.bigquery.showing import for_export
from mockcloud.services.bigquery.sources import packed
from mockcloud.services.bigquery.values import Row

Writer = Callable[[Sequence[Field], Sequence[Row], Mapping[str, Any]], bytes]


def work(call: Call, location: str, settings: Mapping[str, Any]) -> Done:
    """Write a table's rows to one object for each address; a `*` in it becomes the number of the file."""
    del location
    if settings.get("sourceModel"):
        raise not_done("the extraction of models")
    record = names.table(call.cloud, names.table_name(call.cloud, settings.get("sourceTable", {}), call.project))
    hold_data(call, record.name, "getData")
    hold_all_rows(call, record)
    uris = settings.get("destinationUris") or [each for each in [settings.get("destinationUri")] if each]
    if not uris:
        raise bad("Required parameter is missing: destinationUris")
    form = str(settings.get("destinationFormat") or "CSV").upper()
    writer = _WRITERS.get(form)
    if writer is None:
        raise not_done(f"the destination format {form}")
    content = writer(tables.fields_of(record), tables.rows_of(record), settings)
    compression = str(settings.get("compression") or "NONE").upper()
    if form in {"CSV", "NEWLINE_DELIMITED_JSON"} and compression == "GZIP":
        content = packed(content)
    for uri in uris:
        _put(call, uri.replace("*", f"{0:012d}"), content)
    statistics = {"destinationUriFileCounts": ["1"] * len(uris), "inputBytes": record.body["numBytes"]}
    return Done(location=record.body["location"], extract=statistics)


def _put(call: Call, uri: str, content: bytes) -> None:
    """Write an object in the caller's name, by the way of every upload."""
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    if not uri.startswith("gs://") or not bucket or not name:
        raise bad(f"Destination URI must be a Google Cloud Storage location: {uri}", uri)
    method = description("storage", "v1").routes.by_id["objects.insert"]
    query = {"name": name, "uploadType": "media"}
    request = Request(
        method=method, variables={"bucket": bucket}, query=query, content=content, headers=call.request.headers
    )
    try:
        call.cloud.dispatch(replace(request, door=call.request.door))
    except ApiError as error:
        reason = "notFound" if error.code == 404 else "accessDenied"  # noqa: PLR2004 - the status
        raise JobFailure(reason, f"{error.message} File: {uri}", uri) from None


def _csv(fields: Sequence[Field], rows: Sequence[Row], settings: Mapping[str, Any]) -> bytes:
    if any(each["mode"] == "REPEATED" or each["type"] == "RECORD" for each in fields):
        raise bad("Operation cannot be performed on a nested schema. Field: " + fields[0]["name"])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=str(settings.get("fieldDelimiter") or ",")[:1], lineterminator="\n")
    if settings.get("printHeader", True):
        writer.writerow([each["name"] for each in fields])
    for row in rows:
        values = for_export(fields, row)
        writer.writerow([_plain(values[each["name"]]) for each in fields])
    return out.getvalue().encode()


def _plain(value: Any) -> Any:  # noqa: ANN401 - a scalar
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _json_lines(fields: Sequence[Field], rows: Sequence[Row], settings: Mapping[str, Any]) -> bytes:
    del settings
    lines = []
    for row in rows:
        values = {key: value for key, value in for_export(fields, row).items() if value is not None}
        lines.append(json.dumps(values, separators=(",", ":"), ensure_ascii=False))
    return "".join(f"{each}\n" for each in lines).encode()


def _parquet(fields: Sequence[Field], rows: Sequence[Row], settings: Mapping[str, Any]) -> bytes:
    del settings
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "rows.parquet"
        engine = Engine(directory)
        identifier = engine.load("rows", fields, rows)
        engine.database.execute(f"COPY {identifier} TO '{path}' (FORMAT parquet)")
        return path.read_bytes()


def _avro(fields: Sequence[Field], rows: Sequence[Row], settings: Mapping[str, Any]) -> bytes:
    del settings
    return avro.file_of(fields, rows)


_WRITERS: Final[Mapping[str, Writer]] = {
    "CSV": _csv,
    "NEWLINE_DELIMITED_JSON": _json_lines,
    "PARQUET": _parquet,
    "AVRO": _avro,
}
