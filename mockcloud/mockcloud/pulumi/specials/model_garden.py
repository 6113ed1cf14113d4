"""Endpoints to which a model of Model Garden is deployed when they are made."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_MASK: Final = ",".join(
    f"dedicatedResources.{field}" for field in ("minReplicaCount", "maxReplicaCount", "autoscalingMetricSpecs")
)
"""What can be changed of a deployed model."""


@special_row("vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment")
class Deployment(Tabled):
    """Endpoints with a model. Only the size of the deployment can be changed."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Deploy a model to a new endpoint."""
        row, values = self.kind.row, self.values(place, inputs)
        answer = self._send(place, row.create, values, self._creation(place, values, inputs))
        ended = place.api.finish(self._host(values), row.version, answer) or {}
        values["endpoint"] = str(ended.get("endpoint", "")).rpartition("/")[2]
        found = self._read(place, values)
        if found is None:
            raise Refused(500, "the deployment ended without an endpoint", "INTERNAL", f"POST {row.create.template}")
        return self._state(place, found, inputs, values)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change the size of the deployment."""
        row, values = self.kind.row, self.values(place, {**old.outputs, **inputs})
        resources = self._body(place, values, inputs).get("deployConfig", {}).get("dedicatedResources")
        if row.update is not None and resources and "deployConfig" in changed:
            model = {"id": old.outputs.get("deployedModelId"), "dedicatedResources": resources}
            answer = self._send(place, row.update, values, {"deployedModel": model, "updateMask": _MASK})
            place.api.finish(self._host(values), row.version, answer)
        return self._state(place, self._read(place, values) or {}, inputs, values)

    def delete(self, place: Place, state: State) -> None:
        """Take the models from the endpoint, and remove it."""
        row, values = self.kind.row, self.values(place, state.outputs)
        host, path = self._host(values), f"{row.version}/{state.id}"
        for model in (self._read(place, values) or {}).get("deployedModels", []):
            answer = place.api.remove("POST", host, f"{path}:undeployModel", {"deployedModelId": model["id"]})
            place.api.finish(host, row.version, answer)
        super().delete(place, state)

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        model: Mapping[str, Any] = next(iter(body.get("deployedModels", [])), {})
        shown = {
            "endpoint": values.get("endpoint"),
            "deployedModelId": model.get("id"),
            "deployedModelDisplayName": model.get("displayName"),
        }
        return State(state.id, {**state.outputs, **{name: value for name, value in shown.items() if value}})
