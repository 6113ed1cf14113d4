"""Endpoints of network endpoint groups: items of a list that is changed by calls of its own.

Formats of ids: pulumi_gcp 10.2, docstrings of the types under Import.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import Fixed, Place, State
from mockcloud.pulumi.names import named
from mockcloud.pulumi.special import special

_HOST: Final = "compute.googleapis.com"
_VERSION: Final = "compute/beta"
_NUMBERS: Final = frozenset({"port", "clientDestinationPort"})


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of groups.

    Attributes:
        group: The property that names the group.
        where: `zone` or `region`; "" for global groups.
        told: Properties that tell an endpoint from others, as its id has them.
        more: Properties of it that its id has not.
    """

    group: str
    where: str
    told: tuple[str, ...]
    more: tuple[str, ...] = ()

    @property
    def above(self) -> tuple[str, ...]:
        """Properties that tell where it is."""
        return ("project", *([self.where] if self.where else []), self.group)

    def path(self, known: Mapping[str, Any]) -> str:
        """Give the path of the group."""
        place = f"{self.where}s/{known[self.where]}" if self.where else "global"
        return f"{_VERSION}/projects/{known['project']}/{place}/networkEndpointGroups/{known[self.group]}"

    def endpoint(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """Give an endpoint as the API has it."""
        return {name: known[name] for name in (*self.told, *self.more) if known.get(name) not in (None, "")}


_KINDS: Final = {
    "gcp:compute/networkEndpoint:NetworkEndpoint": _Kind(
        "networkEndpointGroup", "zone", ("instance", "ipAddress", "port")
    ),
    "gcp:compute/globalNetworkEndpoint:GlobalNetworkEndpoint": _Kind(
        "globalNetworkEndpointGroup", "", ("ipAddress", "fqdn", "port")
    ),
    "gcp:compute/regionNetworkEndpoint:RegionNetworkEndpoint": _Kind(
        "regionNetworkEndpointGroup",
        "region",
        ("ipAddress", "fqdn", "port"),
        more=("instance", "clientDestinationPort"),
    ),
}


@special(*(token.removeprefix("gcp:") for token in _KINDS))
class Endpoint(Fixed):
    """An endpoint. The id names the group, and the endpoint's own properties, which may be empty."""

    def __init__(self, token: str) -> None:
        self._kind = _KINDS[token]

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Attach it to its group."""
        kind = self._kind
        settings = {"zone": place.settings.zone, "region": place.settings.region}
        known = {**settings, **inputs, "project": place.project(inputs)}
        known |= {name: named(str(known[name])).rpartition("/")[2] for name in kind.above[1:]}
        if known.get("instance"):
            known["instance"] = named(str(known["instance"])).rpartition("/")[2]
        self._call(place, known, "attach")
        return self._state(known, inputs)

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Find it among those of its group."""
        known = self._parsed(identifier, place)
        if known is None:
            return None
        known |= {name: value for name, value in {**outputs, **inputs}.items() if name in self._kind.more}
        found = self._found(place, known)
        return self._state({**known, **found}, inputs) if found is not None else None

    def delete(self, place: Place, state: State) -> None:
        """Take it out of its group."""
        known = {**state.outputs, **(self._parsed(state.id, place) or {})}
        if self._found(place, known) is not None:
            self._call(place, known, "detach")

    def _found(self, place: Place, known: Mapping[str, Any]) -> dict[str, Any] | None:
        wanted = self._kind.endpoint({name: known.get(name) for name in self._kind.told})
        try:
            answer = place.api.call("POST", _HOST, f"{self._kind.path(known)}/listNetworkEndpoints", {})
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise
            return None
        for each in answer.get("items", []):
            endpoint: dict[str, Any] = self._kind.endpoint(each.get("networkEndpoint", {}))
            endpoint |= {"instance": named(endpoint["instance"]).rpartition("/")[2]} if "instance" in endpoint else {}
            if wanted.items() <= endpoint.items():
                return endpoint
        return None

    def _call(self, place: Place, known: Mapping[str, Any], verb: str) -> None:
        path = f"{self._kind.path(known)}/{verb}NetworkEndpoints"
        body = {"networkEndpoints": [self._kind.endpoint(known)]}
        place.api.finish(_HOST, _VERSION, place.api.call("POST", _HOST, path, body))

    def _parsed(self, identifier: str, place: Place) -> dict[str, Any] | None:
        """Read an id, with the names of its collections, or without what the provider's settings say."""
        parts, kind = identifier.split("/"), self._kind
        if parts[0] == "projects":
            parts = [part for part in parts if part not in {"projects", "zones", "regions", "networkEndpointGroups"}]
            parts = [part for part in parts if part != "global"] if not kind.where else parts
        names = (*kind.above, *kind.told)
        settings = {"project": place.settings.project, "zone": place.settings.zone, "region": place.settings.region}
        left_out = len(names) - len(parts)
        if left_out < 0 or not all(settings.get(name) for name in names[:left_out]):
            return None
        parts = [*(settings[name] for name in names[:left_out]), *parts]
        found = dict(zip(names, parts, strict=True))
        return {name: int(value) if name in _NUMBERS and value else value for name, value in found.items() if value}

    def _state(self, known: Mapping[str, Any], inputs: Mapping[str, Any]) -> State:
        kind = self._kind
        names = (*kind.above, *kind.told)
        identifier = "/".join(str(known.get(name) or "") for name in names)
        own = {name: known[name] for name in (*names, *kind.more) if known.get(name) not in (None, "")}
        return State(identifier, {**own, **inputs, "project": known["project"]})
