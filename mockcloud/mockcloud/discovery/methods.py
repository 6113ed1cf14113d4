"""Methods of an API, as its description tells them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Final

from mockcloud.discovery.names import singular, without_version

OPERATIONS: Final = frozenset({"Operation", "GoogleLongrunningOperation", "GoogleLongrunning__Operation"})
"""What the descriptions call an operation. Compute, container, sqladmin and dns have one of their own of that name."""


class Kind(Enum):
    """What a method does, where it does what methods of its name always do."""

    CREATE = "create"
    GET = "get"
    LIST = "list"
    AGGREGATED_LIST = "aggregatedList"
    PATCH = "patch"
    UPDATE = "update"
    DELETE = "delete"
    GET_IAM_POLICY = "getIamPolicy"
    SET_IAM_POLICY = "setIamPolicy"
    TEST_IAM_PERMISSIONS = "testIamPermissions"
    CUSTOM = "custom"


_KINDS: Final[Mapping[str, Kind]] = {
    "create": Kind.CREATE,
    "insert": Kind.CREATE,
    "get": Kind.GET,
    "list": Kind.LIST,
    "aggregatedlist": Kind.AGGREGATED_LIST,
    "patch": Kind.PATCH,
    "update": Kind.UPDATE,
    "delete": Kind.DELETE,
    "getiampolicy": Kind.GET_IAM_POLICY,
    "setiampolicy": Kind.SET_IAM_POLICY,
    "testiampermissions": Kind.TEST_IAM_PERMISSIONS,
}

_NO_NEW_ID: Final = frozenset({"clientOperationId", "parentId", "projectId", "replaceJobId", "requestId", "uniqueId"})
"""Query parameters of creations that are ids of something else."""

_WRITES: Final = frozenset({Kind.CREATE, Kind.PATCH, Kind.UPDATE, Kind.DELETE, Kind.SET_IAM_POLICY})


@dataclass(frozen=True, eq=False)
class Method:
    """One method. There is one object a method, so that it serves as a key.

    Attributes:
        api: Name of the API's description: `aiplatform`.
        version: `v1`, `v1beta1`, `beta`.
        id: Id without the API's name: `projects.locations.endpoints.create`.
        http: `GET`, `POST`, …
        kind: What it does.
        segments: The path without version, one entry a segment: a word, or a variable in braces.
        verb: What follows a colon in the last segment: `predict`; else "".
        prefix: What precedes `segments` in a path: `v1`, `compute/v1/projects`… without slashes at its ends.
        parameters: Name -> the parameter's description.
        request: Name of the body's schema; "" for none.
        response: Name of the answer's schema; "" for none.
        upload: Paths at which media can be sent: protocol (`simple`, `resumable`) -> path.
        download: Whether the answer can be media (`alt=media`).
        reserved: Whether a variable of the path is a name of several segments, in which an encoded slash stays encoded.
        tail: Whether the last variable of the path takes all segments that are left: `metricDescriptors/**`.
    """

    api: str
    version: str
    id: str
    http: str
    kind: Kind
    segments: tuple[str, ...]
    verb: str
    prefix: str
    parameters: Mapping[str, Mapping[str, Any]] = field(repr=False)
    request: str
    response: str
    upload: Mapping[str, str] = field(repr=False)
    download: bool = False
    reserved: bool = True
    tail: bool = False

    @cached_property
    def full_id(self) -> str:
        """The id as Google's description has it: `aiplatform.projects.locations.endpoints.create`."""
        return f"{self.api}.{self.id}"

    @cached_property
    def long_running(self) -> bool:
        """Whether the answer is an operation."""
        return self.response in OPERATIONS

    @cached_property
    def writes(self) -> bool:
        """Whether it may change something. A custom method is taken to, unless it is a GET."""
        return self.kind in _WRITES or (self.kind is Kind.CUSTOM and self.http != "GET")

    @cached_property
    def merges(self) -> bool:
        """Whether null clears a field of the body: in a PATCH that has no mask (RFC 7396)."""
        return self.http == "PATCH" and "updateMask" not in self.parameters

    @cached_property
    def collection(self) -> str:
        """The words of the path that name the collection: `projects.locations.endpoints`, whatever the verb."""
        return ".".join(part for part in self.segments if not part.startswith("{"))

    @cached_property
    def resource(self) -> str:
        """Last word of the path: the collection's short name."""
        words = [part for part in self.segments if not part.startswith("{")]
        return words[-1] if words else ""

    @cached_property
    def id_parameter(self) -> str:
        """The query parameter with which a caller chooses the new resource's id; "" where there is none."""
        one = singular(self.resource).lower()
        asked = [name for name, each in self.parameters.items() if each.get("location") == "query"]
        found = [name for name in asked if name.endswith("Id") and name not in _NO_NEW_ID]
        named = next((name for name in asked if name.lower() in (one + "id", one + "name")), "")
        return named or (found[0] if len(found) == 1 else "")


def methods(description: Mapping[str, Any]) -> Iterator[Method]:
    """Give every method of a description."""
    api, version = description["name"], description["version"]
    for each in _walk(description):
        path = (description["servicePath"] + (each.get("flatPath") or each["path"])).replace("{+", "{")
        bare = without_version(path)
        *front, last = bare.split("/")
        last, _, verb = last.rpartition(":") if ":" in last else (last, "", "")
        segments = (*front, last)
        identifier = each["id"].partition(".")[2]
        media = each.get("mediaUpload", {}).get("protocols", {})
        yield Method(
            api=api,
            version=version,
            id=identifier,
            http=each["httpMethod"],
            kind=_kind(identifier, each["httpMethod"], segments, verb),
            segments=segments,
            verb=verb,
            prefix=path[: len(path) - len(bare)].strip("/"),
            parameters={**description.get("parameters", {}), **each.get("parameters", {})},
            request=each.get("request", {}).get("$ref", ""),
            response=each.get("response", {}).get("$ref", ""),
            upload={name: entry["path"] for name, entry in media.items()},
            download=each.get("supportsMediaDownload", False),
            reserved="{+" in each["path"],
            tail=segments[-1].startswith("{") and _takes_all(each.get("parameters", {})),
        )


def _takes_all(parameters: Mapping[str, Mapping[str, Any]]) -> bool:
    patterns = (each.get("pattern", "") for each in parameters.values() if each.get("location") == "path")
    return any(each.endswith("/.*$") or each == "^.*$" for each in patterns)


def _walk(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from node.get("methods", {}).values()
    for child in node.get("resources", {}).values():
        yield from _walk(child)


def _kind(identifier: str, http: str, segments: tuple[str, ...], verb: str) -> Kind:
    """Read the kind from the name, and hold it to the shape: `getConfig` and `list` of one thing are custom."""
    name = identifier.rpartition(".")[2].lower()
    kind = _KINDS.get(name, Kind.CUSTOM)
    on_resource = bool(segments) and segments[-1].startswith("{")
    fits = {
        Kind.CREATE: http in {"POST", "PUT"} and not verb,
        Kind.GET: http == "GET" and not verb and len(segments) > 0,
        Kind.LIST: http == "GET" and not on_resource and not verb,
        Kind.PATCH: http in {"PATCH", "PUT", "POST"} and not verb,
        Kind.UPDATE: http in {"PUT", "PATCH", "POST"} and not verb,
        Kind.DELETE: http == "DELETE" and on_resource and not verb,
    }
    return kind if fits.get(kind, True) else Kind.CUSTOM
