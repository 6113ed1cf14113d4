"""Secrets that the API tells by a method of their own: the text of an API key, what Redis asks of its clients."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill

_TOLD: Final = {
    "gcp:projects/apiKey:ApiKey": ("keyString", "keyString", ""),
    "gcp:redis/instance:Instance": ("authString", "authString", "authEnabled"),
}
"""Type -> last word of the method's path, the output that it tells, and the field without which there is no secret."""


@special_row(*(token.removeprefix("gcp:") for token in _TOLD))
class WithSecret(Tabled):
    """Resources with such a secret."""

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state, row = super()._state(place, body, inputs, values), self.kind.row
        word, output, needed = _TOLD[row.token]
        if not body or (needed and not body.get(needed)):
            return state
        told = place.api.find(row.host, f"{row.version}/{fill(row.self, values)}/{word}") or {}
        return State(state.id, {**state.outputs, **({output: told[word]} if told.get(word) else {})})
