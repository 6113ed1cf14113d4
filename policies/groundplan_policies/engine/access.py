"""Reads lists of access that are older than IAM: those of BigQuery's datasets, of buckets and of objects.

Members come out in IAM's syntax. The predefined lists are those of cloud.google.com/storage/docs/access-control/lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from groundplan_policies.engine.parts import Part, unread
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_unknown, join_key, split_unknown

_SPECIAL: Final = {
    "projectowners": "projectOwner:",
    "projectwriters": "projectEditor:",
    "projectreaders": "projectViewer:",
    "allauthenticatedusers": "allAuthenticatedUsers",
}
"""BigQuery's special groups, in lower case."""

_ENTITIES: Final = {
    "group-": "group:",
    "domain-": "domain:",
    "project-owners-": "projectOwner:",
    "project-editors-": "projectEditor:",
    "project-viewers-": "projectViewer:",
}
"""How entities of access control lists begin, beside users."""

_PROJECT_PRIVATE: Final = (("OWNER", "projectOwner:"), ("OWNER", "projectEditor:"), ("READER", "projectViewer:"))

_PREDEFINED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "private": (),
    "bucketownerread": (),
    "bucketownerfullcontrol": (),
    "projectprivate": _PROJECT_PRIVATE,
    "authenticatedread": (("READER", "allAuthenticatedUsers"),),
    "publicread": (("READER", "allUsers"),),
    "publicreadwrite": (("WRITER", "allUsers"),),
}
"""Predefined lists, in lower case: whom they give which role, beside the owner of the bucket or object."""

_NO_PRINCIPALS: Final = ("view", "routine", "dataset", "authorizedDataset")
"""Accesses of views, routines and datasets: no principal gets access by them."""

_ENTITY, _ROLE, _ENTRIES = Path("entity"), Path("role"), Path("roleEntities")


def access_parts(resource: Resource) -> Iterator[Part]:
    """Give the accesses of a dataset's own list, or the one of a separate resource."""
    if resource.type.endswith("DatasetAccess"):
        yield from _access(resource.inputs, "")
        return
    accesses = resource.inputs.get("accesses")
    if accesses is None or accesses == []:
        return
    for each in entries(read_value(accesses, "accesses")[0]):
        if isinstance(each.value, Mapping):
            yield from _access(each.value, each.path)
        else:
            yield unread(each)


def _access(access: Mapping[str, Value], path: str) -> Iterator[Part]:
    role = read_value(access.get("role"), join_key(path, "role"))[0]
    condition = access.get("condition")
    expression = None
    if condition is not None:
        expression = read_value(condition, join_key(path, "condition"), "expression")[0]
    found = False
    for key, convert in _ACCESS_KEYS.items():
        if access.get(key) is not None:
            found = True
            yield role, _converted(access[key], join_key(path, key), convert), expression
    if not found and all(access.get(key) is None for key in _NO_PRINCIPALS):
        yield role, Reading(join_key(path, "iamMember"), State.ABSENT), expression


def acl_parts(resource: Resource) -> Iterator[Part]:
    """Give the entries of an access control list and of the predefined lists that it names."""
    for key in ("predefinedAcl", "defaultAcl"):
        if resource.inputs.get(key) is not None:
            yield from _predefined(read_value(resource.inputs[key], key)[0])
    if resource.inputs.get("roleEntities") not in (None, []):
        for each in entries(_ENTRIES.one(resource)):
            yield from _entry(each)


def entity_parts(resource: Resource) -> Iterator[Part]:
    """Give the one entry of a list that a resource of its own holds."""
    entity = _ENTITY.one(resource)
    yield _ROLE.one(resource), _converted(resource.inputs.get("entity"), entity.path, _entity), None


def _predefined(reading: Reading) -> Iterator[Part]:
    listed = _PREDEFINED.get(reading.text.strip().lower()) if reading.state is State.KNOWN else None
    if listed is None:
        yield unread(reading)
        return
    for role, member in listed:
        yield Reading(reading.path, State.KNOWN, role), Reading(reading.path, State.KNOWN, member), None


def _entry(reading: Reading) -> Iterator[Part]:
    role, mark, entity = reading.text.partition(":")
    if not mark or is_unknown(role):
        yield unread(reading)
        return
    yield read_value(role, reading.path)[0], _converted(entity, reading.path, _entity), None


def _converted(value: Value, path: str, convert: Callable[[str], str]) -> Reading:
    if not isinstance(value, str) or not value:
        return read_value(value, path)[0]
    return read_value(convert(value), path)[0]


def _person(email: str) -> str:
    """Say whether an address is a person's or a service account's, if its domain is known; else leave it as it is."""
    _, tail = split_unknown(email)
    if "@" not in tail:
        return email if is_unknown(email) else f"user:{email}"
    return f"serviceAccount:{email}" if tail.lower().endswith("gserviceaccount.com") else f"user:{email}"


def _entity(entity: str) -> str:
    lower = entity.strip().lower()
    if lower.startswith("user-"):
        return _person(entity.strip()[5:])
    for prefix, kind in _ENTITIES.items():
        if lower.startswith(prefix):
            return kind + entity.strip()[len(prefix) :]
    return entity


def _special(group: str) -> str:
    return _SPECIAL.get(group.strip().lower(), group)


_ACCESS_KEYS: Final[Mapping[str, Callable[[str], str]]] = {
    "userByEmail": _person,
    "groupByEmail": "group:{}".format,
    "domain": "domain:{}".format,
    "specialGroup": _special,
    "iamMember": str,
}
"""The ways in which an access names who gets it, each with what turns it into IAM's syntax."""
