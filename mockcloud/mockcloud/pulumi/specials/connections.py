"""Private connections of a network with a producer of services (Service Networking)."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import Fixed, Place, State
from mockcloud.pulumi.names import named
from mockcloud.pulumi.special import special
from mockcloud.pulumi.templates import fill, parse

_HOST: Final = "servicenetworking.googleapis.com"


@special("servicenetworking/connection:Connection")
class Connection:
    """Connections. The id is the network and the service: `projects%2Fp%2F…%2Fnetworks%2Fn:SERVICE`."""

    def __init__(self, token: str) -> None:
        self._token = token

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Connect a network; where it is connected already and the program says so, give it the ranges."""
        service, network = str(inputs["service"]), _network(place, str(inputs["network"]))
        body = {"network": network, "reservedPeeringRanges": list(inputs.get("reservedPeeringRanges") or [])}
        try:
            answer = place.api.call("POST", _HOST, f"v1/services/{service}/connections", body)
        except Refused:
            if not inputs.get("updateOnCreationFail"):
                raise
            answer = self._change(place, service, body)
        place.api.finish(_HOST, "v1", answer)
        return self._found(place, service, network, inputs) or State(_id(network, service), dict(inputs))

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a connection."""
        del outputs
        network, _, service = identifier.rpartition(":")
        return self._found(place, service, unquote(network), inputs)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Give a connection other ranges."""
        del changed
        network, _, service = old.id.rpartition(":")
        network = unquote(network)
        body = {"network": network, "reservedPeeringRanges": list(inputs.get("reservedPeeringRanges") or [])}
        place.api.finish(_HOST, "v1", self._change(place, service, body))
        return self._found(place, service, network, inputs) or old

    def delete(self, place: Place, state: State) -> None:
        """Part a network from a service."""
        network, _, service = state.id.rpartition(":")
        path = f"v1/services/{service}/connections/{service.replace('.', '-')}"
        try:
            answer = place.api.call("POST", _HOST, path, {"consumerNetwork": unquote(network)})
        except Refused as refused:
            if refused.status == NOT_FOUND:
                return
            raise
        place.api.finish(_HOST, "v1", answer)

    def _change(self, place: Place, service: str, body: Mapping[str, Any]) -> dict[str, Any]:
        path = f"v1/services/{service}/connections/-?force=true&updateMask=reservedPeeringRanges"
        return place.api.call("PATCH", _HOST, path, body)

    def _found(self, place: Place, service: str, network: str, inputs: Mapping[str, Any]) -> State | None:
        listed = place.api.call("GET", _HOST, f"v1/services/{service}/connections?network={quote(network, safe='')}")
        found = next(iter(listed.get("connections", ())), None)
        if found is None:
            return None
        outputs = {
            "network": network,
            **inputs,
            "service": service,
            "peering": found.get("peering", ""),
            "reservedPeeringRanges": found.get("reservedPeeringRanges", []),
        }
        return State(_id(network, service), outputs)


_DOMAIN: Final = "services/{service}/projects/{project}/global/networks/{network}/peeredDnsDomains/{name}"


@special("servicenetworking/peeredDnsDomain:PeeredDnsDomain")
class PeeredDnsDomain(Fixed):
    """Domains that a producer of services looks up in the network. The id names the project, the API its number."""

    def __init__(self, token: str) -> None:
        self._token = token

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Let a domain be looked up."""
        network = named(str(inputs["network"])).rpartition("/")[2]
        known = {**inputs, "project": place.project(inputs), "network": network}
        body = {"name": inputs["name"], "dnsSuffix": inputs["dnsSuffix"]}
        answer = place.api.call("POST", _HOST, f"v1/{_collection(place, known)}", body)
        place.api.finish(_HOST, "v1", answer)
        return self._state(known, inputs)

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Find a domain among those of the network."""
        del outputs
        known = parse(_DOMAIN, identifier)
        if known is None:
            return None
        listed = place.api.find(_HOST, f"v1/{_collection(place, known)}") or {}
        domains = (each for each in listed.get("peeredDnsDomains", []) if each.get("name") == known["name"])
        found = next(domains, None)
        if found is None:
            return None
        return self._state(known, {**known, **inputs, "dnsSuffix": found.get("dnsSuffix", "")})

    def delete(self, place: Place, state: State) -> None:
        """Look a domain up no longer."""
        known = parse(_DOMAIN, state.id) or {}
        answer = place.api.remove("DELETE", _HOST, f"v1/{_collection(place, known)}/{known['name']}")
        place.api.finish(_HOST, "v1", answer)

    def _state(self, known: Mapping[str, Any], outputs: Mapping[str, Any]) -> State:
        identifier = fill(_DOMAIN, known)
        parent = identifier.partition("/peeredDnsDomains/")[0]
        return State(identifier, {**outputs, "project": known["project"], "parent": parent})


def _collection(place: Place, known: Mapping[str, Any]) -> str:
    """Give the path of the domains of a network."""
    network = _network(place, f"projects/{known['project']}/global/networks/{known['network']}")
    return f"services/{known['service']}/{network}/peeredDnsDomains"


def _id(network: str, service: str) -> str:
    return f"{quote(network, safe='')}:{service}"


def _network(place: Place, text: str) -> str:
    """Give a network's full name, with the number of its project, as the API wants it."""
    below = text.partition("/projects/")[2]
    name = f"projects/{below}" if below else text
    parts = name.split("/")
    if len(parts) == 5 and not parts[1].isdigit():  # noqa: PLR2004 - projects/P/global/networks/N
        project = place.api.call("GET", "cloudresourcemanager.googleapis.com", f"v1/projects/{parts[1]}")
        parts[1] = str(project["projectNumber"])
    return "/".join(parts)
