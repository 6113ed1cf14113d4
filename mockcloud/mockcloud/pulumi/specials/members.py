"""Single instances of groups: what a managed group keeps of one, and who is in a group without a manager."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import ONE_AT_A_TIME, Fixed, Place, State
from mockcloud.pulumi.names import named
from mockcloud.pulumi.special import special
from mockcloud.pulumi.templates import fill, parse

_HOST: Final = "compute.googleapis.com"
_VERSION: Final = "compute/beta"

Known = Mapping[str, Any]


def _last(value: object) -> str:
    """Give the last word of a name, a full name or a link."""
    return named(str(value)).rpartition("/")[2]


def _listed(place: Place, path: str) -> list[dict[str, Any]] | None:
    """Give what a list has that is asked for by POST; None where what has it is not there."""
    try:
        found: list[dict[str, Any]] = place.api.call("POST", _HOST, f"{_VERSION}/{path}", {}).get("items", [])
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return None
    return found


def _do(place: Place, path: str, body: object) -> None:
    place.api.finish(_HOST, _VERSION, place.api.call("POST", _HOST, f"{_VERSION}/{path}", body))


# What a managed group keeps of an instance
# ---------------------------------------------------------------------------------------------------------------------

_MANAGERS: Final = {
    "gcp:compute/perInstanceConfig:PerInstanceConfig": ("zone", "instanceGroupManager"),
    "gcp:compute/regionPerInstanceConfig:RegionPerInstanceConfig": ("region", "regionInstanceGroupManager"),
}
"""Type -> what its place is called, and the property that names the manager."""

_ADDRESSES: Final = (("externalIps", "externalIPs"), ("internalIps", "internalIPs"))


@special(*(token.removeprefix("gcp:") for token in _MANAGERS))
class InstanceConfig:
    """What is kept of an instance. The id is `project/place/manager/name`."""

    def __init__(self, token: str) -> None:
        self._where, self._manager = _MANAGERS[token]
        self._path = f"projects/{{project}}/{self._where}s/{{{self._where}}}/instanceGroupManagers/{{{self._manager}}}"
        self._id = f"{{project}}/{{{self._where}}}/{{{self._manager}}}/{{name}}"

    def create(self, place: Place, inputs: Known) -> State:
        """Make the instance, with what is kept of it."""
        known = self._known(place, inputs)
        body = {"instances": [{"name": inputs["name"], **_preserved(inputs)}]}
        _do(place, f"{fill(self._path, known)}/createInstances", body)
        return self._state(known, inputs, self._found(place, known) or {})

    def read(self, place: Place, identifier: str, inputs: Known, outputs: Known) -> State | None:
        """Find it among those of the manager."""
        given = parse(f"{self._path}/{{name}}", identifier) or parse(self._id, identifier) or {}
        if not given and "/" in identifier:
            manager, _, name = identifier.rpartition("/")
            given = {self._manager: manager.rpartition("/")[2], "name": name}
        known = self._known(place, {**outputs, **inputs, **given})
        found = self._found(place, known)
        return self._state(known, inputs, found) if found is not None else None

    def update(self, place: Place, old: State, inputs: Known, changed: frozenset[str]) -> State:
        """Keep something else, and apply it to the instance."""
        known = self._known(place, {**old.outputs, **inputs})
        path = fill(self._path, known)
        if "preservedState" in changed:
            _do(
                place,
                f"{path}/updatePerInstanceConfigs",
                {"perInstanceConfigs": [{"name": known["name"], **_preserved(inputs)}]},
            )
            applied = {
                name: inputs[name] for name in ("minimalAction", "mostDisruptiveAllowedAction") if name in inputs
            }
            links = list(self._links(place, known))
            if links:
                _do(place, f"{path}/applyUpdatesToInstances", {"instances": links, **applied})
        return self._state(known, inputs, self._found(place, known) or {})

    def delete(self, place: Place, state: State) -> None:
        """Forget it, or remove the instance, too."""
        known = self._known(place, state.outputs)
        if self._found(place, known) is None:
            return
        path, links = fill(self._path, known), list(self._links(place, known))
        if state.outputs.get("removeInstanceOnDestroy") and links:
            _do(place, f"{path}/deleteInstances", {"instances": links})
        else:
            _do(place, f"{path}/deletePerInstanceConfigs", {"names": [known["name"]]})

    def _known(self, place: Place, known: Known) -> dict[str, Any]:
        settings = {"zone": place.settings.zone, "region": place.settings.region}
        told = {**settings, **known, "project": place.project(known)}
        return told | {name: _last(told[name]) for name in (self._where, self._manager)}

    def _found(self, place: Place, known: Known) -> dict[str, Any] | None:
        listed = _listed(place, f"{fill(self._path, known)}/listPerInstanceConfigs")
        return next((each for each in listed or [] if each.get("name") == known["name"]), None)

    def _links(self, place: Place, known: Known) -> Iterable[str]:
        """Give the link of the instance, where the group has it."""
        path = f"{_VERSION}/{fill(self._path, known)}/listManagedInstances"
        for each in place.api.call("POST", _HOST, path, {}).get("managedInstances", []):
            if _last(each.get("instance", "")) == known["name"]:
                yield str(each["instance"])

    def _state(self, known: Known, inputs: Known, found: Known) -> State:
        told = {name: known[name] for name in ("project", self._where, self._manager, "name")}
        outputs = {**told, **inputs, **_shown(found.get("preservedState"))}
        if found and not found.get("preservedState"):
            outputs.pop("preservedState", None)
        return State(fill(self._id, known), outputs)


def _preserved(inputs: Known) -> dict[str, Any]:
    """Give what is kept as the API has it: maps by the names of devices and interfaces."""
    given = inputs.get("preservedState")
    if not given:
        return {}
    state: dict[str, Any] = {}
    if given.get("metadata"):
        state["metadata"] = given["metadata"]
    if given.get("disks"):
        state["disks"] = {
            each["deviceName"]: {
                "source": each["source"],
                "mode": each.get("mode", "READ_WRITE"),
                "autoDelete": each.get("deleteRule", "NEVER"),
            }
            for each in given["disks"]
        }
    for name, field in _ADDRESSES:
        if given.get(name):
            state[field] = {each["interfaceName"]: _address(each) for each in given[name]}
    return {"preservedState": state}


def _address(given: Known) -> dict[str, Any]:
    address = (given.get("ipAddress") or {}).get("address")
    return {"autoDelete": given.get("autoDelete", "NEVER"), **({"ipAddress": {"address": address}} if address else {})}


def _shown(state: Known | None) -> dict[str, Any]:
    """Give what is kept as a program sees it."""
    if not state:
        return {}
    told: dict[str, Any] = {"metadata": state["metadata"]} if state.get("metadata") else {}
    if state.get("disks"):
        told["disks"] = [
            {
                "deviceName": name,
                "source": each["source"],
                "mode": each.get("mode"),
                "deleteRule": each.get("autoDelete"),
            }
            for name, each in state["disks"].items()
        ]
    for name, field in _ADDRESSES:
        if state.get(field):
            told[name] = [{"interfaceName": where, **each} for where, each in state[field].items()]
    return {"preservedState": told}


# Who is in a group without a manager
# ---------------------------------------------------------------------------------------------------------------------

_GROUP: Final = "projects/{project}/zones/{zone}/instanceGroups/{instanceGroup}"


@special("compute/instanceGroupMembership:InstanceGroupMembership")
class Membership(Fixed):
    """An instance in a group. The id is `project/zone/group/instance`."""

    _id: Final = "{project}/{zone}/{instanceGroup}/{instance}"

    def __init__(self, token: str) -> None:
        del token

    def create(self, place: Place, inputs: Known) -> State:
        """Add an instance to its group."""
        known = self._known(place, inputs)
        _do(place, f"{fill(_GROUP, known)}/addInstances", self._body(known))
        return self._state(known, inputs)

    def read(self, place: Place, identifier: str, inputs: Known, outputs: Known) -> State | None:
        """Find an instance among those of the group."""
        given = parse(f"{_GROUP}/{{instance}}", identifier) or parse(self._id, identifier) or {}
        known = self._known(place, {**outputs, **inputs, **given})
        listed = _listed(place, f"{fill(_GROUP, known)}/listInstances")
        there = any(_last(each.get("instance", "")) == known["instance"] for each in listed or [])
        return self._state(known, inputs) if there else None

    def delete(self, place: Place, state: State) -> None:
        """Take an instance out of its group."""
        if self.read(place, state.id, {}, state.outputs) is not None:
            known = self._known(place, state.outputs)
            _do(place, f"{fill(_GROUP, known)}/removeInstances", self._body(known))

    def _known(self, place: Place, known: Known) -> dict[str, Any]:
        told = {"zone": place.settings.zone, **known, "project": place.project(known)}
        return told | {name: _last(told[name]) for name in ("zone", "instanceGroup", "instance")}

    def _body(self, known: Known) -> dict[str, Any]:
        return {"instances": [{"instance": fill("projects/{project}/zones/{zone}/instances/{instance}", known)}]}

    def _state(self, known: Known, inputs: Known) -> State:
        told = {name: known[name] for name in ("project", "zone", "instanceGroup", "instance")}
        return State(fill(self._id, known), {**told, **inputs})


_NAMED: Final = "projects/{project}/zones/{zone}/instanceGroups/{group}"


@special("compute/instanceGroupNamedPort:InstanceGroupNamedPort")
class NamedPort(Fixed):
    """A port of a group with its name: the list of them is sent whole."""

    _id: Final = f"{_NAMED}/{{port}}/{{name}}"

    def __init__(self, token: str) -> None:
        del token

    def create(self, place: Place, inputs: Known) -> State:
        """Add a port."""
        known = self._known(place, inputs)
        port = {"name": known["name"], "port": int(known["port"])}
        self._edit(place, known, lambda ports: [*(each for each in ports if each != port), port])
        return self._state(known, inputs)

    def read(self, place: Place, identifier: str, inputs: Known, outputs: Known) -> State | None:
        """Find a port among those of the group."""
        given = parse(self._id, identifier) or {}
        known = self._known(place, {**outputs, **inputs, **given})
        found = place.api.find(_HOST, f"{_VERSION}/{fill(_NAMED, known)}") or {}
        there = any(self._is(each, known) for each in found.get("namedPorts", []))
        return self._state({**known, "port": int(known["port"])}, inputs) if there else None

    def delete(self, place: Place, state: State) -> None:
        """Take a port away."""
        if self.read(place, state.id, {}, state.outputs) is not None:
            known = self._known(place, state.outputs)
            self._edit(place, known, lambda ports: [each for each in ports if not self._is(each, known)])

    def _is(self, port: Known, known: Known) -> bool:
        return (port.get("name"), str(port.get("port"))) == (known["name"], str(int(known["port"])))

    def _edit(self, place: Place, known: Known, edit: Callable[[list[Any]], list[Any]]) -> None:
        path = fill(_NAMED, known)
        with ONE_AT_A_TIME:
            group = place.api.call("GET", _HOST, f"{_VERSION}/{path}")
            body = {"namedPorts": edit(group.get("namedPorts", [])), "fingerprint": group.get("fingerprint", "")}
            _do(place, f"{path}/setNamedPorts", body)

    def _known(self, place: Place, known: Known) -> dict[str, Any]:
        told = {"zone": place.settings.zone, **known, "project": place.project(known)}
        return told | {name: _last(told[name]) for name in ("zone", "group")}

    def _state(self, known: Known, inputs: Known) -> State:
        told = {name: known[name] for name in ("project", "zone", "group", "port", "name")}
        return State(fill(self._id, known), {**told, **inputs})
