"""Rules of firewalls in all their forms: VPC firewall rules, rules of firewall policies, and policies with their rules.

How they match is from https://docs.cloud.google.com/firewall/docs/firewall-policies-rule-details: sources (and
destinations) are alternatives to one another, but a network context narrows all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Reading, State, entries, read_value
from groundplan_policies.engine.reads import covers
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.network.blocks import Block, blocks_of
from groundplan_policies.rules.network.ranges import are_internet, judge_range

FIREWALL: Final = "compute.Firewall"
POLICY_RULES: Final = (
    "compute.NetworkFirewallPolicyRule",
    "compute.RegionNetworkFirewallPolicyRule",
    "compute.FirewallPolicyRule",
)
"""Rules of policies, each a resource of its own."""
POLICIES_WITH_RULES: Final = (
    "compute.NetworkFirewallPolicyWithRules",
    "compute.RegionNetworkFirewallPolicyWithRules",
    "compute.FirewallPolicyWithRules",
)
"""Policies that hold their rules."""

_NOTHING: Final = frozenset({State.ABSENT, State.EMPTY})
_INSIDE: Final = frozenset({"INTRA_VPC", "NON_INTERNET", "VPC_NETWORKS"})
"""Network contexts in which no packet comes from the internet, or goes there."""
_NARROW: Final = {"src": ("Fqdns", "SecureTags", "Networks"), "dest": ("Fqdns",)}
ADDRESS_GROUP: Final = "networksecurity.AddressGroup"
ADDRESSES: Final = "items"
"""The property of a group that holds its addresses."""


@dataclass(frozen=True, slots=True)
class FirewallRule(Block):
    """A rule.

    Attributes:
        classic: Whether it is a VPC firewall rule, and not one of a policy.
    """

    classic: bool

    def says(self, below: str, value: str, default: str = "") -> bool | None:
        """Whether a word stands at a path, in any case of letters; None if nobody can tell."""
        reading = self.one(below)
        if reading.state in _NOTHING:
            return default == value if default else None
        return reading.text.upper() == value if reading.state is State.KNOWN and reading.text else None

    @property
    def is_disabled(self) -> bool | None:
        """Whether it is switched off; None if nobody can tell."""
        reading = self.one("disabled")
        if reading.state is State.ABSENT:
            return False
        return reading.value if isinstance(reading.value, bool) else None

    @property
    def is_egress(self) -> bool | None:
        """Whether it is about what goes out; None if nobody can tell. A rule that does not say is about what comes."""
        egress = self.says("direction", "EGRESS", "INGRESS")
        return None if egress is False and not self.says("direction", "INGRESS", "INGRESS") else egress

    @property
    def allows(self) -> bool | None:
        """Whether it lets through what it matches; None if nobody can tell.

        A rule that sends packets to inspection lets them through where the inspection is not set up.
        """
        if self.classic:
            return self.one("allows").state not in _NOTHING
        action = self.one("action")
        if action.state is not State.KNOWN or not action.text:
            return None
        return action.text.lower() not in {"deny", "goto_next"}


def rules_of(resource: Resource) -> Iterator[FirewallRule]:
    """Give the rules that a resource is or holds."""
    type_ = short_name(resource.type)
    for each in (
        blocks_of(resource, "rules") if type_ in POLICIES_WITH_RULES else [Block(resource, "", resource.inputs)]
    ):
        yield FirewallRule(each.resource, each.path, each.value, type_ == FIREWALL)


def meets_internet(rule: FirewallRule, side: str, context: Context) -> Outcome:
    """Say whether the other end of what a rule matches is the internet: then it fails; else it passes.

    Args:
        rule: The rule.
        side: `src` for where packets come from, `dest` for where they go to.
        context: The deployment.
    """
    return _classic(rule, side) if rule.classic else _policy(rule, side, context)


def _classic(rule: FirewallRule, side: str) -> Outcome:
    ranges = [each for reading in rule.read(_RANGES_OF[side]) for each in entries(reading)]
    others = [rule.one(name) for name in ("sourceTags", "sourceServiceAccounts")] if side == "src" else []
    given = [each for each in others if _is_given(each)]
    if all(each.state in _NOTHING for each in ranges) and given:
        return all_of([unreadable(each, absent=PASS) or PASS for each in given])
    return _ranges(ranges)


def _is_given(reading: Reading) -> bool:
    """Whether a list names anything: nulls, empty texts and empty blocks in it name nothing."""
    return any(each.state not in _NOTHING and not _is_hollow(each.value) for each in entries(reading))


def _is_hollow(value: Value) -> bool:
    return isinstance(value, dict) and all(each in (None, "") for each in value.values())


_RANGES_OF: Final = {"src": "sourceRanges", "dest": "destinationRanges"}


def _ranges(readings: list[Reading]) -> Outcome:
    missing = "is absent or empty, which stands for every address"
    outcome = all_of([judge_range(each, absent=fail(missing, each.path)) for each in readings])
    if outcome.verdict is not Verdict.FAIL and are_internet(each.text for each in readings):
        return fail("are together most of the internet", readings[0].path.partition("[")[0])
    return outcome


def _policy(rule: FirewallRule, side: str, context: Context) -> Outcome:
    contexts = [rule.one(f"match.{side}Network{kind}") for kind in ("Context", "Scope")]
    if any(each.state is State.KNOWN and each.text in _INSIDE for each in contexts):
        return PASS
    ranges = [each for reading in rule.read(f"match.{side}IpRanges") for each in entries(reading)]
    outcomes = [_ranges(ranges)] if any(each.state not in _NOTHING for each in ranges) else []
    for kind, what in (("RegionCodes", "whole countries"), ("ThreatIntelligences", "lists that are Google's")):
        reading = rule.one(f"match.{side}{kind}")
        if reading.state not in _NOTHING:
            meant = fail(f"names {what}; expected are ranges of your own", reading.path)
            outcomes.append(unreadable(reading, absent=meant) or meant)
    for reading in rule.read(f"match.{side}AddressGroups"):
        outcomes += [_group(rule, each, context) for each in entries(reading) if each.state not in _NOTHING]
    # What is named is narrow, and only adds to the rest: it is asked for where nothing else is given.
    named = [each for name in _NARROW[side] if _is_given(each := rule.one(f"match.{side}{name}"))]
    outcomes = outcomes or [unreadable(each, absent=PASS) or PASS for each in named]
    return all_of(outcomes) if outcomes else _ranges(ranges)


def _group(rule: FirewallRule, reading: Reading, context: Context) -> Outcome:
    """Judge a group of addresses by what it holds, where this document makes it and alone says what that is.

    A group without items, or whose items others may change, is filled from elsewhere.
    """
    group = context.graph.resolve(rule.resource, reading, ADDRESS_GROUP)
    if group is None or group.external:
        return indeterminate("is a group of addresses that this document does not show", reading.path)
    if any(covers(entry, ADDRESSES) for entry in group.ignore_changes):
        return indeterminate("is a group of addresses that others may change", reading.path)
    items = [each for found in read_value(group.inputs, "", ADDRESSES) for each in entries(found)]
    nothing = indeterminate("holds no addresses here", reading.path)
    verdict = all_of([judge_range(each, absent=nothing) for each in items]).verdict
    if verdict is Verdict.FAIL or are_internet(each.text for each in items):
        return fail("is a group that holds the whole internet, or much of it", reading.path)
    return PASS if verdict is Verdict.PASS else indeterminate("is a group that cannot be read", reading.path)
