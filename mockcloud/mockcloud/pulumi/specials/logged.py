"""Networks' resources whose traffic is logged where a program says how: the API has a switch for it beside.

Source: terraform-provider-google `compute/resource_compute_firewall.go` and `resource_compute_subnetwork.go`.
"""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_LOGS = "logConfig"


@special_row("compute/firewall:Firewall", "compute/subnetwork:Subnetwork")
class Logged(Tabled):
    """Firewall rules and subnetworks."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        body = super()._creation(place, values, inputs)
        return {**body, _LOGS: {**body[_LOGS], "enable": True}} if _LOGS in body else body

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        body = super()._body(place, values, inputs)
        return {**body, _LOGS: {**body.get(_LOGS, {}), "enable": _LOGS in body}}

    def _read(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        found = super()._read(place, values)
        if found is not None and not found.get(_LOGS, {}).get("enable"):
            return {name: value for name, value in found.items() if name != _LOGS}
        return found
