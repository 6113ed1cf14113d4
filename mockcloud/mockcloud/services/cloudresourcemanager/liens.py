"""Liens: what keeps a project from being deleted."""

from mockcloud.cloud.access.hierarchy import numbered
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.rules.access import require
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudresourcemanager.folders import page
from mockcloud.services.cloudresourcemanager.service import API, SERVICE, found, read_parent


def _ask(call: Call, parent: str, permission: str) -> None:
    require(call, f"resourcemanager.projects.{permission}", read_parent(call, parent), API)


@SERVICE.method("liens.create")
def create(call: Call) -> Answer | Body:
    """Put a lien on a project."""
    project = read_parent(call, call.body.get("parent", ""))
    if not project.startswith("projects/"):
        raise invalid("The parent must be a project.", Violation("parent", "It is none."))
    found(call, project)
    _ask(call, project, "updateLiens")
    name = f"liens/p{call.cloud.projects.number_of(project.partition('/')[2])}-l{call.cloud.ids.hexadecimal('liens')}"
    body = {**call.body, "name": name, "parent": numbered(call.cloud, project), "createTime": call.cloud.clock.tick()}
    return call.cloud.create(Record(API, name, body)).body


@SERVICE.method("liens.get")
def get(call: Call) -> Answer | Body:
    """Give a lien."""
    record = found(call)
    _ask(call, record.body["parent"], "get")
    return record.body


@SERVICE.method("liens.list")
def list_(call: Call) -> Answer | Body:
    """Give the liens of a project."""
    project = read_parent(call, call.text("parent"))
    _ask(call, project, "get")
    wanted = numbered(call.cloud, project)
    return page(call, "liens", [each for each in call.cloud.store.page(API, "liens") if each.body["parent"] == wanted])


@SERVICE.method("liens.delete")
def delete(call: Call) -> Answer | Body:
    """Take a lien off."""
    record = found(call)
    _ask(call, record.body["parent"], "updateLiens")
    call.cloud.delete(record)
    return {}
