"""Jobs of Storage Transfer."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_CHANGED: Final = frozenset(
    {
        "description",
        "eventStream",
        "loggingConfig",
        "notificationConfig",
        "replicationSpec",
        "schedule",
        "status",
        "transferSpec",
    }
)


@special_row("storage/transferJob:TransferJob")
class TransferJob(Tabled):
    """Jobs, which the API marks as deleted instead of removing them. The id is `{project}/{last part of the name}`."""

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a job."""
        project, _, last = identifier.partition("/")
        values = self.values(place, {**outputs, **inputs, "project": project, "name": last})
        found = self._read(place, values)
        return self._state(place, found, self._left(place, found, inputs), values) if found is not None else None

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        last = str(state.outputs["name"]).rpartition("/")[2]
        return State(f"{state.outputs['project']}/{last}", state.outputs)

    def values(self, place: Place, known: Mapping[str, Any]) -> dict[str, Any]:
        """Give the values of variables, the name with its collection."""
        values = super().values(place, known)
        return {**values, "name": _full(values["name"])} if values.get("name") else values

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        body = super()._creation(place, values, inputs)
        return {**body, "name": _full(body["name"])} if body.get("name") else body

    def _known(self, values: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
        return {**super()._known(values, answer), "name": answer["name"]}

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change a job."""
        values = self.values(place, {**old.outputs, **inputs})
        job = self._body(place, values, inputs)
        if changed & _CHANGED:
            self._patch(place, values, {name: job.get(name) for name in sorted(changed & _CHANGED)})
        return self._state(place, self._read(place, values) or {}, inputs, values)

    def delete(self, place: Place, state: State) -> None:
        """Mark a job as deleted."""
        values = self.values(place, state.outputs)
        if self._read(place, values) is not None:
            self._patch(place, values, {"status": "DELETED"})

    def _read(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        found = super()._read(place, values)
        return None if found is None or found.get("status") == "DELETED" else found

    def _patch(self, place: Place, values: Mapping[str, Any], change: Mapping[str, Any]) -> None:
        body = {
            "projectId": values["project"],
            "transferJob": {**change, "projectId": values["project"]},
            "updateTransferJobFieldMask": ",".join(change),
        }
        place.api.call("PATCH", self._host(values), f"{self.kind.row.version}/{values['name']}", body)


def _full(name: object) -> str:
    return f"transferJobs/{str(name).removeprefix('transferJobs/')}"
