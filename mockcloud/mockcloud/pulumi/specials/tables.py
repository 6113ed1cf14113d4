"""BigQuery's tables, whose schema a program gives as JSON."""

import json
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_SAME_TYPES: Final = {
    "BOOL": "BOOLEAN",
    "FLOAT64": "FLOAT",
    "INT64": "INTEGER",
    "STRUCT": "RECORD",
}
"""Types by their other names, and what BigQuery gives back. Source: BigQuery's reference of tables, 2026-11."""


@special_row("bigquery/table:Table")
class Table(Tabled):
    """Tables and views."""

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        _keep(state.outputs, inputs)
        external = state.outputs.get("externalDataConfiguration")
        if external:
            _keep(external, inputs.get("externalDataConfiguration") or {})
        return state


def _keep(outputs: dict[str, Any], inputs: Mapping[str, Any]) -> None:
    """Keep the schema that a program gave where BigQuery's says the same."""
    given, found = inputs.get("schema"), outputs.get("schema")
    if isinstance(given, str) and isinstance(found, str) and _columns(given) == _columns(found):
        outputs["schema"] = given


def _columns(schema: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return _normal(json.loads(schema))
    except ValueError:
        return schema


def _normal(columns: Any) -> Any:  # noqa: ANN401 - JSON
    """Give columns with what BigQuery adds to them."""
    if not isinstance(columns, list):
        return columns
    return [_column(each) if isinstance(each, dict) else each for each in columns]


def _column(column: Mapping[str, Any]) -> dict[str, Any]:
    kind, mode = str(column.get("type", "")).upper(), str(column.get("mode") or "NULLABLE").upper()
    found = {name: value for name, value in column.items() if value not in (None, "", [])}
    found |= {"type": _SAME_TYPES.get(kind, kind), "mode": mode}
    return found | ({"fields": _normal(column["fields"])} if column.get("fields") else {})
