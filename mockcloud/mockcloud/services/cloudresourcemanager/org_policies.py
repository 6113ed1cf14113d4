"""Organisation policies by the older methods of version 1: the same state as the newer API's, in another form."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.constraints.catalogue import constraints
from mockcloud.cloud.constraints.policies import API as ORG_POLICY
from mockcloud.cloud.constraints.policies import effective
from mockcloud.cloud.errors import aborted, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudresourcemanager.service import SERVICE

_CONTAINERS: Final = ("projects", "folders", "organizations")
_PREFIX: Final = "constraints/"


def _methods(verb: str) -> tuple[str, ...]:
    return tuple(f"{each}.{verb}" for each in _CONTAINERS)


def _constraint(call: Call) -> str:
    given = call.body.get("constraint") or call.body.get("policy", {}).get("constraint", "")
    name = str(given).removeprefix(_PREFIX)
    if name not in constraints():
        raise invalid(f"Unknown constraint: '{given}'.", Violation("constraint", "It is none."))
    return name


def _record(call: Call, constraint: str) -> Record | None:
    return call.cloud.store.get(ORG_POLICY, f"{call.name}/policies/{constraint}")


def older(constraint: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Give a policy of the newer API in the older form."""
    body: dict[str, Any] = {"constraint": f"{_PREFIX}{constraint}"}
    for key in ("etag", "updateTime"):
        if key in spec:
            body[key] = spec[key]
    if spec.get("reset"):
        return {**body, "restoreDefault": {}}
    rules = [each for each in spec.get("rules", ()) if not each.get("condition")]
    if not constraints()[constraint].list:
        return {**body, "booleanPolicy": {"enforced": True} if any(each.get("enforce") for each in rules) else {}}
    listed: dict[str, Any] = {"inheritFromParent": True} if spec.get("inheritFromParent") else {}
    for rule in rules:
        if rule.get("allowAll") or rule.get("denyAll"):
            listed["allValues"] = "ALLOW" if rule.get("allowAll") else "DENY"
        for key in ("allowedValues", "deniedValues"):
            if rule.get("values", {}).get(key):
                listed[key] = list(rule["values"][key])
    return {**body, "listPolicy": listed}


def newer(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Read a policy in the older form as the specification of a newer one."""
    if "restoreDefault" in policy:
        return {"reset": True}
    if "booleanPolicy" in policy:
        return {"rules": [{"enforce": bool(policy["booleanPolicy"].get("enforced"))}]}
    listed = policy.get("listPolicy", {})
    spec: dict[str, Any] = {"inheritFromParent": True} if listed.get("inheritFromParent") else {}
    rule: dict[str, Any] = {}
    if listed.get("allValues") in {"ALLOW", "DENY"}:
        rule["allowAll" if listed["allValues"] == "ALLOW" else "denyAll"] = True
    values = {key: listed[key] for key in ("allowedValues", "deniedValues") if listed.get(key)}
    if values:
        rule["values"] = values
    return {**spec, "rules": [rule] if rule else []}


@SERVICE.method(*_methods("getOrgPolicy"))
def get(call: Call) -> Answer | Body:
    """Give the policy that is set here; an empty one where none is."""
    constraint = _constraint(call)
    record = _record(call, constraint)
    if record is None:
        empty = {"listPolicy": {"inheritFromParent": True}} if constraints()[constraint].list else {"booleanPolicy": {}}
        return {"constraint": f"{_PREFIX}{constraint}", "etag": call.cloud.etag(0), **empty}
    return older(constraint, record.body.get("spec", {}))


@SERVICE.method(*_methods("getEffectiveOrgPolicy"))
def get_effective(call: Call) -> Answer | Body:
    """Give the policy that is in effect here."""
    constraint = _constraint(call)
    found = effective(call.cloud, call.name, constraint)
    return older(constraint, {"rules": found.rules if found is not None else ()})


@SERVICE.method(*_methods("setOrgPolicy"))
def set_(call: Call) -> Answer | Body:
    """Set a policy."""
    constraint = _constraint(call)
    policy = call.body["policy"]
    record = _record(call, constraint)
    given = policy.get("etag")
    revision = record.revision if record is not None else 0
    if given and given != (record.body["etag"] if record is not None else call.cloud.etag(0)):
        raise aborted("The etag does not match: somebody changed the policy meanwhile.")
    spec = {**newer(policy), "etag": call.cloud.etag(revision + 1), "updateTime": call.cloud.clock.tick()}
    name = f"{call.name}/policies/{constraint}"
    if record is None:
        call.cloud.create(Record(ORG_POLICY, name, {"name": name, "spec": spec, "etag": spec["etag"]}))
    else:
        call.cloud.change(record, {**record.body, "spec": spec, "etag": spec["etag"]})
    return older(constraint, spec)


@SERVICE.method(*_methods("clearOrgPolicy"))
def clear(call: Call) -> Answer | Body:
    """Clear a policy."""
    record = _record(call, _constraint(call))
    if record is not None:
        call.cloud.delete(record)
    return {}


@SERVICE.method(*_methods("listOrgPolicies"))
def list_(call: Call) -> Answer | Body:
    """Give the policies that are set here."""
    records = call.cloud.store.page(ORG_POLICY, f"{call.name}/policies")
    found = [older(each.id, each.body.get("spec", {})) for each in records if each.id in constraints()]
    return {"policies": found} if found else {}


@SERVICE.method(*_methods("listAvailableOrgPolicyConstraints"))
def available(call: Call) -> Answer | Body:
    """Give the constraints that can be set."""
    del call
    return {
        "constraints": [
            {
                "name": f"{_PREFIX}{each.name}",
                "displayName": each.title,
                "constraintDefault": "ALLOW",
                **({"listConstraint": {}} if each.list else {"booleanConstraint": {}}),
            }
            for each in constraints().values()
        ]
    }
