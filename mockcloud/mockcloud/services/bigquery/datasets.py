"""Datasets."""

from collections.abc import Mapping
from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.masks import merged
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.bigquery import access, names
from mockcloud.services.bigquery.refusals import JobFailure, bad, duplicate
from mockcloud.services.bigquery.service import API, LINK, SERVICE

_MULTI = frozenset({"US", "EU"})


@SERVICE.method("datasets.insert")
def insert(call: Call) -> Answer | Body:
    """Make a dataset."""
    identifier = call.body.get("datasetReference", {}).get("datasetId", "")
    names.hold_dataset_id(identifier)
    return create(call, call.project, identifier, call.body).body


def create(call: Call, project: str, identifier: str, given: Mapping[str, Any], *, internal: bool = False) -> Record:
    """Make a dataset.

    Args:
        call: The call.
        project: Its project.
        identifier: Its id.
        given: What the client says of it.
        internal: Whether it is one that BigQuery makes for itself.

    Raises:
        ApiError: It exists.
    """
    name = names.dataset_name(project, identifier)
    if call.cloud.store.get(API, name) is not None:
        raise duplicate("Dataset", names.colons(name))
    now = names.milliseconds(call)
    location = str(given.get("location") or "US")
    body: dict[str, Any] = {
        "kind": "bigquery#dataset",
        "type": "DEFAULT",
        "access": [] if internal else access.usual(call),
        "maxTimeTravelHours": "168",
        **given,
        "id": f"{project}:{identifier}",
        "selfLink": f"{LINK}/{name}",
        "datasetReference": {"datasetId": identifier, "projectId": project},
        "location": location.upper() if location.upper() in _MULTI else location,
        "creationTime": now,
        "lastModifiedTime": now,
        "etag": call.cloud.etag(1),
    }
    record = call.cloud.create(Record(API, name, body))
    access.keep(call, record)
    return record


@SERVICE.method("datasets.get")
def get(call: Call) -> Answer | Body:
    """Give a dataset."""
    record = names.dataset(call.cloud, call.name)
    if call.request.headers.get("if-none-match") == record.body["etag"]:
        return Answer(status=304, content=b"")
    return Answer(record.body, ready=record.json())


@SERVICE.method("datasets.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of the datasets of a project that the caller may see; hidden ones where they are asked for."""
    wanted = _labels(call.text("filter"))
    records = [
        each
        for each in call.cloud.store.page(API, call.name)
        if (not each.id.startswith("_") or call.flag("all"))
        and all(value in {"", each.body.get("labels", {}).get(key)} for key, value in wanted.items())
        and wanted.keys() <= each.body.get("labels", {}).keys()
        and call.cloud.allows(call, "bigquery.datasets.get", each.name)
    ]
    chosen, token = slice_page(call, records)
    kept = ("kind", "id", "datasetReference", "labels", "friendlyName", "location", "type")
    shown = [{key: each.body[key] for key in kept if key in each.body} for each in chosen]
    return {
        "kind": "bigquery#datasetList",
        "etag": call.cloud.etag(len(records)),
        **({"datasets": shown} if shown else {}),
        **({"nextPageToken": token} if token else {}),
    }


def _labels(text: str) -> dict[str, str]:
    """Read `labels.key:value labels.other`."""
    found = {}
    for each in text.split():
        key, _, value = each.removeprefix("labels.").partition(":")
        if not each.startswith("labels.") or not key:
            raise bad(f"Invalid filter: {text}")
        found[key] = value
    return found


@SERVICE.method("datasets.patch", "datasets.update")
def update(call: Call) -> Answer | Body:
    """Change a dataset: `patch` merges, `update` replaces."""
    record = names.dataset(call.cloud, call.name)
    hold_etag(call, record)
    if call.method.http == "PATCH":
        body = merged(record.body, call.body)
    else:
        body = {"access": record.body["access"], **call.body}
    kept = ("kind", "type", "id", "selfLink", "datasetReference", "location", "creationTime", "maxTimeTravelHours")
    body = {**body, **{key: record.body[key] for key in kept[:-1] if key in record.body}}
    body.setdefault(kept[-1], record.body[kept[-1]])
    body.update(lastModifiedTime=names.milliseconds(call), etag=call.cloud.etag(record.revision + 1))
    changed = call.cloud.change(record, body)
    access.keep(call, changed)
    return changed.body


def hold_etag(call: Call, record: Record) -> None:
    """Hold a change to what the client has read.

    Raises:
        ApiError: 412, where somebody changed it meanwhile.
    """
    wanted = call.request.headers.get("if-match") or call.body.get("etag")
    if wanted and wanted != "*" and wanted != record.body["etag"]:
        raise JobFailure("conditionNotMet", "Precondition Failed")


@SERVICE.method("datasets.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a dataset that is empty, or where the call says so with what is in it."""
    record = names.dataset(call.cloud, call.name)
    if not call.flag("deleteContents") and call.cloud.store.holds(API, record.name):
        raise JobFailure("resourceInUse", f"Dataset {names.colons(record.name)} is still in use")
    call.cloud.delete(record)
    return Answer(status=204, content=b"")


@SERVICE.method("projects.list")
def list_projects(call: Call) -> Answer | Body:
    """Give a page of the projects that there are."""
    chosen, token = slice_page(call, call.cloud.store.page("cloudresourcemanager", "projects"))
    shown = [
        {
            "kind": "bigquery#project",
            "id": each.body["projectId"],
            "numericId": each.body["name"].partition("/")[2],
            "projectReference": {"projectId": each.body["projectId"]},
            "friendlyName": each.body.get("displayName", ""),
        }
        for each in chosen
    ]
    return {
        "kind": "bigquery#projectList",
        "etag": call.cloud.etag(len(shown)),
        "projects": shown,
        "totalItems": len(shown),
        **({"nextPageToken": token} if token else {}),
    }


@SERVICE.method("projects.getServiceAccount")
def service_account(call: Call) -> Answer | Body:
    """Give the account with which BigQuery uses keys of a project."""
    number = call.cloud.projects.number_of(call.project)
    return {
        "kind": "bigquery#getServiceAccountResponse",
        "email": f"bq-{number}@bigquery-encryption.iam.gserviceaccount.com",
    }
