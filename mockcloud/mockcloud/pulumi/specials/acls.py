"""Lists of access to buckets and objects: the whole list is one resource, told by words of role and entity."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special

_HOST: Final = "storage.googleapis.com"
_VERSION: Final = "storage/v1"
_OWNERS: Final = "project-owners-"
"""What the entity begins with whose access the provider does not take away."""

Values = Mapping[str, Any]

_LISTS: Final = {
    "gcp:storage/bucketACL:BucketACL": ("b/{bucket}/acl", "{bucket}-acl"),
    "gcp:storage/defaultObjectACL:DefaultObjectACL": ("b/{bucket}/defaultObjectAcl", "{bucket}"),
    "gcp:storage/objectACL:ObjectACL": ("b/{bucket}/o/{object}/acl", "{bucket}-{object}"),
}
"""Type -> path of the list, and its id."""


@special(*(token.removeprefix("gcp:") for token in _LISTS))
class AccessList:
    """A list of access. It is there as long as what it belongs to: to remove it is to empty it."""

    def __init__(self, token: str) -> None:
        self._path, self._id = _LISTS[token]

    def create(self, place: Place, inputs: Values) -> State:
        """Set the list."""
        predefined = inputs.get("predefinedAcl")
        if predefined:
            whole = self._whole(inputs)
            place.api.call("PATCH", _HOST, f"{_VERSION}/{whole}?predefinedAcl={predefined}", {"acl": []})
        elif inputs.get("defaultAcl"):
            whole = self._whole(inputs)
            path = f"{_VERSION}/{whole}?predefinedDefaultObjectAcl={inputs['defaultAcl']}"
            place.api.call("PATCH", _HOST, path, {})
        if inputs.get("roleEntities") is not None:
            self._set(place, inputs, list(inputs["roleEntities"]))
        return self._state(place, inputs, inputs)

    def read(self, place: Place, identifier: str, inputs: Values, outputs: Values) -> State | None:
        """Read the list. It says of itself where it is: its id does not always tell bucket and object apart."""
        known = {**outputs, **inputs}
        if not known:
            known = {"bucket": identifier.removesuffix("-acl")}
        found = place.api.find(_HOST, f"{_VERSION}/{self._whole(known)}")
        return self._state(place, known, inputs) if found is not None else None

    def update(self, place: Place, old: State, inputs: Values, changed: frozenset[str]) -> State:
        """Set another list."""
        del old
        if "roleEntities" in changed and inputs.get("roleEntities") is None:
            self._set(place, inputs, [])
        return self.create(place, inputs)

    def delete(self, place: Place, state: State) -> None:
        """Empty the list."""
        if place.api.find(_HOST, f"{_VERSION}/{self._whole(state.outputs)}") is not None:
            self._set(place, state.outputs, [])

    def _list(self, known: Values) -> str:
        values = {name: quote(str(known.get(name, "")), safe="") for name in ("bucket", "object")}
        return self._path.format(**values)

    def _whole(self, known: Values) -> str:
        """Give the path of what the list is of."""
        return self._list(known).rpartition("/")[0]

    def _entries(self, place: Place, known: Values) -> list[str]:
        found = place.api.call("GET", _HOST, f"{_VERSION}/{self._list(known)}").get("items", [])
        return [f"{each['role']}:{each['entity']}" for each in found]

    def _set(self, place: Place, known: Values, wanted: list[str]) -> None:
        """Set entries, and remove the others, but that of the project's owners."""
        path, there = f"{_VERSION}/{self._list(known)}", self._entries(place, known)
        for each in wanted:
            if each not in there:
                role, _, entity = each.partition(":")
                place.api.call("POST", _HOST, path, {"role": role, "entity": entity})
        entities = {each.partition(":")[2] for each in wanted}
        for each in there:
            entity = each.partition(":")[2]
            if entity not in entities and not entity.startswith(_OWNERS):
                place.api.remove("DELETE", _HOST, f"{path}/{quote(entity, safe='')}")

    def _state(self, place: Place, known: Values, inputs: Values) -> State:
        there, given = self._entries(place, known), list(inputs.get("roleEntities") or [])
        outputs = {name: value for name, value in known.items() if value is not None}
        if given or "roleEntities" in inputs:
            # Those of owners that the program does not name are Google's.
            own = [each for each in there if each not in given and not each.partition(":")[2].startswith(_OWNERS)]
            outputs["roleEntities"] = [*(each for each in given if each in there), *own]
        else:
            outputs["roleEntities"] = there
        identifier = self._id.format(bucket=known["bucket"], object=known.get("object", ""))
        return State(identifier, outputs)
