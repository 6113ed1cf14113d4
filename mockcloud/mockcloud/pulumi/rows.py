"""What the provider does for each resource type, as data: the rows of the tables in `types/`.

A row says where the resource lies in Google's API and by which calls it is made, read, changed and removed. Where a
property is called as the API's field is, or nearly so, no row says it: `links` finds it. A row says the rest.

    vertex/aiEndpoint:AiEndpoint:
      at: "{location}-aiplatform/v1beta1"
      self: projects/{project}/locations/{location}/endpoints/{name}
      create: POST projects/{project}/locations/{location}/endpoints?endpointId={name}
      update: PATCH
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from mockcloud.errors import Error

_KEYS: Final = frozenset(
    {"at", "self", "create", "read", "update", "updates", "changes", "delete", "id", "imports", "refs", "replaces"}
    | {"fields", "sends", "wrap", "within", "json", "base64", "own", "keep", "last", "outputs", "lasting"}
)


class BadRow(Error):
    """A row of the tables is not as rows are: a fault of the tables."""


@dataclass(frozen=True, slots=True)
class Request:
    """A call of the API: `POST projects/{project}/topics`.

    Attributes:
        verb: HTTP method.
        template: Path below the version, with variables in braces, and the query.
    """

    verb: str
    template: str


@dataclass(frozen=True, slots=True)
class Row:
    """A resource type.

    Attributes:
        token: `gcp:vertex/aiEndpoint:AiEndpoint`.
        host: Host of the API, which may hold variables: `{location}-aiplatform.googleapis.com`.
        version: What stands before all paths: `v1beta1`, `compute/beta`.
        self: Path of the resource.
        create: The call that makes it.
        read: The call that reads it.
        update: The call that changes it; None for a type of which every change makes a new one.
        delete: The call that removes it; None for what the API cannot remove.
        id: Template of the id that Pulumi keeps.
        imports: Other form of the id for an import -> the id that it means, where it is not the id's last words.
        updates: Calls that change some properties each, before `update` changes the others: `POST {self}/setLabels`.
        changes: Property path -> path in the message of the call that changes it, where that is not the resource:
            `update.desiredAddonsConfig`; `*` where the message is the property itself.
        refs: Property path -> template of the full name for which a program may give the last part, `{}`:
            `projects/{project}/global/networks/{}`.
        replaces: Properties whose change makes a new resource, where the schema does not say so.
        fields: Property path -> path of the API's field, where links do not find it; "" for a property that no call
            carries.
        sends: Field path -> template of a value that is sent beside the properties.
        wrap: Path of the field of the creation's body that holds the resource, where it does not hold it bare: `role`.
            What is sent beside it then stands beside this field, and only there.
        within: Field of answers, of creation and read, that holds the resource where it is not bare: `resource`.
        json: Property paths whose value is JSON as a text where the API has an object.
        base64: Property paths whose value the API has in base64.
        own: Property paths that are the provider's own and reach no call.
        keep: Property paths whose value the API never gives back, or gives back otherwise.
        last: Property paths whose field holds a full name, of which the property is the last word.
        outputs: Property -> template of an output that no field is.
        lasting: Whether the API keeps the resource when it is removed, as it does key rings.
    """

    token: str
    host: str
    version: str
    self: str
    create: Request
    read: Request
    update: Request | None
    delete: Request | None
    id: str
    imports: Mapping[str, str] = field(default_factory=dict)
    updates: Mapping[Request, frozenset[str]] = field(default_factory=dict)
    changes: Mapping[str, str] = field(default_factory=dict)
    refs: Mapping[str, str] = field(default_factory=dict)
    replaces: frozenset[str] = frozenset()
    fields: Mapping[str, str] = field(default_factory=dict)
    sends: Mapping[str, str] = field(default_factory=dict)
    wrap: str = ""
    within: str = ""
    json: frozenset[str] = frozenset()
    base64: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    outputs: Mapping[str, str] = field(default_factory=dict)
    lasting: bool = False

    @property
    def api(self) -> str:
        """The API's name: `aiplatform`."""
        return re.sub(r"\{\w+\}[-.]?", "", self.host).partition(".")[0]


@cache
def row_of(token: str) -> Row | None:
    """Give the row of a type; None for one that the tables do not have.

    Args:
        token: `gcp:vertex/aiEndpoint:AiEndpoint`.
    """
    rest = token.removeprefix("gcp:")
    raw = _module(rest.partition("/")[0]).get(rest)
    return _read(token, raw) if raw is not None else None


def rows() -> list[str]:
    """Give the tokens of all types that have a row, sorted."""
    modules = [each.name.removesuffix(".yaml") for each in files(__package__).joinpath("types").iterdir()]
    return sorted(f"gcp:{token}" for module in modules for token in _module(module))


@cache
def _module(name: str) -> Mapping[str, Mapping[str, Any]]:
    table = files(__package__).joinpath("types", f"{name}.yaml")
    if not name.isalnum() or not table.is_file():
        return {}
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(table.read_bytes()) or {}
    return found


def _read(token: str, raw: Mapping[str, Any]) -> Row:
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise BadRow(
            f"The row of {token} has keys that no row has",
            given=", ".join(unknown),
            allowed=", ".join(sorted(_KEYS)),
            remedy="name them as `mockcloud/pulumi/rows.py` does",
        )
    host, _, version = str(raw["at"]).partition("/")
    path, removing = str(raw["self"]), raw.get("delete", "DELETE")
    return Row(
        token,
        host if "." in host.replace("{", "") else f"{host}.googleapis.com",
        version,
        path,
        create=_request(raw["create"], path),
        read=_request(raw.get("read", "GET"), path),
        update=_request(raw["update"], path) if raw.get("update") else None,
        delete=_request(str(removing), path) if removing else None,
        id=str(raw.get("id", path)),
        imports=raw.get("imports", {}),
        updates={_request(call, path): frozenset(of) for call, of in raw.get("updates", {}).items()},
        changes=raw.get("changes", {}),
        refs=raw.get("refs", {}),
        replaces=frozenset(raw.get("replaces", ())),
        fields=raw.get("fields", {}),
        sends=raw.get("sends", {}),
        wrap=str(raw.get("wrap", "")),
        within=str(raw.get("within", "")),
        json=frozenset(raw.get("json", ())),
        base64=frozenset(raw.get("base64", ())),
        own=frozenset(raw.get("own", ())),
        keep=frozenset(raw.get("keep", ())),
        last=frozenset(raw.get("last", ())),
        outputs=raw.get("outputs", {}),
        lasting=bool(raw.get("lasting")),
    )


def _request(written: str, path: str) -> Request:
    """Read a call: a verb alone is sent to the resource itself, whose path `{self}` stands for."""
    verb, _, template = written.partition(" ")
    return Request(verb, template.replace("{self}", path) or path)
