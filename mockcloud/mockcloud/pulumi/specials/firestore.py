"""Firestore's databases, which stay unless a program says otherwise, and settings of fields, which are always there."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_REMOVED: Final = "DELETE"


@special_row("firestore/database:Database")
class Database(Tabled):
    """Databases. Source of the default: the provider's documentation of `deletionPolicy`, 2026-11."""

    def delete(self, place: Place, state: State) -> None:
        """Remove a database where its policy says so; without one it is let go of, and stays."""
        if state.outputs.get("deletionPolicy") == _REMOVED:
            super().delete(place, state)


@special_row("firestore/field:Field")
class Field(Tabled):
    """Settings of fields: an index is told by what it has of the field, and the API has that in a list of one."""

    def delete(self, place: Place, state: State) -> None:
        """Set a field as every other one is."""
        row = self.kind.row
        if row.delete is not None:
            values = self.values(place, state.outputs)
            answer = self._send(place, row.delete, values, {})
            place.api.finish(self._host(values), row.version, answer)

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return self._body(place, values, inputs)

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        body = super()._body(place, values, inputs)
        if inputs.get("indexConfig") is not None:
            given = inputs["indexConfig"].get("indexes") or []
            body["indexConfig"] = {"indexes": [_index(each) for each in given]}
        return body

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        config = body.get("indexConfig")
        told = None if config is None or config.get("usesAncestorConfig") else config
        if told is not None:
            state.outputs["indexConfig"] = {"indexes": [_shown(each) for each in told.get("indexes", [])]}
        elif body:
            state.outputs.pop("indexConfig", None)
        return state


_OF_THE_FIELD: Final = ("order", "arrayConfig")


def _index(given: Mapping[str, Any]) -> dict[str, Any]:
    field = {name: given[name] for name in _OF_THE_FIELD if given.get(name)}
    return {"queryScope": given.get("queryScope", "COLLECTION"), "fields": [field]}


def _shown(index: Mapping[str, Any]) -> dict[str, Any]:
    field: Mapping[str, Any] = next(iter(index.get("fields", [])), {})
    return {"queryScope": index.get("queryScope"), **{name: field[name] for name in _OF_THE_FIELD if name in field}}
