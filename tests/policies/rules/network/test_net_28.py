"""NET-28: closed networks have no way to the internet, and others a narrow one."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_28 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, secret, stated_verdicts, verdict

CLOSED = replace(PARAMETERS, closed_network=True)
OPEN = replace(PARAMETERS, closed_network=False)
GATEWAY = "default-internet-gateway"


def network(**inputs: Any) -> R:
    return R("compute.Network", {"name": "core", **inputs})


def route(range_: object = "199.36.153.4/30", gateway: object = GATEWAY, **inputs: Any) -> R:
    return R("compute.Route", {"network": "core", "destRange": range_, "nextHopGateway": gateway, **inputs})


def nat(**inputs: Any) -> R:
    return R("compute.RouterNat", {"router": "core", "sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS", **inputs})


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [network(deleteDefaultRoutesOnCreate=True), route(), nat(type="PRIVATE")],
    parameters=CLOSED,
)


@pytest.mark.parametrize("inputs", [{}, {"deleteDefaultRoutesOnCreate": False}])
def test_a_closed_network_deletes_the_routes_that_google_adds(inputs: dict[str, Any]) -> None:
    found = outcome(CONTROL, network(**inputs), parameters=CLOSED)
    assert [each.path for each in found.reasons] == ["deleteDefaultRoutesOnCreate"]
    assert verdict(CONTROL, network(**inputs), parameters=OPEN) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, network(**inputs)) is Verdict.INDETERMINATE
    assert verdict(CONTROL, network(deleteDefaultRoutesOnCreate=True)) is Verdict.PASS


@pytest.mark.parametrize("range_", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/2"])
@pytest.mark.parametrize(
    "gateway",
    [
        GATEWAY,
        f"global/gateways/{GATEWAY}",
        f"https://www.googleapis.com/compute/v1/projects/p/global/gateways/{GATEWAY}",
    ],
)
def test_a_route_to_the_internet_opens_a_closed_network(range_: str, gateway: str) -> None:
    found = outcome(CONTROL, route(range_, gateway), parameters=CLOSED)
    assert (found.verdict, {each.path for each in found.reasons}) == (Verdict.FAIL, {"destRange", "nextHopGateway"})
    assert verdict(CONTROL, route(range_, gateway), parameters=OPEN) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, route(range_, gateway)) is Verdict.INDETERMINATE


@pytest.mark.parametrize("hop", [{"nextHopIlb": "10.0.0.1"}, {"nextHopVpnTunnel": "t"}])
def test_another_next_hop_is_not_the_internet(hop: dict[str, str]) -> None:
    assert verdict(CONTROL, route("0.0.0.0/0", None, **hop), parameters=CLOSED) is Verdict.PASS


@pytest.mark.parametrize(
    ("range_", "gateway"),
    [(UNKNOWN, GATEWAY), ("0.0.0.0/0", UNKNOWN), ("0.0.0.0/0", secret()), ("0.0.0.0/0", "other"), ("0.0.0.0/0", 7)],
)
def test_a_route_that_cannot_be_read(range_: object, gateway: object) -> None:
    assert verdict(CONTROL, route(range_, gateway), parameters=CLOSED) is Verdict.INDETERMINATE


@pytest.mark.parametrize("inputs", [{}, {"type": "PUBLIC"}])
def test_a_closed_network_has_no_public_nat(inputs: dict[str, str]) -> None:
    found = outcome(CONTROL, nat(**inputs), parameters=CLOSED)
    assert [each.path for each in found.reasons] == ["type"]
    assert verdict(CONTROL, nat(**inputs), parameters=OPEN) is Verdict.PASS
    assert verdict(CONTROL, nat(**inputs)) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}, Verdict.FAIL),
        ({"sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES"}, Verdict.FAIL),
        ({"sourceSubnetworkIpRangesToNat": None}, Verdict.FAIL),
        ({"sourceSubnetworkIpRangesToNat": UNKNOWN}, Verdict.INDETERMINATE),
        ({"sourceSubnetworkIpRangesToNat64": "ALL_IPV6_SUBNETWORKS"}, Verdict.FAIL),
        ({"sourceSubnetworkIpRangesToNat64": "LIST_OF_IPV6_SUBNETWORKS"}, Verdict.PASS),
        ({"type": "PRIVATE", "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}, Verdict.PASS),
        ({"type": UNKNOWN, "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}, Verdict.INDETERMINATE),
        ({"type": UNKNOWN}, Verdict.PASS),
    ],
)
def test_elsewhere_nat_lists_its_subnets(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, nat(**inputs), parameters=OPEN) is expected


def test_private_nat_passes_whatever_the_settings_say() -> None:
    assert verdict(CONTROL, nat(type="PRIVATE")) is Verdict.PASS
