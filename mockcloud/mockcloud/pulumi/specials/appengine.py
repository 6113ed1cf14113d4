"""Versions of App Engine: their removal is what the program says, of the version, of its service, or of nothing."""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.rows import Request
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill


@special_row(
    "appengine/flexibleAppVersion:FlexibleAppVersion",
    "appengine/standardAppVersion:StandardAppVersion",
)
class Version(Tabled):
    """Versions, which are deployed anew when they change."""

    def _change(
        self,
        place: Place,
        request: Request,
        values: Mapping[str, Any],
        inputs: Mapping[str, Any],
        changed: frozenset[str],
    ) -> None:
        """Deploy a version again, under its id."""
        if changed - self.kind.row.own:
            answer = self._send(place, request, values, self._creation(place, values, inputs))
            place.api.finish(self._host(values), self.kind.row.version, answer)

    def delete(self, place: Place, state: State) -> None:
        """Remove a version, its whole service, or nothing."""
        if state.outputs.get("noopOnDestroy"):
            return
        if not state.outputs.get("deleteServiceOnDestroy"):
            super().delete(place, state)
            return
        row, values = self.kind.row, self.values(place, state.outputs)
        if self._read(place, values) is not None:
            path = fill("apps/{project}/services/{service}", values)
            answer = place.api.call("DELETE", self._host(values), f"{row.version}/{path}", None)
            place.api.finish(self._host(values), row.version, answer)
