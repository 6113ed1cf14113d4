"""What a project has of Compute Engine as a whole: tiers, which a call of their own sets, and nothing takes away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special
from mockcloud.pulumi.templates import parse

_HOST: Final = "compute.googleapis.com"
_VERSION: Final = "compute/beta"
_ID: Final = "projects/{project}"


@dataclass(frozen=True, slots=True)
class _Tier:
    """A tier.

    Attributes:
        property: The property that says which one.
        field: The project's field that says it.
        verb: The call that sets it.
        id: Template of the id.
    """

    property: str
    field: str
    verb: str
    id: str


_TIERS: Final = {
    "gcp:compute/projectDefaultNetworkTier:ProjectDefaultNetworkTier": _Tier(
        "networkTier", "defaultNetworkTier", "setDefaultNetworkTier", "{project}"
    ),
    "gcp:compute/projectCloudArmorTier:ProjectCloudArmorTier": _Tier(
        "cloudArmorTier", "cloudArmorTier", "setCloudArmorTier", _ID
    ),
}


@special(*(token.removeprefix("gcp:") for token in _TIERS))
class Tier:
    """A tier of a project."""

    def __init__(self, token: str) -> None:
        self._tier = _TIERS[token]

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Set it."""
        project = place.project(inputs)
        path = f"{_VERSION}/projects/{project}/{self._tier.verb}"
        body = {self._tier.property: inputs[self._tier.property]}
        place.api.finish(_HOST, _VERSION, place.api.call("POST", _HOST, path, body))
        return self._state(project, inputs, {self._tier.field: inputs[self._tier.property]})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read it of the project."""
        del outputs
        told = parse(_ID, identifier) or {"project": identifier}
        found = place.api.find(_HOST, f"{_VERSION}/projects/{told['project']}")
        return self._state(told["project"], inputs, found) if found is not None else None

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Set another one."""
        del old, changed
        return self.create(place, inputs)

    def delete(self, place: Place, state: State) -> None:
        """Leave it as it is: a project always has one."""

    def _state(self, project: str, inputs: Mapping[str, Any], found: Mapping[str, Any]) -> State:
        tier = found.get(self._tier.field)
        told = {self._tier.property: tier} if tier else {}
        return State(self._tier.id.replace("{project}", project), {"project": project, **inputs, **told})
