"""NET-16: Kubernetes nodes and control planes are private."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_16 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, urn, verdict

CLUSTER, POOL = "container.Cluster", "container.NodePool"
NODES = {"privateClusterConfig": {"enablePrivateNodes": True}}
OFF = {"ipEndpointsConfig": {"enabled": False}}
BY_NAME = {**NODES, "controlPlaneEndpointsConfig": OFF}
BY_ADDRESS = {"privateClusterConfig": {"enablePrivateNodes": True, "enablePrivateEndpoint": True}}
PRIVATE_POOL = {"networkConfig": {"enablePrivateNodes": True}}

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        R(CLUSTER, {**BY_NAME, "nodePools": [PRIVATE_POOL]}),
        R(POOL, {**PRIVATE_POOL, "cluster": "kube"}),
    ],
    R(CLUSTER, {**BY_NAME, "name": "kube"}, "kube"),
)


@pytest.mark.parametrize("inputs", [BY_NAME, BY_ADDRESS, {**BY_NAME, "nodePools": [{"name": "one"}]}])
def test_a_control_plane_may_be_closed_in_two_ways(inputs: dict[str, object]) -> None:
    assert verdict(CONTROL, R(CLUSTER, inputs)) is Verdict.PASS


@pytest.mark.parametrize(
    ("inputs", "paths"),
    [
        (
            {},
            [
                "privateClusterConfig.enablePrivateNodes",
                "privateClusterConfig.enablePrivateEndpoint",
                "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled",
            ],
        ),
        ({"controlPlaneEndpointsConfig": OFF}, ["privateClusterConfig.enablePrivateNodes"]),
        (
            {**BY_NAME, "privateClusterConfig": {"enablePrivateNodes": False}},
            ["privateClusterConfig.enablePrivateNodes"],
        ),
        (
            NODES,
            ["privateClusterConfig.enablePrivateEndpoint", "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled"],
        ),
        (
            {**NODES, "controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": True}}},
            ["privateClusterConfig.enablePrivateEndpoint", "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled"],
        ),
        (
            {**NODES, "controlPlaneEndpointsConfig": {**OFF, "dnsEndpointConfig": {"allowExternalTraffic": True}}},
            ["controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic"],
        ),
        (
            {**BY_NAME, "nodePools": [PRIVATE_POOL, {"networkConfig": {"enablePrivateNodes": False}}]},
            ["nodePools[1].networkConfig.enablePrivateNodes"],
        ),
    ],
)
def test_what_answers_from_outside_fails(inputs: dict[str, object], paths: list[str]) -> None:
    found = outcome(CONTROL, R(CLUSTER, inputs))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, paths)


def test_a_list_of_pools_that_holds_none_is_indeterminate() -> None:
    assert verdict(CONTROL, R(CLUSTER, {**BY_NAME, "nodePools": []})) is Verdict.INDETERMINATE


def test_a_dns_endpoint_that_is_said_to_be_closed_passes() -> None:
    closed = {**OFF, "dnsEndpointConfig": {"allowExternalTraffic": False}}
    assert verdict(CONTROL, R(CLUSTER, {**NODES, "controlPlaneEndpointsConfig": closed})) is Verdict.PASS


def test_a_pool_that_gives_its_nodes_addresses_fails_whatever_the_cluster_says() -> None:
    pool = R(POOL, {"networkConfig": {"enablePrivateNodes": False}, "cluster": "kube"})
    found = outcome(CONTROL, pool, R(CLUSTER, {**BY_NAME, "name": "kube"}, "kube"))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["networkConfig.enablePrivateNodes"]


def test_a_pool_that_says_nothing_is_as_its_cluster() -> None:
    cluster = R(CLUSTER, {"name": "kube"}, "kube")
    assert verdict(CONTROL, R(POOL, {"cluster": "kube"}), cluster) is Verdict.NOT_APPLICABLE
    unknown = R(POOL, {"cluster": UNKNOWN}, origins={"cluster": urn(CLUSTER, "kube")})
    assert verdict(CONTROL, unknown, cluster) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("inputs", [{}, {"cluster": "elsewhere"}, {"cluster": UNKNOWN}, {"cluster": secret()}])
def test_a_pool_of_a_cluster_that_nobody_sees_is_indeterminate(inputs: dict[str, object]) -> None:
    found = outcome(CONTROL, R(POOL, inputs), R(CLUSTER, {**BY_NAME, "name": "kube"}, "kube"))
    assert found.verdict is Verdict.INDETERMINATE
    assert [each.path for each in found.reasons] == ["networkConfig.enablePrivateNodes"]
