"""NET-20: what goes out is denied by default."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.network.net_20 import CONTROL
from tests.policies.rules import harness
from tests.policies.rules.harness import R, put, secret, stated_verdicts, urn

EVERYWHERE = ["0.0.0.0/0"]
INTERNAL = ["10.0.0.0/8"]
POLICY = R("compute.NetworkFirewallPolicy", {"name": "closed"}, "policy")
REGION_POLICY = R("compute.RegionNetworkFirewallPolicy", {"name": "regional"}, "regional")


def placed(*resources: R) -> list[R]:
    """Give resources with the project in which most of them are."""
    return [replace(each, inputs={"project": "acme-ml", **each.inputs}) for each in resources]


def outcomes(control: Control, *resources: R, **world: Any) -> dict[str, Outcome]:
    return harness.outcomes(control, *placed(*resources), **world)


def network(name: str = "core", **inputs: Any) -> R:
    return R("compute.Network", {"name": name, "project": "acme-ml", **inputs}, name)


def firewall(name: str = "deny", **inputs: Any) -> R:
    given = {
        "network": "core",
        "direction": "EGRESS",
        "disabled": False,
        "denies": [{"protocol": "all"}],
        "destinationRanges": EVERYWHERE,
        "priority": 65000,
    } | inputs
    return R("compute.Firewall", {key: value for key, value in given.items() if value is not ...}, name)


def allow(name: str = "allow", **inputs: Any) -> R:
    return firewall(
        name, **{"denies": ..., "allows": [{"protocol": "tcp", "ports": ["443"]}], "priority": 900} | inputs
    )


def block(action: str = "deny", priority: object = 65000, **match: Any) -> dict[str, Any]:
    matched = {"destIpRanges": EVERYWHERE, "layer4Configs": [{"ipProtocol": "all"}]} | match
    matched = {key: value for key, value in matched.items() if value is not ...}
    return {"direction": "EGRESS", "disabled": False, "action": action, "priority": priority, "match": matched}


def rule(name: str = "rule", action: str = "deny", priority: object = 65000, **match: Any) -> R:
    return R(
        "compute.NetworkFirewallPolicyRule", {"firewallPolicy": "closed", **block(action, priority, **match)}, name
    )


def association(target: object = "core", policy: object = "closed", name: str = "association") -> R:
    return R("compute.NetworkFirewallPolicyAssociation", {"attachmentTarget": target, "firewallPolicy": policy}, name)


def found(*resources: R, **world: Any) -> Outcome:
    return outcomes(CONTROL, *resources, **world)["core"]


def verdict(*resources: R, **world: Any) -> Verdict:
    return found(*resources, **world).verdict


HIERARCHICAL = block("allow", 1, destIpRanges=INTERNAL)

test_stated_verdicts = stated_verdicts(
    CONTROL,
    placed(
        replace(network("sample"), name="it"),
        firewall("it", network="lab"),
        R("compute.NetworkFirewallPolicyRule", {"firewallPolicy": "closed", **block()}),
        R("compute.NetworkFirewallPolicyWithRules", {"name": "whole", "rules": [block()]}),
        R("compute.FirewallPolicyRule", HIERARCHICAL),
        R("compute.FirewallPolicyWithRules", {"rules": [HIERARCHICAL]}),
    ),
    *placed(
        *(network(each) for each in ("lab", "second", "third")),
        firewall("closer", network="sample"),
        POLICY,
        association("second"),
        association("third", "whole", "other"),
    ),
)


@pytest.mark.parametrize(
    "others", [[], [firewall(network="lab")], [POLICY, rule()], [rule(), association("lab"), POLICY]]
)
def test_a_network_without_a_rule_that_denies_lets_out_everything(others: list[R]) -> None:
    answer = found(network(), network("lab"), *others)
    assert (answer.verdict, answer.reasons[0].path) == (Verdict.FAIL, "")
    assert "IPv4" in answer.reasons[0].message


@pytest.mark.parametrize(
    "inputs",
    [
        {"disabled": True},
        {"direction": "INGRESS"},
        {"direction": ...},
        {"destinationRanges": INTERNAL},
        {"destinationRanges": ["0.0.0.0/1"]},
        {"destinationRanges": ["::/0"]},
        {"denies": [{"protocol": "tcp"}]},
        {"denies": ..., "allows": ...},
        {"targetTags": ["web"]},
        {"targetServiceAccounts": ["a@b.test"]},
        {"sourceRanges": INTERNAL},
    ],
)
def test_a_rule_that_denies_less_closes_nothing(inputs: dict[str, Any]) -> None:
    assert verdict(network(), firewall(**inputs)) is Verdict.FAIL


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"disabled": ..., "priority": ...},
        {"destinationRanges": ["0.0.0.0/1", "128.0.0.0/1"]},
        {"destinationRanges": ...},
        {"destinationRanges": [*INTERNAL, *EVERYWHERE]},
        {"denies": [{"protocol": "icmp"}, {"protocol": "ALL"}]},
        {"priority": "65000"},
        {"network": "projects/acme-ml/global/networks/core"},
        {"network": "https://www.googleapis.com/compute/v1/projects/acme-ml/global/networks/core"},
    ],
)
def test_a_rule_that_denies_everything_closes(inputs: dict[str, Any]) -> None:
    answers = outcomes(CONTROL, network(), firewall(**inputs))
    assert {name: each.verdict for name, each in answers.items()} == {"core": Verdict.PASS, "deny": Verdict.PASS}


def test_a_network_of_another_project_with_the_same_name_is_another() -> None:
    assert verdict(network(), firewall(network="projects/other/global/networks/core")) is Verdict.FAIL


@pytest.mark.parametrize(
    "inputs",
    [
        {"destinationRanges": UNKNOWN},
        {"disabled": UNKNOWN},
        {"direction": secret()},
        {"priority": UNKNOWN},
        {"denies": UNKNOWN},
    ],
)
def test_a_rule_that_may_deny_is_indeterminate(inputs: dict[str, Any]) -> None:
    assert verdict(network(), firewall(**inputs)) is Verdict.INDETERMINATE


def test_a_network_comes_from_where_provenance_says() -> None:
    unnamed = R("compute.Network", {}, "core")
    inputs = {**firewall().inputs, "network": UNKNOWN}
    made = R("compute.Firewall", inputs, "deny", origins={"network": urn("compute.Network", "core")})
    assert verdict(unnamed, made) is Verdict.PASS
    assert verdict(unnamed, R("compute.Firewall", inputs, "deny")) is Verdict.INDETERMINATE


@pytest.mark.parametrize("ranges", [EVERYWHERE, ["::/0"], ["128.0.0.0/1"], ..., []])
@pytest.mark.parametrize(
    ("priority", "expected"), [(900, Verdict.FAIL), (64999, Verdict.FAIL), (65001, Verdict.PASS), (65000, Verdict.PASS)]
)
def test_what_is_asked_first_decides(ranges: object, priority: int, expected: Verdict) -> None:
    answer = found(network(), allow(destinationRanges=ranges, priority=priority), firewall())
    assert answer.verdict is expected
    assert [each.shown for each in answer.reasons] == (["allow"] if expected is Verdict.FAIL else [])


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"destinationRanges": INTERNAL}, Verdict.PASS),
        ({"disabled": True}, Verdict.PASS),
        ({"direction": "INGRESS"}, Verdict.PASS),
        ({"network": "lab"}, Verdict.PASS),
        ({"targetTags": ["web"]}, Verdict.FAIL),
        ({"priority": ...}, Verdict.FAIL),
        ({"destinationRanges": UNKNOWN}, Verdict.INDETERMINATE),
        ({"disabled": UNKNOWN}, Verdict.INDETERMINATE),
        ({"network": UNKNOWN}, Verdict.INDETERMINATE),
        ({"priority": UNKNOWN}, Verdict.INDETERMINATE),
        ({"priority": 2.5}, Verdict.INDETERMINATE),
        ({"priority": True}, Verdict.INDETERMINATE),
    ],
)
def test_an_allowed_exception(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(network(), allow(**inputs), firewall()) is expected


CLOSED = (POLICY, association(), rule())


def test_a_policy_closes_the_networks_with_which_it_is_associated() -> None:
    assert verdict(network(), *CLOSED) is Verdict.PASS
    assert outcomes(CONTROL, network(), *CLOSED)["rule"].verdict is Verdict.PASS
    whole = R(
        "compute.NetworkFirewallPolicyWithRules",
        {"name": "closed", "rules": [block("allow", 1, destIpRanges=INTERNAL), block()]},
        "p",
    )
    assert verdict(network(), whole, association()) is Verdict.PASS


@pytest.mark.parametrize(
    "match",
    [
        {"destIpRanges": ...},
        {"destIpRanges": INTERNAL},
        {"srcIpRanges": INTERNAL},
        {"srcAddressGroups": ["group"]},
        {"destNetworkContext": "NON_INTERNET"},
        {"destNetworkScope": "INTERNET"},
        {"layer4Configs": [{"ipProtocol": "tcp"}]},
    ],
)
def test_a_rule_of_a_policy_that_denies_less_closes_nothing(match: dict[str, Any]) -> None:
    assert verdict(network(), POLICY, association(), rule(**match)) is Verdict.FAIL


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("targetSecureTags", [{"name": "t"}], Verdict.FAIL),
        ("targetServiceAccounts", ["a@b.test"], Verdict.FAIL),
        ("targetForwardingRules", ["r"], Verdict.FAIL),
        ("targetType", "INTERNAL_MANAGED_LB", Verdict.FAIL),
        ("targetType", "INSTANCES", Verdict.PASS),
        ("action", "goto_next", Verdict.FAIL),
        ("action", "DENY", Verdict.PASS),
        ("action", UNKNOWN, Verdict.INDETERMINATE),
        ("priority", ..., Verdict.INDETERMINATE),
    ],
)
def test_what_else_a_rule_of_a_policy_says(path: str, value: object, expected: Verdict) -> None:
    denies = rule()
    assert (
        verdict(network(), POLICY, association(), replace(denies, inputs=put(denies.inputs, path, value))) is expected
    )


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ({"destIpRanges": INTERNAL}, Verdict.PASS),
        ({"destIpRanges": ..., "destFqdns": ["a.test"]}, Verdict.PASS),
        ({"destNetworkContext": "NON_INTERNET"}, Verdict.PASS),
        ({"destIpRanges": ..., "destRegionCodes": ["NL"]}, Verdict.FAIL),
        ({"destIpRanges": ..., "destThreatIntelligences": ["iplist-public-clouds"]}, Verdict.FAIL),
        ({"destIpRanges": ...}, Verdict.FAIL),
        ({}, Verdict.FAIL),
        ({"destIpRanges": UNKNOWN}, Verdict.INDETERMINATE),
        ({"destIpRanges": ..., "destAddressGroups": ["elsewhere"]}, Verdict.INDETERMINATE),
    ],
)
@pytest.mark.parametrize("action", ["allow", "apply_security_profile_group"])
def test_an_exception_of_a_policy(action: str, match: dict[str, Any], expected: Verdict) -> None:
    assert verdict(network(), *CLOSED, rule("exception", action, 1000, **match)) is expected
    assert verdict(network(), *CLOSED, rule("exception", action, 65001, **match)) is Verdict.PASS


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("BEFORE_CLASSIC_FIREWALL", Verdict.PASS),
        ("AFTER_CLASSIC_FIREWALL", Verdict.FAIL),
        (None, Verdict.FAIL),
        (UNKNOWN, Verdict.FAIL),
        (7, Verdict.FAIL),
    ],
)
def test_firewall_rules_come_first_unless_the_network_says_otherwise(order: object, expected: Verdict) -> None:
    placed = network(networkFirewallPolicyEnforcementOrder=order)
    assert verdict(placed, *CLOSED, allow(priority=1)) is expected


def test_an_order_that_is_not_known_must_not_matter() -> None:
    placed = network(networkFirewallPolicyEnforcementOrder=UNKNOWN)
    assert verdict(placed, *CLOSED) is Verdict.PASS
    assert verdict(placed, POLICY, association(), rule("open", "allow"), firewall()) is Verdict.FAIL


def regional(action: str) -> tuple[R, ...]:
    inputs = {"firewallPolicy": "regional", **block(action, 1)}
    joined = {"attachmentTarget": "core", "firewallPolicy": "regional"}
    return (
        REGION_POLICY,
        R("compute.RegionNetworkFirewallPolicyRule", inputs, "in-region"),
        R("compute.RegionNetworkFirewallPolicyAssociation", joined, "joined"),
    )


def test_a_regional_policy_can_open_a_network_but_not_close_it() -> None:
    first = network(networkFirewallPolicyEnforcementOrder="BEFORE_CLASSIC_FIREWALL")
    assert verdict(network(), *regional("deny")) is Verdict.FAIL
    assert verdict(first, *regional("allow"), firewall()) is Verdict.FAIL
    assert verdict(network(), *regional("allow"), firewall()) is Verdict.PASS
    assert verdict(first, *regional("allow"), *CLOSED) is Verdict.PASS


def test_a_policy_of_elsewhere_may_hold_anything() -> None:
    assert verdict(network(), association("core", "elsewhere"), firewall()) is Verdict.PASS
    first = network(networkFirewallPolicyEnforcementOrder="BEFORE_CLASSIC_FIREWALL")
    assert verdict(first, association("core", "elsewhere"), firewall()) is Verdict.INDETERMINATE
    assert verdict(network(), association("core", "elsewhere")) is Verdict.INDETERMINATE


@pytest.mark.parametrize("lost", ["attachmentTarget", "firewallPolicy"])
def test_an_association_that_cannot_be_read_is_indeterminate(lost: str) -> None:
    joined = association()
    assert (
        verdict(network(), POLICY, rule(), replace(joined, inputs={**joined.inputs, lost: UNKNOWN}))
        is Verdict.INDETERMINATE
    )


def test_a_rule_of_an_unknown_policy_is_unclear() -> None:
    stray = replace(rule("stray", "allow", 1), inputs={**rule("stray", "allow", 1).inputs, "firewallPolicy": UNKNOWN})
    assert verdict(network(), *CLOSED, stray) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, Verdict.PASS),
        ({"stackType": "IPV4_ONLY"}, Verdict.PASS),
        ({"stackType": "IPV4_IPV6", "ipv6AccessType": "INTERNAL"}, Verdict.PASS),
        ({"stackType": "IPV4_IPV6", "ipv6AccessType": "EXTERNAL"}, Verdict.FAIL),
        ({"stackType": "IPV6_ONLY"}, Verdict.FAIL),
        ({"stackType": UNKNOWN}, Verdict.FAIL),
        ({"stackType": "IPV4_IPV6", "network": "lab"}, Verdict.PASS),
        ({"stackType": "IPV4_IPV6", "network": UNKNOWN}, Verdict.FAIL),
    ],
)
def test_a_subnet_with_external_ipv6_asks_for_a_rule_of_its_own(inputs: dict[str, Any], expected: Verdict) -> None:
    subnet = R("compute.Subnetwork", {"network": "core", **inputs}, "subnet")
    assert verdict(network(), network("lab"), subnet, firewall()) is expected
    six = firewall("six", destinationRanges=["::/0"])
    assert verdict(network(), network("lab"), subnet, firewall(), six) is Verdict.PASS


@pytest.mark.parametrize(
    ("ranges", "direction", "expected"),
    [
        (EVERYWHERE, "EGRESS", Verdict.FAIL),
        (INTERNAL, "EGRESS", Verdict.PASS),
        (UNKNOWN, "EGRESS", Verdict.INDETERMINATE),
        (EVERYWHERE, "INGRESS", None),
    ],
)
def test_a_rule_of_the_organisation_that_opens_fails_itself(
    ranges: object, direction: str, expected: Verdict | None
) -> None:
    inputs = {**block("allow", 1, destIpRanges=ranges), "direction": direction}
    for top in (
        R("compute.FirewallPolicyRule", inputs, "top"),
        R("compute.FirewallPolicyWithRules", {"rules": [inputs]}, "top"),
    ):
        answers = outcomes(CONTROL, network(), firewall(), top)
        assert (answers["top"].verdict if "top" in answers else None) is expected
        assert answers["core"].verdict is Verdict.PASS


def test_in_an_incomplete_document_a_pass_proves_nothing() -> None:
    assert verdict(network(), firewall(), complete=False) is Verdict.INDETERMINATE
    assert verdict(network(), complete=False) is Verdict.FAIL


@pytest.mark.parametrize("project", ["elsewhere", UNKNOWN])
def test_a_rule_of_another_project_closes_nothing(project: str) -> None:
    expected = Verdict.FAIL if project == "elsewhere" else Verdict.INDETERMINATE
    assert verdict(network(), firewall(project=project)) is expected
    full = f"projects/{project}/global/networks/core"
    assert verdict(network(), firewall(network=full)) is expected


def test_a_policy_of_another_project_closes_nothing() -> None:
    away = replace(association(), inputs={**association().inputs, "project": "elsewhere"})
    assert verdict(network(), POLICY, rule(), away) is Verdict.FAIL
    other = replace(POLICY, inputs={**POLICY.inputs, "project": "elsewhere"})
    assert verdict(network(), other, rule(), association()) is Verdict.INDETERMINATE
