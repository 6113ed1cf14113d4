"""Data lineage: processes, runs, events, and the links that follow from them."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

SERVICE = Service("datalineage", numbers=True)

_PROCESSES: Final = "projects.locations.processes"


def _id(call: Call, body: dict[str, Any]) -> str:
    named = str(body.get("name", "")).rpartition("/")[2]
    return named or call.cloud.ids.uuid(f"datalineage/{call.method.resource}")


def _event(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    for link in body.get("links", []):
        if not link.get("source") or not link.get("target"):
            raise invalid("A link has a source and a target.", Violation("lineage_event.links", "One is missing."))
    return body


SERVICE.collection(_PROCESSES, new_id=_id, state=None)
SERVICE.collection(f"{_PROCESSES}.runs", new_id=_id, state=None)
SERVICE.collection(f"{_PROCESSES}.runs.lineageEvents", new_id=_id, created=_event, state=None)


def _events(call: Call) -> list[Record]:
    location = "/".join(call.name.split("/")[:4])
    return [each for each in call.cloud.store.below("datalineage", location) if "/lineageEvents/" in each.name]


@SERVICE.method("projects.locations.searchLinks")
def search_links(call: Call) -> Answer | Body:
    """Give the links from a source, to a target, or between both."""
    source = call.body.get("source", {}).get("fullyQualifiedName")
    target = call.body.get("target", {}).get("fullyQualifiedName")
    if not source and not target:
        raise invalid("A search names a source or a target.", Violation("source", "Set it, or target."))
    links: dict[tuple[str, str], dict[str, Any]] = {}
    for event in _events(call):
        for link in event.body.get("links", []):
            ends = (link["source"]["fullyQualifiedName"], link["target"]["fullyQualifiedName"])
            if (source and ends[0] != source) or (target and ends[1] != target):
                continue
            when = event.body.get("startTime", event.created)
            entry = links.setdefault(
                ends,
                {
                    "name": f"{call.name}/links/{len(links) + 1}",
                    "source": link["source"],
                    "target": link["target"],
                    "startTime": when,
                },
            )
            entry["endTime"] = event.body.get("endTime", when)
    chosen, token = slice_page(call, list(links.values()))
    return {"links": chosen, **({"nextPageToken": token} if token else {})}
