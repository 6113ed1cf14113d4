"""Projects, in the forms of versions 1 and 3. One record stands for both."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.access.hierarchy import containers
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import already_exists, denied, failed_precondition, invalid
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.policies import granted
from mockcloud.cloud.rules.access import require
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudresourcemanager.folders import hold_parent
from mockcloud.services.cloudresourcemanager.service import API, SERVICE, found, operation

_ID: Final = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
_KEPT: Final = timedelta(days=30)
"""How long a deleted project can be brought back."""


def shown(call: Call, record: Record) -> Body:
    """Give a project in the form of the call's version."""
    return record.body if call.method.version == "v3" else older(record)


def older(record: Record) -> Body:
    """Give a project in the form of version 1."""
    body: Mapping[str, Any] = record.body
    kind, _, identifier = body.get("parent", "").partition("/")
    return {
        "projectNumber": body["name"].partition("/")[2],
        "projectId": body["projectId"],
        "lifecycleState": body["state"],
        "name": body["displayName"],
        "createTime": body["createTime"],
        **({"labels": body["labels"]} if body.get("labels") else {}),
        **({"parent": {"type": kind.removesuffix("s"), "id": identifier}} if kind else {}),
    }


def newer(body: Mapping[str, Any]) -> dict[str, Any]:
    """Read a project in the form of version 1 as one of version 3."""
    parent = body.get("parent", {})
    read = {key: body[key] for key in ("projectId", "labels", "tags") if key in body}
    if "name" in body:
        read["displayName"] = body["name"]
    if parent.get("type"):
        read["parent"] = f"{parent['type']}s/{parent.get('id', '')}"
    return read


@SERVICE.method("projects.create")
def create(call: Call) -> Answer | Body:
    """Make a project. Whoever makes it owns it."""
    given = newer(call.body) if call.method.version == "v1" else call.body
    identifier = given.get("projectId", "")
    if not _ID.fullmatch(identifier):
        raise invalid(
            f"Invalid project id: '{identifier}'.",
            Violation(
                "project_id",
                "It has 6 to 30 lower-case letters, digits and hyphens, begins with a letter and ends with none.",
            ),
        )
    if call.cloud.projects.get(identifier) is not None:
        raise already_exists(identifier, what="Project")
    parent = hold_parent(call, given["parent"]) if given.get("parent") else ""
    if parent:
        require(call, "resourcemanager.projects.create", parent, API)
    elif call.cloud.rules.on(Rule.ACCESS) and not call.caller.member.startswith("user:"):
        raise denied("Service accounts cannot create projects without a parent.")
    record = call.cloud.projects.ensure(identifier, parent=parent)
    extra = {key: given[key] for key in ("displayName", "labels", "tags") if given.get(key)}
    record = call.cloud.change(record, {**record.body, **extra})
    if call.cloud.rules.on(Rule.ACCESS) and call.caller.member:
        granted(call.cloud, API, record.name, "roles/owner", call.caller.member)
    return operation(call, record, shown(call, record), "Project")


@SERVICE.method("projects.get")
def get(call: Call) -> Answer | Body:
    """Give a project."""
    return shown(call, found(call))


@SERVICE.method("projects.patch", "projects.update")
def update(call: Call) -> Answer | Body:
    """Change display name and labels; by the older method also the parent."""
    record = found(call)
    if record.body["state"] != "ACTIVE":
        raise failed_precondition(f"The project '{record.body['projectId']}' is not active.")
    if call.method.version == "v1":
        given = newer(call.body)
        parent = given.get("parent", "")
        if parent and parent != record.body.get("parent"):
            require(call, "resourcemanager.projects.move", record.name, API)
            given["parent"] = hold_parent(call, parent)
        changed = _changed(call, record, {key: given[key] for key in given if key != "projectId"})
        return shown(call, changed)
    mask = call.text("updateMask") or ",".join(each for each in ("displayName", "labels") if each in call.body)
    new = apply_mask(record.body, call.body, read_mask(mask, call.schemas, "Project"))
    kept = {"displayName": new.get("displayName", record.body["displayName"]), "labels": new.get("labels", {})}
    changed = _changed(call, record, kept)
    return operation(call, changed, shown(call, changed), "Project")


def _changed(call: Call, record: Record, values: Mapping[str, Any]) -> Record:
    body = {**record.body, **values, "updateTime": call.cloud.clock.tick()}
    body["etag"] = call.cloud.etag(record.revision + 1)
    return call.cloud.change(record, {key: value for key, value in body.items() if value not in ("", {})})


@SERVICE.method("projects.move")
def move(call: Call) -> Answer | Body:
    """Move a project below another parent."""
    record = found(call)
    parent = hold_parent(call, call.body.get("destinationParent", ""))
    require(call, "resourcemanager.projects.create", parent, API)
    changed = _changed(call, record, {"parent": parent})
    return operation(call, changed, shown(call, changed), "Project")


@SERVICE.method("projects.delete")
def delete(call: Call) -> Answer | Body:
    """Ask for a project's deletion: it works no more, and can be brought back for 30 days."""
    record = found(call)
    if record.body["state"] != "ACTIVE":
        raise failed_precondition(f"The project '{record.body['projectId']}' is not active.")
    number = record.body["name"]
    for lien in call.cloud.store.page(API, "liens"):
        if lien.body["parent"] == number:
            raise failed_precondition(f"A lien prevents the deletion of the project: {lien.body.get('reason', '')}.")
    changed = _changed(call, record, {"state": "DELETE_REQUESTED", "deleteTime": stamp(call.cloud.clock.now)})
    call.cloud.plan(_KEPT.total_seconds(), changed, "project.purge", recurring=True)
    return {} if call.method.version == "v1" else operation(call, changed, shown(call, changed), "Project")


@SERVICE.on_event("project.purge")
def purge(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Remove a project that was not brought back."""
    del data
    if record.body["state"] == "DELETE_REQUESTED":
        cloud.delete(record)


@SERVICE.method("projects.undelete")
def undelete(call: Call) -> Answer | Body:
    """Bring back a project."""
    record = found(call)
    if record.body["state"] != "DELETE_REQUESTED":
        raise failed_precondition(f"The project '{record.body['projectId']}' is not deleted.")
    call.cloud.plans.cancel(API, record.name)
    changed = _changed(call, record, {"state": "ACTIVE", "deleteTime": ""})
    return {} if call.method.version == "v1" else operation(call, changed, shown(call, changed), "Project")


@SERVICE.method("projects.getAncestry")
def ancestry(call: Call) -> Answer | Body:
    """Give a project and what is above it."""
    found(call)
    entries = [each.partition("/") for each in containers(call.cloud, call.name)]
    return {"ancestor": [{"resourceId": {"type": kind.removesuffix("s"), "id": name}} for kind, _, name in entries]}
