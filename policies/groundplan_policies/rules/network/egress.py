"""In which order Google asks the firewall rules of a network about what goes out, and what each of them does to it.

The order is from https://docs.cloud.google.com/firewall/docs/firewall-policies-overview: the network's global policies,
then its regional ones, with VPC firewall rules before or after them as the network says. What no rule decides may go.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.firewalls import (
    FIREWALL,
    POLICIES_WITH_RULES,
    POLICY_RULES,
    FirewallRule,
    meets_internet,
    rules_of,
)
from groundplan_policies.rules.network.links import named_by
from groundplan_policies.rules.network.ranges import parse_range

NETWORK: Final = "compute.Network"
GLOBAL: Final = (
    "compute.NetworkFirewallPolicyAssociation",
    ("compute.NetworkFirewallPolicy", POLICIES_WITH_RULES[0]),
    POLICY_RULES[0],
)
REGIONAL: Final = (
    "compute.RegionNetworkFirewallPolicyAssociation",
    ("compute.RegionNetworkFirewallPolicy", POLICIES_WITH_RULES[1]),
    POLICY_RULES[1],
)
_TARGET, _POLICY, _NETWORK = Path("attachmentTarget"), Path("firewallPolicy"), Path("network")
_NOTHING: Final = frozenset({State.ABSENT, State.EMPTY})
_DEFAULT_PRIORITY: Final = 1000
_TARGETS: Final = {
    True: ("targetTags", "targetServiceAccounts", "sourceRanges"),
    False: (
        *("targetSecureTags", "targetServiceAccounts", "targetForwardingRules"),
        *("match.srcIpRanges", "match.srcAddressGroups", "match.destNetworkContext", "match.destNetworkScope"),
    ),
}
"""What narrows a rule, for VPC firewall rules (true) and those of policies: one that denies must have none of it."""


class Effect(Enum):
    """What a rule does to packets that go to the internet."""

    OPENS = auto()
    CLOSES = auto()
    NOTHING = auto()
    UNCLEAR = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """A rule in the order in which rules are asked.

    Attributes:
        order: Its place: the priority, and among equals what denies before what allows.
        effect: What it does.
        resource: The resource of the rule, or of the policy that cannot be seen.
        closes: Versions of IP of which it denies every packet.
    """

    order: tuple[float, int]
    effect: Effect
    resource: Resource
    closes: frozenset[int] = frozenset()


@dataclass
class Steps:
    """The rules of one network, in no order yet."""

    classic: list[Step] = field(default_factory=list)
    policies: list[Step] = field(default_factory=list)
    regional: list[Step] = field(default_factory=list)


def step(rule: FirewallRule, context: Context) -> Step:
    """Say what a rule does."""
    effect, closes = _effect(rule, context)
    priority = _priority(rule)
    if priority is None:
        return Step((-1, 0), effect if effect is Effect.NOTHING else Effect.UNCLEAR, rule.resource)
    return Step((priority, 0 if effect is Effect.CLOSES else 1), effect, rule.resource, closes)


def _effect(rule: FirewallRule, context: Context) -> tuple[Effect, frozenset[int]]:
    egress, disabled, allows = rule.is_egress, rule.is_disabled, rule.allows
    if egress is False or disabled is True:
        return Effect.NOTHING, frozenset()
    effect, closes = Effect.UNCLEAR, frozenset[int]()
    if allows is not False:
        reaches = meets_internet(rule, "dest", context).verdict
        effect = {Verdict.PASS: Effect.NOTHING, Verdict.FAIL: Effect.OPENS}.get(reaches, Effect.UNCLEAR)
    elif _denies(rule):
        effect, closes = _closes(rule)
    else:
        effect = Effect.NOTHING
    unclear = effect is not Effect.NOTHING and None in {egress, disabled, allows}
    return (Effect.UNCLEAR, frozenset()) if unclear else (effect, closes)


def _denies(rule: FirewallRule) -> bool:
    """Whether a rule denies, and does so on every machine. What passes a packet on denies nothing."""
    if not rule.classic and not rule.says("action", "DENY"):
        return False
    if any(each.state not in _NOTHING for name in _TARGETS[rule.classic] for each in rule.read(name)):
        return False
    return rule.says("targetType", "INSTANCES", "INSTANCES") is True


def _closes(rule: FirewallRule) -> tuple[Effect, frozenset[int]]:
    """Say of which versions of IP a rule that denies on every machine denies every packet."""
    protocols = rule.read("denies.protocol" if rule.classic else "match.layer4Configs.ipProtocol")
    ranges = rule.read("destinationRanges" if rule.classic else "match.destIpRanges")
    readings = [each for reading in ranges for each in entries(reading)]
    closes = frozenset[int]()
    if any(each.state is State.KNOWN and each.text.lower() == "all" for each in protocols):
        closes = _whole(readings)
        if rule.classic and all(each.state in _NOTHING for each in readings):
            closes = frozenset({4})  # Google's default is 0.0.0.0/0, and ::/0 must be written
    if closes:
        return Effect.CLOSES, closes
    told = all(each.state in {State.KNOWN, *_NOTHING} for each in (*protocols, *readings))
    return Effect.NOTHING if told else Effect.UNCLEAR, closes


def _whole(readings: Sequence[Reading]) -> frozenset[int]:
    found = [parse_range(each.text) for each in readings if each.state is State.KNOWN]
    four = collapse_addresses(each for each in found if isinstance(each, IPv4Network))
    six = collapse_addresses(each for each in found if isinstance(each, IPv6Network))
    return frozenset(version for version, left in ((4, four), (6, six)) if any(each.prefixlen == 0 for each in left))


def _priority(rule: FirewallRule) -> int | None:
    reading = rule.one("priority")
    if rule.classic and reading.state is State.ABSENT:
        return _DEFAULT_PRIORITY
    value = reading.value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value):
        return int(value)
    return int(reading.text) if reading.state is State.KNOWN and reading.text.isdecimal() else None


def steps_of_networks(context: Context) -> Mapping[str, Steps]:
    """Give the rules of each network of the deployment, by its URN."""
    found = {each.urn: Steps() for each in context.graph.of(NETWORK)}
    for resource in context.graph.of(FIREWALL):
        for each in rules_of(resource):
            for steps, one in _placed(found, resource, _NETWORK.one(resource), step(each, context), context):
                steps.classic.append(one)
    for kind in (GLOBAL, REGIONAL):
        for association, one in _associated(kind, context):
            for steps, placed in _placed(found, association, _TARGET.one(association), one, context):
                (steps.policies if kind is GLOBAL else steps.regional).append(placed)
    return found


def _placed(
    found: Mapping[str, Steps], resource: Resource, reading: Reading, one: Step, context: Context
) -> Iterator[tuple[Steps, Step]]:
    """Give a step for each network to which it belongs; where that cannot be told, an unclear one for each."""
    networks = named_by(resource, reading, context, NETWORK)
    if networks is None and one.effect is not Effect.NOTHING:
        yield from ((steps, Step(one.order, Effect.UNCLEAR, one.resource)) for steps in found.values())
    for network in networks or ():
        yield found[network.urn], one


def _associated(kind: tuple[str, tuple[str, str], str], context: Context) -> Iterator[tuple[Resource, Step]]:
    """Give the steps of every policy that is associated with something, each with its association."""
    association_type, policy_types, rule_type = kind
    rules: dict[str, list[Step]] = {}
    stray: list[Step] = []
    for resource in context.graph.of(rule_type):
        one = [step(each, context) for each in rules_of(resource)]
        policies = named_by(resource, _POLICY.one(resource), context, *policy_types)
        if policies is None:
            stray += [
                Step(each.order, Effect.UNCLEAR, each.resource) for each in one if each.effect is not Effect.NOTHING
            ]
        for policy in policies or ():
            rules.setdefault(policy.urn, []).extend(one)
    for policy in context.graph.of(policy_types[1]):
        rules.setdefault(policy.urn, []).extend(step(each, context) for each in rules_of(policy))
    for association in context.graph.of(association_type):
        policies = named_by(association, _POLICY.one(association), context, *policy_types)
        if not policies:  # a policy that this document does not show may hold anything
            yield association, Step((-1, 0), Effect.UNCLEAR, association)
        for policy in policies or ():
            yield from ((association, each) for each in (*rules.get(policy.urn, ()), *stray))
