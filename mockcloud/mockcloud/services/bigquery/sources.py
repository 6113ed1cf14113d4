"""Files that rows come from: comma-separated values, JSON lines, Parquet, Avro."""

import csv
import gzip
import io
import json
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Record
from mockcloud.services.bigquery import avro_files, detection
from mockcloud.services.bigquery.engine import Engine
from mockcloud.services.bigquery.fields import Field, normal
from mockcloud.services.bigquery.refusals import JobFailure, bad, not_done
from mockcloud.services.bigquery.values import Row, Unfit, row_of

_STORAGE: Final = "storage"
_LARGEST: Final = 500 * 2**20
"""Bytes that a packed file may unpack to."""


@dataclass
class Table:
    """What was read.

    Attributes:
        fields: The schema, as stated or found out.
        rows: The rows.
        wrong: What could not be read, each with its file.
        size: Bytes of the files.
        files: How many files.
    """

    fields: Sequence[Field]
    rows: list[Row] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0
    files: int = 0


Values = Iterator[Mapping[str, Any]]
Reader = Callable[[bytes, Mapping[str, Any], Sequence[Field]], tuple[Sequence[Field], Values]]
"""From a content, the job's settings and the stated schema to the schema and the rows as clients send them."""


def contents(call: Call, uris: Sequence[str]) -> list[tuple[str, bytes]]:
    """Give the objects of this cloud that addresses name: `gs://bucket/part-*.csv`.

    Raises:
        ApiError: An address is none, names nothing, or the caller may not read it.
    """
    found = []
    for uri in uris:
        bucket, _, pattern = uri.removeprefix("gs://").partition("/")
        if not uri.startswith("gs://") or not bucket or not pattern:
            raise bad(f"Source URI must be a Google Cloud Storage location: {uri}", uri)
        start, star, end = pattern.partition("*")
        named = [
            each
            for each in call.cloud.store.page(_STORAGE, f"b/{bucket}/o")
            if each.id == pattern or (star and each.id.startswith(start) and each.id.endswith(end))
        ]
        if not named:
            raise JobFailure("notFound", f"Not found: URI {uri}", uri)
        for each in named:
            if not call.cloud.allows(call, "storage.objects.get", each.name, _STORAGE):
                raise JobFailure("accessDenied", f"Access Denied: File {uri}", uri)
            found.append((f"gs://{bucket}/{each.id}", _unpacked(each.hidden["content"])))
    return found


def _unpacked(content: bytes) -> bytes:
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        unpacker = zlib.decompressobj(wbits=31)
        found = unpacker.decompress(content, _LARGEST)
    except zlib.error:
        raise bad("Error while reading data, error message: the file is not gzip to its end") from None
    if unpacker.unconsumed_tail:
        raise bad("Error while reading data, error message: the file unpacks to too much")
    return found


def read(files: Sequence[tuple[str, bytes]], settings: Mapping[str, Any], stated: Sequence[Field]) -> Table:
    """Read files.

    Args:
        files: Address and content of each.
        settings: The job's configuration: `sourceFormat`, `skipLeadingRows`, …
        stated: The schema; empty for none.

    Raises:
        ApiError: The format is not modelled, or too much is wrong with the data.
    """
    form = str(settings.get("sourceFormat") or "CSV").upper()
    reader = _READERS.get(form)
    if reader is None:
        raise not_done(f"the source format {form}")
    found = Table(fields=list(stated))
    unknown = bool(settings.get("ignoreUnknownValues"))
    for uri, content in files:
        found.size += len(content)
        found.files += 1
        try:
            fields, values = reader(content, settings, stated)
            found.fields = found.fields or fields
            for each in values:
                try:
                    found.rows.append(row_of(found.fields, each, ignore_unknown=unknown))
                except Unfit as error:
                    found.wrong.append((uri, f"{error.why} Field: {error.field}"))
        except (ValueError, UnicodeDecodeError, csv.Error, EOFError) as error:
            found.wrong.append((uri, str(error)[:200]))
    if len(found.wrong) > int(settings.get("maxBadRecords", 0)):
        uri, why = found.wrong[0]
        raise bad(f"Error while reading data, error message: {why} File: {uri}", uri)
    return found


# Formats
# ---------------------------------------------------------------------------------------------------------------------


def _text(content: bytes, settings: Mapping[str, Any]) -> str:
    encoding = str(settings.get("encoding") or "UTF-8").lower()
    names = {"utf-8": "utf-8-sig", "iso-8859-1": "latin-1"}
    return content.decode(names.get(encoding, "utf-8-sig" if encoding not in _ENCODINGS else encoding))


_ENCODINGS: Final = frozenset({"utf-16be", "utf-16le", "utf-32be", "utf-32le"})


def _csv(content: bytes, settings: Mapping[str, Any], stated: Sequence[Field]) -> tuple[Sequence[Field], Values]:
    delimiter = {"\\t": "\t", "tab": "\t"}.get(
        str(settings.get("fieldDelimiter") or ","), settings.get("fieldDelimiter")
    )
    quote = settings.get("quote", '"')
    reader = csv.reader(
        io.StringIO(_text(content, settings), newline=""),
        delimiter=(delimiter or ",")[:1],
        quotechar=quote[:1] or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    rows = [each for each in reader if each]
    skipped = settings.get("skipLeadingRows")
    header: list[str] = []
    if stated:
        rows = rows[int(skipped or 0) :]
        return list(stated), _records(rows, stated, settings)
    if skipped:
        header, rows = rows[int(skipped) - 1] if len(rows) >= int(skipped) else [], rows[int(skipped) :]
    elif detection.has_header(rows):
        header, rows = rows[0], rows[1:]
    fields = detection.of_columns(rows, header)
    return fields, _records(rows, fields, settings)


def _records(rows: Sequence[Sequence[str]], fields: Sequence[Field], settings: Mapping[str, Any]) -> Values:
    marker = settings.get("nullMarker", "")
    for row in rows:
        if len(row) < len(fields) and not settings.get("allowJaggedRows"):
            yield {"": f"Too few columns: {len(row)} of {len(fields)}"}
            continue
        values: dict[str, Any] = {}
        for each, text in zip(fields, row, strict=False):
            empty = text == marker and (marker or each["type"] != "STRING")
            values[each["name"]] = None if empty else text
        if len(row) > len(fields) and not settings.get("ignoreUnknownValues"):
            values[f"column {len(fields) + 1}"] = row[len(fields)]
        yield values


def _json_lines(content: bytes, settings: Mapping[str, Any], stated: Sequence[Field]) -> tuple[Sequence[Field], Values]:
    rows = [json.loads(line) for line in _text(content, settings).splitlines() if line.strip()]
    if not all(isinstance(each, dict) for each in rows):
        raise ValueError("JSON table encountered a row that is no object.")
    return list(stated) or detection.of_objects(rows), iter(rows)


def _parquet(content: bytes, settings: Mapping[str, Any], stated: Sequence[Field]) -> tuple[Sequence[Field], Values]:
    del settings
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "source.parquet"
        path.write_bytes(content)
        database = Engine(directory).database
        import duckdb

        try:
            rows = database.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        except duckdb.Error as error:
            raise ValueError(f"Parquet: {str(error).partition(chr(10))[0]}") from None
        from mockcloud.services.bigquery.fields import from_duck

        found = normal([from_duck(each[0], each[1]) for each in database.description or []])
    names = [each["name"] for each in found]
    fields = list(stated) or found
    return fields, (dict(zip(names, row, strict=True)) for row in rows)


def _avro(content: bytes, settings: Mapping[str, Any], stated: Sequence[Field]) -> tuple[Sequence[Field], Values]:
    fields, rows = avro_files.read(content, logical=bool(settings.get("useAvroLogicalTypes")))
    return list(stated) or fields, iter(rows)


_READERS: Final[Mapping[str, Reader]] = {
    "CSV": _csv,
    "NEWLINE_DELIMITED_JSON": _json_lines,
    "PARQUET": _parquet,
    "AVRO": _avro,
}


def external(call: Call, record: Record) -> tuple[Sequence[Field], list[Row]]:
    """Give schema and rows of an external table, read from its files.

    Raises:
        ApiError: They are missing, or cannot be read.
    """
    settings = record.body["externalDataConfiguration"]
    options = {**settings, **settings.get("csvOptions", {})}
    stated = record.body.get("schema", settings.get("schema", {})).get("fields", [])
    found = read(contents(call, settings.get("sourceUris", [])), options, normal(stated))
    return found.fields, found.rows


def packed(content: bytes) -> bytes:
    """Pack a content with gzip, the same way each time."""
    return gzip.compress(content, mtime=0)
