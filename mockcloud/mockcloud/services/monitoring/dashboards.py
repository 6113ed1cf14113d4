"""Dashboards. Their names show the project's number."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import aborted, already_exists, invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.monitoring.service import API, SERVICE
from mockcloud.services.operations import with_number
from mockcloud.services.reading import found


@SERVICE.method("projects.dashboards.create")
def create(call: Call) -> Answer | Body:
    """Make a dashboard; its id is chosen by its name, or made up."""
    if not call.body.get("displayName"):
        raise invalid("The display name must be set.", Violation("dashboard.display_name", "It is not set."))
    identifier = str(call.body.get("name", "")).rpartition("/")[2] or call.cloud.ids.uuid("monitoring/dashboards")
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(with_number(call.cloud, name))
    body: dict[str, Any] = {**call.body, "name": with_number(call.cloud, name), "etag": call.cloud.etag(1)}
    if call.flag("validateOnly"):
        return body
    return call.cloud.create(Record(API, name, body)).body


@SERVICE.method("projects.dashboards.get")
def get(call: Call) -> Answer | Body:
    """Give a dashboard."""
    return found(call).body


@SERVICE.method("projects.dashboards.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a project's dashboards."""
    chosen, token = slice_page(call, call.cloud.store.page(API, call.name))
    return {
        **({"dashboards": [each.body for each in chosen]} if chosen else {}),
        **({"nextPageToken": token} if token else {}),
    }


@SERVICE.method("projects.dashboards.patch")
def patch(call: Call) -> Answer | Body:
    """Put a dashboard in the place of one that is there."""
    record = found(call)
    given = call.body.get("etag")
    if given and given != record.body["etag"]:
        raise aborted("The etag of the dashboard does not match: somebody changed it meanwhile. Read it again.")
    body = {**call.body, "name": record.body["name"], "etag": call.cloud.etag(record.revision + 1)}
    return body if call.flag("validateOnly") else call.cloud.change(record, body).body


@SERVICE.method("projects.dashboards.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a dashboard."""
    call.cloud.delete(found(call))
    return {}
