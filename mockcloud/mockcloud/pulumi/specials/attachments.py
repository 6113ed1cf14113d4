"""Resource policies that are attached to disks and machines by themselves: schedules of snapshots, for example."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Fixed, Place, State
from mockcloud.pulumi.names import named
from mockcloud.pulumi.special import special
from mockcloud.pulumi.templates import fill, parse

_HOST: Final = "compute.googleapis.com"
_VERSION: Final = "compute/beta"
_OF: Final = {
    "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment": ("zone", "disk"),
    "gcp:compute/regionDiskResourcePolicyAttachment:RegionDiskResourcePolicyAttachment": ("region", "disk"),
    "gcp:compute/resourcePolicyAttachment:ResourcePolicyAttachment": ("zone", "instance"),
}
"""Type -> what its place is called, and what a policy is attached to."""


@special(*(token.removeprefix("gcp:") for token in _OF))
class Attachment(Fixed):
    """Attachments. The id is `project/place/thing/policy`."""

    def __init__(self, token: str) -> None:
        self._where, self._thing = _OF[token]
        self._id = f"{{project}}/{{{self._where}}}/{{{self._thing}}}/{{name}}"
        self._path = f"projects/{{project}}/{self._where}s/{{{self._where}}}/{self._thing}s/{{{self._thing}}}"

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Attach a policy."""
        settings = {"zone": place.settings.zone, "region": place.settings.region}
        known = {**settings, **inputs, "project": place.project(inputs)}
        known |= {name: named(str(known[name])).rpartition("/")[2] for name in (self._where, self._thing)}
        self._call(place, known, "add")
        return self._state(known, inputs)

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Find a policy among those that are attached."""
        del outputs
        known = self._parsed(place, identifier)
        if known is None:
            return None
        found = place.api.find(_HOST, f"{_VERSION}/{fill(self._path, known)}") or {}
        attached = any(str(each).endswith(f"/{known['name']}") for each in found.get("resourcePolicies", []))
        return self._state(known, inputs) if attached else None

    def delete(self, place: Place, state: State) -> None:
        """Detach a policy."""
        if self.read(place, state.id, {}, {}) is not None:
            self._call(place, parse(self._id, state.id) or {}, "remove")

    def _parsed(self, place: Place, identifier: str) -> dict[str, str] | None:
        """Read an id, or one that leaves out what the provider's settings say."""
        settings = {"project": place.settings.project, "zone": place.settings.zone, "region": place.settings.region}
        forms = (f"{self._path}/{{name}}", self._id, *(self._id.split("/", at)[-1] for at in (1, 2)))
        written = (*forms, f"{self._path.rpartition('/')[0].rpartition('/')[0]}/disks/{{disk}}/{{name}}")
        found = (parse(form, identifier) for form in written if form.count("/") == identifier.count("/"))
        told = next((each for each in found if each is not None), None)
        return {self._where: settings[self._where], "project": settings["project"], **told} if told else None

    def _call(self, place: Place, known: Mapping[str, Any], verb: str) -> None:
        region = known["region"] if self._where == "region" else str(known["zone"]).rpartition("-")[0]
        policy = f"projects/{known['project']}/regions/{region}/resourcePolicies/{known['name']}"
        path = f"{_VERSION}/{fill(self._path, known)}/{verb}ResourcePolicies"
        place.api.finish(_HOST, _VERSION, place.api.call("POST", _HOST, path, {"resourcePolicies": [policy]}))

    def _state(self, known: Mapping[str, Any], inputs: Mapping[str, Any]) -> State:
        told = {name: known[name] for name in ("project", self._where, self._thing, "name")}
        return State(fill(self._id, known), {**told, **inputs})
