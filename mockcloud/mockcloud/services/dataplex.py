"""Dataplex: data scans and their jobs, the catalogue's entries. No data is scanned: a job is simulated."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.masks import merged
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.progress import EVENT, Step, plan_steps, progress, stop
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("dataplex")
SERVICE.on_event(EVENT)(progress)

_SCANS: Final = "projects.locations.dataScans"
_TYPES: Final = {
    "dataQualitySpec": "DATA_QUALITY",
    "dataProfileSpec": "DATA_PROFILE",
    "dataDiscoverySpec": "DATA_DISCOVERY",
    "dataDocumentationSpec": "DATA_DOCUMENTATION",
}
_SECONDS: Final = 60.0
_ENDED: Final = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})


def _scan(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    kinds = [each for each in _TYPES if each in body]
    if len(kinds) != 1:
        raise invalid("A scan is of one kind.", Violation("data_scan", f"Set one of {', '.join(_TYPES)}."))
    if "data" not in body:
        raise invalid("A scan names its data.", Violation("data_scan.data", "It is not set."))
    trigger: Body = {"executionSpec": {"trigger": {"onDemand": {}}}}
    return merged(trigger, {**body, "type": _TYPES[kinds[0]], "executionStatus": {}}) | {
        "uid": call.cloud.ids.uuid("dataplex/scans")
    }


SERVICE.collection(_SCANS, created=_scan)


@SERVICE.method(f"{_SCANS}.run")
def run_scan(call: Call) -> Answer | Body:
    """Start a job of a scan."""
    scan = found(call)
    identifier = call.cloud.ids.uuid("dataplex/jobs")
    name = f"{scan.name}/jobs/{identifier}"
    spec = next(each for each in _TYPES if each in scan.body)
    now = call.cloud.clock.tick()
    body = {
        "name": name,
        "uid": identifier,
        "createTime": now,
        "startTime": now,
        "state": "RUNNING",
        "type": scan.body["type"],
        spec: dict(scan.body[spec]),
    }
    record = call.cloud.create(Record("dataplex", name, body))
    plan_steps(call.cloud, record, [Step(_SECONDS, {"state": "SUCCEEDED"}, ("endTime",))])
    plan_steps(call.cloud, scan, [Step(_SECONDS, {}, ("executionStatus.latestJobEndTime",))])
    call.cloud.change(scan, merged(scan.body, {"executionStatus": {"latestJobStartTime": now}}))
    return {"job": dict(record.body)}


@SERVICE.method(f"{_SCANS}.jobs.cancel")
def cancel_job(call: Call) -> Answer | Body:
    """Cancel a job of a scan."""
    record = found(call)
    if record.body["state"] in _ENDED:
        raise failed_precondition(f"The job has ended: {record.body['state']}.")
    stop(call.cloud, record, {"state": "CANCELLED"}, "endTime")
    return {}


# Catalogue
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("projects.locations.lookupEntry")
def look_up(call: Call) -> Answer | Body:
    """Give an entry by its full name."""
    name = call.text("entry")
    if not name:
        raise invalid("A look-up names an entry.", Violation("entry", "It is empty."))
    return found(call, call.cloud.projects.by_id(name)).body


@SERVICE.method("projects.locations.searchEntries")
def search(call: Call) -> Answer | Body:
    """Look for entries of the project by a word of their names and sources: a small local simulation of search."""
    keep = matcher(call.text("query"))
    project = "/".join(call.name.split("/")[:2])
    entries = [
        each.body
        for each in call.cloud.store.below("dataplex", project)
        if each.name.split("/")[-2] == "entries" and (keep is None or keep(each.body))
    ]
    chosen, token = slice_page(call, entries)
    return {
        "results": [
            {"dataplexEntry": dict(each), "linkedResource": each.get("fullyQualifiedName", "")} for each in chosen
        ],
        "totalSize": len(entries),
        **({"nextPageToken": token} if token else {}),
    }
