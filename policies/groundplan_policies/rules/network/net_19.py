"""NET-19: no management port is open to the internet."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.paths import Path, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    any_of,
    indeterminate,
)
from groundplan_policies.rules.network.firewalls import (
    ADDRESS_GROUP,
    ADDRESSES,
    FIREWALL,
    POLICIES_WITH_RULES,
    POLICY_RULES,
    FirewallRule,
    meets_internet,
    rules_of,
)
from groundplan_policies.rules.network.ports import judge_ports

_PORTS: Final = (22, 3389, 8080, 8888)
"""SSH, RDP, and the two on which notebooks and their consoles answer."""


def _resource(resource: Resource, context: Context) -> Outcome:
    return all_of([_rule(each, context) for each in rules_of(resource)])


def _rule(rule: FirewallRule, context: Context) -> Outcome:
    told = (rule.is_egress, rule.is_disabled, not rule.allows if rule.allows is not None else None)
    if True in told:
        return NOT_APPLICABLE
    outcome = any_of([meets_internet(rule, "src", context), _ports(rule)])
    if outcome.verdict is Verdict.FAIL and None in told:
        reason = outcome.reasons[0]
        return indeterminate("is open to the internet if the rule lets in, and that cannot be told", reason.path)
    return outcome


def _ports(rule: FirewallRule) -> Outcome:
    path, protocol = ("allows", "protocol") if rule.classic else ("match.layer4Configs", "ipProtocol")
    blocks = [each for reading in rule.read(path) for each in entries(reading)]
    return all_of([judge_ports(each, protocol, _PORTS) for each in blocks])


_ADDRESSES: Final = Path(ADDRESSES)


def _group(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    """Ask only that the addresses of a group can be seen: the rules that name it are judged by them."""
    readings = [each for reading in _ADDRESSES.read(resource) for each in entries(reading)]
    return all_of([unreadable(each, absent=NOT_APPLICABLE) or PASS for each in readings])


def _others(type_: str, *paths: str) -> tuple[Read, ...]:
    return tuple(Read.aside(type_, path) for path in paths)


def _policy_reads(type_: str, at: str = "") -> tuple[Read, ...]:
    wide = [f"{at}match.src{each}" for each in ("RegionCodes", "ThreatIntelligences")]
    contexts = [f"{at}match.srcNetwork{each}" for each in ("Context", "Scope") if not at or each == "Scope"]
    return (
        Read(type_, f"{at}match.srcIpRanges"),
        Read(type_, f"{at}match.srcAddressGroups", absent=Verdict.PASS, empty=Verdict.PASS),
        *(Read(type_, each, absent=Verdict.PASS, empty=Verdict.PASS, wrong=Verdict.FAIL) for each in wide),
        *_others(type_, *contexts, *(f"{at}match.src{each}" for each in ("Networks", "SecureTags", "Fqdns"))),
        *_others(type_, f"{at}match.layer4Configs.ipProtocol", f"{at}match.layer4Configs.ports"),
        *_others(type_, f"{at}direction", f"{at}disabled", f"{at}action"),
    )


CONTROL = Control(
    id="NET-19",
    title="No management port is open to the internet",
    why=(
        "Ports of SSH, RDP and notebooks are tried from all over the world within minutes. A rule that lets in and "
        "says no source stands for every address, unless tags or accounts narrow it; one that says no ports stands for "
        "all. Ranges count that are the internet alone or together; whole countries and Google's lists of addresses "
        "are no source of one's own. A group of addresses is what it holds, if this document makes it; one without "
        "addresses, or whose changes are ignored, is filled from elsewhere, so it is indeterminate. A rule that is "
        "switched off, denies, passes on or is about what goes out does not apply. Any one open rule fails, even where "
        "another forbids the same before it."
    ),
    remedy="Use Network, or narrow the source ranges, to 35.235.240.0/20 where people come through IAP.",
    severity=Severity.CRITICAL,
    objectives=("2.2.b", "6.1.a"),
    clauses=(
        partial("cis-gcp-5.0", "3.6", "Rules for the same network that were made outside of this program."),
        partial("cis-gcp-5.0", "3.7", "Rules for the same network that were made outside of this program."),
        partial("nist-800-53-r5", "SC-7", "Other ports, and the other borders of the network."),
    ),
    reads=(
        Read(FIREWALL, "sourceRanges"),
        *_others(FIREWALL, "sourceTags", "sourceServiceAccounts", "allows.protocol", "allows.ports"),
        *_others(FIREWALL, "direction", "disabled"),
        *(read for type_ in POLICY_RULES for read in _policy_reads(type_)),
        *(read for type_ in POLICIES_WITH_RULES for read in _policy_reads(type_, "rules.")),
        Read(ADDRESS_GROUP, ADDRESSES, Verdict.NOT_APPLICABLE, Verdict.NOT_APPLICABLE, Verdict.PASS),
    ),
    checks={**dict.fromkeys((FIREWALL, *POLICY_RULES, *POLICIES_WITH_RULES), _resource), ADDRESS_GROUP: _group},
)
