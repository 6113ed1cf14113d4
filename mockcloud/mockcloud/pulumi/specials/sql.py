"""Instances of Cloud SQL and their users."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

Body = dict[str, Any]

_ADDRESSES: Final = {"publicIpAddress": "PRIMARY", "privateIpAddress": "PRIVATE"}


@special_row("sql/databaseInstance:DatabaseInstance")
class DatabaseInstance(Tabled):
    """Instances."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make an instance, or a copy of another one."""
        clone = inputs.get("clone")
        if not clone:
            return super().create(place, inputs)
        values, row = self.values(place, inputs), self.kind.row
        source = str(clone["sourceInstanceName"])
        project = str(clone.get("sourceProject") or values["project"])
        sent = {
            "destinationInstanceName": inputs["name"],
            **{name: each for name, each in clone.items() if not name.startswith("source")},
        }
        path = f"{row.version}/projects/{project}/instances/{source}/clone"
        place.api.finish(row.host, row.version, place.api.call("POST", row.host, path, {"cloneContext": sent}))
        return self._state(place, self._read(place, values) or {}, inputs, values)

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
        body = super()._body(place, values, inputs)
        found = self._read(place, values) or {}
        # A change is made to a version of the settings.
        version = found.get("settings", {}).get("settingsVersion")
        settings = {**body.get("settings", {}), **({"settingsVersion": version} if version else {})}
        return {**body, "settings": settings}

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        addresses = [each for each in body.get("ipAddresses") or [] if each.get("ipAddress")]
        for name, kind in _ADDRESSES.items():
            state.outputs[name] = next((each["ipAddress"] for each in addresses if each.get("type") == kind), "")
        state.outputs["firstIpAddress"] = next((each["ipAddress"] for each in addresses), "")
        return state


@special_row("sql/user:User")
class User(Tabled):
    """Users. The id is the name, the host and the instance; only MySQL has hosts."""

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a user."""
        given = _given(identifier)
        values = {**self.values(place, {**outputs, **inputs}), **{name: each for name, each in given.items() if each}}
        found = self._read(place, values)
        if found is None:
            return None
        known = {name: each for name, each in given.items() if each}
        return self._state(place, found, {**known, **self._left(place, found, inputs)}, values)

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        known = state.outputs
        return State(f"{known['name']}/{known.get('host') or ''}/{known['instance']}", known)


def _given(identifier: str) -> dict[str, str]:
    """Read an id: `name/host/instance`, or for an import `project/instance/name` or `project/instance/host/name`."""
    match identifier.split("/"):
        case [name, host, instance] if host == "" or "." in host or "%" in host:
            return {"name": name, "host": host, "instance": instance}
        case [project, instance, host, name]:
            return {"project": project, "instance": instance, "host": host, "name": name}
        case [project, instance, name]:
            return {"project": project, "instance": instance, "name": name}
        case _:
            return {}


@special_row("sql/sourceRepresentationInstance:SourceRepresentationInstance")
class Outside(Tabled):
    """Databases elsewhere, which the API knows by host and port in one."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
        body = super()._creation(place, values, inputs)
        where = body["onPremisesConfiguration"]
        return {**body, "onPremisesConfiguration": {**where, "hostPort": f"{inputs['host']}:{inputs['port']}"}}

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        where = body.get("onPremisesConfiguration") or {}
        host, _, port = str(where.get("hostPort", "")).rpartition(":")
        state = super()._state(place, body, inputs, values)
        given = {"host": host, **({"port": int(port)} if port.isdigit() else {})} if host else {}
        return State(state.id, {**state.outputs, **given})
