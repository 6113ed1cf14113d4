"""IAM policies on resources: read, written with etags, whichever version of the API asks."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.access import cel
from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import aborted, invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

EMPTY: Final[Body] = {"version": 1, "bindings": []}
_WITH_CONDITIONS: Final = 3
"""Version of a policy that may hold conditions."""


def read(call: Call, api: str, name: str) -> dict[str, Any]:
    """Give the policy on a resource, with its etag; an empty one where there is none."""
    policy = call.cloud.store.policies.get((api, name), EMPTY)
    return {**policy, "etag": policy.get("etag", etag(policy))}


def write(call: Call, api: str, name: str, policy: Mapping[str, Any], mask: str = "") -> dict[str, Any]:
    """Put a policy on a resource.

    Args:
        call: The call.
        api: API of the resource.
        name: Its full name.
        policy: The policy.
        mask: What of it counts; by default bindings and etag (google.iam.v1.SetIamPolicyRequest).

    Raises:
        ApiError: The etag is stale, or the policy makes no sense.
    """
    current = read(call, api, name)
    given = policy.get("etag")
    if given and given != current["etag"]:
        raise aborted(
            "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff."
        )
    bindings = policy.get("bindings", [])
    _check(bindings, policy)
    written = {key: policy[key] for key in ("auditConfigs",) if key in policy}
    if "auditConfigs" in current and "auditConfigs" not in mask and "auditConfigs" not in policy:
        written["auditConfigs"] = current["auditConfigs"]
    conditional = any(each.get("condition") for each in bindings)
    stored = {"version": _WITH_CONDITIONS if conditional else 1, "bindings": list(bindings), **written}
    stored["etag"] = etag({**stored, "before": current["etag"]})
    call.cloud.access.changed((api, name), call.cloud.store.policies.get((api, name), EMPTY))
    call.cloud.store.policies[api, name] = stored
    call.cloud.journal.change(
        at=call.cloud.clock.tick(),
        caller=call.caller.member,
        method=call.method.full_id,
        api=api,
        name=name,
        what="policy",
    )
    return stored


def granted(cloud: "Cloud", api: str, name: str, role: str, *members: str) -> None:
    """Give members a role on a resource, as a test or Google itself does: nobody is asked.

    Args:
        cloud: The cloud.
        api: API of the resource: `cloudresourcemanager` for projects.
        name: Its full name: `projects/acme`.
        role: `roles/aiplatform.user`.
        members: Who.
    """
    with cloud.alone():
        _grant(cloud, api, name, role, members)


def _grant(cloud: "Cloud", api: str, name: str, role: str, members: Iterable[str]) -> None:
    policy = cloud.store.policies.get((api, name), EMPTY)
    bindings = [dict(each) for each in policy["bindings"]]
    mine = next((each for each in bindings if each["role"] == role and not each.get("condition")), None)
    if mine is None:
        mine = {"role": role, "members": []}
        bindings.append(mine)
    before = mine.get("members", [])
    if set(members) <= set(before):
        return
    mine["members"] = sorted({*before, *members})
    stored = {**policy, "bindings": bindings}
    stored["etag"] = etag({**stored, "before": policy.get("etag", "")})
    cloud.store.policies[api, name] = stored


def changed_roles(call: Call, name: str) -> list[str]:
    """Give the roles whose members a call would change, or the conditions under which they have them, sorted.

    Args:
        call: The call.
        name: Full name of what the policy is on.
    """
    current = call.cloud.store.policies.get((call.api, name), EMPTY)
    new = call.body.get("policy", call.body)

    def by_role(policy: Mapping[str, Any]) -> dict[str, set[tuple[str, str]]]:
        found: dict[str, set[tuple[str, str]]] = {}
        for each in policy.get("bindings", ()):
            condition = json.dumps(each.get("condition"), sort_keys=True)
            members = {(member, condition) for member in each.get("members", ())}
            found.setdefault(each.get("role", ""), set()).update(members)
        return found

    before, after = by_role(current), by_role(new)
    return sorted(role for role in before.keys() | after.keys() if before.get(role) != after.get(role))


def _check(bindings: object, policy: Mapping[str, Any]) -> None:
    if not isinstance(bindings, list):
        raise invalid("The bindings of a policy are a list.", Violation("policy.bindings", "It is no list."))
    for at, binding in enumerate(bindings):
        where = f"policy.bindings[{at}]"
        role = binding.get("role", "")
        if not role:
            raise invalid("Role (roles/...) must be set.", Violation(f"{where}.role", "It is empty."))
        if binding.get("condition") and policy.get("version", 0) != _WITH_CONDITIONS:
            raise invalid("A policy with conditions must have version 3.", Violation("policy.version", "It must be 3."))
        if binding.get("condition"):
            _hold_condition(binding, where)
        for member in binding.get("members", []):
            if not isinstance(member, str) or (
                ":" not in member and member not in {"allUsers", "allAuthenticatedUsers"}
            ):
                raise invalid(
                    f"Invalid member: {member!r}. A member has the form type:name.",
                    Violation(f"{where}.members", "It has no type."),
                )


_BASIC: Final = frozenset({"roles/owner", "roles/editor", "roles/viewer"})
_EVERYBODY: Final = frozenset({"allUsers", "allAuthenticatedUsers"})


def _hold_condition(binding: Mapping[str, Any], where: str) -> None:
    """Hold a condition to what IAM takes (https://cloud.google.com/iam/docs/conditions-overview#limitations).

    Raises:
        ApiError: 400.
    """
    condition = binding["condition"]
    if binding["role"] in _BASIC:
        why = f"Conditions can't be set on the basic role {binding['role']}."
    elif _EVERYBODY.intersection(binding.get("members", ())):
        why = "Conditions can't be set on bindings with allUsers or allAuthenticatedUsers."
    elif not condition.get("title"):
        why = "A condition must have a title."
    else:
        try:
            cel.expression(condition.get("expression", ""))
        except cel.Malformed as error:
            why = f"Errors were found in {error.what}."
        except cel.Unsupported:
            return  # known to Google perhaps; it answers by name where it is asked
        else:
            return
    raise invalid(why, Violation(f"{where}.condition", why))


def etag(policy: Body) -> str:
    """Give the etag of a policy: a digest of what it says."""
    text = json.dumps(policy, sort_keys=True)
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode()
