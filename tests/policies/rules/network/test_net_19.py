"""NET-19: no management port is open to the internet."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.firewalls import FIREWALL, POLICIES_WITH_RULES, POLICY_RULES
from groundplan_policies.rules.network.net_19 import CONTROL
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, urn, verdict

INSIDE = ["10.0.0.0/8"]
SSH = {"protocol": "tcp", "ports": ["22"]}
POLICY_SSH = {"ipProtocol": "tcp", "ports": ["22"]}


def firewall(**inputs: Any) -> R:
    allowed = {"direction": "INGRESS", "disabled": False, "sourceRanges": INSIDE, "allows": [SSH]} | inputs
    return R(FIREWALL, {"network": "core", **{key: value for key, value in allowed.items() if value is not ...}})


def block(**match: Any) -> dict[str, Any]:
    matched = {"srcIpRanges": INSIDE, "layer4Configs": [POLICY_SSH]} | match
    matched = {key: value for key, value in matched.items() if value is not ...}
    return {"direction": "INGRESS", "disabled": False, "action": "allow", "priority": 1, "match": matched}


def rule(type_: str = POLICY_RULES[0], **match: Any) -> R:
    return R(type_, block(**match))


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        firewall(),
        *(rule(type_) for type_ in POLICY_RULES),
        *(R(type_, {"rules": [block()]}) for type_ in POLICIES_WITH_RULES),
        R("networksecurity.AddressGroup", {"items": INSIDE}),
    ],
)


@pytest.mark.parametrize(
    "ranges",
    [
        ["0.0.0.0/0"],
        ["10.0.0.0/8", "::/0"],
        ["128.0.0.0/1"],
        ["0.0.0.0/2", "64.0.0.0/2"],
        [f"{n}.0.0.0/8" for n in range(1, 200)],
    ],
)
def test_the_internet_in_any_form_is_open(ranges: list[str]) -> None:
    assert verdict(CONTROL, firewall(sourceRanges=ranges)) is Verdict.FAIL
    assert verdict(CONTROL, rule(srcIpRanges=ranges)) is Verdict.FAIL


@pytest.mark.parametrize("port", ["22", "3389", "8080", "8888", "20-22", "22-30", "1-65535", "8000-9000"])
@pytest.mark.parametrize("protocol", ["tcp", "TCP", "6", "all", "udp"])
def test_each_management_port_fails_at_its_place(port: str, protocol: str) -> None:
    found = outcome(
        CONTROL,
        firewall(
            sourceRanges=["0.0.0.0/0"], allows=[{"protocol": "icmp"}, {"protocol": protocol, "ports": ["443", port]}]
        ),
    )
    assert found.verdict is Verdict.FAIL
    assert ("allows[1].ports[1]", port) in [(each.path, each.shown) for each in found.reasons]


@pytest.mark.parametrize("ports", [["443"], ["21", "23"], ["23-3388"], ["8081-8887", "8889"]])
def test_other_ports_may_be_open(ports: list[str]) -> None:
    assert (
        verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], allows=[{"protocol": "tcp", "ports": ports}]))
        is Verdict.PASS
    )
    layer4 = [{"ipProtocol": "tcp", "ports": ports}]
    assert verdict(CONTROL, rule(srcIpRanges=["0.0.0.0/0"], layer4Configs=layer4)) is Verdict.PASS


@pytest.mark.parametrize("ports", [..., []])
@pytest.mark.parametrize("protocol", ["tcp", "all", "sctp", "132", "17"])
def test_no_ports_are_all_ports(ports: object, protocol: str) -> None:
    pair = {"protocol": protocol} | ({} if ports is ... else {"ports": ports})
    assert verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], allows=[pair])) is Verdict.FAIL


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [
        *((each, Verdict.PASS) for each in ("icmp", "esp", "ah", "ipip", "1", "47", "255")),
        *((each, Verdict.INDETERMINATE) for each in ("256", "ssh", "", 6, None, UNKNOWN, secret())),
    ],
)
def test_protocols_without_ports_are_left_out(protocol: object, expected: Verdict) -> None:
    assert verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], allows=[{"protocol": protocol}])) is expected


@pytest.mark.parametrize("port", ["ssh", "22-", "-22", UNKNOWN, secret(), 22, "222222"])
def test_a_port_that_is_none_is_no_pass(port: object) -> None:
    found = verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], allows=[{"protocol": "tcp", "ports": [port]}]))
    assert found is Verdict.INDETERMINATE


@pytest.mark.parametrize("blocks", [UNKNOWN, [UNKNOWN], secret(), ["tcp"], 7])
def test_what_is_allowed_must_be_readable(blocks: object) -> None:
    assert verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], allows=blocks)) is Verdict.INDETERMINATE


def test_a_rule_without_a_source_admits_every_address_unless_tags_or_accounts_narrow_it() -> None:
    assert verdict(CONTROL, firewall(sourceRanges=...)) is Verdict.FAIL
    assert verdict(CONTROL, firewall(sourceRanges=..., sourceTags=["web"])) is Verdict.PASS
    assert verdict(CONTROL, firewall(sourceRanges=[], sourceServiceAccounts=["a@b.test"])) is Verdict.PASS
    assert verdict(CONTROL, firewall(sourceRanges=..., sourceTags=[])) is Verdict.FAIL
    assert verdict(CONTROL, firewall(sourceRanges=..., sourceTags=UNKNOWN)) is Verdict.INDETERMINATE
    assert verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], sourceTags=["web"])) is Verdict.FAIL


@pytest.mark.parametrize(
    "inputs",
    [
        {"direction": "EGRESS"},
        {"direction": "egress"},
        {"disabled": True},
        {"allows": ..., "denies": [SSH]},
    ],
)
def test_what_lets_nobody_in_does_not_apply(inputs: dict[str, Any]) -> None:
    assert verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], **inputs)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    "inputs", [{"direction": UNKNOWN}, {"disabled": UNKNOWN}, {"direction": "IN"}, {"disabled": "yes"}]
)
def test_an_open_rule_of_which_nobody_knows_whether_it_lets_in_is_indeterminate(inputs: dict[str, Any]) -> None:
    assert verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], **inputs)) is Verdict.INDETERMINATE
    assert verdict(CONTROL, firewall(**inputs)) is Verdict.PASS


def test_a_direction_that_is_not_given_is_inwards() -> None:
    assert verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], direction=..., disabled=...)) is Verdict.FAIL


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("allow", Verdict.FAIL),
        ("ALLOW", Verdict.FAIL),
        ("apply_security_profile_group", Verdict.FAIL),
        ("deny", Verdict.NOT_APPLICABLE),
        ("goto_next", Verdict.NOT_APPLICABLE),
        (UNKNOWN, Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
    ],
)
def test_the_action_decides_whether_a_rule_lets_in(action: object, expected: Verdict) -> None:
    open_ = rule(srcIpRanges=["0.0.0.0/0"])
    assert verdict(CONTROL, R(open_.type, put(open_.inputs, "action", action))) is expected


@pytest.mark.parametrize("context", ["INTRA_VPC", "NON_INTERNET", "VPC_NETWORKS"])
@pytest.mark.parametrize("property_", ["srcNetworkContext", "srcNetworkScope"])
def test_a_context_inside_narrows_every_source(context: str, property_: str) -> None:
    assert verdict(CONTROL, rule(srcIpRanges=["0.0.0.0/0"], **{property_: context})) is Verdict.PASS
    assert verdict(CONTROL, rule(srcIpRanges=["0.0.0.0/0"], **{property_: "INTERNET"})) is Verdict.FAIL


@pytest.mark.parametrize("match", [{"srcRegionCodes": ["NL"]}, {"srcThreatIntelligences": ["iplist-public-clouds"]}])
def test_countries_and_lists_of_google_are_no_source_of_ones_own(match: dict[str, Any]) -> None:
    found = outcome(CONTROL, rule(**match))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, f"match.{next(iter(match))}")


@pytest.mark.parametrize(
    "match", [{"srcFqdns": ["a.test"]}, {"srcSecureTags": [{"name": "t"}]}, {"srcNetworks": ["core"]}]
)
def test_named_sources_are_narrow(match: dict[str, Any]) -> None:
    assert verdict(CONTROL, rule(srcIpRanges=..., **match)) is Verdict.PASS
    assert verdict(CONTROL, rule(srcIpRanges=...)) is Verdict.FAIL
    assert verdict(CONTROL, rule(srcIpRanges=..., **dict.fromkeys(match, UNKNOWN))) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (INSIDE, Verdict.PASS),
        (["10.0.0.0/8", "::/0"], Verdict.FAIL),
        (["8.0.0.0/7"], Verdict.FAIL),
        ([f"{n}.0.0.0/8" for n in range(1, 200)], Verdict.FAIL),
        ([UNKNOWN], Verdict.INDETERMINATE),
    ],
)
def test_a_group_of_addresses_is_what_it_holds(items: list[str], expected: Verdict) -> None:
    group = R("networksecurity.AddressGroup", {"items": items}, "group")
    open_ = block(srcAddressGroups=[UNKNOWN])
    origins = {"match.srcAddressGroups[0]": urn(group.type, "group")}
    assert verdict(CONTROL, R(POLICY_RULES[0], open_, origins=origins), group) is expected
    assert verdict(CONTROL, rule(srcAddressGroups=["elsewhere"])) is Verdict.INDETERMINATE


def test_the_second_rule_of_a_policy_counts() -> None:
    policy = R(POLICIES_WITH_RULES[0], {"rules": [block(), block(srcIpRanges=["0.0.0.0/0"])]})
    found = outcome(CONTROL, policy)
    assert found.verdict is Verdict.FAIL
    assert "rules[1].match.srcIpRanges[0]" in [each.path for each in found.reasons]
    assert verdict(CONTROL, R(POLICIES_WITH_RULES[0], {"rules": [block(), UNKNOWN]})) is Verdict.INDETERMINATE
    assert verdict(CONTROL, R(POLICIES_WITH_RULES[0], {"rules": [block(), secret()]})) is Verdict.INDETERMINATE
    assert verdict(CONTROL, R(POLICIES_WITH_RULES[0], {"rules": UNKNOWN})) is Verdict.INDETERMINATE
    assert verdict(CONTROL, R(POLICIES_WITH_RULES[0], {"rules": []})) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    "group",
    [
        {"record": {"ignoreChanges": ["items"]}},
        {"record": {"ignoreChanges": ["items[0]"]}},
        {"record": {"external": True}},
        {"inputs": {}},
        {"inputs": {"items": []}},
        {"inputs": {"items": [""]}},
        {"inputs": {"items": [*INSIDE, None]}},
    ],
)
def test_a_group_that_is_filled_from_elsewhere_is_indeterminate(group: dict[str, Any]) -> None:
    made = R("networksecurity.AddressGroup", **{"inputs": {"items": INSIDE}, "name": "group"} | group)
    origins = {"match.srcAddressGroups[0]": urn(made.type, "group")}
    open_ = R(POLICY_RULES[0], block(srcAddressGroups=[UNKNOWN], srcIpRanges=...), origins=origins)
    assert verdict(CONTROL, open_, made) is Verdict.INDETERMINATE


def test_a_group_of_which_other_changes_are_ignored_is_still_what_it_holds() -> None:
    made = R("networksecurity.AddressGroup", {"items": INSIDE}, "group", record={"ignoreChanges": ["labels"]})
    origins = {"match.srcAddressGroups[0]": urn(made.type, "group")}
    assert (
        verdict(CONTROL, R(POLICY_RULES[0], block(srcAddressGroups=[UNKNOWN]), origins=origins), made) is Verdict.PASS
    )


@pytest.mark.parametrize("nothing", [[None], [""], [None, ""]])
def test_tags_and_names_that_say_nothing_narrow_nothing(nothing: list[object]) -> None:
    assert verdict(CONTROL, firewall(sourceRanges=[], sourceTags=nothing)) is Verdict.FAIL
    assert verdict(CONTROL, firewall(sourceRanges=..., sourceServiceAccounts=nothing)) is Verdict.FAIL
    assert verdict(CONTROL, firewall(sourceRanges=[], sourceTags=[*nothing, "web"])) is Verdict.PASS
    assert verdict(CONTROL, rule(srcIpRanges=..., srcFqdns=nothing)) is Verdict.FAIL
    assert verdict(CONTROL, rule(srcIpRanges=..., srcSecureTags=[{"name": each} for each in nothing])) is Verdict.FAIL
    assert verdict(CONTROL, rule(srcIpRanges=..., srcSecureTags=[{}])) is Verdict.FAIL


@pytest.mark.parametrize("protocol", ["06", "006", "017"])
def test_a_number_of_a_protocol_may_begin_with_zeroes(protocol: str) -> None:
    pair = {"protocol": protocol, "ports": ["22"]}
    assert verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], allows=[pair])) is Verdict.FAIL


@pytest.mark.parametrize("port", ["23-21", "65536", "443-65536"])
def test_a_range_that_google_does_not_take_is_indeterminate(port: str) -> None:
    pair = {"protocol": "tcp", "ports": [port]}
    assert verdict(CONTROL, firewall(sourceRanges=["0.0.0.0/0"], allows=[pair])) is Verdict.INDETERMINATE


def test_one_address_that_nobody_sees_makes_a_group_unclear() -> None:
    group = R("networksecurity.AddressGroup", {"items": [*INSIDE, UNKNOWN]})
    assert verdict(CONTROL, group) is Verdict.INDETERMINATE
