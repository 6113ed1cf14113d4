"""What projects have from the beginning, put away: grants of members, default accounts; and where usage is written."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Fixed, Place, State
from mockcloud.pulumi.policies import Calls, Policy, change, guarded, read
from mockcloud.pulumi.special import special
from mockcloud.pulumi.specials.iam import spelled

_IAM: Final = "iam.googleapis.com"
_COMPUTE: Final = "compute.googleapis.com"
_PROJECTS: Final = "projects/iAM"
_EDITOR: Final = "roles/editor"
_DEFAULTS: Final = ("-compute@developer.gserviceaccount.com", "@appspot.gserviceaccount.com")


def _without(policy: Policy, role: str, members: set[str]) -> Policy:
    """Give a policy in which members have a role no more."""
    bindings = []
    for each in policy.get("bindings", []):
        if each.get("role") == role:
            left = [member for member in each.get("members", []) if spelled(member) not in members]
            bindings += [{**each, "members": left}] if left else []
        else:
            bindings.append(each)
    return {**policy, "bindings": bindings}


def _with(policy: Policy, role: str, members: set[str]) -> Policy:
    """Give a policy in which members have a role, whatever the conditions of others."""
    others = [each for each in policy.get("bindings", []) if each.get("role") != role or each.get("condition")]
    had = [each for each in policy.get("bindings", []) if each not in others]
    held = dict.fromkeys([*(member for each in had for member in each.get("members", [])), *sorted(members)])
    return {**policy, "bindings": [*others, {"role": role, "members": list(held)}]}


class MemberRemove(Fixed):
    """A grant that must not be. Where it comes back, the resource is gone, and is made anew."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Take the grant away."""
        role, member = str(inputs["role"]), spelled(str(inputs["member"]))
        calls = Calls(guarded()[_PROJECTS])
        change(calls, place, {"project": str(inputs["project"])}, lambda policy: _without(policy, role, {member}))
        return State(f"{inputs['project']}/{member}/{role}", dict(inputs))

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Look whether the grant is away."""
        known = {**outputs, **inputs}
        if not known:
            return None
        policy = read(Calls(guarded()[_PROJECTS]), place, {"project": str(known["project"])}) or {}
        there = {
            spelled(member)
            for each in policy.get("bindings", [])
            if each.get("role") == known["role"]
            for member in each.get("members", [])
        }
        return State(identifier, known) if spelled(str(known["member"])) not in there else None

    def delete(self, place: Place, state: State) -> None:
        """Leave it away."""


class DefaultAccounts(Fixed):
    """The accounts that a project has from the beginning: without the editor's role, disabled, or deleted."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Do to them what the program says."""
        project, action = str(inputs["project"]).removeprefix("projects/"), str(inputs["action"])
        accounts = self._accounts(place, project)
        if action == "DEPRIVILEGE":
            members = {f"serviceAccount:{each['email']}" for each in accounts}
            change(
                Calls(guarded()[_PROJECTS]),
                place,
                {"project": project},
                lambda policy: _without(policy, _EDITOR, members),
            )
        for each in accounts:
            if action == "DISABLE":
                place.api.call("POST", _IAM, f"v1/{each['name']}:disable", {})
            elif action == "DELETE":
                place.api.remove("DELETE", _IAM, f"v1/{each['name']}")
        told = {str(each["uniqueId"]): str(each["email"]) for each in accounts}
        return State(f"projects/{project}", {**inputs, "serviceAccounts": told})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Give what was done. It cannot be imported."""
        del place
        return State(identifier, {**outputs, **inputs}) if outputs else None

    def delete(self, place: Place, state: State) -> None:
        """Undo it, as far as the restore policy says so and Google can."""
        policy, action = state.outputs.get("restorePolicy"), state.outputs.get("action")
        accounts: Mapping[str, str] = state.outputs.get("serviceAccounts") or {}
        if policy not in {"REVERT", "REVERT_AND_IGNORE_FAILURE"} or not accounts:
            return
        project = state.id.removeprefix("projects/")
        if action == "DEPRIVILEGE":
            members = {f"serviceAccount:{email}" for email in accounts.values()}
            change(
                Calls(guarded()[_PROJECTS]), place, {"project": project}, lambda found: _with(found, _EDITOR, members)
            )
        for unique, email in accounts.items():
            if action == "DISABLE":
                place.api.remove("POST", _IAM, f"v1/projects/{project}/serviceAccounts/{email}:enable", {})
            elif action == "DELETE":
                place.api.remove("POST", _IAM, f"v1/projects/{project}/serviceAccounts/{unique}:undelete", {})

    def _accounts(self, place: Place, project: str) -> list[dict[str, Any]]:
        found = place.api.call("GET", _IAM, f"v1/projects/{project}/serviceAccounts?pageSize=100").get("accounts", [])
        return [dict(each) for each in found if str(each.get("email", "")).endswith(_DEFAULTS)]


class UsageExport(Fixed):
    """Where Compute Engine writes what is used of it."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Say where."""
        project = place.project(inputs)
        prefix = {"reportNamePrefix": inputs["prefix"]} if inputs.get("prefix") else {}
        self._set(place, project, {"bucketName": inputs["bucketName"], **prefix})
        return State(project, {**inputs, "project": project})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read where; None for nowhere."""
        project = identifier.removeprefix("projects/")
        found = (place.api.find(_COMPUTE, f"compute/v1/projects/{project}") or {}).get("usageExportLocation") or {}
        if not found.get("bucketName"):
            return None
        prefix = {"prefix": found["reportNamePrefix"]} if found.get("reportNamePrefix") else {}
        told = {"project": project, "bucketName": found["bucketName"], **prefix}
        return State(project, {**outputs, **inputs, **told})

    def delete(self, place: Place, state: State) -> None:
        """Write it nowhere."""
        self._set(place, state.id, {})

    def _set(self, place: Place, project: str, body: Mapping[str, Any]) -> None:
        path = f"compute/v1/projects/{project}/setUsageExportBucket"
        place.api.finish(_COMPUTE, "compute/v1", place.api.call("POST", _COMPUTE, path, dict(body)))


@special("projects/iamMemberRemove:IamMemberRemove")
def _member(token: str) -> MemberRemove:  # noqa: ARG001 - one type
    return MemberRemove()


@special("projects/defaultServiceAccounts:DefaultServiceAccounts")
def _accounts(token: str) -> DefaultAccounts:  # noqa: ARG001 - one type
    return DefaultAccounts()


@special("projects/usageExportBucket:UsageExportBucket")
def _usage(token: str) -> UsageExport:  # noqa: ARG001 - one type
    return UsageExport()
