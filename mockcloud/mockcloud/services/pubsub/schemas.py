"""Schemas of messages, with their revisions."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.pubsub import validation
from mockcloud.services.pubsub.service import API, SERVICE, hold_id

SERVICE.collection("projects.schemas")


@SERVICE.method("projects.schemas.create")
def create(call: Call) -> Answer | Body:
    """Make a schema with its first revision."""
    identifier = call.text("schemaId") or call.cloud.ids.hexadecimal("pubsub/schemas", 12)
    name = f"{call.name}/{identifier}"
    hold_id(f"{call.name}/s{identifier}", "schemas")
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name)
    revision = _revision(call, name, call.body)
    return call.cloud.create(Record(API, name, revision, {"revisions": [revision]})).body


def _revision(call: Call, name: str, given: Body) -> dict[str, Any]:
    validation.hold_definition(given)
    return {
        "name": name,
        "type": given["type"],
        "definition": given["definition"],
        "revisionId": call.cloud.ids.hexadecimal("pubsub/revisions", 8),
        "revisionCreateTime": call.cloud.clock.tick(),
    }


def _found(call: Call, name: str) -> tuple[Record, dict[str, Any]]:
    """Find a schema and one of its revisions: `NAME@REVISION`, or the newest one.

    Raises:
        ApiError: 404.
    """
    bare, _, wanted = name.partition("@")
    record = call.cloud.store.get(API, bare) if "/schemas/" in bare else None
    if record is not None:
        for each in reversed(record.hidden["revisions"]):
            if wanted in {"", each["revisionId"]}:
                return record, {**each, "name": name}
    raise not_found(name)


def _shown(call: Call, revision: Body, usual: str) -> Body:
    if (call.text("view") or usual) == "FULL":
        return revision
    return {key: value for key, value in revision.items() if key != "definition"}


@SERVICE.method("projects.schemas.get")
def get(call: Call) -> Answer | Body:
    """Give a schema, by default with its definition."""
    return _shown(call, _found(call, call.name)[1], "FULL")


@SERVICE.method("projects.schemas.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a project's schemas, by default without definitions."""
    chosen, token = slice_page(call, call.cloud.store.page(API, call.name))
    return _page("schemas", [_shown(call, each.body, "BASIC") for each in chosen], token)


def _page(field: str, shown: list[Body], token: str) -> Body:
    return {**({field: shown} if shown else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("projects.schemas.listRevisions")
def list_revisions(call: Call) -> Answer | Body:
    """Give a page of a schema's revisions, the newest one first."""
    record, _ = _found(call, call.name)
    chosen, token = slice_page(call, list(reversed(record.hidden["revisions"])))
    named: list[Body] = [{**each, "name": f"{record.name}@{each['revisionId']}"} for each in chosen]
    return _page("schemas", [_shown(call, each, "BASIC") for each in named], token)


@SERVICE.method("projects.schemas.commit")
def commit(call: Call) -> Answer | Body:
    """Add a revision."""
    record, newest = _found(call, call.name)
    given = call.body.get("schema", {})
    if given.get("type") != newest["type"]:
        raise invalid("The type of a schema cannot be changed.", Violation("schema.type", "It differs."))
    return _added(call, record, _revision(call, record.name, given))


@SERVICE.method("projects.schemas.rollback")
def rollback(call: Call) -> Answer | Body:
    """Make an earlier revision the newest one again."""
    record, _ = _found(call, call.name)
    _, old = _found(call, f"{record.name}@{call.body.get('revisionId', '')}")
    return _added(call, record, _revision(call, record.name, old))


def _added(call: Call, record: Record, revision: dict[str, Any]) -> Body:
    revisions = [*record.hidden["revisions"], revision]
    return call.cloud.change(record, revision, hidden={"revisions": revisions}).body


@SERVICE.method("projects.schemas.deleteRevision")
def delete_revision(call: Call) -> Answer | Body:
    """Delete a revision; the last one cannot be deleted by itself."""
    name = call.name if "@" in call.name else f"{call.name}@{call.text('revisionId')}"
    record, revision = _found(call, name)
    left = [each for each in record.hidden["revisions"] if each["revisionId"] != revision["revisionId"]]
    if not left:
        raise failed_precondition("The last revision of a schema cannot be deleted.")
    return call.cloud.change(record, left[-1], hidden={"revisions": left}).body


@SERVICE.method("projects.schemas.validate")
def validate(call: Call) -> Answer | Body:
    """Say whether a definition is one."""
    validation.hold_definition(call.body.get("schema", {}))
    return {}


@SERVICE.method("projects.schemas.validateMessage")
def validate_message(call: Call) -> Answer | Body:
    """Say whether a message fits a schema."""
    name = call.body.get("name")
    schema = _found(call, name)[1] if name else call.body.get("schema", {})
    validation.hold_definition(schema)
    encoding = call.body.get("encoding", "JSON")
    validation.hold_message(schema, encoding, call.body.get("message", ""))
    return {}
