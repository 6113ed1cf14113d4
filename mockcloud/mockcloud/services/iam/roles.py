"""Roles: predefined ones from the table, custom ones of projects and organisations."""

import re
from collections.abc import Iterable
from typing import Final

from mockcloud.cloud.access.roles import can_be_custom, included, predefined
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.projects import API as RESOURCE_MANAGER
from mockcloud.cloud.rules.access import require
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.iam.service import API, SERVICE

_ID: Final = re.compile(r"[A-Za-z0-9_.]{3,64}")
_PARENTS: Final = ("projects", "organizations")


def _methods(verb: str) -> tuple[str, ...]:
    return tuple(f"{each}.roles.{verb}" for each in _PARENTS)


def predefined_body(name: str, *, full: bool) -> Body:
    """Give a predefined role as the API shows it.

    Args:
        name: `roles/viewer`.
        full: Whether with its permissions.
    """
    role = predefined()[name]
    body: Body = {"name": name, "title": role.title, "description": f"{role.title}.", "stage": "GA", "etag": "AA=="}
    return {**body, "includedPermissions": list(included(name))} if full else body


@SERVICE.method("roles.get")
def get_predefined(call: Call) -> Answer | Body:
    """Give a predefined role."""
    if call.name not in predefined():
        raise not_found(call.name, what="Role")
    return predefined_body(call.name, full=True)


@SERVICE.method("roles.list", *_methods("list"))
def list_(call: Call) -> Answer | Body:
    """Give the roles of a project or organisation; of neither, the predefined ones."""
    full = call.text("view") == "FULL"
    parent = call.text("parent")
    if call.name == "roles" and not parent:
        names, token = slice_page(call, sorted(predefined()))
        return _page([predefined_body(each, full=full) for each in names], token)
    if call.name == "roles":
        parts = parent.split("/")
        require(call, "iam.roles.list", call.cloud.projects.by_id("/".join(parts[:2])), RESOURCE_MANAGER)
    collection = f"{parent}/roles" if call.name == "roles" else call.name
    records = [
        each
        for each in call.cloud.store.page(API, collection)
        if call.flag("showDeleted") or not each.body.get("deleted")
    ]
    chosen, token = slice_page(call, records)
    hidden = set() if full else {"includedPermissions"}
    return _page([{key: value for key, value in each.body.items() if key not in hidden} for each in chosen], token)


def _page(roles: list[Body], token: str) -> Body:
    return {**({"roles": roles} if roles else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method(*_methods("create"))
def create(call: Call) -> Answer | Body:
    """Make a custom role."""
    identifier = call.body.get("roleId", "")
    if not _ID.fullmatch(identifier):
        raise invalid(
            f"The role_id '{identifier}' is invalid.",
            Violation("role_id", "It has 3 to 64 letters, digits, points and underscores."),
        )
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Role")
    given = dict(call.body.get("role", {}))
    given.pop("includedPermissions", None)
    asked = _permissions(call.name, call.body.get("role", {}).get("includedPermissions", ()))
    body = {**given, "name": name, "includedPermissions": asked, "etag": call.cloud.etag(1)}
    return call.cloud.create(Record(API, name, body)).body


def _permissions(parent: str, asked: Iterable[str]) -> list[str]:
    """Give the permissions of a role in their order.

    Raises:
        ApiError: 400. One is none, or none that a custom role can hold there.
    """
    found = sorted(set(asked))
    for each in found:
        if not can_be_custom(each, parent):
            raise invalid(f"Permission {each} is not valid.")
    return found


def _found(call: Call) -> Record:
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise not_found(call.name, what="Role")
    return record


@SERVICE.method(*_methods("get"))
def get(call: Call) -> Answer | Body:
    """Give a custom role; one that is deleted says so."""
    return _found(call).body


@SERVICE.method(*_methods("patch"))
def patch(call: Call) -> Answer | Body:
    """Change a custom role."""
    record = _found(call)
    given = call.body.get("etag")
    if given and given != record.body["etag"]:
        raise failed_precondition("The etag does not match: somebody changed the role meanwhile.", code=409)
    mask = call.text("updateMask") or ",".join(key for key in call.body if key not in {"name", "etag"})
    new = apply_mask(record.body, call.body, read_mask(mask, call.schemas, "Role"))
    new["includedPermissions"] = _permissions(record.name, new.get("includedPermissions", ()))
    new |= {"name": record.name, "etag": call.cloud.etag(record.revision + 1)}
    return call.cloud.change(record, new).body


@SERVICE.method(*_methods("delete"))
def delete(call: Call) -> Answer | Body:
    """Delete a custom role: its bindings stay and grant nothing, and it can be brought back."""
    record = _found(call)
    if record.body.get("deleted"):
        raise failed_precondition(f"The role '{record.name}' is deleted already.")
    return call.cloud.change(
        record, {**record.body, "deleted": True, "etag": call.cloud.etag(record.revision + 1)}
    ).body


@SERVICE.method(*_methods("undelete"))
def undelete(call: Call) -> Answer | Body:
    """Bring back a custom role."""
    record = _found(call)
    if not record.body.get("deleted"):
        raise failed_precondition(f"The role '{record.name}' is not deleted.")
    body = {key: value for key, value in record.body.items() if key != "deleted"}
    return call.cloud.change(record, {**body, "etag": call.cloud.etag(record.revision + 1)}).body
