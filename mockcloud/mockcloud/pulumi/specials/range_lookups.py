"""Functions that tell Google's own address ranges.

Of the ranges that Google publishes anew every few days, `cloud-netblocks` and `google-netblocks`, a fixed part is told:
real ones, not all of them.

Source: terraform-provider-google, `google/services/resourcemanager/data_source_google_netblock_ip_ranges.go` and
`google/services/compute/data_source_google_compute_lb_ip_ranges.go`; https://www.gstatic.com/ipranges/goog.json.
"""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any, Final

from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place

_BAD: Final = 400

_CLOUD: Final = ("8.34.208.0/21", "8.35.192.0/21", "23.236.48.0/20", "23.251.128.0/20", "2600:1900:4000::/44")
_GOOGLE: Final = (
    *("8.8.4.0/24", "8.8.8.0/24", "8.34.208.0/20", "8.35.192.0/20", "23.236.48.0/20", "23.251.128.0/19"),
    *("64.233.160.0/19", "66.249.64.0/19", "74.125.0.0/16", "142.250.0.0/15", "172.217.0.0/16", "216.58.192.0/19"),
    *("2001:4860::/32", "2404:6800::/32", "2600:1900::/28", "2607:f8b0::/32", "2a00:1450::/32"),
)
_RESTRICTED: Final = ("199.36.153.4/30", "2600:2d00:0002:1000::/64")
_PRIVATE: Final = ("199.36.153.8/30", "2600:2d00:0002:2000::/64")
_DIRECT: Final = ("34.126.0.0/18", "2001:4860:8040::/42")
_LEGACY: Final = ("35.191.0.0/16", "209.85.152.0/22", "209.85.204.0/22")
_CHECKERS: Final = ("35.191.0.0/16", "130.211.0.0/22")


def _without(whole: Iterable[str], taken: Iterable[str]) -> tuple[str, ...]:
    """Give ranges without those that lie in them."""
    left = [ip_network(each) for each in whole]
    for each in map(ip_network, taken):
        left = [part for one in left for part in _parts(one, each)]
    ordered = (*collapse_addresses([each for each in left if isinstance(each, IPv4Network)]),)
    return (*map(str, ordered), *(str(each) for each in left if isinstance(each, IPv6Network)))


def _parts(one: IPv4Network | IPv6Network, taken: IPv4Network | IPv6Network) -> Iterable[IPv4Network | IPv6Network]:
    if isinstance(one, IPv4Network) and isinstance(taken, IPv4Network) and taken.subnet_of(one):
        return one.address_exclude(taken)
    if isinstance(one, IPv6Network) and isinstance(taken, IPv6Network) and taken.subnet_of(one):
        return one.address_exclude(taken)
    return [one]


_RANGES: Final[Mapping[str, tuple[str, ...]]] = {
    "cloud-netblocks": _CLOUD,
    "google-netblocks": _GOOGLE,
    "default-domains-netblocks": _without(_GOOGLE, _CLOUD),
    "restricted-googleapis": _RESTRICTED,
    "restricted-googleapis-with-directconnectivity": (*_RESTRICTED, *_DIRECT),
    "private-googleapis": _PRIVATE,
    "private-googleapis-with-directconnectivity": (*_PRIVATE, *_DIRECT),
    "dns-forwarders": ("35.199.192.0/19",),
    "iap-forwarders": ("35.235.240.0/20",),
    "health-checkers": _CHECKERS,
    "legacy-health-checkers": _LEGACY,
}


@function("compute/getNetblockIPRanges:getNetblockIPRanges")
def _netblocks(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    del place
    kind = str(arguments.get("rangeType") or "cloud-netblocks")
    ranges = _RANGES.get(kind)
    if ranges is None:
        message = f"Unknown range_type: {kind}; it is one of {', '.join(_RANGES)}."
        raise Refused(_BAD, message, "INVALID_ARGUMENT", "getNetblockIPRanges")
    fours, sixes = [each for each in ranges if ":" not in each], [each for each in ranges if ":" in each]
    return {
        "rangeType": kind,
        "id": f"netblock-ip-ranges-{kind}",
        "cidrBlocks": [*fours, *sixes],
        "cidrBlocksIpv4s": fours,
        "cidrBlocksIpv6s": sixes,
    }


@function("compute/getLBIPRanges:getLBIPRanges")
def _balancers(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    del place, arguments
    return {"id": "compute-lb-ip-ranges", "networks": [*_LEGACY], "httpSslTcpInternals": [*_CHECKERS]}
