"""Parts of networks and routers that are resources of their own: peerings, gateways, interfaces and peers.

Each is an entry, told from the others by its name, of a list in what it is a part of.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import ONE_AT_A_TIME, Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill, parse

Items = list[dict[str, Any]]

_TAKEN: Final = 409


class Part(Tabled):
    """Parts. The row's `self` names what they are parts of."""

    @property
    def listed(self) -> str:
        """The list's field."""
        return self.kind.row.wrap

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Find a part by its name."""
        row = self.kind.row
        given = parse(f"{row.self}/{{name}}", identifier) or self._short(identifier) or parse(row.id, identifier) or {}
        if "peering" in self.kind.properties and "name" in given:
            given["peering"] = given.pop("name")
        values = {**self.values(place, {**outputs, **inputs}), **given}
        found = self._part(place, values)
        if found is None:
            return None
        told = {name: value for name, value in given.items() if name in self.kind.properties}
        return self._state(place, found, {**told, **self._left(place, found, inputs)}, values)

    def _part(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        whole = self._read(place, values) or {}
        name = self._name(values)
        return next((each for each in whole.get(self.listed) or [] if each.get("name") == name), None)

    def _name(self, values: Mapping[str, Any]) -> str:
        return str(values.get("name") or values.get("peering") or "")

    def _made(self, place: Place, inputs: Mapping[str, Any]) -> State:
        values = self.values(place, inputs)
        return self._state(place, self._part(place, values) or {}, inputs, values)

    def _call(self, place: Place, verb: str, path: str, body: object) -> None:
        row = self.kind.row
        place.api.finish(row.host, row.version, place.api.call(verb, row.host, f"{row.version}/{path}", body))


@special_row("compute/routerNat:RouterNat", "compute/routerInterface:RouterInterface", "compute/routerPeer:RouterPeer")
class RouterPart(Part):
    """Parts of routers: a change sends the whole list."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Add a part."""
        values = self.values(place, inputs)
        sent, name = self._body(place, values, inputs), self._name(values)

        def add(items: Items) -> Items:
            if any(each.get("name") == name for each in items):
                path = fill(self.kind.row.self, values)
                raise Refused(_TAKEN, f"{path} has {name} already", "ALREADY_EXISTS", f"PATCH {path}")
            return [*items, sent]

        self._edit(place, values, add)
        return self._made(place, inputs)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:  # noqa: ARG002 - sent whole
        """Put a part in the place of what it was."""
        values = self.values(place, inputs)
        sent, name = self._body(place, values, inputs), self._name(values)
        self._edit(place, values, lambda items: [sent if each.get("name") == name else each for each in items])
        return self._made(place, inputs)

    def delete(self, place: Place, state: State) -> None:
        """Take a part out."""
        values = self.values(place, state.outputs)
        name = self._name(values)
        try:
            self._edit(place, values, lambda items: [each for each in items if each.get("name") != name])
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise

    def _edit(self, place: Place, values: Mapping[str, Any], edit: Callable[[Items], Items]) -> None:
        path = fill(self.kind.row.self, values)
        with ONE_AT_A_TIME:
            whole = place.api.call("GET", self.kind.row.host, f"{self.kind.row.version}/{path}")
            before: Items = whole.get(self.listed) or []
            after = edit(before)
            if after != before:
                self._call(place, "PATCH", path, {self.listed: after})


@special_row("compute/networkPeering:NetworkPeering")
class Peering(Part):
    """Peerings of a network with another. Both ends have to be made."""

    @property
    def listed(self) -> str:
        """The list's field."""
        return "peerings"

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Peer a network."""
        values = self.values(place, inputs)
        body = {"networkPeering": {"exchangeSubnetRoutes": True, **self._body(place, values, inputs)}}
        self._call(place, "POST", f"{fill(self.kind.row.self, values)}/addPeering", body)
        return self._made(place, inputs)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:  # noqa: ARG002 - sent whole
        """Change which routes are exchanged."""
        return self._exchange(place, inputs)

    def delete(self, place: Place, state: State) -> None:
        """End a peering."""
        values = self.values(place, state.outputs)
        if self._part(place, values) is None:
            return
        self._call(place, "POST", f"{fill(self.kind.row.self, values)}/removePeering", {"name": values["name"]})

    def _exchange(self, place: Place, inputs: Mapping[str, Any]) -> State:
        values = self.values(place, inputs)
        sent = {"exchangeSubnetRoutes": True, **self._body(place, values, inputs)}
        self._call(place, "PATCH", f"{fill(self.kind.row.self, values)}/updatePeering", {"networkPeering": sent})
        return self._made(place, inputs)


@special_row("compute/networkPeeringRoutesConfig:NetworkPeeringRoutesConfig")
class Exchange(Peering):
    """Which routes a peering that somebody else made exchanges, as a service's does. It stays as it is in the end."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Set it."""
        return self._exchange(place, inputs)

    def delete(self, place: Place, state: State) -> None:
        """Leave it."""
