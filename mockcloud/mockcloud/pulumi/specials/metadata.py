"""Metadata that all machines of a project share, and disks that are attached by themselves."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import ONE_AT_A_TIME, Fixed, Place, State
from mockcloud.pulumi.names import full_name, named
from mockcloud.pulumi.special import special

_HOST: Final = "compute.googleapis.com"
_VERSION: Final = "compute/beta"

Entries = dict[str, str]


class _Metadata:
    """What both kinds of resources have in common."""

    def __init__(self, token: str) -> None:
        self._token = token

    def _entries(self, place: Place, project: str) -> tuple[Entries, str]:
        found = place.api.call("GET", _HOST, f"{_VERSION}/projects/{project}")
        metadata = found.get("commonInstanceMetadata") or {}
        entries = {str(each["key"]): str(each.get("value", "")) for each in metadata.get("items", [])}
        return entries, str(metadata.get("fingerprint", ""))

    def _edit(self, place: Place, project: str, edit: Callable[[Entries], Entries]) -> None:
        with ONE_AT_A_TIME:
            entries, fingerprint = self._entries(place, project)
            items = [{"key": key, "value": value} for key, value in edit(entries).items()]
            path = f"{_VERSION}/projects/{project}/setCommonInstanceMetadata"
            answer = place.api.call("POST", _HOST, path, {"items": items, "fingerprint": fingerprint})
            place.api.finish(_HOST, _VERSION, answer)


@special("compute/projectMetadata:ProjectMetadata")
class ProjectMetadata(_Metadata):
    """All metadata of a project. The id is the project."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Set the metadata of a project; what there is goes."""
        project = place.project(inputs)
        self._edit(place, project, lambda _: dict(inputs["metadata"]))
        return State(project, {**inputs, "project": project})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read the metadata of a project; none is as good as no resource."""
        entries, _ = self._entries(place, identifier)
        return State(identifier, {**outputs, **inputs, "project": identifier, "metadata": entries}) if entries else None

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:  # noqa: ARG002 - sent whole
        """Set other metadata."""
        self._edit(place, old.id, lambda _: dict(inputs["metadata"]))
        return State(old.id, {**old.outputs, **inputs})

    def delete(self, place: Place, state: State) -> None:
        """Remove all metadata of a project."""
        self._edit(place, state.id, lambda _: {})


@special("compute/projectMetadataItem:ProjectMetadataItem")
class ProjectMetadataItem(_Metadata):
    """One entry of a project's metadata. The id is its key."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Set an entry."""
        project, key = place.project(inputs), str(inputs["key"])
        self._edit(place, project, lambda entries: {**entries, key: str(inputs["value"])})
        return State(key, {**inputs, "project": project})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read an entry."""
        project, key = place.project({**outputs, **inputs}), identifier.rpartition("/")[2]
        entries, _ = self._entries(place, project)
        if key not in entries:
            return None
        return State(key, {**outputs, **inputs, "project": project, "key": key, "value": entries[key]})

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:  # noqa: ARG002 - sent whole
        """Set an entry to something else."""
        return self.create(place, {**inputs, "project": old.outputs["project"]})

    def delete(self, place: Place, state: State) -> None:
        """Remove an entry."""
        project = str(state.outputs["project"])
        self._edit(place, project, lambda entries: {key: each for key, each in entries.items() if key != state.id})


_INSTANCE: Final = "projects/{project}/zones/{zone}/instances/{}"
_DISK: Final = "projects/{project}/zones/{zone}/disks/{}"


@special("compute/attachedDisk:AttachedDisk")
class AttachedDisk(Fixed):
    """Disks that are attached to a machine by themselves. The id is the machine's and the disk's last word."""

    def __init__(self, token: str) -> None:
        self._token = token

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Attach a disk."""
        values = {**inputs, "project": place.project(inputs), "zone": inputs.get("zone") or place.settings.zone}
        machine = named(full_name(_INSTANCE, str(inputs["instance"]), values))
        disk = full_name(_DISK, str(inputs["disk"]), values)
        name = disk.rpartition("/")[2]
        told = {each: inputs[each] for each in ("deviceName", "interface", "mode") if inputs.get(each)}
        answer = place.api.call("POST", _HOST, f"{_VERSION}/{machine}/attachDisk", {"source": disk, **told})
        place.api.finish(_HOST, _VERSION, answer)
        return self.read(place, f"{machine}/{name}", inputs, {}) or State(f"{machine}/{name}", dict(inputs))

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Find a disk among those of the machine."""
        del outputs
        machine, _, name = identifier.rpartition("/")
        found = place.api.find(_HOST, f"{_VERSION}/{machine}") or {}
        disks = (each for each in found.get("disks", []) if str(each.get("source")).endswith(f"/disks/{name}"))
        disk = next(disks, None)
        if disk is None:
            return None
        _, project, _, zone, *_ = machine.split("/")
        told = {"deviceName": disk.get("deviceName"), "mode": disk.get("mode"), "interface": disk.get("interface")}
        where = {"project": project, "zone": zone, "disk": name, "instance": machine.rpartition("/")[2]}
        return State(identifier, {**where, **told, **inputs})

    def delete(self, place: Place, state: State) -> None:
        """Detach a disk."""
        machine = state.id.rpartition("/")[0]
        if self.read(place, state.id, {}, {}) is None:
            return
        path = f"{_VERSION}/{machine}/detachDisk?deviceName={state.outputs['deviceName']}"
        place.api.finish(_HOST, _VERSION, place.api.call("POST", _HOST, path))
