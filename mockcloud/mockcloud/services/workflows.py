"""Workflows: definitions with revisions."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("workflows")

_SHOWN_DIGITS = 3


def _revision(call: Call, number: int) -> str:
    return f"{number:06d}-{call.cloud.ids.hexadecimal('workflows/revisions', _SHOWN_DIGITS)}"


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    if not body.get("sourceContents"):
        raise invalid("A workflow has source contents.", Violation("workflow.source_contents", "It is empty."))
    return {**body, "revisionId": _revision(call, 1), "revisionCreateTime": call.cloud.clock.tick()}


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    watched = ("sourceContents", "serviceAccount", "userEnvVars", "callLogLevel")
    if all(body.get(each) == record.body.get(each) for each in watched):
        return body
    number = int(record.body["revisionId"].partition("-")[0]) + 1
    return {**body, "revisionId": _revision(call, number), "revisionCreateTime": call.cloud.clock.tick()}


def _keep(call: Call, record: Record) -> None:
    """Remember a revision beside the workflow, for the list of revisions."""
    revisions = [each for each in record.hidden.get("revisions", []) if each != record.body]
    call.cloud.change(record, record.body, hidden={**record.hidden, "revisions": [record.body, *revisions]})


SERVICE.collection(
    "projects.locations.workflows",
    created=_created,
    changed=_changed,
    after_create=_keep,
    after_change=_keep,
    state=("state", "ACTIVE"),
)


@SERVICE.method("projects.locations.workflows.listRevisions")
def list_revisions(call: Call) -> Answer | Body:
    """Give a workflow's revisions, the newest first."""
    seen: dict[str, Body] = {}
    for each in found(call).hidden.get("revisions", []):
        seen.setdefault(each["revisionId"], each)
    return {"workflows": list(seen.values())}
