"""Security policies of Cloud Armor: their rules change one by one, told apart by their priorities."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill

_USUAL: Final = frozenset({"kind", "preview"})
"""Fields that every rule has, whether somebody sets them or not."""


@special_row("compute/securityPolicy:SecurityPolicy")
class SecurityPolicy(Tabled):
    """Policies."""

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change a policy, and add, change and remove rules."""
        if "rules" in changed:
            values = self.values(place, {**old.outputs, **inputs})
            path = fill(self.kind.row.self, values)
            had = _by_priority((self._read(place, values) or {}).get("rules"))
            wanted = _by_priority(self._body(place, values, inputs).get("rules"))
            for priority in had.keys() - wanted.keys():
                self._call(place, f"{path}/removeRule?priority={priority}", None)
            for priority, rule in wanted.items():
                verb = f"patchRule?priority={priority}" if priority in had else "addRule"
                gone = had.get(priority, {}).keys() - rule.keys() - _USUAL
                self._call(place, f"{path}/{verb}", {**dict.fromkeys(gone), **rule})
        return super().update(place, old, inputs, changed - {"rules"})

    def _call(self, place: Place, path: str, body: object) -> None:
        row = self.kind.row
        answer = place.api.call("POST", row.host, f"{row.version}/{path}", body)
        place.api.finish(row.host, row.version, answer)


def _by_priority(rules: list[dict[str, Any]] | None) -> dict[int, dict[str, Any]]:
    return {int(each["priority"]): each for each in rules or []}
