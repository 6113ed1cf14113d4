"""NET-17: Kubernetes control planes answer listed networks only."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_17 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

TYPE = "container.Cluster"
BLOCK = "masterAuthorizedNetworksConfig"


def listed(*ranges: object, google: object = False) -> R:
    blocks = [{"cidrBlock": each, "displayName": "office"} for each in ranges]
    return R(TYPE, {BLOCK: {"cidrBlocks": blocks, "gcpPublicCidrsAccessEnabled": google}})


test_stated_verdicts = stated_verdicts(CONTROL, [listed("203.0.113.0/24")])


@pytest.mark.parametrize(
    "inputs", [{}, {"controlPlaneEndpointsConfig": {}}, {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {}}}]
)
def test_without_the_block_everybody_may_come(inputs: dict[str, object]) -> None:
    found = outcome(CONTROL, R(TYPE, inputs))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [BLOCK])


def test_a_block_without_ranges_lets_in_the_nodes_alone() -> None:
    assert verdict(CONTROL, R(TYPE, {BLOCK: {"gcpPublicCidrsAccessEnabled": False}})) is Verdict.PASS
    assert verdict(CONTROL, listed()) is Verdict.PASS


@pytest.mark.parametrize("block", [{}, [], {"cidrBlocks": [{"cidrBlock": "203.0.113.0/24"}]}])
def test_a_block_that_leaves_open_who_comes_from_google_fails(block: object) -> None:
    assert verdict(CONTROL, R(TYPE, {BLOCK: block})) is Verdict.FAIL


def test_customers_of_google_are_not_your_network() -> None:
    found = outcome(CONTROL, listed("203.0.113.0/24", google=True))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{BLOCK}.gcpPublicCidrsAccessEnabled", "true")]


@pytest.mark.parametrize("range_", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1"])
def test_the_internet_is_no_network_of_yours(range_: str) -> None:
    found = outcome(CONTROL, listed("203.0.113.0/24", range_))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{BLOCK}.cidrBlocks[1].cidrBlock", range_)]


def test_ranges_that_are_the_internet_together_fail() -> None:
    found = outcome(CONTROL, listed(*(f"{first}.0.0.0/8" for first in range(64, 200))))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [f"{BLOCK}.cidrBlocks.cidrBlock"])


@pytest.mark.parametrize("range_", [UNKNOWN, secret(), "office", 7])
def test_a_range_that_cannot_be_read_is_indeterminate(range_: object) -> None:
    assert verdict(CONTROL, listed("203.0.113.0/24", range_)) is Verdict.INDETERMINATE


def test_without_ip_endpoints_there_is_nothing_to_list() -> None:
    off = {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": False}}}
    assert verdict(CONTROL, R(TYPE, off)) is Verdict.NOT_APPLICABLE
    on = {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": True}}}
    assert verdict(CONTROL, R(TYPE, on)) is Verdict.FAIL


def test_a_private_endpoint_does_not_lift_the_duty() -> None:
    private = {"privateClusterConfig": {"enablePrivateNodes": True, "enablePrivateEndpoint": True}}
    assert verdict(CONTROL, R(TYPE, private)) is Verdict.FAIL
