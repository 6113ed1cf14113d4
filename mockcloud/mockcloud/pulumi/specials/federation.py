"""Identities: pools whose attestation rules have calls of their own, and members of groups with their roles."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill

_RULES: Final = "attestationRules"
_TAKEN: Final = 409


@special_row(
    "iam/workforcePool:WorkforcePool",
    "iam/workforcePoolProvider:WorkforcePoolProvider",
    "iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
)
class Restored(Tabled):
    """Pools and their providers. What is removed keeps its name for 30 days, so it is brought back."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make it, or bring back the one of the name that was removed, and make it as the program says."""
        row, values = self.kind.row, self.values(place, inputs)
        path = fill(row.self, values)
        found = place.api.find(row.host, f"{row.version}/{path}") or {}
        if found.get("state") != "DELETED":
            return super().create(place, inputs)
        answer = place.api.call("POST", row.host, f"{row.version}/{path}:undelete", {})
        place.api.finish(row.host, row.version, answer)
        old = super().read(place, path, inputs, {})
        return super().update(place, old or State(path, {}), inputs, frozenset(inputs))


@special_row(
    "iam/workloadIdentityPool:WorkloadIdentityPool",
    "iam/workloadIdentityPoolManagedIdentity:WorkloadIdentityPoolManagedIdentity",
)
class Attested(Restored):
    """What has attestation rules."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make it, then set its rules."""
        state = super().create(place, inputs)
        return self._with_rules(place, state, inputs) if inputs.get(_RULES) else state

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change it, then set its rules where those changed."""
        state = super().update(place, old, inputs, changed - {_RULES})
        return self._with_rules(place, state, inputs) if _RULES in changed else state

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read it with its rules."""
        state = super().read(place, identifier, inputs, outputs)
        return self._as_ruled(place, state) if state is not None else None

    def _with_rules(self, place: Place, state: State, inputs: Mapping[str, Any]) -> State:
        row = self.kind.row
        sent = {_RULES: list(inputs.get(_RULES) or [])}
        answer = place.api.call("POST", row.host, f"{row.version}/{state.id}:setAttestationRules", sent)
        place.api.finish(row.host, row.version, answer)
        return self._as_ruled(place, state)

    def _as_ruled(self, place: Place, state: State) -> State:
        row = self.kind.row
        found = place.api.find(row.host, f"{row.version}/{state.id}:listAttestationRules") or {}
        outputs = {name: value for name, value in state.outputs.items() if name != _RULES}
        rules = [{"googleCloudResource": each["googleCloudResource"]} for each in found.get(_RULES, [])]
        return State(state.id, {**outputs, **({_RULES: rules} if rules else {})})


@special_row("cloudidentity/groupMembership:GroupMembership")
class Membership(Tabled):
    """Members of groups. Their roles are added and taken by a call of its own."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a member, or take over the one that is there where the program says so."""
        try:
            return super().create(place, inputs)
        except Refused as refused:
            name = self._there(place, inputs)
            if refused.status != _TAKEN or not inputs.get("createIgnoreAlreadyExists") or not name:
                raise
            found = self.read(place, name, inputs, {})
            if found is None:
                raise
            return self.update(place, found, inputs, frozenset({"roles"}))

    def _there(self, place: Place, inputs: Mapping[str, Any]) -> str:
        """Give the name of the membership of the same member; "" for none."""
        row, key = self.kind.row, inputs.get("preferredMemberKey") or inputs.get("memberKey") or {}
        found = place.api.find(row.host, f"{row.version}/{inputs['group']}/memberships") or {}
        same = (
            each
            for each in found.get("memberships", [])
            if each.get("preferredMemberKey", {}).get("id") == key.get("id")
        )
        return next((str(each["name"]) for each in same), "")

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change the roles of a member."""
        if "roles" in changed:
            row = self.kind.row
            before = {each["name"] for each in old.outputs.get("roles", [])}
            after = {each["name"]: each for each in inputs.get("roles", [])}
            path = f"{row.version}/{old.id}:modifyMembershipRoles"
            # A call may add or remove, not both.
            if added := [after[name] for name in sorted(set(after) - before)]:
                place.api.call("POST", row.host, path, {"addRoles": added})
            if removed := sorted(before - set(after)):
                place.api.call("POST", row.host, path, {"removeRoles": removed})
        return super().update(place, old, inputs, changed - {"roles"})
