"""One call of a method, on its way through the rules to its handler."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.callers import NOBODY, Caller
from mockcloud.cloud.store import Body
from mockcloud.discovery.methods import Method
from mockcloud.discovery.schemas import Schemas

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

PLACES: Final = ("locations", "zones", "regions")


@dataclass(frozen=True, slots=True)
class Request:
    """A call as a door hands it in.

    Attributes:
        method: The method.
        variables: What the variables of its path stand for, decoded.
        query: Query parameters by their name in the description; several values of one are a list.
        body: The JSON body; None for none. Not yet held to the schema.
        content: Media that was sent beside the body, or instead of it.
        headers: Headers by lower-case name: of HTTP, or the metadata of gRPC.
        door: By which door it came: `rest`, `grpc`, `process`, `pulumi`.
        rpc: Name of the method as gRPC has it, where it came so: `google.cloud.kms.v1.KeyManagementService.Encrypt`.
        host: Host of Google's that it was sent to, which may tell a region; "" where none is known.
    """

    method: Method
    variables: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: object = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    door: str = "process"
    rpc: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method answers.

    Attributes:
        body: JSON; empty for none.
        status: HTTP status.
        headers: Further HTTP headers.
        content: Media instead of JSON; None for none.
        content_type: Its type.
        ready: The body as JSON that is written already; None where it is not.
        stream: Bodies of a streaming method, in their order; None for one that answers once.
        later: Gives the answer instead, outside of the cloud's lock: what is the user's own may call the cloud, also
            from other threads, and take its time. It reads and changes nothing of the cloud itself. None for nothing.
    """

    body: Body = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    content_type: str = "application/octet-stream"
    ready: bytes | None = None
    stream: tuple[Body, ...] | None = None
    later: "Callable[[], Answer] | None" = None


@dataclass(slots=True)
class Call:
    """One call.

    Attributes:
        cloud: The cloud.
        request: As the door handed it in.
        schemas: Schemas of the API's version.
        name: What the path names, with the project's id: the resource, or for create and list the collection.
        body: The body, held to its schema; {} for none.
        caller: Who calls. The first rule sets it.
    """

    cloud: "Cloud"
    request: Request
    schemas: Schemas
    name: str
    body: dict[str, Any]
    caller: Caller = NOBODY
    _project: tuple[str | None, str] = (None, "")

    @property
    def method(self) -> Method:
        """The method."""
        return self.request.method

    @property
    def api(self) -> str:
        """Name of the API."""
        return self.request.method.api

    @property
    def query(self) -> Mapping[str, Any]:
        """The query parameters."""
        return self.request.query

    @property
    def project(self) -> str:
        """Id of the project that the path or the query names; "" for none."""
        name, found = self._project
        if name != self.name:  # every rule asks, and a service may change the name once
            found = self._read_project()
            self._project = self.name, found
        return found

    def _read_project(self) -> str:
        parts = self.name.split("/", 2)
        if parts[0] == "projects" and len(parts) > 1:
            return parts[1]
        named = self.query.get("project") or self.query.get("projectId") or ""
        return self.cloud.projects.id_of(str(named)) if named else ""

    @property
    def location(self) -> str:
        """The region, zone or location that the path names; "" for none."""
        parts = self.name.split("/")
        return next((parts[at + 1] for at, part in enumerate(parts[:-1]) if part in PLACES), "")

    def flag(self, parameter: str) -> bool:
        """Whether a boolean parameter is set, in the query or, where the request has a field for it, in the body."""
        return str(self.query.get(parameter, "")).lower() == "true" or self.body.get(parameter) is True

    def text(self, parameter: str) -> str:
        """Give a query parameter as text; "" for none."""
        value = self.query.get(parameter, "")
        return str(value[-1] if isinstance(value, list) else value)
