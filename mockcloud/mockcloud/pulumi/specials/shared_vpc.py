"""Shared VPC: which projects share their networks, and with which others."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special

_HOST: Final = "compute.googleapis.com"
_VERSION: Final = "compute/beta"


@special("compute/sharedVPCHostProject:SharedVPCHostProject")
class HostProject:
    """Projects that share their networks. The id is the project."""

    def __init__(self, token: str) -> None:
        self._token = token

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Let a project share."""
        project = place.project(inputs)
        _call(place, f"projects/{project}/enableXpnHost", None)
        return State(project, {**inputs, "project": project})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """See whether a project shares."""
        found = place.api.find(_HOST, f"{_VERSION}/projects/{identifier}")
        if found is None or found.get("xpnProjectStatus") != "HOST":
            return None
        return State(identifier, {**outputs, **inputs, "project": identifier})

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Keep it: only the provider's own settings change in place."""
        del place, changed
        return State(old.id, {**old.outputs, **inputs})

    def delete(self, place: Place, state: State) -> None:
        """Let a project share no more."""
        _remove(place, f"projects/{state.id}/disableXpnHost", None)


@special("compute/sharedVPCServiceProject:SharedVPCServiceProject")
class ServiceProject:
    """Projects that use the networks of another. The id is `HOST/SERVICE`."""

    def __init__(self, token: str) -> None:
        self._token = token

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Attach a project."""
        host, service = str(inputs["hostProject"]), str(inputs["serviceProject"])
        _call(place, f"projects/{host}/enableXpnResource", _resource(service))
        return State(f"{host}/{service}", dict(inputs))

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """See whether a project is attached."""
        host, _, service = identifier.partition("/")
        found = place.api.find(_HOST, f"{_VERSION}/projects/{service}/getXpnHost")
        if not found or found.get("name") != host:
            return None
        return State(identifier, {**outputs, **inputs, "hostProject": host, "serviceProject": service})

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Keep it: only the provider's own settings change in place."""
        del place, changed
        return State(old.id, {**old.outputs, **inputs})

    def delete(self, place: Place, state: State) -> None:
        """Detach a project."""
        host, _, service = state.id.partition("/")
        _remove(place, f"projects/{host}/disableXpnResource", _resource(service))


def _resource(project: str) -> dict[str, Any]:
    return {"xpnResource": {"id": project, "type": "PROJECT"}}


def _call(place: Place, path: str, body: object) -> None:
    place.api.finish(_HOST, _VERSION, place.api.call("POST", _HOST, f"{_VERSION}/{path}", body))


def _remove(place: Place, path: str, body: object) -> None:
    try:
        _call(place, path, body)
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
