"""BigQuery reservations: assignments are found by who they are for, and BI Engine has one reservation a location."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

SERVICE = Service("bigqueryreservation")


def _assignment(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    for each in ("assignee", "jobType"):
        if not body.get(each):
            raise invalid(f"An assignment has a field '{each}'.", Violation(f"assignment.{each}", "It is not set."))
    return body


SERVICE.collection("projects.locations.reservations", state=None, children="refuse")
SERVICE.collection("projects.locations.reservations.assignments", created=_assignment)
SERVICE.collection("projects.locations.capacityCommitments")


@SERVICE.method("projects.locations.searchAssignments", "projects.locations.searchAllAssignments")
def search(call: Call) -> Answer | Body:
    """Give the assignments of an assignee: `assignee=projects/acme`."""
    query = call.text("query")
    name, _, wanted = query.partition("=")
    if name.strip() != "assignee" or not wanted.strip():
        raise invalid("The query has the form assignee=projects/ID.", Violation("query", "It names no assignee."))
    location = "/".join(call.name.split("/")[:4])
    entries = [
        each.body
        for each in call.cloud.store.below("bigqueryreservation", location)
        if "/assignments/" in each.name and each.body.get("assignee") == wanted.strip()
    ]
    chosen, token = slice_page(call, entries)
    return {"assignments": chosen, **({"nextPageToken": token} if token else {})}


def _bi(call: Call) -> Record:
    record = call.cloud.store.get("bigqueryreservation", call.name)
    if record is None:
        record = call.cloud.create(Record("bigqueryreservation", call.name, {"name": call.name, "size": "0"}))
    return record


@SERVICE.method("projects.locations.getBiReservation")
def get_bi(call: Call) -> Answer | Body:
    """Give the location's reservation of BI Engine: nothing until somebody changes it."""
    return _bi(call).body


@SERVICE.method("projects.locations.updateBiReservation")
def update_bi(call: Call) -> Answer | Body:
    """Change the location's reservation of BI Engine."""
    record = _bi(call)
    mask = call.text("updateMask") or ",".join(each for each in call.body if each != "name")
    changed = apply_mask(record.body, call.body, read_mask(mask, call.schemas, "BiReservation"))
    kept = {"name": record.name, "updateTime": call.cloud.clock.tick()}
    return call.cloud.change(record, {**changed, **kept}).body
