"""Dataproc's clusters."""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled


@special_row("dataproc/cluster:Cluster")
class Cluster(Tabled):
    """Clusters, whose actions have a time limit in seconds, and properties of Dataproc's beside the program's."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        body = super()._creation(place, values, inputs)
        given = (inputs.get("clusterConfig") or {}).get("initializationActions") or []
        sent = body.get("config", {}).get("initializationActions", [])
        for action, told in zip(sent, given, strict=False):
            if told.get("timeoutSec"):
                action["executionTimeout"] = f"{int(told['timeoutSec'])}s"
        return body

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        shown, found = state.outputs.get("clusterConfig") or {}, body.get("config", {})
        for action, told in zip(
            shown.get("initializationActions") or [], found.get("initializationActions", []), strict=False
        ):
            if told.get("executionTimeout"):
                action["timeoutSec"] = int(float(str(told["executionTimeout"]).removesuffix("s")))
        software = shown.get("softwareConfig")
        own = ((inputs.get("clusterConfig") or {}).get("softwareConfig") or {}).get("overrideProperties")
        if software and own is not None:
            software["overrideProperties"] = {
                name: value for name, value in software.get("overrideProperties", {}).items() if name in own
            }
        return state
