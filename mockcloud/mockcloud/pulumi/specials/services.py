"""APIs of projects, switched on and off, and the identities under which Google's services act."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Fixed, Place, State
from mockcloud.pulumi.special import special
from mockcloud.pulumi.templates import fill, parse

_HOST: Final = "serviceusage.googleapis.com"
_ID: Final = "{project}/{service}"


class Service:
    """An API of a project. It stays on when the resource goes, unless the program says otherwise."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Switch an API on."""
        project, service = _project(place, inputs), str(inputs["service"])
        answer = place.api.call("POST", _HOST, f"v1/projects/{project}/services:batchEnable", {"serviceIds": [service]})
        place.api.finish(_HOST, "v1", answer)
        return State(f"{project}/{service}", {**inputs, "project": project})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read whether an API is on; None where it is off."""
        named = parse(_ID, identifier) or {"project": place.project({}), "service": identifier}
        found = place.api.find(_HOST, f"v1/{fill('projects/{project}/services/{service}', named)}")
        if found is None or found.get("state") != "ENABLED":
            return None
        return State(f"{named['project']}/{named['service']}", {**outputs, **named, **inputs})

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:  # noqa: ARG002 - the protocol's
        """Change what happens when it goes."""
        return State(old.id, {**inputs, "project": _project(place, {**old.outputs, **inputs})})

    def delete(self, place: Place, state: State) -> None:
        """Switch it off, where the program says that it is to be."""
        if not state.outputs.get("disableOnDestroy"):
            return
        path = fill("v1/projects/{project}/services/{service}:disable", state.outputs)
        body = {"disableDependentServices": bool(state.outputs.get("disableDependentServices"))}
        place.api.finish(_HOST, "v1", place.api.remove("POST", _HOST, path, body))


class ServiceIdentity(Fixed):
    """The account under which a service acts. It is made at first use, and stays."""

    def __init__(self, template: str) -> None:
        self._template = template

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Have the account made."""
        known = {**inputs, "project": _project(place, inputs)} if "{project}" in self._template else dict(inputs)
        path = fill(self._template, known)
        answer = place.api.call("POST", _HOST, f"v1beta1/{path}:generateServiceIdentity", {})
        ended = place.api.finish(_HOST, "v1beta1", answer) or {}
        email = str(ended.get("email", ""))
        who = {"email": email, "member": f"serviceAccount:{email}"} if email else {}
        return State(path, {**known, **who})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Give the account as it was made. Google has no call that reads it, so an import makes it."""
        if outputs:
            return State(identifier, {**outputs, **inputs})
        named = parse(self._template, identifier)
        return self.create(place, named) if named is not None else None

    def delete(self, place: Place, state: State) -> None:
        """Leave it: Google has no call that removes it."""


def _project(place: Place, inputs: Mapping[str, Any]) -> str:
    return fill("{project}", {"project": place.project(inputs)})


@special("projects/service:Service")
def _service(token: str) -> Service:  # noqa: ARG001 - one type
    return Service()


_TEMPLATES: Final = {
    "gcp:projects/serviceIdentity:ServiceIdentity": "projects/{project}/services/{service}",
    "gcp:folder/serviceIdentity:ServiceIdentity": "folders/{folder}/services/{service}",
    "gcp:organizations/serviceIdentity:ServiceIdentity": "organizations/{organization}/services/{service}",
}


@special(*(token.removeprefix("gcp:") for token in _TEMPLATES))
def _identity(token: str) -> ServiceIdentity:
    return ServiceIdentity(_TEMPLATES[token])
