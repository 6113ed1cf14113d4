"""Zones and policies of Cloud DNS: what has to go before they do."""

from typing import Any, Final
from urllib.parse import quote

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_OF_THE_ZONE: Final = frozenset({"NS", "SOA"})
"""Records that each zone has of its own at its top."""


@special_row("dns/managedZone:ManagedZone")
class ManagedZone(Tabled):
    """Zones."""

    def delete(self, place: Place, state: State) -> None:
        """Remove a zone; with `forceDestroy` its records first."""
        if state.outputs.get("forceDestroy"):
            self._empty(place, state)
        super().delete(place, state)

    def _empty(self, place: Place, state: State) -> None:
        row, top = self.kind.row, str(state.outputs.get("dnsName"))
        path = f"{row.version}/{state.id}/rrsets"
        found: dict[str, Any] = place.api.find(row.host, path) or {}
        for each in found.get("rrsets", []):
            if each["name"] != top or each["type"] not in _OF_THE_ZONE:
                place.api.remove("DELETE", row.host, f"{path}/{quote(each['name'], safe='.*')}/{each['type']}")


@special_row("dns/policy:Policy", "dns/responsePolicy:ResponsePolicy")
class Policy(Tabled):
    """Policies, which hold for networks."""

    def delete(self, place: Place, state: State) -> None:
        """Take a policy off its networks, and remove it."""
        row = self.kind.row
        place.api.remove("PATCH", row.host, f"{row.version}/{state.id}", {"networks": []})
        super().delete(place, state)
