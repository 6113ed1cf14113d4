"""Organisation policies by the older methods of Resource Manager."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special

_HOST: Final = "cloudresourcemanager.googleapis.com"
_PREFIX: Final = "constraints/"


@dataclass(frozen=True)
class OlderPolicy:
    """A policy of one constraint.

    Attributes:
        property: The property that says where it holds: `folder`.
        collection: `folders`.
        separator: What stands between that and the constraint in an id.
    """

    property: str
    collection: str
    separator: str = "/"

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Set the policy."""
        sent = {"policy": {"constraint": _full(inputs), **_body(inputs)}}
        place.api.call("POST", _HOST, f"v1/{self._holder(inputs)}:setOrgPolicy", sent)
        return self._state(self._get(place, inputs) or {}, inputs)

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read the policy; None where nothing is set."""
        known = {**outputs, **inputs} or self._told(identifier)
        found = self._get(place, known) if known else None
        return self._state(found, known) if found is not None else None

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:  # noqa: ARG002 - a policy is set whole
        """Set the policy anew."""
        return self.create(place, inputs)

    def delete(self, place: Place, state: State) -> None:
        """Clear the policy."""
        body = {"constraint": _full(state.outputs)}
        place.api.remove("POST", _HOST, f"v1/{self._holder(state.outputs)}:clearOrgPolicy", body)

    def _holder(self, known: Mapping[str, Any]) -> str:
        return f"{self.collection}/{str(known[self.property]).rpartition('/')[2]}"

    def _get(self, place: Place, known: Mapping[str, Any]) -> dict[str, Any] | None:
        path = f"v1/{self._holder(known)}:getOrgPolicy"
        found = place.api.call("POST", _HOST, path, {"constraint": _full(known)})
        # Where nothing is set Google answers an empty policy, which no one ever wrote.
        return found if found.get("updateTime") else None

    def _told(self, identifier: str) -> dict[str, Any]:
        """Read an id: `acme:constraints/compute.x`, `folders/1/constraints/compute.x`, `1/compute.x`."""
        before, _, constraint = identifier.replace(_PREFIX, "").rpartition(self.separator)
        where = before.rpartition("/")[2]
        holder = f"folders/{where}" if self.property == "folder" else where
        return {self.property: holder, "constraint": constraint} if where and constraint else {}

    def _state(self, found: Mapping[str, Any], known: Mapping[str, Any]) -> State:
        kept = {name: known[name] for name in (self.property, "constraint", "deletionPolicy") if name in known}
        told = {"etag": found.get("etag", ""), "updateTime": found.get("updateTime", ""), "version": 0}
        outputs = {**kept, **told, **_properties(found, known)}
        return State(f"{known[self.property]}{self.separator}{known['constraint']}", outputs)


def _full(known: Mapping[str, Any]) -> str:
    return _PREFIX + str(known["constraint"]).removeprefix(_PREFIX)


def _body(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give a policy as the API has it."""
    if inputs.get("booleanPolicy"):
        return {"booleanPolicy": {"enforced": bool(inputs["booleanPolicy"].get("enforced"))}}
    if inputs.get("restorePolicy"):
        return {"restoreDefault": {}}
    given = inputs.get("listPolicy") or {}
    sent = {name: given[name] for name in ("inheritFromParent", "suggestedValue") if given.get(name)}
    for name, word in (("allow", "allowedValues"), ("deny", "deniedValues")):
        told = given.get(name) or {}
        if told.get("all"):
            sent["allValues"] = name.upper()
        elif told.get("values"):
            sent[word] = list(told["values"])
    return {"listPolicy": sent}


def _properties(found: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Give a policy as a program has it."""
    if "booleanPolicy" in found:
        return {"booleanPolicy": {"enforced": bool(found["booleanPolicy"].get("enforced"))}}
    if "restoreDefault" in found:
        return {"restorePolicy": {"default": True}}
    listed = found.get("listPolicy", {})
    told: dict[str, Any] = {"inheritFromParent": bool(listed.get("inheritFromParent"))}
    suggested = listed.get("suggestedValue") or (known.get("listPolicy") or {}).get("suggestedValue")
    if suggested:
        told["suggestedValue"] = suggested
    for name, word in (("allow", "allowedValues"), ("deny", "deniedValues")):
        if listed.get("allValues") == name.upper():
            told[name] = {"all": True}
        elif listed.get(word):
            told[name] = {"all": False, "values": list(listed[word])}
    return {"listPolicy": told}


_FORMS: Final = {
    "gcp:projects/organizationPolicy:OrganizationPolicy": OlderPolicy("project", "projects", ":"),
    "gcp:folder/organizationPolicy:OrganizationPolicy": OlderPolicy("folder", "folders"),
    "gcp:organizations/policy:Policy": OlderPolicy("orgId", "organizations"),
}


@special(*(token.removeprefix("gcp:") for token in _FORMS))
def _policy(token: str) -> OlderPolicy:
    return _FORMS[token]
