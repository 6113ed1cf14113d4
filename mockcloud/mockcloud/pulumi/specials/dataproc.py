"""Dataproc's clusters and jobs."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill


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


@special_row("dataproc/job:Job")
class Job(Tabled):
    """Jobs, whose id lies in their reference."""

    def _known(self, values: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
        found = (answer.get("reference") or {}).get("jobId")
        return {**super()._known(values, answer), **({"jobId": found} if found else {})}

    def values(self, place: Place, known: Mapping[str, Any]) -> dict[str, Any]:
        """Give the values of variables."""
        identifier = (known.get("reference") or {}).get("jobId")
        return {**super().values(place, known), **({"jobId": identifier} if identifier else {})}

    def delete(self, place: Place, state: State) -> None:
        """Remove a job; one that runs is cancelled first where the program says so."""
        values = self.values(place, state.outputs)
        running = (self._read(place, values) or {}).get("status", {}).get("state") not in _ENDED
        if state.outputs.get("forceDelete") and running and "jobId" in values:
            path = f"{self.kind.row.version}/{fill(self.kind.row.self, values)}:cancel"
            place.api.remove("POST", self._host(values), path, {})
        super().delete(place, state)


_ENDED: Final = frozenset({"DONE", "ERROR", "CANCELLED"})
