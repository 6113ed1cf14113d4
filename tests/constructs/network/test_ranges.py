"""Ranges: what is given stays, what is missing is free, and the same every time."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan.core.validation import Checks
from groundplan.network.ranges import GivenRanges, address_plan, first_free


def plan_of(cidr: str, **more: str | None) -> dict[str, str | None]:
    fields = dict.fromkeys(("pods_cidr", "services_cidr", "proxy_cidr", "google_apis_address"))
    checks = Checks("test")
    found = GivenRanges(cidr=cidr, **{**fields, **more}).check(checks)
    checks.finish()
    plan = address_plan(found, proxy=True, google_apis=True)
    return {
        "pods": plan.pods,
        "services": plan.services,
        "proxy": plan.proxy,
        "google_apis": plan.google_apis,
        "gateway": plan.gateway,
    }


def test_missing_ranges_are_the_first_free_ones() -> None:
    assert plan_of("10.0.0.0/20") == {
        "pods": "100.64.0.0/16",
        "services": "100.65.0.0/20",
        "proxy": "10.0.16.0/23",
        "google_apis": "10.0.18.1",
        "gateway": "10.0.15.253",
    }


def test_given_ranges_stay_and_the_others_keep_clear_of_them() -> None:
    found = plan_of("10.1.0.0/16", services_cidr="100.64.0.0/20", google_apis_address="10.0.0.9")
    assert found["services"] == "100.64.0.0/20"
    assert found["pods"] == "100.65.0.0/16"
    assert found["google_apis"] == "10.0.0.9"
    assert found["proxy"] == "10.0.2.0/23"


@pytest.mark.parametrize(
    ("cidr", "more"),
    [
        ("10.0.0.0/8", {}),
        ("100.64.0.0/10", {}),
        ("10.0.0.0/8", {"pods_cidr": "172.16.0.0/12", "services_cidr": "192.168.0.0/16"}),
        (
            "10.0.0.0/8",
            {"pods_cidr": "100.64.0.0/10", "services_cidr": "192.168.0.0/16", "proxy_cidr": "172.16.0.0/16"},
        ),
    ],
)
def test_the_largest_given_ranges_leave_room(cidr: str, more: dict[str, str]) -> None:
    found = plan_of(cidr, **more)
    ranges = [IPv4Network(cidr), *(IPv4Network(str(found[k])) for k in ("pods", "services", "proxy", "google_apis"))]
    assert not any(a.overlaps(b) for i, a in enumerate(ranges) for b in ranges[i + 1 :])


@given(
    prefix=st.integers(14, 28),
    taken=st.lists(st.tuples(st.integers(0, 2**20 - 1), st.integers(14, 30)), max_size=6),
)
def test_the_first_free_range_is_free_aligned_and_first(prefix: int, taken: list[tuple[int, int]]) -> None:
    pool = IPv4Network("10.0.0.0/12")
    base = int(pool.network_address)
    occupied = [IPv4Network((base + offset, length), strict=False) for offset, length in taken]
    try:
        found = first_free(prefix, [pool], occupied)
    except ValueError:
        found = None
    free = (c for c in pool.subnets(new_prefix=prefix) if not any(c.overlaps(other) for other in occupied))
    assert found == next(free, None)


def test_a_full_pool_is_an_error() -> None:
    with pytest.raises(ValueError, match="no /24 is free"):
        first_free(24, [IPv4Network("10.0.0.0/24")], [IPv4Network("10.0.0.0/30")])


def test_the_gateway_is_an_address_that_google_leaves_free() -> None:
    nodes = ipaddress.IPv4Network("10.0.0.0/24")
    gateway = ipaddress.IPv4Address(str(plan_of(str(nodes))["gateway"]))
    assert gateway in nodes
    assert gateway not in {nodes[0], nodes[1], nodes[-2], nodes[-1]}
