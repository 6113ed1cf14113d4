"""MON-07: flows, connections and DNS queries are logged."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_07 import CONTROL
from tests.policies.rules.harness import R, outcome, outcomes, stated_verdicts, verdict

RULES = (
    "compute.FirewallPolicyRule",
    "compute.NetworkFirewallPolicyRule",
    "compute.RegionNetworkFirewallPolicyRule",
)
WITH_RULES = (
    "compute.FirewallPolicyWithRules",
    "compute.NetworkFirewallPolicyWithRules",
    "compute.RegionNetworkFirewallPolicyWithRules",
)
SUBNET = R("compute.Subnetwork", {"purpose": "PRIVATE", "logConfig": {"flowSampling": 0.5, "filterExpr": "true"}})
NETWORK = R("compute.Network", {"name": "core"}, "core")
POLICY = R(
    "dns.Policy",
    {"enableLogging": True, "networks": [{"networkUrl": UNKNOWN}]},
    "dns",
    {"networks[0].networkUrl": NETWORK.urn},
)

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        SUBNET,
        R("compute.RouterNat", {"logConfig": {"enable": True, "filter": "ALL"}}),
        R("compute.Firewall", {"logConfig": {"metadata": "INCLUDE_ALL_METADATA"}}),
        *(R(each, {"enableLogging": True, "action": "deny"}) for each in RULES),
        *(R(each, {"rules": [{"enableLogging": True}]}) for each in WITH_RULES),
        replace(POLICY, name="it"),
    ],
)


@pytest.mark.parametrize(
    ("log", "path"),
    [
        ({"flowSampling": 0.4999}, "logConfig.flowSampling"),
        ({"flowSampling": 0}, "logConfig.flowSampling"),
        ({"filterExpr": "false"}, "logConfig.filterExpr"),
        ({"filterExpr": "inIpRange(connection.src_ip, '10.0.0.0/8')"}, "logConfig.filterExpr"),
    ],
)
def test_a_subnet_that_logs_too_little_fails(log: dict[str, Any], path: str) -> None:
    found = outcome(CONTROL, R("compute.Subnetwork", {"logConfig": log}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])


def test_a_subnet_that_asks_for_logs_has_half_of_the_flows() -> None:
    log = {"aggregationInterval": "INTERVAL_5_SEC"}
    assert verdict(CONTROL, R("compute.Subnetwork", {"logConfig": log})) is Verdict.PASS
    assert verdict(CONTROL, R("compute.Subnetwork", {"logConfig": [log]})) is Verdict.PASS


@pytest.mark.parametrize(
    "purpose",
    ["REGIONAL_MANAGED_PROXY", "PRIVATE_SERVICE_CONNECT", "global_managed_proxy", "INTERNAL_HTTPS_LOAD_BALANCER"],
)
def test_a_subnet_without_machines_has_no_flows(purpose: str) -> None:
    assert verdict(CONTROL, R("compute.Subnetwork", {"purpose": purpose})) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("purpose", ["PRIVATE", "private", "AGGREGATE", "PRIVATE_RFC_1918"])
def test_a_subnet_with_machines_has_flows(purpose: str) -> None:
    assert verdict(CONTROL, R("compute.Subnetwork", {"purpose": purpose})) is Verdict.FAIL


@pytest.mark.parametrize("type_", RULES)
def test_a_rule_that_hands_on_cannot_log(type_: str) -> None:
    assert verdict(CONTROL, R(type_, {"action": "goto_next"})) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(type_, {"action": "allow"})) is Verdict.FAIL


@pytest.mark.parametrize("type_", WITH_RULES)
def test_each_rule_of_a_policy_logs(type_: str) -> None:
    found = outcome(CONTROL, R(type_, {"rules": [{"enableLogging": True}, {"enableLogging": False}]}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["rules[1].enableLogging"])
    assert verdict(CONTROL, R(type_, {})) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("type_", WITH_RULES)
@pytest.mark.parametrize(
    ("logs", "expected"),
    [(True, Verdict.PASS), (False, Verdict.FAIL), (None, Verdict.FAIL), (UNKNOWN, Verdict.INDETERMINATE)],
)
def test_rules_of_a_policy_that_hand_on_cannot_log(type_: str, logs: object, expected: Verdict) -> None:
    rules = [{"action": "goto_next"}, {"action": "allow", "enableLogging": logs}]
    found = outcome(CONTROL, R(type_, {"rules": rules}))
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {"rules[1].enableLogging"}
    assert verdict(CONTROL, R(type_, {"rules": rules[:1]})) is Verdict.NOT_APPLICABLE


def test_a_network_without_a_policy_for_names_fails() -> None:
    other = R("compute.Network", {"name": "other"}, "other")
    found = outcomes(CONTROL, NETWORK, other, POLICY)
    assert {name: each.verdict for name, each in found.items()} == {
        "core": Verdict.PASS,
        "other": Verdict.FAIL,
        "dns": Verdict.PASS,
    }


def test_what_the_policy_does_not_do_is_said_of_the_policy() -> None:
    found = outcomes(CONTROL, NETWORK, replace(POLICY, inputs={**POLICY.inputs, "enableLogging": False}))
    assert {name: each.verdict for name, each in found.items()} == {"core": Verdict.PASS, "dns": Verdict.FAIL}


def test_a_policy_of_unknown_networks_may_be_of_any() -> None:
    found = outcomes(CONTROL, NETWORK, replace(POLICY, origins={}))
    assert found["core"].verdict is Verdict.INDETERMINATE
    nothing = R("dns.Policy", {"enableLogging": True}, "dns")
    assert outcomes(CONTROL, NETWORK, nothing)["core"].verdict is Verdict.FAIL
