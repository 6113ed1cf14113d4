"""Projects and folders, and which account pays for a project."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.settled import labels_of
from mockcloud.pulumi.special import special, special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill
from mockcloud.pulumi.translate import ATTRIBUTION

_HOST: Final = "cloudresourcemanager.googleapis.com"
_BILLING: Final = "cloudbilling.googleapis.com"


@special_row("organizations/project:Project")
class Project(Tabled):
    """Projects: made, paid for, and moved by calls of their own."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a project."""
        project = str(inputs["projectId"])
        sent = {
            "projectId": project,
            "name": inputs.get("name", project),
            "labels": labels_of(self.kind, place, inputs),
        }
        parent = _parent(inputs)
        answer = place.api.call("POST", _HOST, "v1/projects", {**sent, **({"parent": parent} if parent else {})})
        place.api.finish(_HOST, "v1", answer)
        if inputs.get("billingAccount"):
            pay(place, project, str(inputs["billingAccount"]))
        if inputs.get("autoCreateNetwork") is False:
            self._without_network(place, project)
        return self._now(place, project, inputs, {})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a project; one that is to be removed is there no more."""
        project = identifier.removeprefix("projects/")
        found = place.api.find(_HOST, f"v1/projects/{project}")
        if found is None or found.get("lifecycleState") != "ACTIVE":
            return None
        return self._now(place, project, inputs, outputs)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change a project: its name and labels, where it lies, who pays for it."""
        project = str(old.outputs["projectId"])
        if changed & {"name", "labels"}:
            found = place.api.call("GET", _HOST, f"v1/projects/{project}")
            told = {"name": inputs.get("name", found.get("name")), "labels": labels_of(self.kind, place, inputs)}
            place.api.call("PUT", _HOST, f"v1/projects/{project}", {**found, **told})
        parent = _parent(inputs)
        if changed & {"orgId", "folderId"} and parent:
            name = f"{parent['type']}s/{parent['id']}"
            answer = place.api.call("POST", _HOST, f"v3/projects/{project}:move", {"destinationParent": name})
            place.api.finish(_HOST, "v3", answer)
        if "billingAccount" in changed:
            pay(place, project, str(inputs.get("billingAccount") or ""))
        return self._now(place, project, inputs, old.outputs)

    def delete(self, place: Place, state: State) -> None:
        """Have a project removed: Google keeps it for 30 days."""
        place.api.finish(_HOST, "v1", place.api.remove("DELETE", _HOST, f"v1/{state.id}"))

    def _without_network(self, place: Place, project: str) -> None:
        host, path = "compute.googleapis.com", f"compute/v1/projects/{project}/global/networks/default"
        try:
            if place.api.find(host, path) is not None:
                place.api.finish(host, "compute/v1", place.api.call("DELETE", host, path))
        except Refused as refused:
            # A project without Compute Engine has no network to remove.
            if refused.reason != "PERMISSION_DENIED":
                raise

    def _now(self, place: Place, project: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> State:
        found = place.api.call("GET", _HOST, f"v1/projects/{project}")
        paid = place.api.find(_BILLING, f"v1/projects/{project}/billingInfo") or {}
        parent, real = found.get("parent") or {}, found.get("labels") or {}
        own = inputs.get("labels") or ({} if inputs else {k: v for k, v in real.items() if k not in ATTRIBUTION})
        told = {
            "projectId": project,
            "name": found.get("name", ""),
            "number": str(found.get("projectNumber", "")),
            "labels": {each: real[each] for each in own if each in real},
            "pulumiLabels": {**place.settings.labels, **own},
            "effectiveLabels": dict(real),
            "autoCreateNetwork": True,
        }
        if parent.get("type") in {"folder", "organization"}:
            told["folderId" if parent["type"] == "folder" else "orgId"] = str(parent["id"])
        if paid.get("billingAccountName"):
            told["billingAccount"] = str(paid["billingAccountName"]).removeprefix("billingAccounts/")
        kept = {name: outputs[name] for name in ("deletionPolicy", "autoCreateNetwork", "tags") if name in outputs}
        given = {name: inputs[name] for name in ("deletionPolicy", "autoCreateNetwork", "tags") if name in inputs}
        folder = inputs.get("folderId")
        if folder and str(folder).removeprefix("folders/") == told.get("folderId"):
            told["folderId"] = str(folder)
        return State(f"projects/{project}", {**told, **kept, **given})


def _parent(inputs: Mapping[str, Any]) -> dict[str, str]:
    for name, kind in (("folderId", "folder"), ("orgId", "organization")):
        if inputs.get(name):
            return {"type": kind, "id": str(inputs[name]).rpartition("/")[2]}
    return {}


def pay(place: Place, project: str, account: str) -> None:
    """Have a billing account pay for a project; "" for none."""
    name = f"billingAccounts/{account.removeprefix('billingAccounts/')}" if account else ""
    place.api.call("PUT", _BILLING, f"v1/projects/{project}/billingInfo", {"billingAccountName": name})


@special_row("organizations/folder:Folder")
class Folder(Tabled):
    """Folders. Their parent changes by a call of its own."""

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change a folder."""
        if "parent" in changed:
            answer = place.api.call("POST", _HOST, f"v3/{old.id}:move", {"destinationParent": inputs["parent"]})
            place.api.finish(_HOST, "v3", answer)
        return super().update(place, old, inputs, changed - {"parent"})

    def _read(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        found = super()._read(place, values)
        return None if found is None or found.get("state") == "DELETE_REQUESTED" else found

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        name = str(body.get("name", ""))
        return State(name or state.id, {**state.outputs, "folderId": name.removeprefix("folders/")})


class ProjectInfo:
    """Which billing account pays for a project."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Have an account pay."""
        project = fill("{project}", {"project": place.project(inputs)})
        pay(place, project, str(inputs["billingAccount"]))
        return State(f"projects/{project}", {**inputs, "project": project})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read who pays; None for no one."""
        project = identifier.removeprefix("projects/")
        found = place.api.find(_BILLING, f"v1/projects/{project}/billingInfo") or {}
        account = str(found.get("billingAccountName") or "").removeprefix("billingAccounts/")
        if not account:
            return None
        given = str({**outputs, **inputs}.get("billingAccount", ""))
        told = given if given.removeprefix("billingAccounts/") == account else account
        return State(f"projects/{project}", {**outputs, **inputs, "project": project, "billingAccount": told})

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:  # noqa: ARG002 - the protocol's
        """Have another account pay."""
        return self.create(place, {"project": old.outputs["project"], **inputs})

    def delete(self, place: Place, state: State) -> None:
        """Have no one pay."""
        path = f"v1/projects/{state.outputs['project']}/billingInfo"
        place.api.remove("PUT", _BILLING, path, {"billingAccountName": ""})


@special("billing/projectInfo:ProjectInfo")
def _project_info(token: str) -> ProjectInfo:  # noqa: ARG001 - one type
    return ProjectInfo()
