"""The network: open first, to be tightened later."""

import pulumi_gcp as gcp

# Google chooses the subnets, in every region, and the routes to the internet stay.
vpc = gcp.compute.Network("shared", auto_create_subnetworks=True)

# Machines here reach Google's APIs only by way of the internet.
subnet = gcp.compute.Subnetwork("apps", network=vpc.id, ip_cidr_range="10.0.0.0/16")

# Anybody may try to log in. Nothing says where the machines may connect to, so that is everywhere.
gcp.compute.Firewall(
    "let-me-in",
    network=vpc.id,
    source_ranges=["0.0.0.0/0"],
    allows=[{"protocol": "tcp", "ports": ["22", "3389", "8888"]}],
)

# All subnets, also those of tomorrow, get a way out.
router = gcp.compute.Router("way-out", network=vpc.id)
gcp.compute.RouterNat(
    "way-out",
    router=router.name,
    nat_ip_allocate_option="AUTO_ONLY",
    source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
)

# A virtual machine with an address of its own, which also passes on packets of others.
gcp.compute.Instance(
    "jump",
    machine_type="e2-small",
    boot_disk={"initialize_params": {"image": "debian-cloud/debian-12"}},
    network_interfaces=[{"subnetwork": subnet.id, "access_configs": [{}]}],
    can_ip_forward=True,
    # The default account, with the scope of every API: whoever gets in is an editor of the project.
    service_account={"scopes": ["cloud-platform"]},
)

# Answers for our domain that anybody on the way may forge.
gcp.dns.ManagedZone("site", dns_name="churn.example.", visibility="public")

# Google's APIs by the address that serves all of them, guarded by no perimeter.
apis = gcp.dns.ManagedZone("apis", dns_name="googleapis.com.", visibility="private")
gcp.dns.RecordSet("apis", managed_zone=apis.name, name="*.googleapis.com.", type="A", rrdatas=["142.250.179.138"])

# A perimeter that keeps one service in, lets anybody through from anywhere, and everything out.
gcp.accesscontextmanager.ServicePerimeter(
    "fence",
    parent="accessPolicies/123456",
    name="accessPolicies/123456/servicePerimeters/fence",
    title="fence",
    status={
        "resources": ["projects/123456789012"],
        "restricted_services": ["storage.googleapis.com"],
        "ingress_policies": [{"ingress_from": {"identity_type": "ANY_IDENTITY", "sources": [{"access_level": "*"}]}}],
        "egress_policies": [{"egress_from": {"identity_type": "ANY_IDENTITY"}, "egress_to": {"resources": ["*"]}}],
    },
)
