"""Policies with rules: firewall policies of networks and organisations, and security policies (Cloud Armor)."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.compute import hold, operations
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import invalid
from mockcloud.services.compute.links import normalised
from mockcloud.services.compute.standard import change, cleared, found, versioned

API: Final = "compute"
LOWEST: Final = 2147483647
"""The priority of the rule that holds where no other does."""

_FIREWALL: Final = ("firewallPolicies", "networkFirewallPolicies", "regionNetworkFirewallPolicies")
_ASSOCIATED: Final = (*_FIREWALL, "organizationSecurityPolicies", "regionNetworkPolicies")
_ALL: Final = (*_FIREWALL, "securityPolicies", "regionSecurityPolicies", "organizationSecurityPolicies")


def _security_policy(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    rules = list(body.get("rules", []))
    if not any(each.get("priority") == LOWEST for each in rules) and body.get("type", "CLOUD_ARMOR") == "CLOUD_ARMOR":
        match = {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}
        rules.append(
            {"priority": LOWEST, "action": "allow", "match": match, "description": "default rule", "preview": False}
        )
    kinded = [{"kind": "compute#securityPolicyRule", **each} for each in rules]
    return {"type": "CLOUD_ARMOR", **body, "rules": kinded}


SERVICE.collection("projects.global.securityPolicies", "projects.regions.securityPolicies", created=_security_policy)


def _number(call: Call, body: dict[str, Any]) -> str:
    """Number a policy of an organisation, which has a short name beside."""
    if not body.get("shortName") and not body.get("displayName"):
        raise invalid("resource.shortName", "", "The field must be set.")
    if call.text("parentId"):
        body["parent"] = call.text("parentId")
    return call.cloud.ids.numeric("compute/policy", 12)


SERVICE.collection("locations.global.securityPolicies", created=_security_policy, new_id=_number)


def _firewall_policy(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    usual: dict[str, Any] = {"rules": _last_rules(), "associations": [], "selfLinkWithId": body["selfLink"]}
    if name.startswith("locations/"):
        # An organisation's policy is named by its number, and knows its name as a short one.
        usual |= {"shortName": body.get("shortName") or body.get("displayName", ""), "parent": body.get("parent", "")}
    return {**usual, **body}


def _last_rules() -> list[dict[str, Any]]:
    """Give the rules that every policy ends with: on to the next policy."""
    found = []
    for at, (direction, field) in enumerate((("EGRESS", "destIpRanges"), ("INGRESS", "srcIpRanges"))):
        for of, ranges in ((0, ["::/0"]), (1, ["0.0.0.0/0"])):
            found.append(
                {
                    "kind": "compute#firewallPolicyRule",
                    "priority": LOWEST - 3 + 2 * at + of,
                    "direction": direction,
                    "action": "goto_next",
                    "match": {field: ranges, "layer4Configs": [{"ipProtocol": "all"}]},
                    "ruleTupleCount": 2,
                }
            )
    return found


SERVICE.collection("projects.global.firewallPolicies", "projects.regions.firewallPolicies", created=_firewall_policy)
SERVICE.collection("locations.global.firewallPolicies", created=_firewall_policy, new_id=_number)


# Rules
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(*(f"{each}.addRule" for each in _ALL))
def add_rule(call: Call) -> Answer | Body:
    """Add a rule. One of its priority must not be there, unless the kind of policy replaces it."""
    record = found(call)
    rule = normalised(call.cloud, call.body, call.project)
    rule["priority"] = priority = _priority(call, rule)
    hold.references(call, rule, record.name)
    if any(each.get("priority", 0) == priority for each in _rules(record)):
        raise invalid("resource.priority", priority, "There is a rule of that priority.")
    firewall = "irewall" in call.method.id
    usual = (
        {"kind": "compute#firewallPolicyRule", "disabled": False, "enableLogging": False, "ruleTupleCount": 2}
        if firewall
        else {"kind": "compute#securityPolicyRule", "preview": False}
    )
    _put(call, record, [*_rules(record), {**usual, **rule}])
    return operations.start(call, record.name, "addRule")


def _priority(call: Call, rule: dict[str, Any]) -> int:
    given = str(rule.get("priority", call.text("minPriority") or 0))
    if not given.isdigit():
        raise invalid("resource.priority", given, "Must be a whole number.")
    return int(given)


@SERVICE.method(*(f"{each}.getRule" for each in _ALL))
def get_rule(call: Call) -> Answer | Body:
    """Give a rule by its priority."""
    return versioned(call, _rule(found(call), call))


@SERVICE.method(*(f"{each}.patchRule" for each in _ALL))
def patch_rule(call: Call) -> Answer | Body:
    """Change a rule: what is sent replaces what is; null clears."""
    record = found(call)
    old = _rule(record, call)
    kept = {key: each for key, each in old.items() if key not in cleared(call)}
    new = {**kept, **normalised(call.cloud, call.body, call.project)}
    hold.references(call, new, record.name)
    _put(call, record, [new if each is old else each for each in _rules(record)])
    return operations.start(call, record.name, "patchRule")


@SERVICE.method(*(f"{each}.removeRule" for each in _ALL))
def remove_rule(call: Call) -> Answer | Body:
    """Remove a rule."""
    record = found(call)
    old = _rule(record, call)
    _put(call, record, [each for each in _rules(record) if each is not old])
    return operations.start(call, record.name, "removeRule")


def _rule(record: Record, call: Call) -> dict[str, Any]:
    wanted = call.text("priority") or "0"
    for each in _rules(record):
        if str(each.get("priority", 0)) == wanted:
            rule: dict[str, Any] = each
            return rule
    raise invalid("priority", wanted, f"The policy '{record.name}' does not contain a rule at priority {wanted}.")


def _rules(record: Record) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = record.body.get("rules", [])
    return found


def _associations(record: Record) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = record.body.get("associations", [])
    return found


def _put(call: Call, record: Record, rules: list[dict[str, Any]]) -> None:
    ordered = sorted(rules, key=lambda each: int(each.get("priority", 0)))
    extra = {"ruleTupleCount": 2 * len(ordered)} if "ruleTupleCount" in record.body else {}
    change(call, record, {**record.body, "rules": ordered, **extra})


@SERVICE.method(*(f"{each}.cloneRules" for each in _FIREWALL), "organizationSecurityPolicies.copyRules")
def clone_rules(call: Call) -> Answer | Body:
    """Take over the rules of another policy."""
    record = found(call)
    from mockcloud.services.compute.links import name_of

    given = call.text("sourceFirewallPolicy") or call.text("sourceSecurityPolicy")
    source = found(call, name_of(given, call.project) or given)
    _put(call, record, list(_rules(source)))
    return operations.start(call, record.name, "cloneRules")


# Associations
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(*(f"{each}.addAssociation" for each in _ASSOCIATED))
def add_association(call: Call) -> Answer | Body:
    """Put a policy on a network, a folder or an organisation."""
    record = found(call)
    sent = normalised(call.cloud, call.body, call.project)
    hold.references(call, sent, record.name)
    name = sent.get("name") or sent.get("attachmentTarget", "").rpartition("/")[2]
    others = [each for each in _associations(record) if each.get("name") != name]
    if len(others) != len(_associations(record)) and not call.flag("replaceExistingAssociation"):
        raise invalid("resource.name", name, "There is an association of that name.")
    of_firewall = {"firewallPolicyId": record.body["id"], "shortName": record.body.get("shortName", record.id)}
    made = {**sent, "name": name, **({} if "/networkPolicies/" in record.name else of_firewall)}
    change(call, record, {**record.body, "associations": [*others, made]})
    return operations.start(call, record.name, "addAssociation")


@SERVICE.method(*(f"{each}.getAssociation" for each in _ASSOCIATED))
def get_association(call: Call) -> Answer | Body:
    """Give an association by its name."""
    return versioned(call, _association(found(call), call.text("name")))


@SERVICE.method(*(f"{each}.removeAssociation" for each in _ASSOCIATED))
def remove_association(call: Call) -> Answer | Body:
    """Take a policy off."""
    record = found(call)
    gone = _association(record, call.text("name"))
    change(
        call,
        record,
        {**record.body, "associations": [each for each in _associations(record) if each is not gone]},
    )
    return operations.start(call, record.name, "removeAssociation")


@SERVICE.method("regionNetworkFirewallPolicies.patchAssociation")
def patch_association(call: Call) -> Answer | Body:
    """Change an association: what is sent replaces what is."""
    record = found(call)
    old = _association(record, call.text("name") or str(call.body.get("name", "")))
    new = {**old, **normalised(call.cloud, call.body, call.project), "name": old["name"]}
    rows = [new if each is old else each for each in _associations(record)]
    change(call, record, {**record.body, "associations": rows})
    return operations.start(call, record.name, "patchAssociation")


def _association(record: Record, name: str) -> dict[str, Any]:
    for each in _associations(record):
        if each.get("name") == name:
            found: dict[str, Any] = each
            return found
    raise invalid("name", name, f"An association with that name does not exist on '{record.name}'.")


@SERVICE.method("firewallPolicies.listAssociations", "organizationSecurityPolicies.listAssociations")
def list_associations(call: Call) -> Answer | Body:
    """Give the policies that are on a folder or an organisation."""
    target = call.text("targetResource")
    rows = [
        association
        for record in call.cloud.store.page(API, call.name)
        for association in record.body.get("associations", [])
        if not target or association.get("attachmentTarget") == target
    ]
    return {"kind": "compute#firewallPoliciesListAssociationsResponse", **({"associations": rows} if rows else {})}


@SERVICE.method("firewallPolicies.move", "organizationSecurityPolicies.move")
def move(call: Call) -> Answer | Body:
    """Put an organisation's policy under another parent."""
    record = found(call)
    change(call, record, {**record.body, "parent": call.text("parentId")})
    return operations.start(call, record.name, "move")


@SERVICE.method("firewallPolicies.list")
def list_policies(call: Call) -> Answer | Body:
    """Give the policies of a folder or an organisation."""
    parent = call.text("parentId")
    rows = [
        each.body for each in call.cloud.store.page(API, call.name) if not parent or each.body.get("parent") == parent
    ]
    return {"kind": "compute#firewallPolicyList", "id": call.name, **({"items": rows} if rows else {})}


@SERVICE.method(
    "securityPolicies.listPreconfiguredExpressionSets", "organizationSecurityPolicies.listPreconfiguredExpressionSets"
)
def expression_sets(call: Call) -> Answer | Body:
    """Give the sets of expressions that Cloud Armor brings: by name only."""
    del call
    sets = [
        {"id": f"{each}-v33-stable"}
        for each in ("sqli", "xss", "lfi", "rfi", "rce", "scannerdetection", "protocolattack")
    ]
    return {"preconfiguredExpressionSets": {"wafRules": {"expressionSets": sets}}}
