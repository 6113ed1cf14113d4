"""Virtual machines and their templates: disks by their roles, images by short names, changes that need a stop."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.links import Found, Link, Type, type_of
from mockcloud.pulumi.names import named
from mockcloud.pulumi.rows import BadRow
from mockcloud.pulumi.special import special, special_row
from mockcloud.pulumi.specials.images import image_name
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill

Body = dict[str, Any]

_HOST: Final = "compute.googleapis.com"
_VERSION: Final = "compute/beta"
_ROLES: Final = ("bootDisk", "attachedDisks", "scratchDisks")
_SCRIPT: Final = "startup-script"
_STOPPED: Final = frozenset(
    {"machineType", "minCpuPlatform", "serviceAccount", "enableDisplay", "shieldedInstanceConfig"}
)
"""Properties that change only while the machine stands still."""
_STATES: Final = {"RUNNING": "start", "TERMINATED": "stop", "SUSPENDED": "suspend"}
_MESSAGES: Final = {"Metadata": "metadata", "Tags": "tags"}
"""Messages that are changed with a fingerprint of their own -> the field that holds them."""


class Machine(Tabled):
    """What machines and their templates have in common."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
        return self._sent(place, values, inputs, super()._creation(place, values, inputs))

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
        return self._sent(place, values, inputs, super()._body(place, values, inputs))

    def _within(self, body: Mapping[str, Any]) -> Body:
        """Give the part of a body that describes the machine."""
        return dict(body)

    def _whole(self, body: Mapping[str, Any], machine: Body) -> Body:
        """Put the machine back into a body."""
        del body
        return machine

    def _sent(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any], body: Body) -> Body:
        machine = self._within(body)
        affinity = (inputs.get("reservationAffinity") or {}).get("specificReservation")
        if affinity:
            machine["reservationAffinity"] = {**machine.get("reservationAffinity", {}), **affinity}
        if inputs.get("metadataStartupScript") is not None:
            entry = {"key": _SCRIPT, "value": inputs["metadataStartupScript"]}
            items = machine.get("metadata", {}).get("items", [])
            machine["metadata"] = {"items": [*items, entry]}
        disks = self._disks_of(machine)
        if disks:
            machine["disks"] = [_disk(place, values, each) for each in disks]
        return self._whole(body, machine)

    def _disks_of(self, machine: Body) -> list[Body]:
        return list(machine.get("disks", []))

    def _shown(self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
        machine = self._within(body)
        disks = [_features(each, lambda feature: feature.get("type")) for each in machine.get("disks", [])]
        machine["disks"] = disks
        return self._whole(body, {**machine, **self._by_role(place, disks, inputs)})

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        machine = self._within(body)
        state = super()._state(place, self._shown(place, body, inputs), inputs, values)
        if inputs.get("metadataStartupScript") is not None and "metadata" in state.outputs:
            metadata = {key: each for key, each in state.outputs["metadata"].items() if key != _SCRIPT}
            state.outputs["metadata"] = metadata
        affinity = machine.get("reservationAffinity", {})
        if affinity.get("key") and isinstance(state.outputs.get("reservationAffinity"), dict):
            told = {"key": affinity["key"], "values": affinity.get("values", [])}
            state.outputs["reservationAffinity"]["specificReservation"] = told
        return state

    def _by_role(self, place: Place, disks: Iterable[Body], inputs: Mapping[str, Any]) -> Body:
        del place, disks, inputs
        return {}

    def _fingerprints(self, place: Place, changing: Found, values: Mapping[str, Any]) -> Body:
        held = _MESSAGES.get(changing.schema)
        if held is None:
            return super()._fingerprints(place, changing, values)
        found = self._read(place, values) or {}
        return {"fingerprint": found.get(held, {}).get("fingerprint", "")}


@special_row(
    "compute/instanceTemplate:InstanceTemplate",
    "compute/regionInstanceTemplate:RegionInstanceTemplate",
)
class Template(Machine):
    """Templates: what describes the machine lies one level deeper."""

    def _within(self, body: Mapping[str, Any]) -> Body:
        return dict(body.get("properties") or {})

    def _whole(self, body: Mapping[str, Any], machine: Body) -> Body:
        return {**body, "properties": machine}


class _Roles(Type):
    """Machines as a program sees them: a field for the disks of each role."""

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return tuple(
            replace(link, path=(link.property.name,)) if link.property.name in _ROLES else link
            for link in super().links
        )


class Instance(Machine):
    """Machines."""

    def _disks_of(self, machine: Body) -> list[Body]:
        boot, attached, scratch = (machine.pop(role, None) or [] for role in _ROLES)
        return [
            *({**each, "boot": True} for each in boot),
            *({**each, "autoDelete": False} for each in attached),
            *({**each, "type": "SCRATCH", "autoDelete": True} for each in scratch),
        ]

    def _by_role(self, place: Place, disks: Iterable[Body], inputs: Mapping[str, Any]) -> Body:
        boot = [each for each in disks if each.get("boot")]
        scratch = [each for each in disks if each.get("type") == "SCRATCH"]
        others = [each for each in disks if each not in boot and each not in scratch]
        given = (inputs.get("bootDisk") or {}).get("initializeParams") or {}
        found = {
            "bootDisk": [{**each, "initializeParams": _parameters(place, each, given)} for each in boot],
            "attachedDisks": _in_order(others, inputs.get("attachedDisks") or []),
            "scratchDisks": scratch,
        }
        return {role: each for role, each in found.items() if each}

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a machine, in the state that the program wants."""
        state = super().create(place, inputs)
        wanted = inputs.get("desiredStatus")
        if wanted in {None, "RUNNING"}:
            return state
        self._turn(place, self.values(place, inputs), str(wanted))
        return self.read(place, state.id, inputs, state.outputs) or state

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change a machine; where that needs it to stand still, stop and start it if the program allows that."""
        values = self.values(place, {**old.outputs, **inputs})
        status = str((self._read(place, values) or {}).get("status", ""))
        stopping = sorted(changed & _STOPPED)
        wanted = str(inputs.get("desiredStatus") or status)
        if stopping and status == "RUNNING":
            if not inputs.get("allowStoppingForUpdate") and wanted == "RUNNING":
                raise Refused(
                    400,
                    f"changing {', '.join(stopping)} of a running machine means to stop it: set "
                    "allowStoppingForUpdate to true, or desiredStatus to TERMINATED",
                    "FAILED_PRECONDITION",
                    f"PATCH {old.id}",
                )
            self._turn(place, values, "TERMINATED")
            status = "TERMINATED"
        if "attachedDisks" in changed:
            self._attach(place, values, old.outputs.get("attachedDisks") or [], inputs)
        super().update(place, old, inputs, changed - {"attachedDisks"})
        if wanted != status:
            self._turn(place, values, wanted)
        return self.read(place, old.id, inputs, old.outputs) or old

    def _turn(self, place: Place, values: Mapping[str, Any], wanted: str) -> None:
        verb = _STATES[wanted]
        if wanted == "RUNNING" and (self._read(place, values) or {}).get("status") == "SUSPENDED":
            verb = "resume"
        self._post(place, values, verb, None)

    def _attach(
        self, place: Place, values: Mapping[str, Any], before: list[Mapping[str, Any]], inputs: Mapping[str, Any]
    ) -> None:
        """Detach the disks that are no longer wanted, or otherwise, and attach the others."""
        had = {named(str(each.get("source"))): each for each in before}
        wanted = {named(str(each.get("source"))): each for each in inputs.get("attachedDisks") or []}
        sent = self._body(place, values, inputs).get("disks", [])
        for source, each in had.items():
            if wanted.get(source) != each:
                self._post(place, values, f"detachDisk?deviceName={each.get('deviceName')}", None)
        for source, each in wanted.items():
            if had.get(source) != each:
                disk = next(disk for disk in sent if named(str(disk.get("source"))).endswith(source))
                self._post(place, values, "attachDisk", disk)

    def _post(self, place: Place, values: Mapping[str, Any], verb: str, body: object) -> None:
        path = f"{_VERSION}/{fill(self.kind.row.self, values)}/{verb}"
        place.api.finish(_HOST, _VERSION, place.api.call("POST", _HOST, path, body))


@special(
    "compute/instance:Instance",
    "compute/instanceFromTemplate:InstanceFromTemplate",
    "compute/instanceFromMachineImage:InstanceFromMachineImage",
)
def _instance(token: str) -> Instance:
    kind = type_of(token)
    if kind is None:
        raise BadRow(f"{token} has no row", given=token, allowed="a type of types/", remedy="write its row")
    return Instance(_Roles(kind.row, kind.properties))


def _disk(place: Place, values: Mapping[str, Any], disk: Body) -> Body:
    """Give a disk as the API has it."""
    found = _features(disk, lambda feature: {"type": feature})
    inner = found.get("initializeParams")
    if inner and inner.get("sourceImage"):
        image = image_name(place, str(inner["sourceImage"]), str(values.get("project", "")))
        found["initializeParams"] = {**inner, "sourceImage": image}
    return found


def _features(disk: Mapping[str, Any], turned: Any) -> Body:  # noqa: ANN401 - from or to the API's form
    found = dict(disk)
    if found.get("guestOsFeatures"):
        found["guestOsFeatures"] = [turned(each) for each in found["guestOsFeatures"]]
    return found


def _parameters(place: Place, disk: Mapping[str, Any], given: Mapping[str, Any]) -> Body:
    """Give what a boot disk was made of: the API says it of the disk, not of the machine."""
    source = named(str(disk.get("source", "")))
    found = (place.api.find(_HOST, f"{_VERSION}/{source}") if source else None) or {}
    made = {
        "diskSizeGb": found.get("sizeGb"),
        "diskType": str(found.get("type", "")).rpartition("/")[2] or None,
        "labels": found.get("labels"),
        # A program names the family of an image, the disk the image that it was made of.
        "sourceImage": None if given.get("image") else found.get("sourceImage"),
        "provisionedIops": found.get("provisionedIops"),
        "provisionedThroughput": found.get("provisionedThroughput"),
        "resourcePolicies": found.get("resourcePolicies"),
    }
    return {name: value for name, value in made.items() if value is not None}


def _in_order(disks: list[Body], given: list[Mapping[str, Any]]) -> list[Body]:
    """Give disks in the order of the program's."""
    order = [named(str(each.get("source"))) for each in given]

    def place_of(disk: Body) -> int:
        source = named(str(disk.get("source")))
        return next((at for at, each in enumerate(order) if source.endswith(each)), len(order))

    return sorted(disks, key=place_of)
