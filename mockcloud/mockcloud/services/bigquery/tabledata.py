"""Rows of tables: inserted one by one, and read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.bigquery import names, tables
from mockcloud.services.bigquery.fields import Field
from mockcloud.services.bigquery.queries import visible_rows
from mockcloud.services.bigquery.refusals import bad
from mockcloud.services.bigquery.results import page_token, read_token
from mockcloud.services.bigquery.service import API, SERVICE
from mockcloud.services.bigquery.showing import shown
from mockcloud.services.bigquery.values import Row, Unfit, row_of

_REMEMBERED: Final = 10_000
"""Insert ids that a table remembers."""
_PAGE: Final = 50_000
_MOST: Final = 50_000
"""Rows of one insert."""


@SERVICE.method("tabledata.insertAll")
def insert_all(call: Call) -> Answer | Body:
    """Add rows. A row with an id that came before is left out; one that does not fit is told, row by row."""
    record = _target(call)
    if record.body["type"] != "TABLE":
        raise bad("Cannot add rows to a table of type " + record.body["type"])
    rows = call.body.get("rows", [])
    if not 0 < len(rows) <= _MOST:
        raise bad("No rows present in the request." if not rows else f"Too many rows: {len(rows)}")
    fields = tables.fields_of(record)
    good: list[tuple[str, Row]] = []
    errors: list[dict[str, Any]] = []
    for at, each in enumerate(rows):
        try:
            unknown = bool(call.body.get("ignoreUnknownValues"))
            good.append((str(each.get("insertId", "")), row_of(fields, each.get("json", {}), ignore_unknown=unknown)))
        except Unfit as error:
            errors.append(_told(at, "invalid", error.field, error.why))
    if errors and not call.body.get("skipInvalidRows"):
        wrong = {each["index"] for each in errors}
        errors += [_told(at, "stopped", "", "") for at in range(len(rows)) if at not in wrong]
        good = []
    if good:
        _add(call, record, good)
    errors.sort(key=lambda each: int(each["index"]))
    return {"kind": "bigquery#tableDataInsertAllResponse", **({"insertErrors": errors} if errors else {})}


def _target(call: Call) -> Record:
    """Give the table that rows are added to; one of a template is made where there is none."""
    name = call.name.rpartition("/")[0] if call.name.endswith("/insertAll") else call.name
    record = names.table(call.cloud, name)
    suffix = call.body.get("templateSuffix")
    if not suffix:
        return record
    names.hold_table_id(f"{record.id}{suffix}")
    made = call.cloud.store.get(API, name + suffix)
    return made or tables.create(call, name + suffix, {"schema": record.body.get("schema", {})})


def _told(at: int, reason: str, location: str, message: str) -> dict[str, Any]:
    return {
        "index": at,
        "errors": [{"reason": reason, "location": location, "debugInfo": "", "message": message}],
    }


def _add(call: Call, record: Record, rows: Sequence[tuple[str, Row]]) -> None:
    remembered: dict[str, None] = dict(record.hidden.get("inserted", {}))
    new = []
    for identifier, row in rows:
        if not identifier or identifier not in remembered:
            new.append(row)
        if identifier:
            remembered[identifier] = None
    kept = dict(list(remembered.items())[-_REMEMBERED:])
    tables.store_rows(call, record, [*tables.rows_of(record), *new], inserted=kept)


@SERVICE.method("tabledata.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a table's rows, in the order in which they came; with `selectedFields` some columns."""
    record = names.table(call.cloud, call.name.rpartition("/")[0])
    if record.body["type"] in {"VIEW", "EXTERNAL"}:
        raise bad(f"Cannot list a table of type {record.body['type']}.")
    first = _number(call, "startIndex")
    if call.text("pageToken"):
        first = read_token(call.text("pageToken"))
    most = _number(call, "maxResults") if call.text("maxResults") else _PAGE
    fields, rows = tables.fields_of(record), visible_rows(call, record)
    chosen = rows[first : first + most]
    selected = call.text("selectedFields")
    if selected:
        wanted = {each.partition(".")[0].strip().lower() for each in selected.split(",")}
        places = [at for at, each in enumerate(fields) if each["name"].lower() in wanted]
        fields = [fields[at] for at in places]
        chosen = [{"f": [row["f"][at] for at in places]} for row in chosen]
    whole = str(call.query.get("formatOptions.useInt64Timestamp", "")).lower() == "true"
    return {
        "kind": "bigquery#tableDataList",
        "etag": record.body["etag"],
        "totalRows": str(len(rows)),
        **_rows(fields, chosen, whole=whole),
        **({"pageToken": page_token(first + most)} if first + most < len(rows) else {}),
    }


def _rows(fields: Sequence[Field], rows: Sequence[Row], *, whole: bool) -> Mapping[str, Any]:
    return {"rows": [shown(fields, each, whole=whole) for each in rows]} if rows else {}


def _number(call: Call, parameter: str) -> int:
    text = call.text(parameter) or "0"
    if not text.isdigit():
        raise bad(f"Invalid value for {parameter}: {text}")
    return int(text)
