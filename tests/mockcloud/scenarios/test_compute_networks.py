"""What users do with the networks of Compute Engine, through google-cloud-compute."""

import pytest
from google.api_core import exceptions
from google.cloud import compute_v1 as compute

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from tests.mockcloud.scenarios.networks import PROJECT, REGION, make_network, make_subnet

pytestmark = pytest.mark.scenario(library="google-cloud-compute")


def test_a_network_with_its_subnets(cloud: Cloud) -> None:
    network = make_network()
    assert network.routing_config.routing_mode == "REGIONAL"
    subnet = make_subnet("global/networks/ml")
    assert subnet.gateway_address == "10.0.0.1"
    assert subnet.network == network.self_link
    assert subnet.region.endswith("/regions/europe-west4")
    networks = compute.NetworksClient()
    assert list(networks.get(project=PROJECT, network="ml").subnetworks) == [subnet.self_link]
    with pytest.raises(exceptions.BadRequest, match="conflicts with existing subnetwork 'ml'"):
        make_subnet("global/networks/ml", "other", "10.0.0.128/25")
    with pytest.raises(exceptions.NotFound, match="global/networks/nowhere"):
        make_subnet("global/networks/nowhere", "other", "10.1.0.0/24")
    subnets = compute.SubnetworksClient()
    subnets.expand_ip_cidr_range(
        project=PROJECT,
        region=REGION,
        subnetwork="ml",
        subnetworks_expand_ip_cidr_range_request_resource=compute.SubnetworksExpandIpCidrRangeRequest(
            ip_cidr_range="10.0.0.0/20"
        ),
    ).result()
    assert subnets.get(project=PROJECT, region=REGION, subnetwork="ml").ip_cidr_range == "10.0.0.0/20"
    subnets.delete(project=PROJECT, region=REGION, subnetwork="ml").result()
    networks.delete(project=PROJECT, network="ml").result()
    with pytest.raises(exceptions.NotFound):
        networks.get(project=PROJECT, network="ml")


def test_a_stale_fingerprint_is_refused(cloud: Cloud) -> None:
    make_network()
    subnet = make_subnet("global/networks/ml")
    subnets = compute.SubnetworksClient()
    change = compute.Subnetwork(fingerprint=subnet.fingerprint, private_ip_google_access=True)
    subnets.patch(project=PROJECT, region=REGION, subnetwork="ml", subnetwork_resource=change).result()
    assert subnets.get(project=PROJECT, region=REGION, subnetwork="ml").private_ip_google_access
    with pytest.raises(exceptions.PreconditionFailed):
        subnets.patch(project=PROJECT, region=REGION, subnetwork="ml", subnetwork_resource=change)


def test_a_router_gets_a_nat(cloud: Cloud) -> None:
    make_network()
    routers = compute.RoutersClient()
    resource = compute.Router(name="out", network="global/networks/ml")
    routers.insert(project=PROJECT, region=REGION, router_resource=resource).result()
    nat = compute.RouterNat(
        name="nat",
        nat_ip_allocate_option="AUTO_ONLY",
        source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
        log_config=compute.RouterNatLogConfig(enable=True, filter="ERRORS_ONLY"),
    )
    routers.patch(project=PROJECT, region=REGION, router="out", router_resource=compute.Router(nats=[nat])).result()
    found = routers.get(project=PROJECT, region=REGION, router="out")
    assert (found.nats[0].log_config.filter, found.nats[0].type_) == ("ERRORS_ONLY", "PUBLIC")
    status = routers.get_router_status(project=PROJECT, region=REGION, router="out")
    assert [each.name for each in status.result.nat_status] == ["nat"]


def test_private_service_connect_from_both_sides(cloud: Cloud) -> None:
    make_network()
    make_subnet("global/networks/ml")
    addresses, rules = compute.AddressesClient(), compute.ForwardingRulesClient()
    address = compute.Address(name="psc", address_type="INTERNAL", subnetwork=f"regions/{REGION}/subnetworks/ml")
    addresses.insert(project=PROJECT, region=REGION, address_resource=address).result()
    reserved = addresses.get(project=PROJECT, region=REGION, address="psc")
    assert (reserved.status, reserved.address) == ("RESERVED", "10.0.0.2")
    rule = compute.ForwardingRule(
        name="psc",
        I_p_address=f"projects/{PROJECT}/regions/{REGION}/addresses/psc",
        network="global/networks/ml",
        target="projects/vertex-tenant/regions/europe-west4/serviceAttachments/endpoint",
    )
    rules.insert(project=PROJECT, region=REGION, forwarding_rule_resource=rule).result()
    found = rules.get(project=PROJECT, region=REGION, forwarding_rule="psc")
    assert (found.I_p_address, found.psc_connection_status) == ("10.0.0.2", "ACCEPTED")
    assert addresses.get(project=PROJECT, region=REGION, address="psc").status == "IN_USE"
    rules.delete(project=PROJECT, region=REGION, forwarding_rule="psc").result()
    assert addresses.get(project=PROJECT, region=REGION, address="psc").status == "RESERVED"


def test_firewall_policies_have_rules(cloud: Cloud) -> None:
    make_network()
    client = compute.NetworkFirewallPoliciesClient()
    client.insert(project=PROJECT, firewall_policy_resource=compute.FirewallPolicy(name="egress")).result()
    rule = compute.FirewallPolicyRule(
        priority=100,
        direction="EGRESS",
        action="allow",
        match=compute.FirewallPolicyRuleMatcher(
            dest_fqdns=["sources.acme.test"],
            layer4_configs=[compute.FirewallPolicyRuleMatcherLayer4Config(ip_protocol="tcp", ports=["443"])],
        ),
    )
    client.add_rule(project=PROJECT, firewall_policy="egress", firewall_policy_rule_resource=rule).result()
    with pytest.raises(exceptions.BadRequest):
        client.add_rule(project=PROJECT, firewall_policy="egress", firewall_policy_rule_resource=rule)
    association = compute.FirewallPolicyAssociation(name="ml", attachment_target="global/networks/ml")
    client.add_association(
        project=PROJECT, firewall_policy="egress", firewall_policy_association_resource=association
    ).result()
    found = client.get(project=PROJECT, firewall_policy="egress")
    assert found.rules[0].priority == 100
    assert found.associations[0].attachment_target.endswith("/global/networks/ml")
    client.patch_rule(
        request={
            "project": PROJECT,
            "firewall_policy": "egress",
            "priority": 100,
            "firewall_policy_rule_resource": compute.FirewallPolicyRule(action="deny"),
        }
    ).result()
    read = client.get_rule(request={"project": PROJECT, "firewall_policy": "egress", "priority": 100})
    assert (read.action, list(read.match.dest_fqdns)) == ("deny", ["sources.acme.test"])
    client.remove_rule(request={"project": PROJECT, "firewall_policy": "egress", "priority": 100}).result()
    with pytest.raises(exceptions.BadRequest):
        client.get_rule(request={"project": PROJECT, "firewall_policy": "egress", "priority": 100})


def test_a_load_balancer_is_put_together(cloud: Cloud) -> None:
    check = compute.HealthCheck(name="ok", http_health_check=compute.HTTPHealthCheck())
    compute.HealthChecksClient().insert(project=PROJECT, health_check_resource=check).result()
    assert compute.HealthChecksClient().get(project=PROJECT, health_check="ok").http_health_check.port == 80
    backend = compute.BackendService(name="web", health_checks=["global/healthChecks/ok"])
    backends = compute.BackendServicesClient()
    backends.insert(project=PROJECT, backend_service_resource=backend).result()
    url_map = compute.UrlMap(name="web", default_service="global/backendServices/web")
    compute.UrlMapsClient().insert(project=PROJECT, url_map_resource=url_map).result()
    proxy = compute.TargetHttpProxy(name="web", url_map="global/urlMaps/web")
    compute.TargetHttpProxiesClient().insert(project=PROJECT, target_http_proxy_resource=proxy).result()
    rule = compute.ForwardingRule(name="web", target="global/targetHttpProxies/web", port_range="80")
    rules = compute.GlobalForwardingRulesClient()
    rules.insert(project=PROJECT, forwarding_rule_resource=rule).result()
    found = rules.get(project=PROJECT, forwarding_rule="web")
    assert (found.port_range, found.target.rpartition("/")[2]) == ("80-80", "web")
    assert found.I_p_address.startswith("34.")
    policy = compute.SecurityPolicy(name="armour")
    compute.SecurityPoliciesClient().insert(project=PROJECT, security_policy_resource=policy).result()
    reference = compute.SecurityPolicyReference(security_policy="global/securityPolicies/armour")
    backends.set_security_policy(
        project=PROJECT, backend_service="web", security_policy_reference_resource=reference
    ).result()
    assert backends.get(project=PROJECT, backend_service="web").security_policy.endswith("/armour")


def test_what_is_in_use_stays_where_the_rule_is_on() -> None:
    with mock_gcp(on=["in-use"]):
        make_network()
        make_subnet("global/networks/ml")
        networks = compute.NetworksClient()
        with pytest.raises(exceptions.BadRequest, match="already being used by"):
            networks.delete(project=PROJECT, network="ml")
        compute.SubnetworksClient().delete(project=PROJECT, region=REGION, subnetwork="ml").result()
        networks.delete(project=PROJECT, network="ml").result()


def test_a_project_shares_its_network(cloud: Cloud) -> None:
    projects = compute.ProjectsClient()
    projects.enable_xpn_host(project=PROJECT).result()
    attached = compute.ProjectsEnableXpnResourceRequest(
        xpn_resource=compute.XpnResourceId(id="team-a", type_="PROJECT")
    )
    projects.enable_xpn_resource(project=PROJECT, projects_enable_xpn_resource_request_resource=attached).result()
    assert [each.id for each in projects.get_xpn_resources(project=PROJECT)] == ["team-a"]
    assert projects.get_xpn_host(project="team-a").name == PROJECT
    assert projects.get(project=PROJECT).xpn_project_status == "HOST"
    metadata = compute.Metadata(items=[compute.Items(key="enable-oslogin", value="TRUE")])
    projects.set_common_instance_metadata(project=PROJECT, metadata_resource=metadata).result()
    assert projects.get(project=PROJECT).common_instance_metadata.items[0].value == "TRUE"


def test_networks_peer(cloud: Cloud) -> None:
    make_network("a")
    make_network("b")
    networks = compute.NetworksClient()
    for one, other in (("a", "b"), ("b", "a")):
        request = compute.NetworksAddPeeringRequest(
            network_peering=compute.NetworkPeering(
                name=f"to-{other}", network=f"global/networks/{other}", exchange_subnet_routes=True
            )
        )
        networks.add_peering(project=PROJECT, network=one, networks_add_peering_request_resource=request).result()
    assert [networks.get(project=PROJECT, network=each).peerings[0].state for each in "ab"] == ["ACTIVE", "ACTIVE"]
    gone = compute.NetworksRemovePeeringRequest(name="to-b")
    networks.remove_peering(project=PROJECT, network="a", networks_remove_peering_request_resource=gone).result()
    assert not networks.get(project=PROJECT, network="a").peerings


def test_a_project_begins_with_a_default_network(cloud: Cloud) -> None:
    networks = compute.NetworksClient()
    assert [each.name for each in networks.list(project=PROJECT)] == ["default"]
    assert len(networks.get(project=PROJECT, network="default").subnetworks) > 40
    networks.delete(project=PROJECT, network="default").result()
    assert not list(networks.list(project=PROJECT))
