"""Routines and row access policies, as they are defined; models, as they are described, which do not run."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.masks import merged
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.bigquery import names
from mockcloud.services.bigquery.datasets import hold_etag
from mockcloud.services.bigquery.refusals import bad, duplicate, missing
from mockcloud.services.bigquery.service import API, SERVICE


def _found(call: Call, kind: str) -> Record:
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise missing(kind, names.colons(call.name))
    return record


def _listed(call: Call, field: str, records: list[Record]) -> Body:
    chosen, token = slice_page(call, records)
    return {
        **({field: [each.body for each in chosen]} if chosen else {}),
        **({"nextPageToken": token} if token else {}),
    }


# Routines
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("routines.insert")
def insert_routine(call: Call) -> Answer | Body:
    """Define a routine."""
    parent = call.name.rpartition("/")[0]
    names.dataset(call.cloud, parent)
    reference = call.body.get("routineReference", {})
    identifier = reference.get("routineId", "")
    names.hold_table_id(identifier)
    if not call.body.get("routineType"):
        raise bad("Required parameter is missing: routineType")
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise duplicate("Routine", names.colons(name))
    return create(call, name, call.body).body


def create(call: Call, name: str, given: Body) -> Record:
    """Make a routine.

    Args:
        call: The call.
        name: Its full name.
        given: What is said of it.
    """
    now = names.milliseconds(call)
    _, project, _, dataset, _, identifier = name.split("/")
    body: dict[str, Any] = {
        "language": "SQL",
        **given,
        "routineReference": {"projectId": project, "datasetId": dataset, "routineId": identifier},
        "creationTime": now,
        "lastModifiedTime": now,
        "etag": call.cloud.etag(1),
    }
    return call.cloud.create(Record(API, name, body))


@SERVICE.method("routines.get")
def get_routine(call: Call) -> Answer | Body:
    """Give a routine."""
    return _found(call, "Routine").body


@SERVICE.method("routines.list")
def list_routines(call: Call) -> Answer | Body:
    """Give a page of a dataset's routines."""
    names.dataset(call.cloud, call.name.rpartition("/")[0])
    return _listed(call, "routines", call.cloud.store.page(API, call.name))


@SERVICE.method("routines.update")
def update_routine(call: Call) -> Answer | Body:
    """Define a routine anew."""
    record = _found(call, "Routine")
    hold_etag(call, record)
    kept = {key: record.body[key] for key in ("routineReference", "creationTime", "language")}
    body = {
        **kept,
        **call.body,
        "routineReference": kept["routineReference"],
        "creationTime": kept["creationTime"],
        "lastModifiedTime": names.milliseconds(call),
        "etag": call.cloud.etag(record.revision + 1),
    }
    return call.cloud.change(record, body).body


@SERVICE.method("routines.delete", "models.delete", "rowAccessPolicies.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a routine, model or row access policy."""
    kinds = {"routines": "Routine", "models": "Model", "rowAccessPolicies": "Row Access Policy"}
    call.cloud.delete(_found(call, kinds[call.method.id.partition(".")[0]]))
    return Answer(status=204, content=b"")


# Models: made by queries, which do not train here; described and deleted as any other.
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("models.get")
def get_model(call: Call) -> Answer | Body:
    """Give a model."""
    return _found(call, "Model").body


@SERVICE.method("models.list")
def list_models(call: Call) -> Answer | Body:
    """Give a page of a dataset's models."""
    names.dataset(call.cloud, call.name.rpartition("/")[0])
    return _listed(call, "models", call.cloud.store.page(API, call.name))


@SERVICE.method("models.patch")
def patch_model(call: Call) -> Answer | Body:
    """Change what is said of a model."""
    record = _found(call, "Model")
    hold_etag(call, record)
    body = {**merged(record.body, call.body), "etag": call.cloud.etag(record.revision + 1)}
    return call.cloud.change(record, body).body


# Row access policies
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("rowAccessPolicies.insert")
def insert_policy(call: Call) -> Answer | Body:
    """Define a policy on the rows of a table."""
    names.table(call.cloud, call.name.rpartition("/")[0])
    reference = call.body.get("rowAccessPolicyReference", {})
    identifier = reference.get("policyId", "")
    names.hold_table_id(identifier)
    if not call.body.get("filterPredicate"):
        raise bad("Required parameter is missing: filterPredicate")
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise duplicate("Row Access Policy", names.colons(name))
    now = call.cloud.clock.tick()
    _, project, _, dataset, _, table, _ = call.name.split("/")
    place = {"projectId": project, "datasetId": dataset, "tableId": table, "policyId": identifier}
    body = {
        **{key: value for key, value in call.body.items() if key != "grantees"},
        "rowAccessPolicyReference": place,
        "creationTime": now,
        "lastModifiedTime": now,
        "etag": call.cloud.etag(1),
    }
    record = call.cloud.create(Record(API, name, body))
    _grant(call, record)
    return record.body


def _grant(call: Call, record: Record) -> None:
    """Put the policy on it that its grantees mean."""
    grantees = call.body.get("grantees")
    if grantees is not None:
        binding = {"role": "roles/bigquery.filteredDataViewer", "members": list(grantees)}
        call.cloud.store.policies[API, record.name] = {"version": 1, "bindings": [binding]}


@SERVICE.method("rowAccessPolicies.get")
def get_policy(call: Call) -> Answer | Body:
    """Give a row access policy."""
    return _found(call, "Row Access Policy").body


@SERVICE.method("rowAccessPolicies.list")
def list_policies(call: Call) -> Answer | Body:
    """Give a page of a table's row access policies."""
    names.table(call.cloud, call.name.rpartition("/")[0])
    return _listed(call, "rowAccessPolicies", call.cloud.store.page(API, call.name))


@SERVICE.method("rowAccessPolicies.update")
def update_policy(call: Call) -> Answer | Body:
    """Define a row access policy anew."""
    record = _found(call, "Row Access Policy")
    hold_etag(call, record)
    body = {
        **{key: value for key, value in call.body.items() if key != "grantees"},
        "rowAccessPolicyReference": record.body["rowAccessPolicyReference"],
        "creationTime": record.body["creationTime"],
        "lastModifiedTime": call.cloud.clock.tick(),
        "etag": call.cloud.etag(record.revision + 1),
    }
    changed = call.cloud.change(record, body)
    _grant(call, changed)
    return changed.body


@SERVICE.method("rowAccessPolicies.batchDelete")
def delete_policies(call: Call) -> Answer | Body:
    """Delete several row access policies of a table."""
    for identifier in call.body.get("policyIds", []):
        record = call.cloud.store.get(API, f"{call.name}/{identifier}")
        if record is None:
            raise missing("Row Access Policy", names.colons(f"{call.name}/{identifier}"))
        call.cloud.delete(record)
    return Answer(status=204, content=b"")
