"""Disks that are copied to another region while they are used: started and stopped on the first one."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Fixed, Place, State
from mockcloud.pulumi.names import named
from mockcloud.pulumi.special import special

_HOST: Final = "compute.googleapis.com"
_VERSION: Final = "compute/beta"
_ENDED: Final = "STOPPED"

Values = Mapping[str, Any]


@special("compute/diskAsyncReplication:DiskAsyncReplication")
class Replication(Fixed):
    """A replication. Its id is that of the first disk."""

    def __init__(self, token: str) -> None:
        del token

    def create(self, place: Place, inputs: Values) -> State:
        """Start it."""
        disk, second = named(str(inputs["primaryDisk"])), named(str(inputs["secondaryDisk"]["disk"]))
        self._call(place, disk, "startAsyncReplication", {"asyncSecondaryDisk": second})
        return self.read(place, disk, inputs, {}) or State(disk, dict(inputs))

    def read(self, place: Place, identifier: str, inputs: Values, outputs: Values) -> State | None:
        """Read how it stands with it, of the first disk."""
        del outputs
        disk = named(identifier)
        found = place.api.find(_HOST, f"{_VERSION}/{disk}") or {}
        second, state = self._second(found)
        if not second or state == _ENDED:
            return None
        given = dict((inputs.get("secondaryDisk") or {}).items())
        told = {"primaryDisk": inputs.get("primaryDisk", disk), **inputs}
        return State(disk, {**told, "secondaryDisk": {"disk": second, **given, "state": state}})

    def delete(self, place: Place, state: State) -> None:
        """Stop it."""
        if self.read(place, state.id, {}, {}) is not None:
            self._call(place, state.id, "stopAsyncReplication", {})

    def _second(self, disk: Values) -> tuple[str, str]:
        """Give the second disk, and how it stands with it; "" for none."""
        states = ((disk.get("resourceStatus") or {}).get("asyncSecondaryDisks") or {}).items()
        return next(((named(str(name)), str(each.get("state"))) for name, each in states), ("", ""))

    def _call(self, place: Place, disk: str, verb: str, body: object) -> None:
        place.api.finish(_HOST, _VERSION, place.api.call("POST", _HOST, f"{_VERSION}/{disk}/{verb}", body))
