"""Record sets: changed together in changes, or one by one."""

from collections.abc import Mapping
from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.dns.service import API, SERVICE, found, taken, wrong

_MOST_SECONDS = 2.0
"""How long a change is pending, in virtual seconds."""


def of(cloud: Cloud, zone: Record) -> list[Record]:
    """Give the record sets of a zone, in the order of their names."""
    return cloud.store.page(API, f"{zone.name}/rrsets")


def is_basic(zone: Record, record: Record) -> bool:
    """Whether every zone has this record set: the NS and SOA records of its domain."""
    return record.body["name"] == zone.body["dnsName"] and record.body["type"] in {"NS", "SOA"}


def _name(zone: Record, body: Mapping[str, Any]) -> str:
    return f"{zone.name}/rrsets/{body.get('name', '')}/{body.get('type', '')}"


def put(cloud: Cloud, zone: Record, body: Mapping[str, Any]) -> Record:
    """Add a record set to a zone."""
    complete = {"kind": "dns#resourceRecordSet", "signatureRrdatas": [], **body}
    return cloud.create(Record(API, _name(zone, body), complete, collection=f"{zone.name}/rrsets"))


def _hold(zone: Record, body: Mapping[str, Any], field: str) -> None:
    name, domain = body.get("name", ""), zone.body["dnsName"]
    if not (name == domain or name.endswith(f".{domain}")):
        raise wrong(f"{field}.name", name, f"It must be below {domain}")
    if not body.get("type"):
        raise wrong(f"{field}.type", "", "It must be set.")
    if not body.get("rrdatas") and not body.get("routingPolicy"):
        raise wrong(f"{field}.rrdatas", "", "It must hold something.")


# Changes
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("changes.create")
def create_change(call: Call) -> Answer | Body:
    """Change record sets: all of them, or none."""
    zone = found(call, call.name.removesuffix("/changes"))
    additions, deletions = call.body.get("additions", []), call.body.get("deletions", [])
    if not additions and not deletions:
        raise wrong("entity.change", "", "It must add or delete something.")
    gone = [_deletable(call, zone, each, at) for at, each in enumerate(deletions)]
    for at, each in enumerate(additions):
        _hold(zone, each, f"entity.change.additions[{at}]")
        there = call.cloud.store.get(API, _name(zone, each))
        if there is not None and there.name not in {one.name for one in gone}:
            raise taken(f"entity.change.additions[{at}]", f"{each['name']} ({each['type']})")
    for record in gone:
        call.cloud.delete(record)
    for each in additions:
        put(call.cloud, zone, each)
    return _changed(call, zone, {"additions": additions, "deletions": deletions})


def _deletable(call: Call, zone: Record, body: Mapping[str, Any], at: int) -> Record:
    field = f"entity.change.deletions[{at}]"
    record = call.cloud.store.get(API, _name(zone, body))
    if record is None:
        message = f"The '{field}' resource named '{body.get('name')} ({body.get('type')})' does not exist."
        raise ApiError(404, "NOT_FOUND", message, reason="notFound")
    same = all(record.body.get(key) == body[key] for key in ("ttl", "rrdatas") if key in body)
    if not same:
        message = f"Precondition not met for '{field}': it holds something else than what is."
        raise ApiError(412, "FAILED_PRECONDITION", message, reason="conditionNotMet")
    return record


def _changed(call: Call, zone: Record, body: Mapping[str, Any]) -> Body:
    current = call.cloud.store.get(API, zone.name) or zone
    number = int(current.hidden.get("changes", 1))
    call.cloud.change(current, current.body, hidden={**current.hidden, "changes": number + 1})
    change = {
        "kind": "dns#change",
        **{key: each for key, each in body.items() if each},
        "id": str(number),
        "startTime": call.cloud.clock.tick(),
        "status": "pending",
        "isServing": False,
    }
    record = call.cloud.create(Record(API, f"{zone.name}/changes/{number}", change))
    call.cloud.plan(_MOST_SECONDS, record, "change.done")
    return change


@SERVICE.on_event("change.done")
def _done(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    del data
    cloud.change(record, {**record.body, "status": "done"})


@SERVICE.method("changes.get")
def get_change(call: Call) -> Answer | Body:
    """Give a change."""
    record = found(call, what="changeId")
    return (call.cloud.polled(record) or record).body


@SERVICE.method("changes.list")
def list_changes(call: Call) -> Answer | Body:
    """Give the changes of a zone, the newest last."""
    found(call, call.name.removesuffix("/changes"))
    rows = sorted((each.body for each in call.cloud.store.page(API, call.name)), key=lambda each: int(each["id"]))
    if call.text("sortOrder") == "descending":
        rows.reverse()
    chosen, token = slice_page(call, rows)
    return {"kind": "dns#changesListResponse", "changes": chosen, **({"nextPageToken": token} if token else {})}


# One by one
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("resourceRecordSets.list")
def list_sets(call: Call) -> Answer | Body:
    """Give the record sets of a zone, or those of one name and type."""
    zone = found(call, call.name.removesuffix("/rrsets"))
    name, kind = call.text("name"), call.text("type")
    rows = [
        each.body
        for each in of(call.cloud, zone)
        if name in {"", each.body["name"]} and kind in {"", each.body["type"]}
    ]
    chosen, token = slice_page(call, rows)
    return {
        "kind": "dns#resourceRecordSetsListResponse",
        "rrsets": chosen,
        **({"nextPageToken": token} if token else {}),
    }


@SERVICE.method("resourceRecordSets.create")
def create_set(call: Call) -> Answer | Body:
    """Add a record set."""
    zone = found(call, call.name.removesuffix("/rrsets"))
    _hold(zone, call.body, "entity.resourceRecordSet")
    if call.cloud.store.get(API, _name(zone, call.body)) is not None:
        raise taken("entity.resourceRecordSet", f"{call.body['name']} ({call.body['type']})")
    _changed(call, zone, {"additions": [call.body]})
    return put(call.cloud, zone, call.body).body


@SERVICE.method("resourceRecordSets.get")
def get_set(call: Call) -> Answer | Body:
    """Give a record set."""
    return found(call, what="name").body


@SERVICE.method("resourceRecordSets.patch")
def patch_set(call: Call) -> Answer | Body:
    """Change a record set."""
    record = found(call, what="name")
    return call.cloud.change(record, {**record.body, **call.body}).body


@SERVICE.method("resourceRecordSets.delete")
def delete_set(call: Call) -> Answer | Body:
    """Delete a record set, but not those that every zone has."""
    record = found(call, what="name")
    zone = found(call, record.name.partition("/rrsets/")[0])
    if is_basic(zone, record):
        raise wrong("entity.resourceRecordSet", record.body["name"], "Every zone has it.")
    _changed(call, zone, {"deletions": [record.body]})
    call.cloud.delete(record)
    return {}
