"""Dataflow's jobs, of templates of both kinds."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.properties import properties_of
from mockcloud.pulumi.special import special
from mockcloud.pulumi.templates import Missing
from mockcloud.pulumi.translate import ATTRIBUTION

_HOST: Final = "dataflow.googleapis.com"

_ENDED: Final = frozenset(f"JOB_STATE_{word}" for word in ("CANCELLED", "DONE", "DRAINED", "FAILED", "UPDATED"))
_STOPPED: Final = {"cancel": "JOB_STATE_CANCELLED", "drain": "JOB_STATE_DRAINED"}

_IN_ENVIRONMENT: Final = (
    "additionalExperiments",
    "additionalPipelineOptions",
    "autoscalingAlgorithm",
    "enableStreamingEngine",
    "ipConfiguration",
    "kmsKeyName",
    "launcherMachineType",
    "machineType",
    "maxWorkers",
    "network",
    "numWorkers",
    "sdkContainerImage",
    "serviceAccountEmail",
    "stagingLocation",
    "subnetwork",
    "tempLocation",
    "zone",
)
"""Properties that are of the environment in which a job runs."""


@special("dataflow/flexTemplateJob:FlexTemplateJob", "dataflow/job:Job")
class Job:
    """Jobs. A change starts a job that takes the place of the one before; the id stays that of the first one."""

    def __init__(self, token: str) -> None:
        self._flexible = token.endswith(":FlexTemplateJob")
        self._properties = properties_of(token) or {}

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Start a job."""
        return self._started(place, inputs, update=False)

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a job. One that has ended is none any more, for the provider."""
        known = {**outputs, **inputs}
        job = outputs.get("jobId") or identifier
        found = place.api.find(_HOST, f"{self._jobs(place, known)}/{job}?view=JOB_VIEW_ALL")
        if found is None or found.get("currentState") in _ENDED:
            return None
        return State(identifier, self._state(place, found, known).outputs)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Let a new job take the place of a streaming job; what only the provider knows changes nothing."""
        known = {**old.outputs, **inputs}
        if not changed - {"onDelete", "skipWaitOnJobTermination", "deletionPolicy", "createIgnoreAlreadyExists"}:
            return State(old.id, known)
        if changed <= {"labels"} or old.outputs.get("type") != "JOB_TYPE_STREAMING":
            self.delete(place, State(old.id, {**known, "onDelete": "cancel"}))
            state = self._started(place, inputs, update=False)
        else:
            state = self._started(place, inputs, update=True)
        return State(old.id, state.outputs)

    def delete(self, place: Place, state: State) -> None:
        """Stop a job: cancel or drain it, as the program says."""
        path = f"{self._jobs(place, state.outputs)}/{state.outputs.get('jobId') or state.id}"
        found = place.api.find(_HOST, path)
        if found is None or found.get("currentState") in _ENDED:
            return
        wanted = _STOPPED[str(state.outputs.get("onDelete") or ("cancel" if self._flexible else "drain"))]
        if found.get("type") == "JOB_TYPE_BATCH":
            # Only streaming jobs can be drained.
            wanted = _STOPPED["cancel"]
        place.api.call("PUT", _HOST, path, {"requestedState": wanted})

    def _started(self, place: Place, inputs: Mapping[str, Any], *, update: bool) -> State:
        base = f"v1b3/projects/{place.project(inputs)}/locations/{self._region(place, inputs)}"
        environment = {name: inputs[name] for name in _IN_ENVIRONMENT if inputs.get(name) is not None}
        environment["additionalUserLabels"] = self._labels(place, inputs)
        told = {"jobName": inputs["name"], "parameters": inputs.get("parameters") or {}, "environment": environment}
        if self._flexible:
            launch = {**told, "containerSpecGcsPath": inputs["containerSpecGcsPath"], "update": update}
            launch["transformNameMappings"] = inputs.get("transformNameMapping") or {}
            answer = place.api.call("POST", _HOST, f"{base}/flexTemplates:launch", {"launchParameter": launch})
            found = answer["job"]
        else:
            environment["tempLocation"] = inputs["tempGcsLocation"]
            found = self._from_classic(place, base, told, inputs, update=update)
        found = place.api.find(_HOST, f"{base}/jobs/{found['id']}?view=JOB_VIEW_ALL") or found
        return self._state(place, found, inputs)

    def _from_classic(
        self, place: Place, base: str, told: Mapping[str, Any], inputs: Mapping[str, Any], *, update: bool
    ) -> dict[str, Any]:
        """Start a job of a classic template."""
        template = str(inputs["templateGcsPath"])
        if not update:
            body = {**told, "gcsPath": template, "location": self._region(place, inputs)}
            return place.api.call("POST", _HOST, f"{base}/templates", body)
        body = {**told, "update": True, "transformNameMapping": inputs.get("transformNameMapping") or {}}
        path = f"{base}/templates:launch?gcsPath={quote(template, safe='')}"
        found: dict[str, Any] = place.api.call("POST", _HOST, path, body)["job"]
        return found

    def _state(self, place: Place, found: Mapping[str, Any], known: Mapping[str, Any]) -> State:
        shown: dict[str, Any] = {name: value for name, value in known.items() if name in self._properties}
        labels = self._labels(place, known)
        shown |= {
            "jobId": found["id"],
            "name": found.get("name", known.get("name")),
            "type": found.get("type", ""),
            "state": found.get("currentState", ""),
            "project": place.project(known),
            "region": self._region(place, known),
            "effectiveLabels": {**labels, **(found.get("labels") or {})},
            "pulumiLabels": {**place.settings.labels, **(known.get("labels") or {})},
        }
        return State(str(found["id"]), shown)

    def _labels(self, place: Place, known: Mapping[str, Any]) -> dict[str, str]:
        own = known.get("labels") or {}
        return {**place.settings.labels, **own, **(ATTRIBUTION if place.settings.attribution else {})}

    def _region(self, place: Place, known: Mapping[str, Any]) -> str:
        region = known.get("region") or place.settings.region
        if not region:
            raise Missing("region")
        return str(region)

    def _jobs(self, place: Place, known: Mapping[str, Any]) -> str:
        return f"v1b3/projects/{place.project(known)}/locations/{self._region(place, known)}/jobs"
