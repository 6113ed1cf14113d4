"""Tables and views: what is known of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.masks import merged
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.bigquery import names
from mockcloud.services.bigquery.datasets import hold_etag
from mockcloud.services.bigquery.fields import normal
from mockcloud.services.bigquery.partitions import arrived
from mockcloud.services.bigquery.refusals import bad, duplicate
from mockcloud.services.bigquery.service import API, LINK, SERVICE
from mockcloud.services.bigquery.values import Row, size_of

_KINDS = (("view", "VIEW"), ("materializedView", "MATERIALIZED_VIEW"), ("externalDataConfiguration", "EXTERNAL"))


@SERVICE.method("tables.insert")
def insert(call: Call) -> Answer | Body:
    """Make a table or a view."""
    identifier = call.body.get("tableReference", {}).get("tableId", "")
    names.hold_table_id(identifier)
    return create(call, f"{call.name}/{identifier}", call.body).body


def create(call: Call, name: str, given: Mapping[str, Any], rows: Sequence[Row] = ()) -> Record:
    """Make a table.

    Args:
        call: The call.
        name: Its full name.
        given: What the client says of it.
        rows: Its first rows.

    Raises:
        ApiError: It exists, its dataset does not, or its schema makes no sense.
    """
    dataset = names.dataset(call.cloud, name.rpartition("/tables/")[0])
    if call.cloud.store.get(API, name) is not None:
        raise duplicate("Table", names.colons(name))
    _, project, _, dataset_id, _, identifier = name.split("/")
    now = names.milliseconds(call)
    kind = next((kind for field, kind in _KINDS if given.get(field)), "TABLE")
    body: dict[str, Any] = {
        "kind": "bigquery#table",
        **given,
        "id": names.colons(name),
        "selfLink": f"{LINK}/{name}",
        "tableReference": {"projectId": project, "datasetId": dataset_id, "tableId": identifier},
        "type": kind,
        "location": dataset.body["location"],
        "creationTime": now,
        "lastModifiedTime": now,
        "numBytes": "0",
        "numLongTermBytes": "0",
        "numRows": "0",
        "etag": call.cloud.etag(1),
    }
    if "schema" in given:
        body["schema"] = {**given["schema"], "fields": normal(given["schema"].get("fields", []))}
    lives = dataset.body.get("defaultTableExpirationMs")
    if lives and "expirationTime" not in given and kind == "TABLE":
        body["expirationTime"] = str(int(now) + int(lives))
    if kind in {"VIEW", "MATERIALIZED_VIEW"}:
        _describe_view(call, body, kind)
    _count(body, rows)
    record = call.cloud.create(Record(API, name, body, {"rows": arrived(call, body, rows)}))
    _plan_expiry(call, record)
    return record


def _describe_view(call: Call, body: dict[str, Any], kind: str) -> None:
    """Add the schema of a view, as far as its query can be run here; what it reads may lie in another cloud."""
    from mockcloud.services.bigquery.queries import schema_of

    query = body.get("view" if kind == "VIEW" else "materializedView", {}).get("query", "")
    if not query:
        raise bad("Required parameter is missing: query")
    try:
        fields = schema_of(call, query, body["tableReference"])
    except ApiError:
        return
    stated = {each["name"]: each for each in body.get("schema", {}).get("fields", [])}
    merged_fields = [
        {**each, **{key: value for key, value in stated.get(each["name"], {}).items() if key == "description"}}
        for each in fields
    ]
    body["schema"] = {"fields": merged_fields}


def _plan_expiry(call: Call, record: Record) -> None:
    call.cloud.plans.cancel(API, record.name)
    if record.body.get("expirationTime"):
        left = int(record.body["expirationTime"]) / 1000 - call.cloud.clock.now.timestamp()
        call.cloud.plan(max(left, 0), record, "table.expire", recurring=True)


@SERVICE.on_event("table.expire")
def _expire(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    del data
    cloud.delete(record)


def _count(body: dict[str, Any], rows: Sequence[Row]) -> None:
    if body["type"] == "TABLE":
        size = str(sum(map(size_of, rows)))
        body.update(numRows=str(len(rows)), numBytes=size, numTotalLogicalBytes=size, numActiveLogicalBytes=size)


def fields_of(record: Record) -> list[dict[str, Any]]:
    """Give the fields of a table's schema."""
    found: list[dict[str, Any]] = record.body.get("schema", {}).get("fields", [])
    return found


def rows_of(record: Record) -> list[Row]:
    """Give the rows of a table."""
    found: list[Row] = record.hidden.get("rows", [])
    return found


def store_rows(
    call: Call, record: Record, rows: Sequence[Row], changes: Mapping[str, Any] | None = None, **hidden: object
) -> Record:
    """Give a table other rows.

    Args:
        call: The call.
        record: The table.
        rows: All its rows.
        changes: What else changes in what is known of it.
        hidden: What else is kept beside the rows.
    """
    body = {**record.body, **(changes or {})}
    _count(body, rows)
    body["lastModifiedTime"] = names.milliseconds(call)
    if changes:
        # The etag is that of what is known of the table: rows that come and go leave it as it is.
        body["etag"] = call.cloud.etag(record.revision + 1)
    return call.cloud.change(record, body, hidden={**record.hidden, "rows": arrived(call, body, rows), **hidden})


@SERVICE.method("tables.get")
def get(call: Call) -> Answer | Body:
    """Give a table; with `selectedFields` only those of its schema."""
    record = names.table(call.cloud, call.name)
    if call.request.headers.get("if-none-match") == record.body["etag"]:
        return Answer(status=304, content=b"")
    selected = call.text("selectedFields") if call.query else ""
    if not selected:
        return Answer(record.body, ready=record.json())
    wanted = {each.partition(".")[0].strip().lower() for each in selected.split(",")}
    fields = [each for each in fields_of(record) if each["name"].lower() in wanted]
    return {**record.body, "schema": {**record.body.get("schema", {}), "fields": fields}}


@SERVICE.method("tables.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a dataset's tables."""
    dataset = names.dataset(call.cloud, call.name.rpartition("/")[0])
    records = call.cloud.store.page(API, f"{names.source_of(call.cloud, dataset.name)}/tables")
    chosen, token = slice_page(call, records)
    kept = (
        "id", "tableReference", "type", "labels", "friendlyName", "timePartitioning", "rangePartitioning",
        "clustering", "creationTime", "expirationTime",
    )  # fmt: skip
    shown = []
    for each in chosen:
        entry = {"kind": "bigquery#table", **{key: each.body[key] for key in kept if key in each.body}}
        if "view" in each.body:
            entry["view"] = {"useLegacySql": each.body["view"].get("useLegacySql", False)}
        shown.append(entry)
    return {
        "kind": "bigquery#tableList",
        "etag": call.cloud.etag(len(records)),
        **({"tables": shown} if shown else {}),
        **({"nextPageToken": token} if token else {}),
        "totalItems": len(records),
    }


@SERVICE.method("tables.patch", "tables.update")
def update(call: Call) -> Answer | Body:
    """Change a table: `patch` merges, `update` replaces. Columns can be added and relaxed, nothing else."""
    record = names.table(call.cloud, call.name)
    hold_etag(call, record)
    server = (
        "kind", "id", "selfLink", "tableReference", "type", "location", "creationTime", "numBytes", "numRows",
        "numLongTermBytes", "numTotalLogicalBytes", "numActiveLogicalBytes",
    )  # fmt: skip
    body = merged(record.body, call.body) if call.method.http == "PATCH" else dict(call.body)
    body.update({key: record.body[key] for key in server if key in record.body})
    if body["type"] in {"VIEW", "MATERIALIZED_VIEW"}:
        _describe_view(call, body, body["type"])
        changed = store_rows(call, record, [], body) if body != record.body else record
        return changed.body
    rows = rows_of(record)
    if body.get("schema") != record.body.get("schema"):
        new = normal(body.get("schema", {}).get("fields", []))
        rows = fitted(record, new)
        body["schema"] = {**body.get("schema", {}), "fields": new}
    changed = _replaced(call, record, body, rows)
    _plan_expiry(call, changed)
    return changed.body


def _replaced(call: Call, record: Record, body: dict[str, Any], rows: Sequence[Row]) -> Record:
    body.update(lastModifiedTime=names.milliseconds(call), etag=call.cloud.etag(record.revision + 1))
    return call.cloud.change(record, body, hidden={**record.hidden, "rows": list(rows)})


def fitted(record: Record, new: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Give a table's rows under another schema, in the new one's order.

    Raises:
        ApiError: A column is gone, has another type or is stricter, or a required one is new.
    """
    old = {each["name"].lower(): (at, each) for at, each in enumerate(fields_of(record))}
    _hold_compatible(record, list(fields_of(record)), new)
    places = [old.get(each["name"].lower(), (None, None))[0] for each in new]
    empty: list[Any] = [[] if each["mode"] == "REPEATED" else None for each in new]
    return [
        {
            **row,
            "f": [
                {"v": value} if at is None else row["f"][at] if at < len(row["f"]) else {"v": value}
                for at, value in zip(places, empty, strict=True)
            ],
        }
        for row in rows_of(record)
    ]


def _hold_compatible(record: Record, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> None:
    table = names.colons(record.name)
    named = {each["name"].lower(): each for each in new}
    for each in old:
        other = named.pop(each["name"].lower(), None)
        what = f"Provided Schema does not match Table {table}."
        if other is None:
            raise bad(f"{what} Field {each['name']} is missing in new schema")
        if other["type"] != each["type"]:
            raise bad(f"{what} Field {each['name']} has changed type from {each['type']} to {other['type']}")
        relaxed = each["mode"] == "REQUIRED" and other["mode"] == "NULLABLE"
        if other["mode"] != each["mode"] and not relaxed:
            raise bad(f"{what} Field {each['name']} has changed mode from {each['mode']} to {other['mode']}")
        if each["type"] == "RECORD":
            _hold_compatible(record, each["fields"], other["fields"])
    for each in named.values():
        if each["mode"] == "REQUIRED" and rows_of(record):
            raise bad(
                f"Provided Schema does not match Table {table}. Cannot add required fields to an existing schema."
            )


@SERVICE.method("tables.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a table."""
    call.cloud.delete(names.table(call.cloud, call.name))
    return Answer(status=204, content=b"")
