"""Service accounts, their keys, and roles of one's own."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.lifecycle import Fixed, Place, State
from mockcloud.pulumi.properties import properties_of
from mockcloud.pulumi.special import special, special_row
from mockcloud.pulumi.tabled import Tabled

_HOST: Final = "iam.googleapis.com"
_TAKEN: Final = 409


@special_row("serviceaccount/account:Account")
class Account(Tabled):
    """Service accounts: one that is there may be taken over, and `disabled` has methods of its own."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make an account, or take over the one that is there where the program says so."""
        try:
            state = super().create(place, inputs)
        except Refused as refused:
            if refused.status != _TAKEN or not inputs.get("createIgnoreAlreadyExists"):
                raise
            email = f"{inputs['accountId']}@{place.project(inputs)}.iam.gserviceaccount.com"
            found = self.read(place, f"projects/{place.project(inputs)}/serviceAccounts/{email}", inputs, {})
            if found is None:
                raise
            state = found
        return self._switched(place, state, inputs) if inputs.get("disabled") else state

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change an account."""
        if "disabled" in changed:
            self._switched(place, old, inputs)
        return super().update(place, old, inputs, changed - {"disabled"})

    def _switched(self, place: Place, state: State, inputs: Mapping[str, Any]) -> State:
        place.api.call("POST", _HOST, f"v1/{state.id}:{'disable' if inputs.get('disabled') else 'enable'}", {})
        return self.read(place, state.id, inputs, state.outputs) or state

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        email = str(body.get("email", ""))
        told = {"member": f"serviceAccount:{email}", "accountId": email.partition("@")[0]}
        return State(state.id, {**state.outputs, **told, "disabled": bool(body.get("disabled"))})


@special_row("projects/iAMCustomRole:IAMCustomRole", "organizations/iAMCustomRole:IAMCustomRole")
class CustomRole(Tabled):
    """Roles. One that was deleted keeps its id for a week, and is brought back when it is made again."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a role, or bring back the one that was deleted."""
        values = self.values(place, inputs)
        found = super()._read(place, values)
        if found is None or not found.get("deleted"):
            return super().create(place, inputs)
        place.api.call("POST", _HOST, f"v1/{found['name']}:undelete", {})
        return self.update(place, State(str(found["name"]), {}), inputs, frozenset(self.kind.properties))

    def _read(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        found = super()._read(place, values)
        return None if found is None or found.get("deleted") else found

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        return State(state.id, {"deleted": False, **state.outputs})


class AccountKey(Fixed):
    """Keys of service accounts. Only the answer that makes one holds the private key."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a key, or upload the public part of one."""
        account = account_name(place, str(inputs["serviceAccountId"]), {})
        if inputs.get("publicKeyData"):
            sent, ending = {"publicKeyData": inputs["publicKeyData"]}, ":upload"
        else:
            sent, ending = {name: inputs[name] for name in ("keyAlgorithm", "privateKeyType") if name in inputs}, ""
        made = place.api.call("POST", _HOST, f"v1/{account}/keys{ending}", sent)
        private = {"privateKey": made["privateKeyData"]} if "privateKeyData" in made else {}
        return self._state(place, str(made["name"]), {**inputs, **private}) or State(str(made["name"]), dict(inputs))

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a key. One that is read for an import has no private part."""
        return self._state(place, identifier, {**outputs, **inputs})

    def delete(self, place: Place, state: State) -> None:
        """Remove a key."""
        place.api.remove("DELETE", _HOST, f"v1/{state.id}")

    def _state(self, place: Place, name: str, known: Mapping[str, Any]) -> State | None:
        kind = known.get("publicKeyType") or "TYPE_X509_PEM_FILE"
        found = place.api.find(_HOST, f"v1/{name}?publicKeyType={kind}")
        if found is None:
            return None
        outputs = {
            "serviceAccountId": name.partition("/keys/")[0],
            **known,
            "name": name,
            "publicKey": found.get("publicKeyData", ""),
            "validAfter": found.get("validAfterTime", ""),
            "validBefore": found.get("validBeforeTime", ""),
        }
        if "keyAlgorithm" in found:
            outputs.setdefault("keyAlgorithm", found["keyAlgorithm"])
        wanted = properties_of("gcp:serviceaccount/key:Key") or {}
        return State(name, {each: value for each, value in outputs.items() if each in wanted})


def account_name(place: Place, given: str, known: Mapping[str, Any]) -> str:
    """Give the full name of an account that is given by it, by its e-mail, or by its short id.

    Args:
        place: Where it is.
        given: What names it.
        known: Properties beside it, of which `project` counts.
    """
    if re.fullmatch(r"projects/[^/]+/serviceAccounts/[^/]+", given):
        return given
    if "@" in given:
        return f"projects/-/serviceAccounts/{given}"
    project = place.project(known)
    return f"projects/{project}/serviceAccounts/{given}@{project}.iam.gserviceaccount.com"


@special("serviceaccount/key:Key")
def _key(token: str) -> AccountKey:  # noqa: ARG001 - one type
    return AccountKey()
