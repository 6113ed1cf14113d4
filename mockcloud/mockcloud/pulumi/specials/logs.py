"""Buckets of logs: those that Google makes are taken over, and none of them goes."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_OF_GOOGLE: Final = frozenset({"_Default", "_Required"})


@special_row(
    "logging/billingAccountBucketConfig:BillingAccountBucketConfig",
    "logging/folderBucketConfig:FolderBucketConfig",
    "logging/organizationBucketConfig:OrganizationBucketConfig",
    "logging/projectBucketConfig:ProjectBucketConfig",
)
class BucketConfig(Tabled):
    """Buckets of logs."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a bucket, or take over the one of the name, and lock it last: what is locked cannot be changed.

        One that was removed is there for a week, with its entries, and keeps its name: it is brought back.
        """
        locked = inputs.get("locked")
        self._bring_back(place, self.values(place, inputs))
        first = {name: value for name, value in inputs.items() if name != "locked"}
        found = self._read(place, self.values(place, inputs))
        if found is None:
            state = super().create(place, first)
        else:
            state = super().update(
                place, State(self._state(place, found, {}, self.values(place, inputs)).id, {}), first, frozenset(first)
            )
        return super().update(place, state, inputs, frozenset({"locked"})) if locked else state

    def delete(self, place: Place, state: State) -> None:
        """Remove a bucket, unless it is one of Google's."""
        if state.outputs.get("bucketId") not in _OF_GOOGLE:
            super().delete(place, state)

    def _bring_back(self, place: Place, values: Mapping[str, Any]) -> None:
        found = super()._read(place, values)
        if found is not None and found.get("lifecycleState") == "DELETE_REQUESTED":
            row = self.kind.row
            place.api.call("POST", self._host(values), f"{row.version}/{found['name']}:undelete", {})

    def _read(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        found = super()._read(place, values)
        return None if found is None or found.get("lifecycleState") == "DELETE_REQUESTED" else found
