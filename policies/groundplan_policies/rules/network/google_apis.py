"""Where names of Google's APIs lead: addresses of Google's private ways, and endpoints of Private Service Connect.

The ranges are from https://docs.cloud.google.com/vpc/docs/configure-private-google-access.
"""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.rules.network.ranges import parse_range

ENDPOINT: Final = "compute.GlobalForwardingRule"
GUARDED: Final = "vpc-sc"
"""The bundle of APIs that VPC Service Controls guards."""
ALL: Final = "all-apis"
"""The bundle of every API, also of those that no perimeter guards."""

_ADDRESS: Final = "compute.GlobalAddress"
_DOMAIN: Final = "googleapis.com"
_TARGET, _IP, _RESERVED = Path("target"), Path("ipAddress"), Path("address")
_NAME, _TYPE, _RECORDS = Path("name"), Path("type"), Path("rrdatas")
_RANGES: Final = {
    GUARDED: (IPv4Network("199.36.153.4/30"), IPv6Network("2600:2d00:2:1000::/64")),
    ALL: (IPv4Network("199.36.153.8/30"), IPv6Network("2600:2d00:2:2000::/64")),
}
_NAMES: Final = {f"restricted.{_DOMAIN}": GUARDED, f"private.{_DOMAIN}": ALL}


def is_of_google(name: str) -> bool:
    """Whether a name of DNS is that of Google's APIs, or below it."""
    return name == _DOMAIN or name.endswith(f".{_DOMAIN}")


def may_hold_google(zone: str) -> bool:
    """Whether a zone of DNS may hold names of Google's APIs: it is theirs, below, or above."""
    return is_of_google(zone) or f".{_DOMAIN}".endswith(f".{zone}") or not zone


def plain_name(text: str) -> str:
    """Give a name of DNS in lower case and without the dot at its end."""
    return text.strip().lower().rstrip(".")


def bundle_of_address(text: str, graph: Graph) -> str:
    """Give the bundle of APIs to which an address leads; "" if that is not known."""
    address = parse_range(text)
    for bundle, (four, six) in _RANGES.items():
        if isinstance(address, IPv4Network) and address.subnet_of(four):
            return bundle
        if isinstance(address, IPv6Network) and address.subnet_of(six):
            return bundle
    return graph.once(_endpoints).get(text, "")


def bundle_of_name(text: str, graph: Graph) -> str:
    """Give the bundle to which an alias leads; "*" if that is another record of this document, which has its own."""
    name = plain_name(text)
    return _NAMES.get(name, "*" if is_of_google(name) and name in graph.once(_addressed) else "")


def bundle_of_source(resource: Resource, reading: Reading, context: Context) -> str:
    """Give the bundle to which an unknown address leads, by the endpoint or the reserved address that it comes from."""
    source = context.graph.resolve(resource, reading, ENDPOINT, _ADDRESS)
    return context.graph.once(_endpoints).get(source.urn, "") if source is not None else ""


def _endpoints(graph: Graph) -> Mapping[str, str]:
    """Give the bundle of each endpoint, by its URN, its address, and the URN of the address that is reserved for it."""
    found: dict[str, str] = {}
    for endpoint in graph.of(ENDPOINT):
        target = _TARGET.one(endpoint)
        if target.state is not State.KNOWN or target.text not in _RANGES:
            continue
        found[endpoint.urn] = target.text
        address = _IP.one(endpoint)
        reserved = graph.resolve(endpoint, address, _ADDRESS)
        if reserved is not None:
            found[reserved.urn] = target.text
            address = _RESERVED.one(reserved)
        if address.state is State.KNOWN and address.text:
            found[address.text] = target.text
    return found


def _addressed(graph: Graph) -> frozenset[str]:
    """Give the names for which this document has records of addresses, which are judged themselves."""
    records = [each for each in graph.of("dns.RecordSet") if _TYPE.one(each).text.upper() in {"A", "AAAA"}]
    return frozenset(plain_name(_NAME.one(each).text) for each in records)
