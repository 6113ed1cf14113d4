"""From a method to the permissions that it asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from mockcloud.cloud.errors import not_modelled
from mockcloud.discovery.catalogue import description, versions
from mockcloud.discovery.methods import Kind, Method
from mockcloud.discovery.tables import read_table

_FULL: Final = 3
"""Parts of a whole permission: service, collection, verb."""

_VERBS: Final[Mapping[Kind, str]] = {
    Kind.CREATE: "create",
    Kind.GET: "get",
    Kind.LIST: "list",
    Kind.AGGREGATED_LIST: "list",
    Kind.PATCH: "update",
    Kind.UPDATE: "update",
    Kind.DELETE: "delete",
    Kind.GET_IAM_POLICY: "getIamPolicy",
    Kind.SET_IAM_POLICY: "setIamPolicy",
}

_FREE: Final = frozenset({"operations", "locations"})
"""Collections whose methods ask for nothing: their names are not to be guessed, or no secret."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of one API; see the head of `permissions.yaml`."""

    service: str
    collections: Mapping[str, str] = field(default_factory=dict)
    follow: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()
    rows: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    table: dict[str, Any] = read_table(Path(__file__).parent / "permissions.yaml")
    return table


@lru_cache(maxsize=1)
def anonymous_apis() -> frozenset[str]:
    """Give the APIs that take calls without credentials, for what everybody may do."""
    return frozenset(_data()["anonymous"])


@lru_cache(maxsize=1)
def of_consumer() -> frozenset[str]:
    """Give the APIs that ask on the project on whose account a call goes, where the call names nothing else."""
    return frozenset(_data()["consumer"])


@lru_cache(maxsize=1)
def further_services() -> frozenset[str]:
    """Give the services that have permissions and that nothing here answers."""
    return frozenset(_data()["further"])


@lru_cache(maxsize=1)
def further_verbs() -> frozenset[str]:
    """Give first words of the verbs of permissions that nothing here asks for."""
    return frozenset(_data()["verbs"])


@lru_cache(maxsize=256)
def _table(api: str) -> _Table:
    raw = _data()["apis"].get(api, {})
    return _Table(
        service=raw.get("service", api),
        collections=raw.get("collections", {}),
        follow=frozenset(raw.get("follow", ())),
        none=frozenset(raw.get("none", ())),
        rows=raw.get("rows", {}),
    )


_known: dict[tuple[str, str], str | None] = {}


def permission_of(method: Method) -> str | None:
    """Give the permission that a method asks for; None where it asks for none.

    Raises:
        ApiError: 501. The tables have no row for it.
    """
    key = (method.api, method.id)
    if key not in _known:
        _known[key] = _permission(method)
    return _known[key]


def _permission(method: Method) -> str | None:
    table = _table(method.api)
    words = method.id.split(".")
    verb = words[-1]
    collection = words[-2] if len(words) > 1 else ""
    if _asks_nothing(table, method, collection, verb):
        return None
    row = _row(table, words, verb, collection)
    if row is not None:
        return row if row.count(".") + 1 >= _FULL else f"{table.service}.{row}"
    known = _VERBS.get(method.kind)
    if known is None:
        if not (verb in table.follow or "*" in table.follow):
            raise not_modelled(f"which permission the method {method.full_id} asks for")
        known = verb
    return f"{table.service}.{table.collections.get(collection, collection)}.{known}"


def _asks_nothing(table: _Table, method: Method, collection: str, verb: str) -> bool:
    if method.kind is Kind.TEST_IAM_PERMISSIONS or f"{collection}.{verb}" in table.none or verb in table.none:
        return True
    if collection in _FREE or collection.endswith("Operations"):
        return f"{collection}.{verb}" not in table.rows and verb not in table.rows
    # The predefined roles are for everybody to read; they are no resources of a project.
    return method.api == "iam" and method.id.startswith("roles.")


def is_of_operations(method: Method) -> bool:
    """Whether a method asks about operations. Their ids are not to be guessed, so no permission is asked for.

    Who has nothing at all where the operation goes on is told nothing.
    """
    words = method.id.split(".")
    return len(words) > 1 and (words[-2] == "operations" or words[-2].endswith("Operations"))


def _row(table: _Table, words: list[str], verb: str, collection: str) -> str | None:
    for key in (".".join(words[-3:]), f"{collection}.{verb}", verb):
        if key in table.rows:
            return table.rows[key]
    standard = verb in {"get", "list", "create", "insert", "patch", "update", "delete"}
    return None if standard else table.rows.get(f"{collection}.*")


@lru_cache(maxsize=256)
def permissions_of_api(api: str) -> tuple[str, ...]:
    """Give the permissions that the methods of an API ask for, sorted."""
    return tuple(sorted(set(_all_of(api))))


def _all_of(api: str) -> Iterator[str]:
    from mockcloud.cloud.errors import ApiError

    for version in versions(api):
        for method in description(api, version).routes.by_id.values():
            try:
                found = permission_of(method)
            except ApiError:
                continue
            if found is not None:
                yield found


def service_of(api: str) -> str:
    """Give the first part of an API's permissions: `resourcemanager` of `cloudresourcemanager`."""
    return _table(api).service
