"""Since when a resource is other than the state says, and who changed it: what logs of the cloud tell."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from groundplan_cli.cloud.client import ask
from groundplan_cli.drift.model import Event, History
from groundplan_policies.engine import Resource
from mockcloud.pulumi.api import Api, Refused, Transport
from mockcloud.pulumi.rows import row_of

MOST_EVENTS: Final = 20
"""Events that are told of a resource: the last ones."""

_PAGE: Final = 500
_ENGINE: Final = "pulumi"
"""By which door the engine's calls come to a mock cloud."""


class Log(Protocol):
    """A log of changes."""

    def history(self, resource: Resource) -> History:
        """Say what changed a resource past the engine."""


@dataclass(frozen=True, slots=True)
class NoLog:
    """No log can be read.

    Attributes:
        silence: Why.
    """

    silence: str

    def history(self, resource: Resource) -> History:  # noqa: ARG002 - the protocol's
        """Say that nothing is known."""
        return History(silence=self.silence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call that a mock cloud has answered, as far as it is used here."""

    at: str
    caller: str
    method: str
    name: str
    status: int
    door: str
    agent: str


@dataclass(frozen=True)
class MockLog:
    """The calls of a mock cloud.

    Attributes:
        calls: The calls, the oldest first.
        writes: Ids of methods that changed something.
    """

    calls: tuple[Called, ...]
    writes: frozenset[str]

    @classmethod
    def of_server(cls, url: str) -> "MockLog":
        """Read the calls of a mock cloud that runs.

        Raises:
            Error: It does not answer.
        """
        return cls.read(_all(url, "calls"), _all(url, "changes"))

    @classmethod
    def read(cls, calls: Iterable[Mapping[str, Any]], changes: Iterable[Mapping[str, Any]]) -> "MockLog":
        """Read calls and changes, as a mock cloud's journal has them."""
        fields = Called.__dataclass_fields__
        return cls(
            tuple(Called(**{name: each[name] for name in fields}) for each in calls),
            frozenset(str(each["method"]) for each in changes),
        )

    def history(self, resource: Resource) -> History:
        """Say what changed a resource past the engine."""
        names, row = names_of(resource), row_of(resource.type)
        about = [
            each
            for each in self.calls
            if each.status < 400  # noqa: PLR2004 - HTTP
            and each.method in self.writes
            and _is_about(each.name, names)
            and (row is None or each.method.partition(".")[0] == row.api)
        ]
        last = max((number for number, each in enumerate(about) if each.door == _ENGINE), default=-1)
        events = tuple(
            Event(at=each.at, by=each.caller, method=each.method, agent=each.agent) for each in about[last + 1 :]
        )
        return History(events=events[-MOST_EVENTS:], silence="" if events else "its log tells of no change")


@dataclass
class AuditLog:
    """The Admin Activity audit log of Google Cloud, which keeps 400 days of changes.

    Attributes:
        transport: What asks.
        modified: URN -> when the engine last changed the resource, as a stamp.
    """

    transport: Transport
    modified: Mapping[str, str] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)

    def history(self, resource: Resource) -> History:
        """Say what changed a resource since the engine last did."""
        project = _text(resource.outputs, "project") or _text(resource.inputs, "project")
        if not project:
            return History(silence="the state does not say in which project it is")
        if project in self._refused:
            return History(silence=self._refused[project])
        name = min(names_of(resource), key=len).rpartition("/")[2]
        terms = [
            f"logName={json.dumps(f'projects/{project}/logs/cloudaudit.googleapis.com%2Factivity')}",
            f"protoPayload.resourceName:{json.dumps(name)}",
        ]
        if resource.urn in self.modified:
            terms.append(f"timestamp>{json.dumps(self.modified[resource.urn])}")
        asked = {
            "resourceNames": [f"projects/{project}"],
            "filter": " AND ".join(terms),
            "orderBy": "timestamp desc",
            "pageSize": MOST_EVENTS,
        }
        try:
            found = Api(self.transport).call("POST", "logging.googleapis.com", "v2/entries:list", asked)
        except Refused as refused:
            self._refused[project] = f"the audit log of {project} cannot be read ({refused.reason or refused.status})"
            return History(silence=self._refused[project])
        entries = [each for each in found.get("entries", ()) if not _last_of_several(each)]
        events = tuple(_event(each) for each in reversed(entries))
        return History(events=events, silence="" if events else "the audit log tells of no change")


def names_of(resource: Resource) -> frozenset[str]:
    """Give the names by which logs may call a resource: its id, and its link's path."""
    # Of a grant, which has an id of several words, it is the resource on which it is.
    found = {resource.id.partition(" ")[0].removeprefix("//").strip("/")}
    link = _text(resource.outputs, "selfLink")
    for mark in ("/projects/", "/b/"):
        if mark in link:
            found.add(f"{mark}{link.partition(mark)[2]}".strip("/"))
            break
    return frozenset(each for each in found if each)


def _is_about(called: str, names: frozenset[str]) -> bool:
    """Whether a call is about a resource, or about a part of it that is no resource of its own, such as its policy."""
    called = called.removesuffix("/iam")
    return any(called == name or called.endswith(f"/{name}") for name in names)


def _all(url: str, what: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    while True:
        page = ask(url, "GET", what, since=found[-1]["number"] if found else 0, size=_PAGE)[what]
        found += page
        if len(page) < _PAGE:
            return found


def _event(entry: Mapping[str, Any]) -> Event:
    payload = entry.get("protoPayload", {})
    return Event(
        at=str(entry.get("timestamp", "")),
        by=str(payload.get("authenticationInfo", {}).get("principalEmail", "")),
        method=str(payload.get("methodName", "")),
        agent=str(payload.get("requestMetadata", {}).get("callerSuppliedUserAgent", "")),
    )


def _last_of_several(entry: Mapping[str, Any]) -> bool:
    """Whether an entry only says that an operation has ended, of which another says that it began."""
    operation = entry.get("operation", {})
    return bool(operation.get("last")) and not operation.get("first")


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
