"""Query jobs: where their results are kept, and how they are read."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.store import Body, Record
from mockcloud.services.bigquery import datasets, names, tables
from mockcloud.services.bigquery.jobs import Done, found, start
from mockcloud.services.bigquery.queries import Result, run
from mockcloud.services.bigquery.refusals import JobFailure, bad, missing
from mockcloud.services.bigquery.service import API, SERVICE
from mockcloud.services.bigquery.showing import shown
from mockcloud.services.bigquery.sql import Reading
from mockcloud.services.bigquery.writing import write

_DAY: Final = 86_400_000
"""Milliseconds that a result is kept that nobody named."""
_PAGE: Final = 50_000
"""Rows of a page that nobody limited."""


def work(call: Call, location: str, settings: Mapping[str, Any]) -> Done:
    """Run a query job."""
    text = settings.get("query", "")
    if not text.strip():
        raise bad("Required parameter is missing: query")
    default = settings.get("defaultDataset", {})
    project = call.cloud.projects.id_of(default.get("projectId") or call.project)
    reading = Reading(call, project, default.get("datasetId", ""), location, settings.get("queryParameters", []))
    legacy = settings.get("useLegacySql", True) is not False
    dry = settings["_dry"]
    result = run(reading, text, legacy=legacy, dry=dry)
    configuration: dict[str, Any] = {}
    if result.fields and result.changed is None and result.target is None and not dry:
        configuration["destinationTable"] = _kept(call, settings, reading.location or location or "US", result)
    statistics = {"query": _statistics(reading, result, dry=dry)}
    total = statistics["query"]["totalBytesProcessed"]
    if dry:
        statistics["query"]["totalBytesProcessedAccuracy"] = "PRECISE"
    return Done(location=reading.location, configuration=configuration, totalBytesProcessed=total, **statistics)


def _statistics(reading: Reading, result: Result, *, dry: bool) -> dict[str, Any]:
    total = sum(int(each.body.get("numBytes", 0)) for each in reading.tables.values())
    found: dict[str, Any] = {
        "statementType": result.statement,
        "totalBytesProcessed": str(total),
        "totalBytesBilled": "0" if dry else str(total),
        "cacheHit": False,
        "referencedTables": [each.body["tableReference"] for each in reading.tables.values()],
    }
    if dry or result.target is None:
        found["schema"] = {"fields": result.fields}
    if result.changed is not None:
        found["numDmlAffectedRows"] = str(result.affected)
        found["dmlStats"] = {key: str(value) for key, value in result.changed.items()}
    if result.target is not None:
        found.update(result.target, ddlOperationPerformed=result.operation)
    return found


def _kept(call: Call, settings: Mapping[str, Any], location: str, result: Result) -> Mapping[str, Any]:
    """Keep a result: in the table that the client names, else in one that goes after a day."""
    destination = settings.get("destinationTable")
    if destination and destination.get("tableId"):
        name = names.table_name(call.cloud, destination, call.project)
        further = {
            key: settings[key] for key in ("timePartitioning", "rangePartitioning", "clustering") if key in settings
        }
        record = write(call, name, result.fields, result.rows, settings, usual="WRITE_EMPTY", further=further)
        return dict(record.body["tableReference"])
    project, dataset = call.project, f"_{call.cloud.ids.seed:x}_{location.lower().replace('-', '_')}"
    if call.cloud.store.get(API, names.dataset_name(project, dataset)) is None:
        datasets.create(call, project, dataset, {"location": location}, internal=True)
    table = f"anon{call.cloud.ids.hexadecimal('bigquery/results', 40)}"
    expires = str(int(call.cloud.clock.now.timestamp() * 1000) + _DAY)
    given = {"schema": {"fields": result.fields}, "expirationTime": expires}
    record = tables.create(call, f"{names.dataset_name(project, dataset)}/tables/{table}", given, result.rows)
    return dict(record.body["tableReference"])


# Reading
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("jobs.query")
def query(call: Call) -> Answer | Body:
    """Run a query, and give the first page of its result."""
    own = ("maxResults", "timeoutMs", "requestId", "formatOptions", "jobCreationMode", "location", "kind", "dryRun")
    job = {"query": {key: value for key, value in call.body.items() if key not in {*own, "labels", "jobTimeoutMs"}}}
    configuration: dict[str, Any] = {**job, "dryRun": call.body.get("dryRun", False)}
    for each in ("labels", "jobTimeoutMs"):
        if each in call.body:
            configuration[each] = call.body[each]
    record = _repeated(call) or start(
        call, {"configuration": configuration, "jobReference": {"location": call.body.get("location", "")}}
    )
    _remember(call, record)
    most = call.body.get("maxResults")
    whole = bool(call.body.get("formatOptions", {}).get("useInt64Timestamp"))
    answer = _page(call, record, 0, _PAGE if most is None else most, whole=whole)
    return {**answer, "kind": "bigquery#queryResponse", "queryId": record.id, "location": _location(record)}


def _repeated(call: Call) -> Record | None:
    """Give the job of an earlier call with the same `requestId`."""
    key = call.body.get("requestId")
    kept = call.cloud.store.get(API, f"queryRequests/{key}") if key else None
    return call.cloud.store.get(API, kept.body["job"]) if kept else None


def _remember(call: Call, record: Record) -> None:
    key = call.body.get("requestId")
    if key and not call.body.get("dryRun") and call.cloud.store.get(API, f"queryRequests/{key}") is None:
        call.cloud.store.put(Record(API, f"queryRequests/{key}", {"job": record.name}))


def _location(record: Record) -> str:
    return str(record.body["jobReference"]["location"])


@SERVICE.method("jobs.getQueryResults")
def get_query_results(call: Call) -> Answer | Body:
    """Give a page of a query's result."""
    record = found(call, call.request.variables["queriesId"])
    start_at = _read_token(call.text("pageToken")) if call.text("pageToken") else _number(call, "startIndex", 0)
    whole = str(call.query.get("formatOptions.useInt64Timestamp", "")).lower() == "true"
    answer = _page(call, record, start_at, _number(call, "maxResults", _PAGE), whole=whole)
    return {**answer, "kind": "bigquery#getQueryResultsResponse", "etag": record.body["etag"]}


def _number(call: Call, parameter: str, usual: int) -> int:
    text = call.text(parameter)
    if not text:
        return usual
    if not text.isdigit():
        raise bad(f"Invalid value for {parameter}: {text}")
    return int(text)


def _page(call: Call, record: Record, first: int, most: int, *, whole: bool) -> dict[str, Any]:
    """Give rows of a job's result.

    Raises:
        ApiError: The job failed, or its result is gone.
    """
    body = record.body
    failure = body["status"].get("errorResult")
    if failure:
        raise _raised(failure)
    if "query" not in body["configuration"]:
        raise bad("Cannot get query results of a job that is no query")
    statistics = body["statistics"]["query"]
    answer: dict[str, Any] = {
        "jobReference": body["jobReference"],
        "jobComplete": True,
        "cacheHit": False,
        "totalBytesProcessed": statistics["totalBytesProcessed"],
    }
    for each in ("numDmlAffectedRows", "dmlStats", "statementType"):
        if each in statistics and (each == "numDmlAffectedRows" or call.method.id == "jobs.query"):
            answer[each] = statistics[each]
    destination = body["configuration"]["query"].get("destinationTable")
    if "schema" in statistics:
        answer["schema"] = statistics["schema"]
    if not destination or body["configuration"].get("dryRun"):
        return {**answer, "totalRows": "0"} if "schema" in answer else answer
    table = call.cloud.store.get(API, names.table_name(call.cloud, destination, call.project))
    if table is None:
        raise missing("Table", names.colons(names.table_name(call.cloud, destination, call.project)))
    fields, rows = tables.fields_of(table), tables.rows_of(table)
    answer.update(schema={"fields": fields}, totalRows=str(len(rows)))
    chosen = rows[first : first + most]
    if chosen:
        answer["rows"] = [shown(fields, each, whole=whole) for each in chosen]
    if first + most < len(rows):
        answer["pageToken"] = page_token(first + most)
    return answer


def _raised(failure: Mapping[str, Any]) -> ApiError:
    try:
        return JobFailure(failure["reason"], failure["message"], failure.get("location", ""))
    except KeyError:
        return JobFailure("invalid", failure["message"])


def page_token(first: int) -> str:
    """Give the token of the page that begins at a row."""
    return base64.urlsafe_b64encode(f"row {first}".encode()).decode()


def _read_token(text: str) -> int:
    return read_token(text)


def read_token(text: str) -> int:
    """Give the row at which a page begins.

    Raises:
        ApiError: The token is not ours.
    """
    try:
        word, _, number = base64.urlsafe_b64decode(text).decode().partition(" ")
        if word == "row" and number.isdigit():
            return int(number)
    except (binascii.Error, UnicodeDecodeError):
        pass
    raise bad("Invalid pageToken")
