"""Access levels: what the context of a call satisfies."""

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.access import cel
from mockcloud.cloud.access.members import canonical
from mockcloud.cloud.callers import Caller
from mockcloud.cloud.errors import not_modelled

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

API: Final = "accesscontextmanager"
_DEEPEST: Final = 10


def satisfied(cloud: "Cloud", level: str, caller: Caller, depth: int = 0) -> bool:
    """Whether a caller's context satisfies an access level.

    Args:
        cloud: The cloud.
        level: Full name: `accessPolicies/1/accessLevels/corporate`.
        caller: Who calls, and from where.
        depth: How many levels asked for this one.

    Raises:
        ApiError: 501. The level is an expression that is not modelled.
    """
    record = cloud.store.get(API, level)
    if record is None or depth > _DEEPEST:
        return False
    basic = record.body.get("basic")
    if basic is not None:
        answers = (_condition(cloud, each, caller, depth) for each in basic.get("conditions", ()))
        return any(answers) if basic.get("combiningFunction") == "OR" else all(answers)
    return _custom(record.body.get("custom", {}).get("expr", {}).get("expression", ""), caller)


def _custom(text: str, caller: Caller) -> bool:
    variables = {"origin": {"ip": caller.origin.get("ip", "")}, "request": {"auth": {"principal": caller.member}}}
    try:
        return cel.holds(text, variables)
    except cel.Unsupported as error:
        raise not_modelled(error.what) from None


def _condition(cloud: "Cloud", condition: Mapping[str, Any], caller: Caller, depth: int) -> bool:
    """Whether every part of a condition that is set holds; or, negated, whether none does."""
    answers = []
    if condition.get("ipSubnetworks"):
        answers.append(_in_networks(caller.origin.get("ip", ""), condition["ipSubnetworks"]))
    if condition.get("members"):
        names = cloud.access.names_of(caller)
        answers.append(any(canonical(each) in names for each in condition["members"]))
    if condition.get("requiredAccessLevels"):
        answers.append(all(satisfied(cloud, each, caller, depth + 1) for each in condition["requiredAccessLevels"]))
    if condition.get("vpcNetworkSources"):
        answers.append(any(_from_network(each, caller) for each in condition["vpcNetworkSources"]))
    # A call here comes from no country and from no device that somebody manages.
    answers += [False for each in ("regions", "devicePolicy") if condition.get(each)]
    if condition.get("negate"):
        return not any(answers)
    return all(answers)


def _in_networks(address: str, networks: list[str]) -> bool:
    try:
        found = ipaddress.ip_address(address)
        return any(found in ipaddress.ip_network(each, strict=False) for each in networks)
    except ValueError:
        return False


def _from_network(source: Mapping[str, Any], caller: Caller) -> bool:
    subnetwork = source.get("vpcSubnetwork", {})
    network = str(subnetwork.get("network", "")).removeprefix("//compute.googleapis.com/")
    if not network or network != caller.origin.get("network"):
        return False
    ranges = subnetwork.get("vpcIpSubnetworks")
    return not ranges or _in_networks(caller.origin.get("ip", ""), ranges)
