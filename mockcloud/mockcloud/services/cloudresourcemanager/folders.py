"""Folders."""

from typing import Final

from mockcloud.cloud.access.hierarchy import containers
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid
from mockcloud.cloud.organisations import ensure
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.rules.access import require
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudresourcemanager.service import API, SERVICE, found, operation, read_parent

_DEEPEST: Final = 10
"""Folders in folders."""


def hold_parent(call: Call, parent: str) -> str:
    """Give the parent of a folder or project, which must be there.

    Raises:
        ApiError: It is none, or is not there.
    """
    name = read_parent(call, parent)
    if not name or name.startswith("projects/"):
        raise invalid(f"Invalid parent: '{parent}'.", Violation("parent", "It must be a folder or an organization."))
    if not call.cloud.rules.on(Rule.PROJECTS):
        ensure(call.cloud, name)
    return found(call, name).name


@SERVICE.method("folders.create")
def create(call: Call) -> Answer | Body:
    """Make a folder."""
    display = call.body.get("displayName", "")
    if not display:
        raise invalid("The display name must be set.", Violation("display_name", "It is not set."))
    parent = hold_parent(call, call.body.get("parent", ""))
    require(call, "resourcemanager.folders.create", parent, API)
    _hold_sibling(call, parent, display)
    if sum(each.startswith("folders/") for each in containers(call.cloud, parent)) >= _DEEPEST:
        raise failed_precondition("Folders are at most ten deep.")
    name = f"folders/{call.cloud.ids.numeric('folders', 12)}"
    return operation(
        call, record := ensure(call.cloud, name, parent=parent, display_name=display), record.body, "Folder"
    )


def _hold_sibling(call: Call, parent: str, display: str, but: str = "") -> None:
    for each in call.cloud.store.page(API, "folders"):
        same = each.body["parent"] == parent and each.body["displayName"] == display and each.name != but
        if same and each.body["state"] == "ACTIVE":
            raise already_exists(display, what=f"Folder of '{parent}'")


@SERVICE.method("folders.get")
def get(call: Call) -> Answer | Body:
    """Give a folder."""
    if not call.cloud.rules.on(Rule.PROJECTS):
        ensure(call.cloud, call.name)
    return found(call).body


@SERVICE.method("folders.list")
def list_(call: Call) -> Answer | Body:
    """Give the folders of an organisation or folder."""
    parent = read_parent(call, call.text("parent"))
    if not parent:
        raise invalid("The parent must be set.", Violation("parent", "It is not set."))
    require(call, "resourcemanager.folders.list", parent, API)
    return page(
        call,
        "folders",
        [
            each
            for each in call.cloud.store.page(API, "folders")
            if each.body["parent"] == parent and (call.flag("showDeleted") or each.body["state"] == "ACTIVE")
        ],
    )


def page(call: Call, field: str, records: list[Record]) -> Body:
    """Give a page of records."""
    chosen, token = slice_page(call, records)
    found_ = {field: [each.body for each in chosen]} if chosen else {}
    return {**found_, **({"nextPageToken": token} if token else {})}


@SERVICE.method("folders.patch")
def patch(call: Call) -> Answer | Body:
    """Rename a folder."""
    record = found(call)
    display = str(call.body.get("displayName") or record.body["displayName"])
    _hold_sibling(call, record.body["parent"], display, record.name)
    return _changed(call, record, displayName=display)


def _changed(call: Call, record: Record, **values: str) -> Body:
    body = {**record.body, **values, "updateTime": call.cloud.clock.tick()}
    body["etag"] = call.cloud.etag(record.revision + 1)
    changed = call.cloud.change(record, {key: value for key, value in body.items() if value != ""})
    return operation(call, changed, changed.body, "Folder")


@SERVICE.method("folders.move")
def move(call: Call) -> Answer | Body:
    """Move a folder below another parent."""
    record = found(call)
    parent = hold_parent(call, call.body.get("destinationParent", ""))
    if record.name in containers(call.cloud, parent):
        raise failed_precondition("A folder cannot be moved below itself.")
    require(call, "resourcemanager.folders.move", parent, API)
    return _changed(call, record, parent=parent)


@SERVICE.method("folders.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a folder, which must be empty."""
    record = found(call)
    if record.body["state"] != "ACTIVE":
        raise failed_precondition(f"The folder '{record.name}' is not active.")
    for each in [*call.cloud.store.page(API, "folders"), *call.cloud.store.page(API, "projects")]:
        if each.body.get("parent") == record.name and each.body["state"] == "ACTIVE":
            raise failed_precondition(f"The folder '{record.name}' is not empty: '{each.name}' is in it.")
    return _changed(call, record, state="DELETE_REQUESTED", deleteTime=call.cloud.clock.tick())


@SERVICE.method("folders.undelete")
def undelete(call: Call) -> Answer | Body:
    """Bring back a folder."""
    record = found(call)
    if record.body["state"] != "DELETE_REQUESTED":
        raise failed_precondition(f"The folder '{record.name}' is not deleted.")
    return _changed(call, record, state="ACTIVE", deleteTime="")
