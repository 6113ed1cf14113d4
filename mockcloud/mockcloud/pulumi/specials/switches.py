"""Resources that a program switches on and off, by calls of their own: queues, jobs, notebooks, schedules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch.

    Attributes:
        property: The property that says how it should stand.
        calls: The custom verb for each way that it can stand.
        first: How it stands when the resource has been made.
    """

    property: str
    calls: Mapping[Any, str]
    first: Any


_PAUSED: Final = {"PAUSED": "pause", "RUNNING": "resume"}

_SWITCHES: Final = {
    "gcp:cloudscheduler/job:Job": Switch("paused", {True: "pause", False: "resume"}, first=False),
    "gcp:cloudtasks/queue:Queue": Switch("desiredState", _PAUSED, "RUNNING"),
    "gcp:colab/runtime:Runtime": Switch("desiredState", {"STOPPED": "stop", "RUNNING": "start"}, "RUNNING"),
    "gcp:colab/schedule:Schedule": Switch("desiredState", {"PAUSED": "pause", "ACTIVE": "resume"}, "ACTIVE"),
    "gcp:workbench/instance:Instance": Switch("desiredState", {"STOPPED": "stop", "ACTIVE": "start"}, "ACTIVE"),
}


@special_row(
    "cloudscheduler/job:Job",
    "cloudtasks/queue:Queue",
    "colab/schedule:Schedule",
    "workbench/instance:Instance",
)
class Switched(Tabled):
    """Resources with a switch, which a new one is set to after it was made."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a resource, and switch it as it should stand."""
        state = super().create(place, inputs)
        wanted = inputs.get(self._switch.property)
        if wanted is None or wanted == self._switch.first:
            return state
        return self._switched(place, state, inputs)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change a resource, and switch it."""
        state = super().update(place, old, inputs, changed)
        return self._switched(place, state, inputs) if self._switch.property in changed else state

    @property
    def _switch(self) -> Switch:
        return _SWITCHES[self.kind.row.token]

    def _switched(self, place: Place, state: State, inputs: Mapping[str, Any]) -> State:
        row, switch = self.kind.row, self._switch
        values = self.values(place, state.outputs)
        verb = switch.calls.get(inputs.get(switch.property, switch.first))
        if verb is not None:
            path = f"{row.version}/{fill(row.self, values)}:{verb}"
            place.api.finish(self._host(values), row.version, place.api.call("POST", self._host(values), path, {}))
        return self._state(place, self._read(place, values) or {}, inputs, values)


@special_row("colab/runtime:Runtime")
class Runtime(Switched):
    """Runtimes of notebooks, which are assigned by a template."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        template = (inputs.get("notebookRuntimeTemplateRef") or {}).get("notebookRuntimeTemplate")
        return {**super()._creation(place, values, inputs), "notebookRuntimeTemplate": template}
