"""Networks that several scenarios stand on."""

from google.cloud import compute_v1 as compute

PROJECT = "mock-project"
REGION = "europe-west4"
ZONE = "europe-west4-a"


def make_network(name: str = "ml") -> compute.Network:
    """Make a network without subnets of its own."""
    client = compute.NetworksClient()
    client.insert(project=PROJECT, network_resource=compute.Network(name=name, auto_create_subnetworks=False)).result()
    return client.get(project=PROJECT, network=name)


def make_subnet(network: str, name: str = "ml", cidr: str = "10.0.0.0/24") -> compute.Subnetwork:
    """Make a subnet."""
    client = compute.SubnetworksClient()
    resource = compute.Subnetwork(name=name, network=network, ip_cidr_range=cidr)
    client.insert(project=PROJECT, region=REGION, subnetwork_resource=resource).result()
    return client.get(project=PROJECT, region=REGION, subnetwork=name)
