"""What a feature of a fleet has of one of its members: an entry of a map that the feature has for all of them."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import ONE_AT_A_TIME, Place, State
from mockcloud.pulumi.properties import Property, properties_of
from mockcloud.pulumi.special import special
from mockcloud.pulumi.templates import fill, parse
from mockcloud.pulumi.translate import scalar

_HOST: Final = "gkehub.googleapis.com"
_VERSION: Final = "v1beta"
_FEATURE: Final = "projects/{project}/locations/{location}/features/{feature}"
_ID: Final = f"{_FEATURE}/membershipId/{{membership}}"
_SHORT: Final = ("{project}/{location}/{feature}/{membership}", "{location}/{feature}/{membership}")
_KINDS: Final = ("configmanagement", "mesh", "policycontroller")
_KEYS: Final = {"deploymentConfigs": "componentName", "bundles": "bundleName"}
"""Lists of objects that the API has as maps -> the property that is the key."""

Values = Mapping[str, Any]


@special("gkehub/featureMembership:FeatureMembership")
class Membership:
    """What a feature has of a member."""

    def __init__(self, token: str) -> None:
        self._token = token

    def create(self, place: Place, inputs: Values) -> State:
        """Say how the feature is to be for the member."""
        known = self._known(place, inputs)
        self._put(place, known, {kind: _sent(inputs[kind]) for kind in _KINDS if inputs.get(kind)})
        return self._state(known, inputs, self._found(place, known) or {})

    def read(self, place: Place, identifier: str, inputs: Values, outputs: Values) -> State | None:
        """Find the entry of the member."""
        forms = (_ID, *_SHORT)
        given = next((found for each in forms if (found := parse(each, identifier)) is not None), {})
        known = self._known(place, {**outputs, **inputs, **given})
        found = self._found(place, known)
        return self._state(known, inputs, found) if found is not None else None

    def update(self, place: Place, old: State, inputs: Values, changed: frozenset[str]) -> State:
        """Say it anew."""
        del old, changed
        return self.create(place, inputs)

    def delete(self, place: Place, state: State) -> None:
        """Let the feature be for the member as it is for all."""
        known = self._known(place, state.outputs)
        if self._found(place, known):
            self._put(place, known, {})

    def _known(self, place: Place, known: Values) -> dict[str, Any]:
        where = known.get("membershipLocation") or "global"
        return {**known, "project": place.project(known), "membershipLocation": where}

    def _key(self, specs: Values, known: Values) -> str:
        """Give the member's key: the project stands in it by its number, or by its id."""
        ending = f"/locations/{known['membershipLocation']}/memberships/{known['membership']}"
        return next((each for each in specs if each.endswith(ending)), f"projects/{known['project']}{ending}")

    def _specs(self, place: Place, known: Values) -> dict[str, Any] | None:
        try:
            feature = place.api.call("GET", _HOST, f"{_VERSION}/{fill(_FEATURE, known)}")
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise
            return None
        return dict(feature.get("membershipSpecs") or {})

    def _found(self, place: Place, known: Values) -> dict[str, Any] | None:
        specs = self._specs(place, known)
        found: dict[str, Any] | None = (specs or {}).get(self._key(specs or {}, known))
        return found or None

    def _put(self, place: Place, known: Values, spec: Values) -> None:
        with ONE_AT_A_TIME:
            specs = self._specs(place, known) or {}
            specs[self._key(specs, known)] = dict(spec)
            path = f"{_VERSION}/{fill(_FEATURE, known)}?updateMask=membershipSpecs"
            place.api.finish(_HOST, _VERSION, place.api.call("PATCH", _HOST, path, {"membershipSpecs": specs}))

    def _state(self, known: Values, inputs: Values, found: Values) -> State:
        told = {name: known[name] for name in ("project", "location", "feature", "membership")}
        properties = properties_of(self._token) or {}
        shown = {kind: _shown(found[kind], properties.get(kind)) for kind in _KINDS if found.get(kind)}
        kept = {name: value for name, value in inputs.items() if name not in _KINDS}
        return State(fill(_ID, known), {**told, **kept, **shown})


def _sent(value: Any, name: str = "") -> Any:  # noqa: ANN401 - JSON
    """Give what a program says as the API has it."""
    if isinstance(value, Mapping):
        return {key: _sent(each, key) for key, each in value.items()}
    if isinstance(value, list) and name in _KEYS:
        key = _KEYS[name]
        return {str(each[key]): _sent({k: v for k, v in each.items() if k != key}) for each in value}
    if isinstance(value, list):
        return [_sent(each) for each in value]
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    return str(int(value)) if whole else value


def _shown(value: Any, each: Property | None, name: str = "") -> Any:  # noqa: ANN401 - JSON
    """Give what the API has as a program says it: numbers as numbers, where the property has them so."""
    inner = each.fields if each is not None else {}
    if isinstance(value, Mapping) and name in _KEYS:
        return [{_KEYS[name]: key, **_shown(one, each)} for key, one in value.items()]
    if isinstance(value, Mapping):
        return {key: _shown(one, inner.get(key), key) for key, one in value.items()}
    return scalar(each.kind, value) if each is not None and not each.repeated else value
