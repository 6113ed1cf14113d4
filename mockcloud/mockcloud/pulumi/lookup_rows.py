"""What the provider's functions read, as data: the rows of the tables in `lookups/`.

A function that reads one resource of a type by the words of its id needs no row: the type's row, read backwards, is
enough. A row tells the others: which type is read where the names differ, or which call of Google's API answers.

    artifactregistry/getPackages:getPackages:
      at: artifactregistry/v1
      list: projects/{project}/locations/{location}/repositories/{repositoryId}/packages?filter={filter}
      into: packages
      id: projects/{project}/locations/{location}/repositories/{repositoryId}/packages
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from mockcloud.pulumi.answers import Telling
from mockcloud.pulumi.rows import BadRow

_KEYS: Final = frozenset(
    {"reads", "at", "get", "list", "items", "into", "each", "value", "match", "newest", "alone", "sorted"}
    | {"with", "fields", "last", "base64", "tells", "id"}
)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a function reads.

    Attributes:
        token: `gcp:storage/getBuckets:getBuckets`.
        reads: Token of the type of which it reads a resource; "" for one that reads an API.
        host: Host of the API, which may hold variables.
        get: Path of what is read; "" for a list.
        list: Path of the list, and the query: parameters whose variable has no value are left out.
        items: Field of the answer that has the items, or what is read where the answer is not it.
        into: Property that has the items; "" where the function tells one of them.
        each: Token of the type of the items, which are read as its resources; "" for items that the list tells whole.
        value: Path of each item's field that is the property's item, for a list of texts; "" for objects.
        match: Argument -> path of an item's field that must have its value, where the argument is given.
        newest: Field by which the last of several that match is told; "" to tell the first.
        alone: Whether several that match are refused, unless the argument `mostRecent` is true.
        values: Variable -> template of it, of those that are no arguments.
        telling: Where properties are told otherwise than under their names.
        tells: Property -> template of what no field tells; `rules.project` for each of the items.
        id: Template of the answer's id; "" where the row of the type tells it.
        sorted: Whether the list of texts is sorted.
    """

    token: str
    reads: str = ""
    host: str = ""
    get: str = ""
    list: str = ""
    items: str = ""
    into: str = ""
    each: str = ""
    value: str = ""
    match: Mapping[str, str] = field(default_factory=dict)
    newest: str = ""
    alone: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    telling: Telling = field(default_factory=Telling)
    tells: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    sorted: bool = False


@cache
def lookup_of(token: str) -> Lookup | None:
    """Give the row of a function; None for one that has none.

    Args:
        token: `gcp:storage/getBuckets:getBuckets`.
    """
    rest = token.removeprefix("gcp:")
    raw = _module(rest.partition("/")[0]).get(rest)
    return _read(token, raw) if raw is not None else None


def lookups() -> list[str]:
    """Give the tokens of all functions that have a row, sorted."""
    modules = [each.name.removesuffix(".yaml") for each in files(__package__).joinpath("lookups").iterdir()]
    return sorted(f"gcp:{token}" for module in modules for token in _module(module))


@cache
def _module(name: str) -> Mapping[str, Mapping[str, Any]]:
    table = files(__package__).joinpath("lookups", f"{name}.yaml")
    if not name.isalnum() or not table.is_file():
        return {}
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(table.read_bytes()) or {}
    return found


def _read(token: str, raw: Mapping[str, Any]) -> Lookup:
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise BadRow(
            f"The row of {token} has keys that no row of a function has",
            given=", ".join(unknown),
            allowed=", ".join(sorted(_KEYS)),
            remedy="name them as `mockcloud/pulumi/lookup_rows.py` does",
        )
    host, _, version = str(raw.get("at", "")).partition("/")
    into = str(raw.get("into", ""))
    paths = {name: f"{version}/{raw[name]}".lstrip("/") if name in raw else "" for name in ("get", "list")}
    return Lookup(
        token,
        reads=f"gcp:{raw['reads']}" if "reads" in raw else "",
        host=host if "." in host.replace("{", "") else f"{host}.googleapis.com",
        **paths,
        items=str(raw.get("items", into)),
        into=into,
        each=f"gcp:{raw['each']}" if "each" in raw else "",
        value=str(raw.get("value", "")),
        match=raw.get("match", {}),
        newest=str(raw.get("newest", "")),
        alone=bool(raw.get("alone")),
        values=raw.get("with", {}),
        telling=Telling(raw.get("fields", {}), frozenset(raw.get("last", ())), frozenset(raw.get("base64", ()))),
        tells=raw.get("tells", {}),
        id=str(raw.get("id", "")),
        sorted=bool(raw.get("sorted")),
    )
