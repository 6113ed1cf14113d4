"""MON-07: flows, connections and DNS queries are logged."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full, partial
from groundplan_policies.engine.expect import Expectation, every, is_number, is_true, unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)

_SUBNET, _NAT, _FIREWALL, _NETWORK, _DNS = (
    *("compute.Subnetwork", "compute.RouterNat", "compute.Firewall", "compute.Network", "dns.Policy"),
)
_RULES: Final = (
    "compute.FirewallPolicyRule",
    "compute.NetworkFirewallPolicyRule",
    "compute.RegionNetworkFirewallPolicyRule",
)
_WITH_RULES: Final = (
    "compute.FirewallPolicyWithRules",
    "compute.NetworkFirewallPolicyWithRules",
    "compute.RegionNetworkFirewallPolicyWithRules",
)
_WITHOUT_FLOWS: Final = frozenset(
    {
        *("INTERNAL_HTTPS_LOAD_BALANCER", "REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY"),
        *("PRIVATE_SERVICE_CONNECT", "PRIVATE_NAT", "PEER_MIGRATION"),
    }
)
"""Purposes of subnets in which no machines are; Google writes no flow logs of them."""

_NEXT: Final = "goto_next"
_PURPOSE, _LOG, _RULE, _ACTION = Path("purpose"), Path("logConfig"), Path("rules"), Path("action")
_NETWORKS = Path("networks.networkUrl")
_SAMPLED = is_number("logConfig.flowSampling", at_least=0.5, at_most=1, absent=Verdict.PASS)
_EVERY_FLOW = Expectation(
    Path("logConfig.filterExpr"),
    "absent or true: it logs only some flows",
    lambda value: value == "true",
    "a text",
    (str,),
    absent=Verdict.PASS,
    empty=Verdict.PASS,
)
_NAT_LOGGED, _QUERIES_LOGGED = is_true("logConfig.enable"), is_true("enableLogging")
_RULE_LOGGED, _RULES_LOGGED = is_true("enableLogging"), is_true("rules.enableLogging")


def _subnet(resource: Resource, context: Context) -> Outcome:
    purpose = _PURPOSE.one(resource)
    missing = unreadable(purpose, absent=PASS)
    if missing is not None and missing is not PASS:
        return missing
    if missing is None and not purpose.text:
        return wrong_type(purpose, "a text")
    if purpose.text.upper() in _WITHOUT_FLOWS:
        return NOT_APPLICABLE
    return _logged(resource, "so that the subnet writes no flow logs") or _flows(resource, context)


_flows = every(_SAMPLED, _EVERY_FLOW)


def _firewall(resource: Resource, _: Context) -> Outcome:
    return _logged(resource, "so that nobody sees what the rule lets in or keeps out") or PASS


def _logged(resource: Resource, so_that: str) -> Outcome | None:
    """Say what is wrong with a block that asks for logs by being there; None if it is there."""
    block = _LOG.one(resource)
    missing = unreadable(block, absent=fail(f"is absent, {so_that}", block.path))
    if missing is not None:
        return missing
    fine = all(isinstance(each.value, dict) for each in entries(block))
    return None if fine else wrong_type(block, "an object")


def _rule(resource: Resource, context: Context) -> Outcome:
    if _ACTION.plain(resource.inputs) == _NEXT:
        return NOT_APPLICABLE  # it hands on to the next policy, and cannot log
    return _RULE_LOGGED(resource, context)


def _policy_with_rules(resource: Resource, context: Context) -> Outcome:
    rules = _RULE.one(resource)
    missing = unreadable(rules, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    handing = [_hands_on(each.value) for each in entries(rules)]
    if any(handing):
        kept = [each for each, hands in zip(entries(rules), handing, strict=True) if not hands]
        return all_of(_rule_logged(each) for each in kept)
    return _RULES_LOGGED(resource, context)


def _hands_on(rule: Value) -> bool:
    return isinstance(rule, dict) and rule.get("action") == _NEXT


def _rule_logged(rule: Reading) -> Outcome:
    reading = read_value(rule.value, rule.path, "enableLogging")[0]
    missing = unreadable(reading, absent=fail("is absent; expected is true", reading.path))
    if missing is not None:
        return missing
    return PASS if reading.value is True else fail("is not true", reading.path)


def _network(resource: Resource, context: Context) -> Outcome:
    """Ask that a DNS policy names the network; whether it logs is said of the policy."""
    found = context.graph.once(_with_dns_policies).get(resource.urn)
    if found:
        return PASS
    if context.graph.once(_with_dns_policies).get(""):
        return indeterminate("may be in no DNS policy: of one it is not known which networks it names")
    return fail("is in no DNS policy, so that nobody sees what is looked up in it")


def _with_dns_policies(graph: Graph) -> Mapping[str, bool]:
    """The networks that DNS policies name, by URN; under "" whether one names a network that nobody can tell."""
    found: dict[str, bool] = {}
    for policy in graph.of(_DNS):
        for reading in _NETWORKS.read(policy):
            network = graph.resolve(policy, reading, _NETWORK)
            if network is not None:
                found[network.urn] = True
            elif reading.state is not State.ABSENT:
                found[""] = True
    return found


CONTROL = Control(
    id="MON-07",
    title="Flows, connections and DNS queries are logged",
    why=(
        "Who took the data out, and where to, is in the logs of the network or nowhere. A subnet logs flows where a "
        "block asks for it, half of them unless it says otherwise; a filter leaves some out, so it fails. Subnets that "
        "hold no machines have no flow logs. Rules of firewalls log where they are told to, and those that hand on to "
        "the next policy cannot. A gateway for addresses logs where it is told to. DNS queries of a network are logged "
        "by the policy that names it: a network that none names is said of the network, a policy that does not log of "
        "the policy. Networks that this document only reads are left out."
    ),
    remedy=(
        "Use Network, or set `log_config` on subnets, rules and gateways, and a `dns.Policy` with `enable_logging` for "
        "each network."
    ),
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(
        full("google-ai", "COM-CO-7.4"),
        full("google-ai", "COM-CO-7.5"),
        partial("cis-gcp-5.0", "3.10", "Whether what is sampled and filtered is enough."),
        full("cis-gcp-5.0", "2.13"),
    ),
    reads=(
        Read(_SUBNET, "logConfig"),
        _SAMPLED.reads(_SUBNET),
        _EVERY_FLOW.reads(_SUBNET),
        Read(_SUBNET, "purpose", absent=Verdict.PASS, empty=Verdict.PASS),
        _NAT_LOGGED.reads(_NAT),
        Read(_FIREWALL, "logConfig"),
        *(_RULE_LOGGED.reads(each) for each in _RULES),
        *(Read.aside(each, "action") for each in _RULES),
        *(_RULES_LOGGED.reads(each) for each in _WITH_RULES),
        *(Read.aside(each, "rules.action") for each in _WITH_RULES),
        _QUERIES_LOGGED.reads(_DNS),
        Read.aside(_DNS, "networks.networkUrl"),
    ),
    checks={
        _SUBNET: _subnet,
        _NAT: _NAT_LOGGED,
        _FIREWALL: _firewall,
        **dict.fromkeys(_RULES, _rule),
        **dict.fromkeys(_WITH_RULES, _policy_with_rules),
        _NETWORK: _network,
        _DNS: _QUERIES_LOGGED,
    },
)
