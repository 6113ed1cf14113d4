"""Grants: a member of a role, all members of a role, a whole policy, and what is logged of a service.

Their ids are the provider's: `projects/acme/topics/news/roles/pubsub.publisher/user:eve@acme.test`. To import one, its
words are given apart: what has the policy, role, member, and the title of its condition.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from mockcloud.pulumi.accesses import Accesses
from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import Lifecycle, Place, State
from mockcloud.pulumi.policies import Calls, Edit, Guarded, Policies, Policy, change, guarded, read
from mockcloud.pulumi.properties import Properties, properties_of
from mockcloud.pulumi.special import special
from mockcloud.pulumi.templates import fill, variables

Values = Mapping[str, Any]

_DATASET: Final = "bigquery/datasetIam"
_AUDITED: Final = {
    "folder/iamAuditConfig:IamAuditConfig": "folder/iAM",
    "organizations/iamAuditConfig:IamAuditConfig": "organizations/iAM",
    "projects/iAMAuditConfig:IAMAuditConfig": "projects/iAM",
}
_EXACT: Final = ("principal:", "principalSet:", "principalHierarchy:")
"""Members in which upper and lower case differ."""


def spelled(member: str) -> str:
    """Give a member as Google keeps it: e-mails and domains in lower case."""
    kind, colon, value = member.partition(":")
    if not colon or member.startswith(_EXACT):
        return member
    return f"deleted:{spelled(value)}" if kind == "deleted" else f"{kind}:{value.lower()}"


def same(one: object, other: object) -> bool:
    """Whether two conditions are one."""
    return _told(one) == _told(other)


def _told(condition: object) -> tuple[str, ...]:
    found = condition if isinstance(condition, Mapping) else {}
    return tuple(str(found.get(name) or "") for name in ("title", "description", "expression"))


def policies_of(of: Guarded) -> Policies:
    """Give where the policies of a kind of thing are kept."""
    return Accesses(of) if of.stem == _DATASET else Calls(of)


@dataclass(frozen=True)
class _Part(ABC):
    """A part of a policy that a resource is.

    Attributes:
        token: The type.
        of: What has the policy.
    """

    token: str
    of: Guarded

    @cached_property
    def properties(self) -> Properties:
        return properties_of(self.token) or {}

    @cached_property
    def policies(self) -> Policies:
        return policies_of(self.of)

    def create(self, place: Place, inputs: Values) -> State:
        """Put it into the policy."""
        values = self.of.values(place.settings, inputs)
        found = change(self.policies, place, values, self._put(inputs))
        return self._state(values, inputs, self._found(found, inputs) or dict(inputs), found)

    def read(self, place: Place, identifier: str, inputs: Values, outputs: Values) -> State | None:
        """Read it from the policy; None where the policy, or what has it, has it no more."""
        known = {**outputs, **inputs}
        values = self.of.values(place.settings, known)
        if not known:
            first, *words = identifier.split(" ")
            values |= self.of.named(first)
            known = {**self._full_name(values), **self._imported(words)}
        policy = read(self.policies, place, values)
        found = self._found(policy, known) if policy is not None else None
        return self._state(values, known, found, policy or {}) if found is not None else None

    def update(self, place: Place, old: State, inputs: Values, changed: frozenset[str]) -> State:  # noqa: ARG002 - the protocol's
        """Put it anew. What makes a resource another one does not come here."""
        return self.create(place, inputs)

    def delete(self, place: Place, state: State) -> None:
        """Take it from the policy."""
        values = self.of.values(place.settings, state.outputs)
        try:
            change(self.policies, place, values, self._taken(state.outputs))
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise

    def _state(self, values: Mapping[str, str], known: Values, found: Values, policy: Policy) -> State:
        outputs = {name: known.get(name) or value for name, value in values.items() if name in self.properties}
        outputs |= {name: value for name, value in known.items() if name in self.properties}
        outputs |= {name: value for name, value in found.items() if name in self.properties}
        outputs["etag"] = policy.get("etag", "")
        return State("/".join([fill(self.of.id, values), *self._words(outputs)]), outputs)

    def _full_name(self, values: Mapping[str, str]) -> dict[str, str]:
        """Give the property that says what has the policy, as an import gives it: by its full name, mostly."""
        name = variables(self.of.self)[-1]
        if self.of.id != self.of.self or self.of.stem == _DATASET or name not in values:
            return {}
        return {name: fill(self.of.self, values)}

    @abstractmethod
    def _put(self, inputs: Values) -> Edit:
        """Give what grants."""

    @abstractmethod
    def _taken(self, outputs: Values) -> Edit:
        """Give what takes a grant back."""

    @abstractmethod
    def _found(self, policy: Policy, known: Values) -> dict[str, Any] | None:
        """Give the properties as the policy has them; None for none."""

    @abstractmethod
    def _imported(self, words: list[str]) -> dict[str, Any]:
        """Give the properties that the words of an import tell, but the first."""

    @abstractmethod
    def _words(self, outputs: Values) -> Iterable[str]:
        """Give what follows in the id."""


def _binding(policy: Policy, known: Values) -> dict[str, Any] | None:
    """Give the binding that a resource is in, its members as one list; None for none."""
    bindings = [each for each in policy.get("bindings", []) if _meant(each, known)]
    if not bindings:
        return None
    members = [member for each in bindings for member in each.get("members", [])]
    return {**bindings[0], "members": list(dict.fromkeys(members))}


def _meant(binding: Values, known: Values) -> bool:
    if binding.get("role") != known.get("role"):
        return False
    condition = known.get("condition")
    if isinstance(condition, str):
        # An import tells the title alone.
        return _told(binding.get("condition"))[0] == condition
    return same(binding.get("condition"), condition)


def _with(policy: Policy, known: Values, members: list[str]) -> Policy:
    """Give a policy in which a role has these members; none leave it out."""
    others = [each for each in policy.get("bindings", []) if not _meant(each, known)]
    made: dict[str, Any] = {"role": known["role"], "members": members}
    if known.get("condition"):
        made["condition"] = dict(known["condition"])
    return {**policy, "bindings": [*others, *([made] if members else [])]}


def _in_id(outputs: Values) -> Iterable[str]:
    return _told(outputs["condition"]) if outputs.get("condition") else ()


class Member(_Part):
    """One member of a role. Others of the role stay."""

    def _put(self, inputs: Values) -> Edit:
        member = spelled(str(inputs["member"]))

        def edit(policy: Policy) -> Policy:
            members = [spelled(each) for each in (_binding(policy, inputs) or {}).get("members", [])]
            return _with(policy, inputs, list(dict.fromkeys([*members, member])))

        return edit

    def _taken(self, outputs: Values) -> Edit:
        member = spelled(str(outputs["member"]))

        def edit(policy: Policy) -> Policy:
            members = (_binding(policy, outputs) or {}).get("members", [])
            return _with(policy, outputs, [each for each in members if spelled(each) != member])

        return edit

    def _found(self, policy: Policy, known: Values) -> dict[str, Any] | None:
        binding, member = _binding(policy, known), spelled(str(known.get("member", "")))
        if binding is None or member not in map(spelled, binding["members"]):
            return None
        return {"role": binding["role"], "member": known["member"], **_condition(binding)}

    def _imported(self, words: list[str]) -> dict[str, Any]:
        role, member, *title = [*words, "", ""] if len(words) < 2 else words  # noqa: PLR2004 - role and member
        return {"role": role, "member": member, **({"condition": " ".join(title)} if any(title) else {})}

    def _words(self, outputs: Values) -> Iterable[str]:
        return (outputs["role"], spelled(outputs["member"]), *_in_id(outputs))


def _condition(binding: Values) -> dict[str, Any]:
    return {"condition": dict(binding["condition"])} if binding.get("condition") else {}


class Binding(_Part):
    """All members of a role. Other roles stay."""

    def _put(self, inputs: Values) -> Edit:
        members = list(dict.fromkeys(spelled(each) for each in inputs["members"]))
        return lambda policy: _with(policy, inputs, members)

    def _taken(self, outputs: Values) -> Edit:
        return lambda policy: _with(policy, outputs, [])

    def _found(self, policy: Policy, known: Values) -> dict[str, Any] | None:
        binding, given = _binding(policy, known), known.get("members") or []
        if binding is None:
            return None
        unchanged = sorted(map(spelled, given)) == sorted(map(spelled, binding["members"]))
        members = list(given) if unchanged else sorted(binding["members"])
        return {"role": binding["role"], "members": members, **_condition(binding)}

    def _imported(self, words: list[str]) -> dict[str, Any]:
        role, *title = words or [""]
        return {"role": role, **({"condition": " ".join(title)} if title else {})}

    def _words(self, outputs: Values) -> Iterable[str]:
        return (outputs["role"], *_in_id(outputs))


class Whole(_Part):
    """A whole policy: what it does not say is taken away. What is there always has one, so it lasts as an empty one."""

    def _put(self, inputs: Values) -> Edit:
        told = json.loads(inputs["policyData"])
        kept = {name: told.get(name, []) for name in ("bindings", "auditConfigs") if name in told or name == "bindings"}
        return lambda policy: {**kept, "etag": policy.get("etag", "")}

    def _taken(self, outputs: Values) -> Edit:  # noqa: ARG002 - all of it goes
        return lambda policy: {"bindings": [], "etag": policy.get("etag", "")}

    def _found(self, policy: Policy, known: Values) -> dict[str, Any] | None:
        given = known.get("policyData")
        if given and _flat(json.loads(given)) == _flat(policy):
            return {"policyData": given}
        told = {name: policy[name] for name in ("auditConfigs", "bindings") if policy.get(name)}
        return {"policyData": json.dumps(told, separators=(",", ":"), sort_keys=True)}

    def _imported(self, words: list[str]) -> dict[str, Any]:  # noqa: ARG002 - the first word says it all
        return {}

    def _words(self, outputs: Values) -> Iterable[str]:  # noqa: ARG002 - the policy's id is that of what has it
        return ()


def _flat(policy: Values) -> tuple[object, ...]:
    """Give what a policy says, in whatever order and however split it says it."""
    grants = {
        (each.get("role"), _told(each.get("condition")), spelled(member))
        for each in policy.get("bindings") or ()
        for member in each.get("members") or ()
    }
    logged = {
        (each.get("service"), one.get("logType"), tuple(sorted(one.get("exemptedMembers") or ())))
        for each in policy.get("auditConfigs") or ()
        for one in each.get("auditLogConfigs") or ()
    }
    return grants, logged


class Audited(_Part):
    """What is logged of the accesses to a service, or to all of them."""

    def _put(self, inputs: Values) -> Edit:
        made = {"service": inputs["service"], "auditLogConfigs": list(inputs["auditLogConfigs"])}
        return lambda policy: {**policy, "auditConfigs": [*self._others(policy, inputs), made]}

    def _taken(self, outputs: Values) -> Edit:
        return lambda policy: {**policy, "auditConfigs": self._others(policy, outputs)}

    def _others(self, policy: Policy, known: Values) -> list[dict[str, Any]]:
        return [each for each in policy.get("auditConfigs", []) if each.get("service") != known["service"]]

    def _found(self, policy: Policy, known: Values) -> dict[str, Any] | None:
        service, given = known.get("service"), known.get("auditLogConfigs")
        configs = [each for each in policy.get("auditConfigs", []) if each.get("service") == service]
        logged = [one for each in configs for one in each.get("auditLogConfigs", [])]
        if not logged:
            return None
        mine: Policy = {"auditConfigs": [{"service": service, "auditLogConfigs": given}]}
        if given and _flat(mine) == _flat({"auditConfigs": configs}):
            logged = list(given)
        return {"service": service, "auditLogConfigs": logged}

    def _imported(self, words: list[str]) -> dict[str, Any]:
        return {"service": " ".join(words)}

    def _words(self, outputs: Values) -> Iterable[str]:
        return ("audit_config", outputs["service"])


def _register() -> None:
    forms: Mapping[str, type[_Part]] = {"Member": Member, "Binding": Binding, "Policy": Whole}
    for stem, of in guarded().items():
        for ending, form in forms.items():
            name = stem.partition("/")[2] + ending
            _made(f"{stem}{ending}:{name[0].upper()}{name[1:]}", form, of)
    for token, stem in _AUDITED.items():
        _made(token, Audited, guarded()[stem])


def _made(token: str, form: type[_Part], of: Guarded) -> None:
    def make(full: str) -> Lifecycle:
        return form(full, of)

    special(token)(make)


_register()
