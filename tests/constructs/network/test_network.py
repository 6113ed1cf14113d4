"""Network: what it plans in each tier, what it lets through, what it shares, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

import groundplan as gp
from groundplan.core.agents import service_agent
from tests.constructs.plan import UNKNOWN, Plan, environment, plan

DOMAINS = ("packages.acme.test", "source.acme.test")
RESTRICTED = ["199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"]
HOST = gp.Project(id="acme-net-host", number="210987654321")
WORKLOAD = gp.Project(id="acme-ml-dev", number="123456789012")

COMMON = {
    "gcp:compute/network:Network": 1,
    "gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy": 1,
    "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation": 1,
    "gcp:dns/managedZone:ManagedZone": 8,
    "gcp:dns/policy:Policy": 1,
    "gcp:dns/recordSet:RecordSet": 16,
}
WITH_NAT = {
    **COMMON,
    "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule": 5,
    "gcp:compute/route:Route": 2,
    "gcp:compute/router:Router": 1,
    "gcp:compute/routerNat:RouterNat": 1,
    "gcp:compute/subnetwork:Subnetwork": 1,
}
WITH_PROXY = {
    **COMMON,
    "gcp:compute/globalAddress:GlobalAddress": 1,
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": 1,
    "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule": 4,
    "gcp:compute/subnetwork:Subnetwork": 2,
    "gcp:networksecurity/gatewaySecurityPolicy:GatewaySecurityPolicy": 1,
    "gcp:networksecurity/gatewaySecurityPolicyRule:GatewaySecurityPolicyRule": 1,
    "gcp:networksecurity/urlList:UrlList": 1,
    "gcp:networkservices/gateway:Gateway": 1,
}


def planned(tier: gp.Tier = gp.Tier.TEAM, env: gp.Environment | None = None, **more: Any) -> Plan:
    args = {"cidr": "10.0.0.0/20", "egress_domains": DOMAINS, **more}
    return plan(lambda: gp.Network("core", gp.NetworkArgs(env=env or environment(tier), **args)))


def refusal(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    return str(caught.value)


def shared(**more: Any) -> gp.Environment:
    projects = gp.Projects(workload=WORKLOAD, network=HOST, keys=WORKLOAD, logs=WORKLOAD, build=WORKLOAD)
    return gp.Environment(projects=projects, region="europe-west4", tier=gp.Tier.TEAM, **more)


def rules(found: Plan) -> dict[str, Any]:
    return {rule.name.removeprefix("core-"): rule.inputs for rule in found.of("NetworkFirewallPolicyRule")}


class TestTiers:
    @pytest.mark.parametrize(
        ("tier", "inventory"),
        [(gp.Tier.LEARNER, WITH_NAT), (gp.Tier.TEAM, WITH_NAT), (gp.Tier.REGULATED, WITH_PROXY)],
        ids=["learner", "team", "regulated"],
    )
    def test_inventory(self, tier: gp.Tier, inventory: dict[str, int]) -> None:
        assert planned(tier).inventory() == dict(sorted(inventory.items()))

    @pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda t: str(t.name))
    def test_every_tier_denies_by_default_and_logs(self, tier: gp.Tier) -> None:
        found = planned(tier)
        network = found.one("gcp:compute/network:Network").inputs
        assert network["autoCreateSubnetworks"] is False
        assert network["deleteDefaultRoutesOnCreate"] is True
        assert network["networkFirewallPolicyEnforcementOrder"] == "BEFORE_CLASSIC_FIREWALL"
        everything = [{"ipProtocol": "all"}]
        denials = {name: rule for name, rule in rules(found).items() if rule["action"] == "deny"}
        assert {name: rule["match"] for name, rule in denials.items()} == {
            "deny-egress": {"destIpRanges": ["0.0.0.0/0"], "layer4Configs": everything},
            "deny-ingress": {"srcIpRanges": ["0.0.0.0/0"], "layer4Configs": everything},
        }
        last_exception = max(r["priority"] for r in rules(found).values() if r["action"] == "allow")
        assert last_exception < min(r["priority"] for r in denials.values())
        assert all(rule["enableLogging"] for rule in rules(found).values())
        assert found.one("Policy").inputs["enableLogging"] is True
        assert found.one("Policy").inputs["networks"] == [{"networkUrl": UNKNOWN}]

    @pytest.mark.parametrize(
        ("tier", "sampling"), [(gp.Tier.LEARNER, 0.5), (gp.Tier.TEAM, 0.5), (gp.Tier.REGULATED, 1.0)]
    )
    def test_the_subnetwork_reaches_google_privately_and_logs_flows(self, tier: gp.Tier, sampling: float) -> None:
        subnetwork = planned(tier).one("Subnetwork", "core-subnetwork").inputs
        assert subnetwork["privateIpGoogleAccess"] is True
        assert subnetwork["stackType"] == "IPV4_ONLY"
        assert subnetwork["logConfig"]["flowSampling"] == sampling
        assert subnetwork["secondaryIpRanges"] == [
            {"rangeName": "gp-core-pods", "ipCidrRange": "100.64.0.0/16"},
            {"rangeName": "gp-core-services", "ipCidrRange": "100.65.0.0/20"},
        ]

    @pytest.mark.parametrize(("tier", "logs"), [(gp.Tier.LEARNER, False), (gp.Tier.TEAM, True)])
    def test_nat_serves_the_listed_subnetwork_only(self, tier: gp.Tier, logs: bool) -> None:
        found = planned(tier)
        nat = found.one("RouterNat").inputs
        assert nat["sourceSubnetworkIpRangesToNat"] == "LIST_OF_SUBNETWORKS"
        assert [s["sourceIpRangesToNats"] for s in nat["subnetworks"]] == [["ALL_IP_RANGES"]]
        assert nat["logConfig"] == {"enable": logs, "filter": "ALL"}
        assert {r.inputs["destRange"] for r in found.of("Route")} == {"0.0.0.0/0", "199.36.153.4/30"}
        assert rules(found)["allow-domains"]["match"] == {
            "destFqdns": list(DOMAINS),
            "layer4Configs": [{"ipProtocol": "tcp", "ports": ["443"]}],
        }

    def test_regulated_has_no_route_out_but_a_proxy_with_a_list(self) -> None:
        found = planned(gp.Tier.REGULATED, egress_domains=("*.acme.test",))
        assert not found.of("Route")
        assert not found.of("RouterNat")
        gateway = found.one("Gateway").inputs
        assert gateway["type"] == "SECURE_WEB_GATEWAY"
        assert gateway["routingMode"] == "EXPLICIT_ROUTING_MODE"
        assert gateway["addresses"] == ["10.0.15.253"]
        assert gateway["labels"]["managed-by"] == "groundplan"
        assert "certificateUrls" not in gateway
        rule = found.one("GatewaySecurityPolicyRule").inputs
        assert rule["basicProfile"] == "ALLOW"
        url_list = f"projects/acme-ml-dev/locations/europe-west4/urlLists/{found.one('UrlList').inputs['name']}"
        assert rule["sessionMatcher"] == f"inUrlList(host(), '{url_list}') && destination.port == 443"
        assert found.one("UrlList").inputs["values"] == ["*.acme.test"]
        proxies = found.one("Subnetwork", "core-proxy-subnetwork").inputs
        assert (proxies["purpose"], proxies["role"]) == ("REGIONAL_MANAGED_PROXY", "ACTIVE")

    def test_without_domains_there_is_no_proxy(self) -> None:
        found = planned(gp.Tier.REGULATED, egress_domains=())
        assert not found.of("Gateway")
        assert [s.name for s in found.of("Subnetwork")] == ["core-subnetwork"]

    def test_without_domains_the_firewall_lets_nothing_out_to_the_internet(self) -> None:
        found = planned(gp.Tier.TEAM, egress_domains=())
        assert "allow-domains" not in rules(found)
        allowed = [r["match"]["destIpRanges"] for r in rules(found).values() if r["action"] == "allow"]
        assert allowed == [["199.36.153.4/30"], ["10.0.0.0/20"]]

    def test_a_tier_may_have_nat_and_proxy(self) -> None:
        tier = gp.Tier.extending("regulated", name="both", settings={"nat": True})
        found = planned(tier)
        assert found.of("RouterNat")
        assert found.of("Gateway")


class TestGoogleApis:
    def test_names_lead_to_the_restricted_range(self) -> None:
        found = planned(gp.Tier.TEAM)
        records = {r.inputs["name"]: r.inputs["rrdatas"] for r in found.of("RecordSet")}
        assert records["googleapis.com."] == RESTRICTED
        assert records["*.googleapis.com."] == ["googleapis.com."]
        assert {z.inputs["dnsName"] for z in found.of("ManagedZone")} == {
            "googleapis.com.",
            "gcr.io.",
            "pkg.dev.",
            "notebooks.googleapis.com.",
            "notebooks.cloud.google.com.",
            "notebooks.googleusercontent.com.",
            "notebooks.byoid.googleusercontent.com.",
            "kernels.googleusercontent.com.",
        }
        assert all(z.inputs["visibility"] == "private" for z in found.of("ManagedZone"))
        assert rules(found)["allow-google-apis"]["match"] == {
            "destIpRanges": ["199.36.153.4/30"],
            "layer4Configs": [{"ipProtocol": "tcp", "ports": ["443"]}],
        }

    def test_names_lead_to_the_endpoint_where_the_tier_has_one(self) -> None:
        found = planned(gp.Tier.REGULATED, google_apis_address="10.255.255.254")
        addresses = [r.inputs["rrdatas"] for r in found.of("RecordSet") if r.inputs["type"] == "A"]
        assert addresses == [["10.255.255.254"]] * 8
        assert found.one("GlobalForwardingRule").inputs["target"] == "vpc-sc"
        assert found.one("GlobalAddress").inputs["address"] == "10.255.255.254"
        assert rules(found)["allow-google-apis"]["match"]["destIpRanges"] == ["10.255.255.254/32"]
        assert "core" in found.one("groundplan:network:PrivateServiceConnect").options["parent"]

    def test_further_domains(self) -> None:
        found = planned(google_domains=("run.app",))
        assert found.one("ManagedZone", "core-zone-run-app").inputs["dnsName"] == "run.app."
        assert found.one("RecordSet", "core-names-run-app").inputs["name"] == "*.run.app."

    def test_zones_are_emptied_on_deletion_only_where_nothing_is_protected(self) -> None:
        for tier, emptied in ((gp.Tier.LEARNER, True), (gp.Tier.TEAM, False)):
            assert {z.inputs["forceDestroy"] for z in planned(tier).of("ManagedZone")} == {emptied}


class TestExceptions:
    def test_none_is_made_unasked(self) -> None:
        assert sorted(rules(planned())) == [
            "allow-domains",
            "allow-google-apis",
            "allow-private-endpoints",
            "deny-egress",
            "deny-ingress",
        ]

    def test_named_ones(self) -> None:
        found = planned(
            iap_ssh=True,
            health_check_ports=(8080,),
            internal_traffic=True,
            firewall_rules=(
                gp.FirewallRule(
                    name="on-premises", direction="EGRESS", ranges=("172.20.0.0/16",), ports=(443, "8000-8010")
                ),
                gp.FirewallRule(name="pings", direction="INGRESS", ranges=("172.20.0.0/16",), protocol="icmp"),
            ),
        )
        matches = {name: rule["match"] for name, rule in rules(found).items() if rule["action"] == "allow"}
        inside = ["10.0.0.0/20", "100.64.0.0/16"]
        everything = [{"ipProtocol": "all"}]
        assert matches["allow-iap-ssh"] == {
            "srcIpRanges": ["35.235.240.0/20"],
            "layer4Configs": [{"ipProtocol": "tcp", "ports": ["22"]}],
        }
        assert matches["allow-health-checks"]["srcIpRanges"] == ["35.191.0.0/16", "130.211.0.0/22"]
        assert matches["allow-internal-ingress"] == {"srcIpRanges": inside, "layer4Configs": everything}
        assert matches["allow-internal-egress"] == {
            "destIpRanges": [*inside, "100.65.0.0/20"],
            "layer4Configs": everything,
        }
        assert matches["allow-on-premises"] == {
            "destIpRanges": ["172.20.0.0/16"],
            "layer4Configs": [{"ipProtocol": "tcp", "ports": ["443", "8000-8010"]}],
        }
        assert matches["allow-pings"] == {"srcIpRanges": ["172.20.0.0/16"], "layer4Configs": [{"ipProtocol": "icmp"}]}

    def test_a_rule_keeps_its_priority_when_others_come_and_go(self) -> None:
        one = gp.FirewallRule(name="one", direction="EGRESS", ranges=("172.20.0.0/16",), ports=(443,))
        two = gp.FirewallRule(name="two", direction="EGRESS", ranges=("172.21.0.0/16",), ports=(443,))
        before = rules(planned(firewall_rules=(two,)))["allow-two"]["priority"]
        both = rules(planned(firewall_rules=(one, two)))
        assert both["allow-two"]["priority"] == before
        assert both["allow-one"]["priority"] != before
        assert 10_000 <= before < 50_000

    def test_no_machine_can_be_there_before_the_firewall(self) -> None:
        found = planned(gp.Tier.REGULATED)
        for subnetwork in found.of("Subnetwork"):
            assert any("firewall-association" in urn for urn in subnetwork.options["dependencies"]), subnetwork.name
        association = found.one("NetworkFirewallPolicyAssociation")
        depends = association.options["dependencies"]
        assert all(any(urn.endswith(f"::core-{name}") for urn in depends) for name in rules(found))


class TestSharing:
    def test_the_network_stands_in_the_network_project(self) -> None:
        found = planned(env=shared())
        projects = {r.inputs["project"] for r in found.resources if r.type.startswith("gcp:")}
        assert projects == {"acme-net-host"}

    def test_projects_are_attached_when_asked(self) -> None:
        found = planned(env=shared(), service_projects=(WORKLOAD,))
        assert found.one("SharedVPCHostProject").inputs["project"] == "acme-net-host"
        assert found.one("SharedVPCServiceProject").inputs == {
            "hostProject": "acme-net-host",
            "serviceProject": "acme-ml-dev",
        }

    def test_grant_use_is_on_the_one_subnetwork(self) -> None:
        def program() -> None:
            network = gp.Network("core", gp.NetworkArgs(env=shared(), cidr="10.0.0.0/20"))
            grant = network.grant_use("group:ml@acme.test")
            assert grant.scope == "resource"
            network.grant_use(service_agent(WORKLOAD, "notebooks.googleapis.com"))

        members = plan(program).of("SubnetworkIAMMember")
        assert [m.inputs["role"] for m in members] == ["roles/compute.networkUser"] * 2
        assert members[0].inputs["member"] == "group:ml@acme.test"
        assert {(m.inputs["project"], m.inputs["region"], m.inputs["subnetwork"]) for m in members} == {
            ("acme-net-host", "europe-west4", "gp-core-europe-west4")
        }

    def test_exported_and_imported_again(self) -> None:
        def program() -> None:
            network = gp.Network("core", gp.NetworkArgs(env=environment(), cidr="10.0.0.0/20"))
            gp.publish(network.env, {"core": network})

        exported = plan(program).outputs["groundplan"]["references"]["core"]
        assert exported["kind"] == "network"
        again = gp.NetworkRef.imported(exported["value"])
        assert (again.pods_range, again.services_range) == ("gp-core-pods", "gp-core-services")
        assert again.subnetwork_name == "gp-core-europe-west4"


class TestOutputs:
    def test_the_proxy_is_named_with_its_scheme(self) -> None:
        seen: list[object] = []

        def program(**more: Any) -> None:
            args = gp.NetworkArgs(
                env=environment(gp.Tier.REGULATED), cidr="10.0.0.0/20", egress_domains=("acme.test",), **more
            )
            seen.append(gp.Network("core", args).proxy_url)

        certificate = "projects/acme-ml-dev/locations/europe-west4/certificates/proxy"
        plan(program)
        found = plan(lambda: program(proxy_certificate=certificate))
        assert seen == ["http://10.0.15.253:443", "https://10.0.15.253:443"]
        assert found.one("Gateway").inputs["certificateUrls"] == [certificate]

    def test_without_a_proxy_there_is_no_url(self) -> None:
        seen: list[object] = []
        args = gp.NetworkArgs
        plan(lambda: seen.append(gp.Network("core", args(env=environment(), cidr="10.0.0.0/20")).proxy_url))
        assert seen == [None]


class TestOverrides:
    def test_a_child_of_its_own(self) -> None:
        found = planned(overrides={"nat": {"minPortsPerVm": 128}})
        assert found.one("RouterNat").inputs["minPortsPerVm"] == 128
        assert found.one("groundplan:network:Network").inputs["overrides"] == {"nat": ["minPortsPerVm"]}

    def test_a_child_of_the_endpoint(self) -> None:
        found = planned(gp.Tier.REGULATED, overrides={"google-apis-endpoint": {"description": "by hand"}})
        assert found.one("GlobalForwardingRule").inputs["description"] == "by hand"

    @pytest.mark.parametrize("role", ["natt", "google-apis-gateway"])
    def test_no_child(self, role: str) -> None:
        with pytest.raises(gp.ArgumentError, match="overrides"):
            planned(gp.Tier.REGULATED, overrides={role: {"description": "x"}})


class TestExisting:
    NETWORK = "projects/acme-net-host/global/networks/shared"
    SUBNETWORK = "projects/acme-net-host/regions/europe-west4/subnetworks/ml"

    def test_a_shared_vpc_host(self) -> None:
        network = gp.Network.from_existing(
            network=self.NETWORK, subnetwork=self.SUBNETWORK, project=HOST, pods_range="pods"
        )
        assert (network.region, network.subnetwork_name, network.label) == ("europe-west4", "ml", "ml")
        assert (network.pods_range, network.services_range, network.proxy_url) == ("pods", None, None)
        members = plan(lambda: network.grant_use("group:ml@acme.test")).of("SubnetworkIAMMember")
        assert [m.inputs["project"] for m in members] == ["acme-net-host"]

    def test_a_host_that_is_not_ours_gets_a_request(self) -> None:
        host = gp.Project(id="acme-net-host", managed=False)

        def program() -> list[Any]:
            network = gp.Network.from_existing(network=self.NETWORK, subnetwork=self.SUBNETWORK, project=host)
            network.grant_use("group:ml@acme.test")
            return gp.requests()

        seen: list[Any] = []
        found = plan(lambda: seen.extend(program()))
        assert not found.of("SubnetworkIAMMember")
        assert [(r["grant"], r["project"]) for r in seen] == [("roles/compute.networkUser", "acme-net-host")]

    def test_wrong_names_are_refused_together(self) -> None:
        with pytest.raises(gp.ArgumentError) as caught:
            gp.Network.from_existing(
                network="projects/other-project/global/networks/shared",
                subnetwork="ml",
                project=HOST,
                proxy_url="10.0.0.5",
            )
        text = str(caught.value)
        assert "3 arguments" in text
        assert "allowed: projects/acme-net-host/global/networks/…" in text
        assert "allowed: projects/acme-net-host/regions/…/subnetworks/…" in text
        assert "given:   10.0.0.5" in text


REFUSED: list[tuple[gp.Tier, dict[str, Any], str]] = [
    (gp.Tier.TEAM, {"cidr": "10.0.0.1/20"}, "cidr: is no usable range"),
    (gp.Tier.TEAM, {"cidr": "10.0.0.0/25"}, "/8 to /24"),
    (gp.Tier.TEAM, {"cidr": "8.8.0.0/16"}, "given:   8.8.0.0/16"),
    (gp.Tier.TEAM, {"pods_cidr": "10.0.8.0/21"}, "pods_cidr: overlaps cidr"),
    (gp.Tier.TEAM, {"services_cidr": "100.65.0.0/15"}, "services_cidr: is no usable range"),
    (gp.Tier.REGULATED, {"google_apis_address": "10.0.0.7"}, "google_apis_address: overlaps cidr"),
    (gp.Tier.REGULATED, {"google_apis_address": "10.1.0.0/24"}, "google_apis_address: is no usable range"),
    (gp.Tier.REGULATED, {"proxy_cidr": "10.1.0.0/27"}, "proxy_cidr: is no usable range"),
    (gp.Tier.TEAM, {"proxy_cidr": "10.1.0.0/23"}, "tier team has no proxy"),
    (gp.Tier.TEAM, {"proxy_certificate": "projects/p/locations/r/certificates/c"}, "tier team has no proxy"),
    (gp.Tier.TEAM, {"google_apis_address": "10.1.0.1"}, "tier team has no endpoint"),
    (gp.Tier.TEAM, {"egress_domains": ("*.acme.test",)}, "no wildcard"),
    (gp.Tier.TEAM, {"egress_domains": ("https://acme.test/",)}, "without scheme, port or path"),
    (gp.Tier.TEAM, {"egress_domains": ("acme.test", "acme.test")}, "names a domain twice"),
    (gp.Tier.REGULATED, {"egress_domains": ("*",)}, "egress_domains[0]: does not have the right form"),
    (gp.Tier.TEAM, {"egress_domains": tuple(f"h{n}.acme.test" for n in range(101))}, "at most 100"),
    (gp.Tier.TEAM, {"google_domains": ("run.ap",)}, "did you mean run.app?"),
    (gp.Tier.TEAM, {"google_domains": ("gcr.io",)}, "names a domain that every network has"),
    (gp.Tier.TEAM, {"health_check_ports": (70000,)}, "health_check_ports[0]: is no port"),
    (gp.Tier.TEAM, {"service_projects": (WORKLOAD,)}, "is the network's own project"),
    (gp.Tier.TEAM, {"service_projects": (HOST, HOST)}, "names a project twice"),
    (gp.Tier.TEAM, {"service_projects": ("acme-ml-dev",)}, "a Project"),
    (
        gp.Tier.TEAM,
        {"service_projects": (gp.Project(id="acme-other", managed=False),)},
        "associated-projects add acme-other --host-project=acme-ml-dev",
    ),
    (gp.Tier.TEAM, {"firewall_rules": ("ssh",)}, "a FirewallRule"),
]


@pytest.mark.parametrize(
    ("tier", "more", "part"), REFUSED, ids=[f"{n}-{next(iter(more))}" for n, (_, more, _) in enumerate(REFUSED)]
)
def test_refused(tier: gp.Tier, more: dict[str, Any], part: str) -> None:
    text = refusal(tier, **more)
    assert part in text
    assert all(word in text for word in ("given:", "allowed:", "do:"))


RULES: list[tuple[dict[str, Any], str]] = [
    ({"ranges": ("0.0.0.0/0",)}, "/8 or narrower"),
    ({"ranges": ("128.0.0.0/1",)}, "/8 or narrower"),
    ({"ranges": ("::/0",)}, "/8 or narrower"),
    ({"ranges": ()}, "names no range"),
    ({"name": "On Premises"}, "lower-case words"),
    ({"direction": "OUT"}, "EGRESS, INGRESS"),
    ({"protocol": "gre", "ports": ()}, "protocol: is not one of the allowed values"),
    ({"ports": ()}, "does not go with protocol tcp"),
    ({"protocol": "icmp"}, "does not go with protocol icmp"),
    ({"ports": ("443-80",)}, "write the lower port first"),
    ({"ports": ("https",)}, "ports[0]: is no port"),
]


@pytest.mark.parametrize(("more", "part"), RULES, ids=[f"{n}-{next(iter(more))}" for n, (more, _) in enumerate(RULES)])
def test_refused_rules(more: dict[str, Any], part: str) -> None:
    good: dict[str, Any] = {"name": "ok", "direction": "EGRESS", "ranges": ("172.20.0.0/16",), "ports": (443,)}
    assert part in refusal(firewall_rules=(gp.FirewallRule(**{**good, **more}),))


def test_two_rules_of_one_name_are_refused() -> None:
    rule = gp.FirewallRule(name="ok", direction="EGRESS", ranges=("172.20.0.0/16",), ports=(443,))
    assert "names a rule twice" in refusal(firewall_rules=(rule, rule))


def test_domains_without_a_way_out_are_refused() -> None:
    tier = gp.Tier.extending("team", name="closed", settings={"nat": False})
    assert "the tier has no way out" in refusal(tier)
    assert not planned(tier, egress_domains=()).of("RouterNat")


def test_everything_wrong_is_said_at_once() -> None:
    assert "3 arguments" in refusal(cidr="x", egress_domains=("*",), health_check_ports=(-1,))


def test_the_same_program_plans_the_same() -> None:
    def sorted_plan() -> list[tuple[str, str, str]]:
        return sorted((r.type, r.name, str(sorted(r.inputs.items()))) for r in planned(gp.Tier.REGULATED).resources)

    assert sorted_plan() == sorted_plan()


def test_long_names_stay_inside_googles_limits() -> None:
    name = "a-network-whose-name-is-much-longer-than-anybody-would-type-by-hand-twice"
    args = gp.NetworkArgs(env=environment(gp.Tier.REGULATED, generation=2), cidr="10.0.0.0/20", egress_domains=DOMAINS)
    found = plan(lambda: gp.Network(name, args))
    names = [r.inputs["name"] for r in found.resources if r.type.startswith("gcp:") and "name" in r.inputs]
    names = [name for name in names if not name.endswith(".")]  # records are named by Google's domains
    rule_names = [r.inputs["ruleName"] for r in found.of("NetworkFirewallPolicyRule")]
    assert all(len(n) <= 63 for n in (*names, *rule_names))
    assert len(found.one("GlobalForwardingRule").inputs["name"]) <= 20
    assert len(set(rule_names)) == len(rule_names)


def test_a_generation_makes_new_what_cannot_be_replaced_under_its_name() -> None:
    found = planned(env=environment(generation=2))
    assert found.one("gcp:compute/network:Network").inputs["name"] == "gp-core-g2"
    assert found.one("Subnetwork").inputs["name"] == "gp-core-europe-west4-g2"
    assert found.one("Router").inputs["name"] == "gp-core-europe-west4"
