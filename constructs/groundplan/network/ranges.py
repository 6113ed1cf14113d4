"""Ranges of addresses: those that were given, and for the rest the first that are free."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from groundplan.core.validation import Checks

_PODS_PREFIX: Final = 16
_SERVICES_PREFIX: Final = 20
_PROXY_PREFIX: Final = 23  # Google's recommendation for proxy-only subnetworks; /26 is the smallest.
_ENDPOINT_PREFIX: Final = 28

# Pods and services come from the shared address space of RFC 6598, which keeps the scarce private ranges free. Each
# pool goes on with the other: what may be given cannot fill all four blocks, so there is always something free.
_SHARED: Final = (ipaddress.IPv4Network("100.64.0.0/10"),)
_PRIVATE: Final = (
    ipaddress.IPv4Network("10.0.0.0/8"),
    ipaddress.IPv4Network("192.168.0.0/16"),
    ipaddress.IPv4Network("172.16.0.0/12"),
)
_CLUSTER_POOL: Final = (*_SHARED, *_PRIVATE)
_PRIVATE_POOL: Final = (*_PRIVATE, *_SHARED)


@dataclass(frozen=True, kw_only=True)
class AddressPlan:
    """Which addresses are for what; no two overlap."""

    nodes: str
    """Range of machines."""
    pods: str
    """Range of Kubernetes pods."""
    services: str
    """Range of Kubernetes services."""
    proxy: str | None
    """Range that Google's proxies work from; None where there is no proxy."""
    google_apis: str | None
    """Address of the endpoint for Google's APIs, in no range of the network; None where there is no endpoint."""

    @property
    def gateway(self) -> str:
        """Address of the proxy itself: the last of the machines' range that Google leaves free.

        Google keeps the first two and the last two addresses of a range.
        """
        return str(ipaddress.IPv4Network(self.nodes)[-3])


@dataclass(frozen=True, kw_only=True)
class GivenRanges:
    """Ranges as the caller gave them; the fields are those of ``NetworkArgs``."""

    cidr: str
    """Range of machines."""
    pods_cidr: str | None
    """Range of Kubernetes pods."""
    services_cidr: str | None
    """Range of Kubernetes services."""
    proxy_cidr: str | None
    """Range of Google's proxies."""
    google_apis_address: str | None
    """Address of the endpoint for Google's APIs."""

    def check(self, checks: Checks) -> dict[str, ipaddress.IPv4Network]:
        """Record ranges that cannot be used or that overlap; return the good ones by field."""
        found = {
            "cidr": checks.cidr("cidr", self.cidr, shortest=8, longest=24),
            "pods_cidr": _optional(checks, "pods_cidr", self.pods_cidr, 9, 24),
            "services_cidr": _optional(checks, "services_cidr", self.services_cidr, 16, 27),
            "proxy_cidr": _optional(checks, "proxy_cidr", self.proxy_cidr, 16, 26),
            "google_apis_address": self._address(checks),
        }
        good = {field: network for field, network in found.items() if network is not None}
        checks.disjoint(good)
        return good

    def _address(self, checks: Checks) -> ipaddress.IPv4Network | None:
        if self.google_apis_address is None:
            return None
        return check_address(checks, "google_apis_address", self.google_apis_address)


def check_address(checks: Checks, field: str, address: object) -> ipaddress.IPv4Network | None:
    """Require one private IPv4 address, without a prefix length."""
    alone = isinstance(address, str) and "/" not in address
    return checks.cidr(field, f"{address}/32" if alone else address, shortest=32, longest=32)


def address_plan(given: Mapping[str, ipaddress.IPv4Network], *, proxy: bool, google_apis: bool) -> AddressPlan:
    """Return the whole plan: the given ranges, and for each that is missing the first free one of its pool.

    The same given ranges lead to the same plan. What is outside the network (a peered one, one on premises) is not
    known here: where such ranges are in the way, all ranges are given.
    """
    taken = list(given.values())

    def choose(field: str, prefix: int, pool: tuple[ipaddress.IPv4Network, ...]) -> ipaddress.IPv4Network:
        network = given.get(field) or first_free(prefix, pool, taken)
        taken.append(network)
        return network

    pods = choose("pods_cidr", _PODS_PREFIX, _CLUSTER_POOL)
    services = choose("services_cidr", _SERVICES_PREFIX, _CLUSTER_POOL)
    proxies = choose("proxy_cidr", _PROXY_PREFIX, _PRIVATE_POOL) if proxy else None
    endpoint = choose("google_apis_address", _ENDPOINT_PREFIX, _PRIVATE_POOL) if google_apis else None
    return AddressPlan(
        nodes=str(given["cidr"]),
        pods=str(pods),
        services=str(services),
        proxy=str(proxies) if proxies else None,
        google_apis=str(endpoint[1] if endpoint.num_addresses > 1 else endpoint[0]) if endpoint else None,
    )


def first_free(
    prefix: int, pool: Iterable[ipaddress.IPv4Network], taken: Iterable[ipaddress.IPv4Network]
) -> ipaddress.IPv4Network:
    """Return the first range of a length that is in the pool and overlaps nothing taken.

    A pool that is full raises ``ValueError``.
    """
    size = 1 << (32 - prefix)
    occupied = list(taken)
    for block in pool:
        start = int(block.network_address)
        while start + size - 1 <= int(block.broadcast_address):
            candidate = ipaddress.IPv4Network((start, prefix))
            hit = next((other for other in occupied if other.overlaps(candidate)), None)
            if hit is None:
                return candidate
            beyond = max(int(hit.broadcast_address), int(candidate.broadcast_address)) + 1
            start = -(-beyond // size) * size
    raise ValueError(f"no /{prefix} is free")


def _optional(
    checks: Checks, field: str, value: str | None, shortest: int, longest: int
) -> ipaddress.IPv4Network | None:
    return None if value is None else checks.cidr(field, value, shortest=shortest, longest=longest)
