"""BigQuery's Storage Read API: rows of tables as Arrow or Avro. A small local simulation over the tables of `bigquery`.

Arrow is written by pyarrow, where that is installed; whoever can read Arrow has it. There is no Write API here.
Source: https://cloud.google.com/bigquery/docs/reference/storage/rpc (2026-11).
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import denied, invalid, not_found, not_modelled
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.bigquery import arrow, avro
from mockcloud.services.bigquery import names as bigquery_names
from mockcloud.services.bigquery.fields import Field
from mockcloud.services.bigquery.queries import run, visible_rows
from mockcloud.services.bigquery.service import API as BIGQUERY
from mockcloud.services.bigquery.sql import Reading
from mockcloud.services.bigquery.tables import fields_of
from mockcloud.services.bigquery.values import Row
from mockcloud.services.service import Service

API: Final = "bigquerystorage"
SERVICE: Final = Service(API, modelled=False)

_LIFE: Final = 6 * 3600
"""Seconds that a session lives."""
_AT_ONCE: Final = 1000
"""Rows of one answer."""


@SERVICE.method("projects.datasets.tables.create")
def create_session(call: Call) -> Answer | Body:
    """Make a session: the rows that a table has now, divided among streams."""
    asked = call.body.get("readSession")
    if asked is None:
        raise not_modelled("the write streams of BigQuery's Storage API")
    form = asked.get("dataFormat", "AVRO")
    if form not in {"ARROW", "AVRO"}:
        raise invalid("The data format must be ARROW or AVRO.", Violation("read_session.data_format", "It is not."))
    table = bigquery_names.table(call.cloud, call.name)
    if table.body["type"] != "TABLE":
        raise invalid("Only tables can be read.", Violation("read_session.table", f"It is a {table.body['type']}."))
    if not call.cloud.allows(call, "bigquery.tables.getData", table.name, BIGQUERY):
        raise denied(f"Permission bigquery.tables.getData denied on table {table.name}.")
    fields, rows = _chosen(call, table, asked.get("readOptions", {}))
    return _session(call, table, asked, form, fields, rows)


def _chosen(call: Call, table: Record, options: Mapping[str, Any]) -> tuple[list[Field], list[Row]]:
    """Give the columns and rows that a session asks for."""
    wanted: Sequence[str] = options.get("selectedFields", [])
    restriction = options.get("rowRestriction", "")
    fields: list[Field] = list(fields_of(table))
    rows = list(visible_rows(call, table))
    if restriction:
        reference = table.body["tableReference"]
        reading = Reading(call, reference["projectId"], reference["datasetId"])
        # The restriction is the client's SQL; it runs where all of it does, with nothing in reach.
        rows = run(reading, f"SELECT * FROM `{reference['tableId']}` WHERE {restriction}").rows  # noqa: S608
    if not wanted:
        return fields, rows
    heads = [each.partition(".")[0].lower() for each in wanted]
    known = {each["name"].lower(): at for at, each in enumerate(fields)}
    missing = [each for each in heads if each not in known]
    if missing:
        raise invalid(
            f"The table has no field '{missing[0]}'.", Violation("read_options.selected_fields", "It has none.")
        )
    places = sorted({known[each] for each in heads})
    return [fields[at] for at in places], [{"f": [row["f"][at] for at in places]} for row in rows]


def _session(
    call: Call, table: Record, asked: Mapping[str, Any], form: str, fields: Sequence[Field], rows: Sequence[Row]
) -> Body:
    project = call.cloud.projects.id_of(str(call.body.get("parent", "")).partition("/")[2] or call.project)
    location = str(table.body["location"]).lower()
    name = f"projects/{project}/locations/{location}/sessions/{call.cloud.ids.hexadecimal('bigquerystorage', 32)}"
    most = call.body.get("maxStreamCount", 0) or call.body.get("preferredMinStreamCount", 0) or 1
    count = min(most, max(len(rows) // _AT_ONCE, 1)) if rows else 0
    streams = [f"{name}/streams/{at}" for at in range(count)]
    size = str(table.body.get("numBytes", "0"))
    body = {
        **asked,
        "name": name,
        "dataFormat": form,
        "expireTime": stamp(call.cloud.clock.now + timedelta(seconds=_LIFE)),
        **_schema(form, fields),
        "streams": [{"name": each} for each in streams],
        "estimatedRowCount": str(len(rows)),
        "estimatedTotalBytesScanned": size,
    }
    record = call.cloud.create(Record(API, name, body, {"fields": list(fields), "rows": list(rows)}))
    call.cloud.plan(_LIFE, record, "session.expire", recurring=True)
    return record.body


@SERVICE.on_event("session.expire")
def _expire(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    del data
    cloud.delete(record)


def _schema(form: str, fields: Sequence[Field]) -> dict[str, Any]:
    if form == "AVRO":
        return {"avroSchema": {"schema": json.dumps(avro.schema_of(fields))}}
    return {"arrowSchema": {"serializedSchema": base64.b64encode(arrow.schema(fields)).decode()}}


@SERVICE.method("projects.locations.sessions.streams.readRows")
def read_rows(call: Call) -> Answer | Body:
    """Give the rows of a stream, from an offset on."""
    session, _, stream = call.name.rpartition("/streams/")
    record = call.cloud.store.get(API, session)
    if record is None or not any(each["name"].endswith(f"/streams/{stream}") for each in record.body["streams"]):
        raise not_found(call.name, what="Stream")
    rows: Sequence[Row] = record.hidden["rows"]
    streams = len(record.body["streams"])
    share = -(-len(rows) // streams)
    own = rows[int(stream) * share : (int(stream) + 1) * share]
    offset = int(call.text("offset") or 0)
    if not 0 <= offset <= len(own):
        raise invalid(f"The offset {offset} is beyond the stream's {len(own)} rows.", Violation("offset", "It is."))
    fields = record.hidden["fields"]
    answers = []
    for start in range(offset, len(own), _AT_ONCE):
        batch = own[start : start + _AT_ONCE]
        schema = _schema(record.body["dataFormat"], fields) if start == offset else {}
        answers.append({**_rows(record.body["dataFormat"], fields, batch), **schema, "rowCount": str(len(batch))})
    return Answer(stream=tuple(answers))


def _rows(form: str, fields: Sequence[Field], rows: Sequence[Row]) -> dict[str, Any]:
    if form == "AVRO":
        return {"avroRows": {"serializedBinaryRows": base64.b64encode(avro.encoded(fields, rows)).decode()}}
    return {"arrowRecordBatch": {"serializedRecordBatch": base64.b64encode(arrow.batch(fields, rows)).decode()}}


@SERVICE.method("projects.locations.sessions.streams.splitReadStream")
def split(call: Call) -> Answer | Body:
    """Say that a stream cannot be split further."""
    session = call.name.rpartition("/streams/")[0]
    if call.cloud.store.get(API, session) is None:
        raise not_found(call.name, what="Stream")
    return {}
