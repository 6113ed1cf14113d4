"""The boundaries of trust, and the ways through them."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.evidence.boundaries import boundaries
from groundplan_policies.evidence.facts import LATER
from groundplan_policies.evidence.model import Boundary
from tests.policies.rules.harness import PROJECT, R, context


def found(*resources: R, boundary: str) -> list[Boundary]:
    return [each for each in boundaries(context(*resources)) if each.boundary == boundary]


def said(*resources: R, boundary: str) -> list[tuple[str, str, bool]]:
    return [(each.what, each.says, each.watch) for each in found(*resources, boundary=boundary)]


def test_where_nothing_leads_in_or_out_that_is_said() -> None:
    assert [what for what, _, _ in said(boundary="Internet")] == [
        "In: no load balancer, no public grant",
        "Out: no proxy, no address translation",
        "In and out: public addresses",
    ]


@pytest.mark.parametrize(
    ("inputs", "public"),
    [
        ({}, True),
        ({"loadBalancingScheme": "EXTERNAL_MANAGED"}, True),
        ({"loadBalancingScheme": "INTERNAL"}, False),
        ({"loadBalancingScheme": ""}, False),
    ],
)
def test_a_load_balancer_that_the_internet_reaches_is_a_way_in(inputs: dict[str, Any], public: bool) -> None:
    ways = said(R("compute.GlobalForwardingRule", inputs, "front"), boundary="Internet")

    assert (("In: load balancer front", "Reachable from the internet.", True) in ways) is public


def test_a_grant_to_everybody_is_a_way_in() -> None:
    inputs = {"bucket": "b", "role": "roles/storage.objectViewer", "member": "allUsers"}

    first, *_ = said(R("storage.BucketIAMMember", inputs, "open"), boundary="Internet")

    assert first == ("In: public grant open", "roles/storage.objectViewer to everybody, by allUsers.", True)


def test_ways_out_are_a_proxy_with_its_names_and_address_translation() -> None:
    names = R("networksecurity.UrlList", {"values": ["github.com", "example.org"]}, "names")

    ways = said(
        R("networkservices.Gateway", {}, "proxy"), names, R("compute.RouterNat", {}, "nat"), boundary="Internet"
    )

    assert ways[1:-1] == [
        ("Out: proxy proxy", "A proxy; its lists name github.com, example.org.", False),
        ("Out: Cloud NAT nat", "What the firewall lets out.", True),
    ]


def test_a_perimeter_says_what_is_inside_and_what_is_let_through() -> None:
    status = {"resources": ["projects/1", "projects/2"], "restrictedServices": ["a", "b", "c"], "accessLevels": ["x"]}

    ((_, says, watch),) = said(
        R("accesscontextmanager.ServicePerimeter", {"status": status}, "p"), boundary="Service perimeter"
    )

    assert says == "Around 2 projects and 3 services. Enforced. Let through: 1 access level."
    assert not watch


def test_a_dry_run_is_not_taken_for_a_perimeter() -> None:
    inputs = {"useExplicitDryRunSpec": True, "spec": {"resources": ["projects/1"], "restrictedServices": ["a"]}}

    ((_, says, watch),) = said(R("accesscontextmanager.ServicePerimeter", inputs, "p"), boundary="Service perimeter")

    assert says.startswith("Around 1 project and 1 service. A dry run")
    assert watch


def test_firewall_rules_say_what_goes_where_to_and_from() -> None:
    every, web = {"ipProtocol": "all"}, {"ipProtocol": "tcp", "ports": ["443", "8080-8090"]}
    wide = {
        "action": "allow",
        "direction": "INGRESS",
        "match": {"srcIpRanges": ["0.0.0.0/0"], "layer4Configs": [every]},
    }
    narrow = {
        "action": "allow",
        "direction": "EGRESS",
        "match": {"destIpRanges": ["10.0.0.0/8"], "layer4Configs": [web]},
    }
    classic = {
        "direction": "INGRESS",
        "allows": [{"protocol": "tcp", "ports": ["22"]}, {"protocol": "icmp"}],
        "sourceRanges": ["::/0"],
    }

    rules = said(
        R("compute.NetworkFirewallPolicyRule", wide, "wide"),
        R("compute.NetworkFirewallPolicyRule", narrow, "narrow"),
        R("compute.Firewall", classic, "classic"),
        R("compute.Firewall", {**classic, "disabled": True}, "off"),
        R("compute.Firewall", {"direction": "EGRESS", "denies": UNKNOWN, "destinationRanges": ["::/0"]}, "later"),
        boundary="Network",
    )

    assert rules == [
        ("Firewall rule wide", "allow everything: in from 0.0.0.0/0.", True),
        ("Firewall rule narrow", "allow tcp 443 + 8080-8090: out to 10.0.0.0/8.", False),
        ("Firewall rule classic", "allow tcp 22, icmp: in from ::/0.", True),
        ("Firewall rule off", "Switched off: allow tcp 22, icmp: in from ::/0.", False),
        ("Firewall rule later", f"deny {LATER}: out to ::/0.", False),
    ]


def test_projects_are_counted_without_what_is_above_them() -> None:
    inside = R("storage.Bucket", {"project": PROJECT}, "a")
    above = R("organizations.IAMMember", {"orgId": "1", "project": PROJECT}, "b")

    assert said(inside, above, boundary="Projects") == [
        (f"Project {PROJECT}", "Holds 1 resource. A right in one project gives none in another.", False)
    ]


def test_federation_without_a_condition_is_marked() -> None:
    issuer = {"oidc": {"issuerUri": "https://git.test"}}
    held = R("iam.WorkloadIdentityPoolProvider", {**issuer, "attributeCondition": "assertion.ref == 'main'"}, "held")
    loose = R("iam.WorkloadIdentityPoolProvider", issuer, "loose")

    assert said(held, loose, boundary="Identities from elsewhere") == [
        ("held", "Programs that https://git.test vouches for, where assertion.ref == 'main'.", False),
        ("loose", "Programs that https://git.test vouches for, without a condition.", True),
    ]
