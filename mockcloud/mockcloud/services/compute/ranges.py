"""IP addresses and ranges: read, held apart, handed out."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, ip_network
from typing import Any, Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Record
from mockcloud.services.compute.errors import invalid
from mockcloud.services.compute.links import V1, link, scope

API: Final = "compute"
_EXTERNAL: Final = int(IPv4Address("34.64.0.1"))
_SPREAD: Final = 7919
"""A prime, so that addresses that were handed out one after the other do not look so."""
_MANY: Final = 2**20
_LARGEST: Final = 8
_SMALLEST: Final = 29


def network(field: str, text: str) -> IPv4Network:
    """Read a range.

    Raises:
        ApiError: 400, for what is none or has bits beyond its mask.
    """
    try:
        found = ip_network(text)
    except ValueError as error:
        raise invalid(field, text, f"{error}.") from None
    if not isinstance(found, IPv4Network):
        raise invalid(field, text, "Must be an IPv4 range.")
    return found


def subnet_range(field: str, text: str) -> IPv4Network:
    """Read a range of a subnet: of 8 to 2^24 addresses."""
    found = network(field, text)
    if not _LARGEST <= found.prefixlen <= _SMALLEST:
        raise invalid(field, text, f"The prefix length must be between {_LARGEST} and {_SMALLEST}.")
    return found


def of_subnet(body: dict[str, Any]) -> Iterator[IPv4Network]:
    """Give the ranges of a subnet, first and secondary ones."""
    if body.get("ipCidrRange"):
        yield subnet_range("resource.ipCidrRange", body["ipCidrRange"])
    for at, each in enumerate(body.get("secondaryIpRanges", ())):
        if each.get("ipCidrRange"):
            yield subnet_range(f"resource.secondaryIpRanges[{at}].ipCidrRange", each["ipCidrRange"])


def subnets_of(cloud: Cloud, name: str) -> Iterator[Record]:
    """Give the subnets of a network."""
    project = name.split("/")[1]
    for collection in cloud.store.collections(API):
        if collection.startswith(f"projects/{project}/regions/") and collection.endswith("/subnetworks"):
            yield from (each for each in cloud.store.page(API, collection) if each.body.get("network") == link(name))


def hold_apart(cloud: Cloud, name: str, body: dict[str, Any]) -> None:
    """Hold the ranges of a subnet apart from those of the others in its network.

    Raises:
        ApiError: 400, for the first that overlaps.
    """
    own = list(of_subnet(body))
    at = body.get("network", "")
    if not own or not at.startswith(V1):
        return
    for each in subnets_of(cloud, at[len(V1) :]):
        if each.name != name and any(_overlap(own, of_subnet(dict(each.body)))):
            raise invalid(
                "resource.ipCidrRange",
                body.get("ipCidrRange", ""),
                f"Invalid IPCidrRange: {body.get('ipCidrRange', '')} conflicts with existing subnetwork '{each.id}' in "
                f"region '{scope(each.name).rpartition('/')[2]}'.",
            )


def _overlap(own: Iterable[IPv4Network], others: Iterable[IPv4Network]) -> Iterator[bool]:
    return (one.overlaps(other) for other in others for one in own)


def external(cloud: Cloud) -> str:
    """Hand out an external address."""
    return str(IPv4Address(_EXTERNAL + _next(cloud, "compute/external") * _SPREAD % _MANY))


def internal(cloud: Cloud, subnet: Record | None) -> str:
    """Hand out an address of a subnet; without one, of the range that auto mode networks use."""
    cidr = subnet.body.get("ipCidrRange") if subnet is not None else None
    inside = ip_network(cidr or "10.128.0.0/9")
    taken = _reserved(cloud, subnet) if subnet is not None else frozenset()
    size = max(inside.num_addresses - 4, 1)
    key = f"compute/internal/{subnet.name if subnet is not None else ''}"
    while True:
        # The first address is the network's, the second the gateway's, the last two are Google's.
        address = str(inside[2 + (_next(cloud, key) - 1) % size])
        if address not in taken or len(taken) >= size:
            return address


def _reserved(cloud: Cloud, subnet: Record) -> frozenset[str]:
    region = "/".join(subnet.name.split("/")[:4])
    return frozenset(str(each.body.get("address")) for each in cloud.store.page(API, f"{region}/addresses"))


def peering_range(cloud: Cloud, prefix: int) -> str:
    """Hand out the first address of a range for peering with a service, such as 10.64.0.0 for a /16."""
    if not _LARGEST <= prefix <= 32:  # noqa: PLR2004 - one address
        raise invalid("resource.prefixLength", prefix, f"It must be between {_LARGEST} and 32.")
    size = 2 ** (32 - prefix)
    block = int(IPv4Address("10.64.0.0"))
    return str(IPv4Address(block + (_next(cloud, f"compute/peering/{prefix}") - 1) * size % 2**22))


def _next(cloud: Cloud, key: str) -> int:
    cloud.ids.numeric(key)
    return cloud.ids.counts[key]
