"""Backend services: what guards them is set when they are there."""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled


@special_row("compute/backendService:BackendService", "compute/regionBackendService:RegionBackendService")
class BackendService(Tabled):
    """Backend services."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a service, and set the policies that guard it: the call that makes it takes none."""
        state = super().create(place, inputs)
        values = self.values(place, inputs)
        guards = [(call, of) for call, of in self.kind.row.updates.items() if any(inputs.get(each) for each in of)]
        for call, of in guards:
            self._change(place, call, values, inputs, of)
        return (self.read(place, state.id, inputs, state.outputs) or state) if guards else state
