"""Databases of Spanner: their tables and options are statements."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill

_OPTIONS: Final = {"versionRetentionPeriod": "version_retention_period", "defaultTimeZone": "default_time_zone"}


@special_row("spanner/database:Database")
class Database(Tabled):
    """Databases."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        body = super()._creation(place, values, inputs)
        quote = _quote(inputs)
        statements = [*_options(inputs, frozenset(_OPTIONS)), *(inputs.get("ddls") or [])]
        body["createStatement"] = f"CREATE DATABASE {quote}{inputs['name']}{quote}"
        return {**body, **({"extraStatements": statements} if statements else {})}

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a database, and protect it from being dropped, where the program wants that."""
        state = super().create(place, inputs)
        if inputs.get("enableDropProtection"):
            self._protect(place, self.values(place, inputs), on=True)
        return self.read(place, state.id, inputs, state.outputs) or state

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Run the statements that are new, set options, and protect or not."""
        values = self.values(place, {**old.outputs, **inputs})
        before = old.outputs.get("ddls") or []
        statements = [*_options(inputs, changed), *(inputs.get("ddls") or [])[len(before) :]]
        if statements:
            self._call(place, values, "/ddl", {"statements": statements})
        if "enableDropProtection" in changed:
            self._protect(place, values, on=bool(inputs.get("enableDropProtection")))
        return self.read(place, old.id, inputs, old.outputs) or old

    def _protect(self, place: Place, values: Mapping[str, Any], *, on: bool) -> None:
        self._call(place, values, "?updateMask=enableDropProtection", {"enableDropProtection": on})

    def _call(self, place: Place, values: Mapping[str, Any], below: str, body: object) -> None:
        row = self.kind.row
        path = f"{row.version}/{fill(row.self, values)}{below}"
        place.api.finish(row.host, row.version, place.api.call("PATCH", row.host, path, body))

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        told = {
            "state": body.get("state"),
            "enableDropProtection": body.get("enableDropProtection", False),
            "versionRetentionPeriod": body.get("versionRetentionPeriod"),
        }
        state.outputs.update({name: value for name, value in told.items() if value is not None})
        return state


def _quote(inputs: Mapping[str, Any]) -> str:
    return '"' if inputs.get("databaseDialect") == "POSTGRESQL" else "`"


def _options(inputs: Mapping[str, Any], wanted: frozenset[str]) -> list[str]:
    """Give the statements that set options."""
    quote, name = _quote(inputs), inputs["name"]
    return [
        f"ALTER DATABASE {quote}{name}{quote} SET OPTIONS ({option}='{inputs[each]}')"
        if quote == "`"
        else f"ALTER DATABASE {quote}{name}{quote} SET spanner.{option} TO '{inputs[each]}'"
        for each, option in _OPTIONS.items()
        if each in wanted and inputs.get(each)
    ]
