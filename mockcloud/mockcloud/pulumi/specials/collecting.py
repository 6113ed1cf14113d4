"""Rules of Bigtable for old cells: they belong to a column family, which the table has among others."""

import json
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special

_HOST: Final = "bigtableadmin.googleapis.com"
_HOUR: Final = 3600
_DAY: Final = 24
_UNITS: Final = {"s": 1, "m": 60, "h": _HOUR, "d": _HOUR * _DAY, "w": _HOUR * _DAY * 7}
_MODES: Final = {"UNION": "union", "INTERSECTION": "intersection"}

Values = Mapping[str, Any]


@special("bigtable/gCPolicy:GCPolicy")
class Policy:
    """A family's rule. To remove it is to empty it; it goes with its family."""

    def __init__(self, token: str) -> None:
        del token

    def create(self, place: Place, inputs: Values) -> State:
        """Set the rule."""
        self._set(place, inputs, _rule(inputs))
        return self._state(place, inputs)

    def read(self, place: Place, identifier: str, inputs: Values, outputs: Values) -> State | None:
        """Read the rule of the table."""
        del identifier
        known = {**outputs, **inputs}
        if "columnFamily" not in known:
            return None  # the provider imports none
        found = self._rule(place, known)
        if not found:
            return None
        told = dict(inputs)
        if found != _rule(inputs):
            told = {name: value for name, value in inputs.items() if name not in {"mode", "maxAge", "maxVersions"}}
            told["gcRules"] = json.dumps(found, separators=(",", ":"), sort_keys=True)
        return self._state(place, told)

    def update(self, place: Place, old: State, inputs: Values, changed: frozenset[str]) -> State:
        """Set another rule."""
        del old
        if changed - {"ignoreWarnings", "deletionPolicy"}:
            self._set(place, inputs, _rule(inputs))
        return self._state(place, inputs)

    def delete(self, place: Place, state: State) -> None:
        """Empty the rule."""
        if self._rule(place, state.outputs):
            self._set(place, state.outputs, {})

    def _table(self, place: Place, known: Values) -> str:
        instance = str(known["instanceName"]).rpartition("/")[2]
        return f"v2/projects/{place.project(known)}/instances/{instance}/tables/{known['table']}"

    def _rule(self, place: Place, known: Values) -> dict[str, Any]:
        try:
            table = place.api.call("GET", _HOST, f"{self._table(place, known)}?view=FULL")
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise
            return {}
        found: dict[str, Any] = table.get("columnFamilies", {}).get(known["columnFamily"], {}).get("gcRule") or {}
        return found

    def _set(self, place: Place, known: Values, rule: Mapping[str, Any]) -> None:
        change = {"id": known["columnFamily"], "update": {"gcRule": rule}}
        body = {"modifications": [change], "ignoreWarnings": bool(known.get("ignoreWarnings"))}
        place.api.call("POST", _HOST, f"{self._table(place, known)}:modifyColumnFamilies", body)

    def _state(self, place: Place, known: Values) -> State:
        instance = str(known["instanceName"]).rpartition("/")[2]
        project = place.project(known)
        path = f"projects/{project}/instances/{instance}/tables/{known['table']}"
        return State(f"{path}/columnFamilies/{known['columnFamily']}", {**known, "project": project})


def _rule(given: Values) -> dict[str, Any]:
    """Give a rule as the API has it."""
    if given.get("gcRules"):
        return _written(json.loads(str(given["gcRules"])))
    rules: list[dict[str, Any]] = []
    age = given.get("maxAge")
    if age:
        seconds = int(age["days"]) * _DAY * _HOUR if age.get("days") else _seconds(str(age.get("duration", "")))
        rules.append({"maxAge": f"{seconds}s"})
    rules += [{"maxNumVersions": int(each["number"])} for each in given.get("maxVersions") or []]
    mode = _MODES.get(str(given.get("mode", "")))
    return {mode: {"rules": rules}} if mode else (rules[0] if rules else {})


def _written(given: Values) -> dict[str, Any]:
    """Give a rule of the provider's own JSON: a mode, and rules with ages such as `7d` and numbers of versions."""
    if "mode" not in given and "rules" not in given:
        return dict(given)  # it is in the API's form, as a refresh gives it
    rules = [_single(each) for each in given.get("rules", [])]
    mode = str(given.get("mode", "")).lower()
    return {mode: {"rules": rules}} if mode else (rules[0] if rules else {})


def _single(each: Values) -> dict[str, Any]:
    if "max_age" in each:
        return {"maxAge": f"{_seconds(str(each['max_age']))}s"}
    if "max_version" in each:
        return {"maxNumVersions": int(each["max_version"])}
    return _written(each)


def _seconds(text: str) -> int:
    """Read a span: `7d`, `8h30m`."""
    total, number = 0, ""
    for letter in text:
        if letter.isdigit():
            number += letter
        else:
            total += int(number or 0) * _UNITS.get(letter, 0)
            number = ""
    return total
