"""Settings of which there is one in each place: to remove them is to set them as they were at first."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import parse

_FIRST: Final[Mapping[str, Mapping[str, Any]]] = {
    **{
        f"gcp:{each}/accessApprovalSettings:AccessApprovalSettings": {}
        for each in ("folder", "organizations", "projects")
    },
    "gcp:appengine/applicationUrlDispatchRules:ApplicationUrlDispatchRules": {},
    "gcp:bigquery/biReservation:BiReservation": {"size": "0"},
    "gcp:binaryauthorization/policy:Policy": {
        "admissionWhitelistPatterns": [{"namePattern": "gcr.io/google_containers/*"}],
        "defaultAdmissionRule": {
            "evaluationMode": "ALWAYS_ALLOW",
            "enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG",
        },
        "globalPolicyEvaluationMode": "ENABLE",
    },
    "gcp:datalineage/config:Config": {},
    "gcp:vertex/aiRagEngineConfig:AiRagEngineConfig": {"ragManagedDbConfig": {"unprovisioned": {}}},
}
"""What each is set to. Source: the provider's documentation of the types, 2026-11."""


@special_row(*(token.removeprefix("gcp:") for token in _FIRST))
class Settings(Tabled):
    """Settings."""

    def delete(self, place: Place, state: State) -> None:
        """Set them as they were at first."""
        row = self.kind.row
        if row.delete is None:
            return
        values = {**self.values(place, state.outputs), **(parse(row.id, state.id) or {})}
        place.api.finish(
            self._host(values), row.version, self._send(place, row.delete, values, dict(_FIRST[row.token]))
        )
