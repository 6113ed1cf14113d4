"""A firewall that denies by default, both ways, with named exceptions."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.names import LOGICAL_NAME, digest
from groundplan.core.validation import Checks

Direction = Literal["EGRESS", "INGRESS"]

_EVERYWHERE: Final = "0.0.0.0/0"
_WIDEST: Final = 8
_WITH_PORTS: Final = ("tcp", "udp", "sctp")
_WITHOUT_PORTS: Final = ("icmp", "esp", "ah", "all")
_LAST_PORT: Final = 65_535

# A rule's priority is its identity, lower numbers first. Exceptions only ever allow, so their order does not matter,
# and a rule keeps its number, which comes from its name, when others come and go. The denials stand last.
_FIRST_NAMED: Final = 10_000
_NAMED_SLOTS: Final = 40_000
_DENY_EGRESS: Final = 65_000
_DENY_INGRESS: Final = 65_001


@dataclass(frozen=True, kw_only=True)
class FirewallRule:
    """One exception: traffic of one direction, to or from some ranges, on some ports."""

    name: str
    """Name of the exception, lower-case words joined by hyphens; changing it makes the rule anew."""
    direction: Direction
    """``EGRESS`` for connections that the network's machines open, ``INGRESS`` for those that they accept."""
    ranges: tuple[str, ...]
    """The other side: IPv4 ranges of /8 or narrower, such as ``10.20.0.0/16``."""
    protocol: str = "tcp"
    """tcp, udp, sctp, icmp, esp, ah, or all."""
    ports: tuple[int | str, ...] = ()
    """Ports and ranges of ports (``"8000-8010"``); required for tcp, udp and sctp, refused for the others."""

    @property
    def priority(self) -> int:
        """Place among the rules of the policy, from the name."""
        return _FIRST_NAMED + int(digest(self.name, 8), 16) % _NAMED_SLOTS

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the rule."""
        checks.matches(
            f"{field}.name", self.name, LOGICAL_NAME, "lower-case words joined by hyphens", "rename the rule"
        )
        checks.one_of(f"{field}.direction", self.direction, ("EGRESS", "INGRESS"))
        checks.that(
            self.ranges,
            f"{field}.ranges",
            "names no range",
            given="nothing",
            allowed="at least one IPv4 range",
            do="name the ranges of the other side",
        )
        for index, cidr in enumerate(self.ranges):
            checks.that(
                _is_narrow(cidr),
                f"{field}.ranges[{index}]",
                "is no range that an exception can be made for",
                given=cidr,
                allowed=f"an IPv4 range of /{_WIDEST} or narrower, host bits zero",
                do="name the destination; for domains use egress_domains",
            )
        checks.one_of(f"{field}.protocol", self.protocol, (*_WITH_PORTS, *_WITHOUT_PORTS))
        self._check_ports(checks, field)

    def _check_ports(self, checks: Checks, field: str) -> None:
        checks.that(
            bool(self.ports) == (self.protocol in _WITH_PORTS),
            f"{field}.ports",
            f"does not go with protocol {self.protocol}",
            given=self.ports or "nothing",
            allowed=f"ports for {', '.join(_WITH_PORTS)}, and none for {', '.join(_WITHOUT_PORTS)}",
            do="name the ports that are needed" if not self.ports else "leave the ports out",
        )
        check_ports(checks, f"{field}.ports", self.ports)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule as the policy has it."""

    role: str
    """Role of the child, and the rule's name."""
    priority: int
    """Place among the rules, lower numbers first."""
    direction: Direction
    """Which end opens the connection."""
    match: gcp.compute.NetworkFirewallPolicyRuleMatchArgs
    """The traffic that it is about."""
    action: str = "allow"
    """allow or deny."""


def check_rules(checks: Checks, field: str, rules: Sequence[FirewallRule]) -> None:
    """Record what is wrong with exceptions, alone and together."""
    for index, rule in enumerate(rules):
        if checks.instance(f"{field}[{index}]", rule, FirewallRule, "a FirewallRule"):
            rule.check(checks, f"{field}[{index}]")
    good = [rule for rule in rules if isinstance(rule, FirewallRule)]
    if checks.unique(field, (rule.name for rule in good), "rule"):
        # Two of 40,000 slots taken by one of a handful of names: rare, and the same on every run.
        checks.unique(field, (str(rule.priority) for rule in good), "priority, which comes from the rule's name,")


def check_ports(checks: Checks, field: str, ports: Sequence[int | str]) -> None:
    """Record what is no port and no range of ports."""
    for index, port in enumerate(ports):
        checks.that(
            _is_port(str(port)),
            f"{field}[{index}]",
            "is no port",
            given=port,
            allowed='a port from 0 to 65535, or a range such as "8000-8010"',
            do="write the lower port first",
        )


def named(rule: FirewallRule) -> Rule:
    """Return an exception that a caller asked for."""
    return Rule(
        role=f"allow-{rule.name}",
        priority=rule.priority,
        direction=rule.direction,
        match=_match(rule.direction, rule.ranges, rule.protocol, rule.ports),
    )


def built_in(
    role: str,
    priority: int,
    direction: Direction,
    ranges: Sequence[str],
    protocol: str = "tcp",
    ports: Sequence[int | str] = (),
) -> Rule:
    """Return an exception that a network makes by itself; priorities below 10,000 are theirs."""
    return Rule(role=role, priority=priority, direction=direction, match=_match(direction, ranges, protocol, ports))


def to_domains(role: str, priority: int, domains: Sequence[str]) -> Rule:
    """Return the exception for HTTPS to domains, whose addresses Google looks up again and again."""
    match = gcp.compute.NetworkFirewallPolicyRuleMatchArgs(
        dest_fqdns=list(domains), layer4_configs=[_layer4("tcp", (443,))]
    )
    return Rule(role=role, priority=priority, direction="EGRESS", match=match)


def deny_by_default(
    component: Component, network: gcp.compute.Network, exceptions: Sequence[Rule]
) -> gcp.compute.NetworkFirewallPolicyAssociation:
    """Make the policy with its rules, and attach it to the network once all rules are in it.

    Every rule logs, the denials too. Children: ``firewall``, one for each exception by its role, ``deny-egress``,
    ``deny-ingress``, ``firewall-association``.
    """
    project = component.project
    policy = component.make(
        "firewall",
        gcp.compute.NetworkFirewallPolicy,
        gcp.compute.NetworkFirewallPolicyArgs(
            project=project.id,
            name=component.cloud_name("firewall_policy", generation=True),
            description="Denies all traffic but the exceptions named here",
        ),
    )
    denials = [
        Rule(
            role=role,
            priority=priority,
            direction=direction,
            match=_match(direction, (_EVERYWHERE,), "all", ()),
            action="deny",
        )
        for role, priority, direction in _DENIALS
    ]
    rules = [_make_rule(component, policy, rule) for rule in (*exceptions, *denials)]
    return component.make(
        "firewall-association",
        gcp.compute.NetworkFirewallPolicyAssociation,
        gcp.compute.NetworkFirewallPolicyAssociationArgs(
            project=project.id,
            name=component.cloud_name("firewall_policy", "association"),
            attachment_target=network.id,
            firewall_policy=policy.name,
        ),
        depends_on=rules,
    )


_DENIALS: Final[tuple[tuple[str, int, Direction], ...]] = (
    ("deny-egress", _DENY_EGRESS, "EGRESS"),
    ("deny-ingress", _DENY_INGRESS, "INGRESS"),
)


def _make_rule(
    component: Component, policy: gcp.compute.NetworkFirewallPolicy, rule: Rule
) -> gcp.compute.NetworkFirewallPolicyRule:
    return component.make(
        rule.role,
        gcp.compute.NetworkFirewallPolicyRule,
        gcp.compute.NetworkFirewallPolicyRuleArgs(
            project=component.project.id,
            firewall_policy=policy.name,
            rule_name=component.cloud_name("firewall", rule.role),
            priority=rule.priority,
            direction=rule.direction,
            action=rule.action,
            match=rule.match,
            enable_logging=True,
            disabled=False,
        ),
    )


def _match(
    direction: Direction, ranges: Sequence[str], protocol: str, ports: Sequence[int | str]
) -> gcp.compute.NetworkFirewallPolicyRuleMatchArgs:
    outward = direction == "EGRESS"
    return gcp.compute.NetworkFirewallPolicyRuleMatchArgs(
        dest_ip_ranges=list(ranges) if outward else None,
        src_ip_ranges=None if outward else list(ranges),
        layer4_configs=[_layer4(protocol, ports)],
    )


def _layer4(protocol: str, ports: Sequence[int | str]) -> gcp.compute.NetworkFirewallPolicyRuleMatchLayer4ConfigArgs:
    return gcp.compute.NetworkFirewallPolicyRuleMatchLayer4ConfigArgs(
        ip_protocol=protocol, ports=[str(port) for port in ports] or None
    )


def _is_narrow(cidr: object) -> bool:
    try:
        network = ipaddress.ip_network(str(cidr))
    except ValueError:
        return False
    return isinstance(network, ipaddress.IPv4Network) and network.prefixlen >= _WIDEST


def _is_port(port: str) -> bool:
    found = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", port)
    if found is None:
        return False
    low, high = int(found[1]), int(found[2] or found[1])
    return low <= high <= _LAST_PORT
