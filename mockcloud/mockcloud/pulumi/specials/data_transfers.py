"""Transfers into BigQuery, of which one parameter is a secret."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_SECRET: Final = "secret_access_key"  # noqa: S105 - a parameter's name, no secret
_GIVEN: Final = ("secretAccessKey", "secretAccessKeyWo")
"""What a program may call it."""


@special_row("bigquery/dataTransferConfig:DataTransferConfig")
class DataTransferConfig(Tabled):
    """Transfers. To the API the secret key of another cloud's storage is a parameter like the others."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_key(super()._creation(place, values, inputs), inputs)

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_key(super()._body(place, values, inputs), inputs)

    def _mask(self, changed: frozenset[str]) -> list[str]:
        return super()._mask(changed | ({"params"} if "sensitiveParams" in changed else set()))

    def _shown(self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        del place
        # Of a transfer that is imported, nobody says which parameters its program would have among the secret ones.
        plainly = _SECRET in (inputs.get("params") or {})
        params = {name: each for name, each in (body.get("params") or {}).items() if plainly or name != _SECRET}
        return {**body, "params": params} if "params" in body else body

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        return super()._state(place, self._shown(place, body, inputs), inputs, values)


def _with_key(body: dict[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    told = inputs.get("sensitiveParams") or {}
    key = next((told[name] for name in _GIVEN if told.get(name)), None)
    return {**body, "params": {**(body.get("params") or {}), _SECRET: key}} if key else body
