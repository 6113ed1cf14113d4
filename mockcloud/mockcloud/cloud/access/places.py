"""What a call is about: the resources on which the caller needs the method's permission."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockcloud.cloud.access import objects
from mockcloud.cloud.access.hierarchy import CONTAINERS, Place
from mockcloud.cloud.access.permissions import of_consumer
from mockcloud.cloud.call import Call
from mockcloud.cloud.consumers import consumer
from mockcloud.cloud.projects import API as RESOURCE_MANAGER

_STATE_IT: Final = (
    "resourceNames",
    "parent",
    "parentId",
    "name",
    "logName",
    "network",
    "consumerNetwork",
    "monitoredResourceContainer",
)
"""Parameters and fields that say in which container a call is, whose path does not."""
_SCOPE: Final = re.compile(r"(?:locations/global/metricsScopes|services/[^/]+/projects)/([^/]+)")
"""Names of metrics scopes, and of what a service is connected to, do not begin with the project."""


def asked(call: Call, permission: str) -> Iterator[tuple[str, str, str]]:
    """Give what a call asks for: permission, and API and full name of the resource.

    Args:
        call: The call.
        permission: What its method asks for.
    """
    if call.api == objects.API:
        for each, name in objects.asked(call, permission):
            yield each, call.api, name
        return
    for api, name in _places(call):
        yield permission, api, name


def _places(call: Call) -> Iterator[Place]:
    """Give what a call is about: what its path names; else what its body says."""
    scope = _SCOPE.match(call.name)
    if scope is not None:
        yield RESOURCE_MANAGER, f"projects/{call.cloud.projects.id_of(scope[1])}"
        return
    named = call.name.split("/", 1)[0] in CONTAINERS and "/" in call.name
    stated = [] if named or call.project else list(dict.fromkeys(_stated({**call.query, **call.body})))
    if not (named or call.project or stated) and call.api in of_consumer():
        stated = [f"projects/{consumer(call)}"]
    if not stated:
        yield call.api, call.name
    for each in stated:
        parts = each.split("/")
        if parts[0] == "projects":
            parts[1] = call.cloud.projects.id_of(parts[1])
        yield call.api, "/".join(parts)


def _stated(body: Mapping[str, Any]) -> Iterator[str]:
    """Read in which containers a call is, whose path names nothing: log entries are written and read that way."""
    for name in _STATE_IT:
        value = body.get(name)
        for each in value if isinstance(value, list) else [value]:
            parts = each.split("/") if isinstance(each, str) else []
            if len(parts) > 1 and parts[0] in CONTAINERS:
                yield "/".join(parts[:2])
    for name in ("projectIds", "projectId"):
        value = body.get(name, ())
        yield from (f"projects/{each}" for each in (value if isinstance(value, (list, tuple)) else [value]) if each)
    for entry in body.get("entries", ()) if isinstance(body.get("entries"), list) else ():
        if isinstance(entry, Mapping):
            yield from _stated({"logName": entry.get("logName")})
