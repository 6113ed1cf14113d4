"""Bitbucket servers of Cloud Build, whose repositories are connected one by one, by calls of their own."""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill

_REPOSITORIES = "connectedRepositories"


@special_row("cloudbuild/bitbucketServerConfig:BitbucketServerConfig")
class BitbucketServer(Tabled):
    """Servers."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make one known, and connect its repositories."""
        state = super().create(place, inputs)
        return self._connected(place, state, inputs) if inputs.get(_REPOSITORIES) else state

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change one, and connect and let go of repositories."""
        state = super().update(place, old, inputs, changed - {_REPOSITORIES})
        return self._connected(place, state, inputs) if _REPOSITORIES in changed else state

    def _connected(self, place: Place, state: State, inputs: Mapping[str, Any]) -> State:
        values = self.values(place, {**state.outputs, **inputs})
        there = (self._read(place, values) or {}).get(_REPOSITORIES) or []
        wanted = [dict(each) for each in inputs.get(_REPOSITORIES) or []]
        for each in there:
            if each not in wanted:
                self._call(place, values, ":removeBitbucketServerConnectedRepository", {"connectedRepository": each})
        new = [{"bitbucketServerConnectedRepository": {"repo": each}} for each in wanted if each not in there]
        if new:
            self._call(place, values, f"/{_REPOSITORIES}:batchCreate", {"requests": new})
        return self._state(place, self._read(place, values) or {}, inputs, values)

    def _call(self, place: Place, values: Mapping[str, Any], verb: str, body: object) -> None:
        row = self.kind.row
        path = f"{row.version}/{fill(row.self, values)}{verb}"
        place.api.finish(row.host, row.version, place.api.call("POST", row.host, path, body))
