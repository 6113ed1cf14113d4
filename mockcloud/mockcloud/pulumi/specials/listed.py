"""Resources that the API shows in a list, in what they lie in, or in an envelope."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import parse

_LISTS: Final = {
    "gcp:bigquery/reservationAssignment:ReservationAssignment": ("assignments", "name", "name"),
    "gcp:vertex/aiIndexEndpointDeployedIndex:AiIndexEndpointDeployedIndex": (
        "deployedIndexes",
        "id",
        "deployedIndexId",
    ),
}
"""Field of the answer that lists them, and the field and the property that tell one from another."""


@special_row("bigquery/reservationAssignment:ReservationAssignment")
class Listed(Tabled):
    """Resources that are read by a list."""

    def _read(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        listing, field, name = _LISTS[self.kind.row.token]
        whole = super()._read(place, values) or {}
        wanted = str(values.get(name, "")).rpartition("/")[2]
        listed: list[dict[str, Any]] = whole.get(listing, [])
        return next((each for each in listed if str(each.get(field, "")).rpartition("/")[2] == wanted), None)


@special_row("vertex/aiIndexEndpointDeployedIndex:AiIndexEndpointDeployedIndex")
class DeployedIndex(Listed):
    """Indexes that are deployed to an endpoint, which shows them."""

    def delete(self, place: Place, state: State) -> None:
        """Undeploy an index."""
        row = self.kind.row
        values = {**self.values(place, state.outputs), **(parse(row.id, state.id) or {})}
        path = f"{row.version}/{values['indexEndpoint']}:undeployIndex"
        try:
            answer = place.api.call(
                "POST", self._host(values), path, {"deployedIndexId": str(values["deployedIndexId"])}
            )
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise
            return
        place.api.finish(self._host(values), row.version, answer)


@special_row("dataloss/preventionStoredInfoType:PreventionStoredInfoType")
class StoredInfoType(Tabled):
    """Stored types of information, of which the API shows the current version."""

    def _read(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        whole = super()._read(place, values)
        return {**whole.get("currentVersion", {}).get("config", {}), **whole} if whole is not None else None
