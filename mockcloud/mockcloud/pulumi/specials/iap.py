"""Settings of Identity-Aware Proxy, whose ids have a word behind the name of what they are about."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_WORD: Final = "/iapSettings"


@special_row("iap/settings:Settings")
class Settings(Tabled):
    """Settings, which are always there: to remove them is to empty them."""

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read settings, by their id or by the name of what they are about."""
        return super().read(place, identifier.removesuffix(_WORD), inputs, outputs)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change settings."""
        return super().update(place, State(old.id.removesuffix(_WORD), old.outputs), inputs, changed)

    def delete(self, place: Place, state: State) -> None:
        """Empty settings."""
        row = self.kind.row
        if row.delete is not None:
            place.api.finish(row.host, row.version, self._send(place, row.delete, state.outputs, {}))
