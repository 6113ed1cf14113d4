"""Entries written, and logs: the names under which they are written."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, unquote

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.logging.service import API, SERVICE, SEVERITIES, everywhere, found, root_of

_LOG: Final = re.compile(r"(projects|folders|organizations|billingAccounts)/([^/]+)/logs/([^/]+)")
_NAMES: Final = {number: name for name, number in SEVERITIES.items()}


@SERVICE.preparation
def prepare(call: Call) -> None:
    """Read severities that come as numbers, which the description does not tell."""
    body = call.request.body
    entries = body.get("entries") if call.method.id == "entries.write" and isinstance(body, Mapping) else None
    if isinstance(body, Mapping) and isinstance(entries, list):
        named = [
            {**each, "severity": _NAMES[each["severity"]]}
            if isinstance(each, Mapping) and isinstance(each.get("severity"), int) and each["severity"] in _NAMES
            else each
            for each in entries
        ]
        call.request = replace(call.request, body={**body, "entries": named})


@SERVICE.method("entries.write")
def write(call: Call) -> Answer | Body:
    """Write entries. One with the log, time and id of another is written once."""
    entries = call.body.get("entries", [])
    if not entries:
        raise invalid("No log entries specified.", Violation("entries", "There are none."))
    complete = [_completed(call, at, each) for at, each in enumerate(entries)]
    if call.body.get("dryRun"):
        return {}
    by_log: dict[str, list[Mapping[str, Any]]] = {}
    for each in complete:
        by_log.setdefault(each["logName"], []).append(each)
    for name, new in by_log.items():
        _keep(call, name, new)
    return {}


def _completed(call: Call, at: int, given: Mapping[str, Any]) -> dict[str, Any]:
    name = given.get("logName") or call.body.get("logName", "")
    parts = _LOG.fullmatch(name)
    if parts is None:
        raise invalid(
            f"Invalid log name '{name}' of entry {at}.", Violation(f"entries[{at}].log_name", "It is no name of a log.")
        )
    root, owner, log = parts.groups()
    if root == "projects":
        owner = call.cloud.projects.id_of(owner)
        call.cloud.projects.ensure(owner)
    resource = given.get("resource") or call.body.get("resource")
    if not resource or not resource.get("type"):
        raise invalid(
            "A monitored resource must be specified for each log entry.", Violation("resource", "It is not set.")
        )
    now = call.cloud.clock.tick()
    labels = {**call.body.get("labels", {}), **given.get("labels", {})}
    project = {"project_id": owner} if root == "projects" else {}
    return {
        "timestamp": now,
        "severity": "DEFAULT",
        "insertId": given.get("insertId") or call.cloud.ids.hexadecimal("logging/entries", 16),
        **{key: value for key, value in given.items() if key != "labels" and value not in ("", None)},
        **({"labels": labels} if labels else {}),
        "logName": f"{root}/{owner}/logs/{log}",
        "resource": {**resource, "labels": {**project, **resource.get("labels", {})}},
        "receiveTimestamp": now,
    }


def _keep(call: Call, name: str, new: list[Mapping[str, Any]]) -> None:
    record = call.cloud.store.get(API, name)
    kept: list[Mapping[str, Any]] = record.hidden["entries"] if record is not None else []
    known = {_identity(each) for each in kept[-1000:]}
    added = []
    for each in new:
        if _identity(each) not in known:
            known.add(_identity(each))
            added.append(each)
    hidden = {"entries": [*kept, *added]}
    if record is None:
        call.cloud.create(Record(API, name, {"name": name}, hidden))
    else:
        # A log is no resource of its own: the journal does not tell of each entry.
        call.cloud.store.change(record, record.body, updated=record.updated, hidden=hidden)


def _identity(entry: Mapping[str, Any]) -> tuple[object, object]:
    return entry["timestamp"], entry["insertId"]


# Logs
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(*everywhere("logs.list", "locations.buckets.views.logs.list"))
def list_(call: Call) -> Answer | Body:
    """Give a page of the names of logs that have entries."""
    logs = call.cloud.store.page(API, f"{root_of(call.name)}/logs")
    chosen, token = slice_page(call, [each.name for each in logs])
    return {**({"logNames": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method(*everywhere("logs.delete"))
def delete(call: Call) -> Answer | Body:
    """Delete all entries of a log."""
    front, _, log = call.name.rpartition("/logs/")
    call.cloud.delete(found(call, f"{front}/logs/{quote(unquote(log), safe='')}"))
    return {}
