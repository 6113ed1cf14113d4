from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_09 import CONTROL
from tests.policies.rules.harness import R, outcomes, secret, stated_verdicts, verdict

BARE = {"removeDefaultNodePool": True}
PORT = "insecureKubeletReadonlyPortEnabled"


def cluster(value: Any = None, own: Any = None) -> R:
    inputs: dict[str, Any] = {"name": "kube", "project": "acme-ml", "location": "europe-west4", **BARE}
    if value is not None:
        inputs["nodePoolDefaults"] = {"nodeConfigDefaults": {PORT: value}}
    if own is not None:
        inputs["nodeConfig"] = {"kubeletConfig": {PORT: own}}
    return R("container.Cluster", inputs, "kube")


def pool(value: Any = None) -> R:
    inputs = {"cluster": "kube", "project": "acme-ml", "location": "europe-west4"}
    config = {"nodeConfig": {"kubeletConfig": {PORT: value}}} if value is not None else {}
    return R("container.NodePool", {**inputs, **config}, "pool")


SECOND = R("container.Cluster", {**cluster("FALSE").inputs, "name": "second", "removeDefaultNodePool": False}, "second")
test_stated = stated_verdicts(CONTROL, [pool("FALSE"), SECOND], cluster())


@pytest.mark.parametrize(
    ("own", "default", "expected"),
    [
        ("FALSE", None, Verdict.PASS),
        ("TRUE", "FALSE", Verdict.FAIL),
        (None, "FALSE", Verdict.PASS),
        (None, "TRUE", Verdict.FAIL),
        (None, None, Verdict.FAIL),
        (False, None, Verdict.INDETERMINATE),
        ("false", None, Verdict.FAIL),
    ],
)
def test_a_pool_or_its_cluster_closes_the_port(own: Any, default: Any, expected: Verdict) -> None:
    assert verdict(CONTROL, pool(own), cluster(default)) is expected


def test_the_default_of_another_cluster_is_not_told() -> None:
    assert verdict(CONTROL, pool()) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("default", "own", "expected"),
    [
        ("FALSE", None, Verdict.PASS),
        (None, "FALSE", Verdict.PASS),
        ("FALSE", "TRUE", Verdict.FAIL),
        ("TRUE", "FALSE", Verdict.FAIL),
        (secret(), "FALSE", Verdict.INDETERMINATE),
    ],
)
def test_what_a_cluster_says_is_judged(default: Any, own: Any, expected: Verdict) -> None:
    assert outcomes(CONTROL, cluster(default, own))["kube"].verdict is expected


def test_it_states_that_it_reads_whose_pool_it_is() -> None:
    assert {(each.type, each.path) for each in CONTROL.reads} == {
        ("container.NodePool", "cluster"),
        ("container.NodePool", f"nodeConfig.kubeletConfig.{PORT}"),
        ("container.Cluster", f"nodeConfig.kubeletConfig.{PORT}"),
        ("container.Cluster", f"nodePoolDefaults.nodeConfigDefaults.{PORT}"),
        ("container.Cluster", f"nodePoolAutoConfig.nodeKubeletConfig.{PORT}"),
        ("container.Cluster", "nodePools"),
        ("container.Cluster", "enableAutopilot"),
        ("container.Cluster", "removeDefaultNodePool"),
        ("container.Cluster", "clusterAutoscaling.enabled"),
    }


CLOSED, OPEN = ({"kubeletConfig": {PORT: value}} for value in ("FALSE", "TRUE"))
BY_DEFAULT = {"nodeConfigDefaults": {PORT: "FALSE"}}
NEW = {**BARE, "clusterAutoscaling": {"enabled": True}}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, Verdict.FAIL),
        (BARE, Verdict.NOT_APPLICABLE),
        ({"nodeConfig": CLOSED}, Verdict.PASS),
        ({"nodePoolDefaults": BY_DEFAULT}, Verdict.PASS),
        ({"nodePools": [{"nodeConfig": CLOSED}]}, Verdict.PASS),
        ({"nodePools": [{"nodeConfig": CLOSED}, {"name": "second"}]}, Verdict.FAIL),
        ({"nodePools": [{"nodeConfig": CLOSED}, {"name": "second"}], "nodePoolDefaults": BY_DEFAULT}, Verdict.PASS),
        ({"nodePools": [{"nodeConfig": OPEN}], "nodePoolDefaults": BY_DEFAULT}, Verdict.FAIL),
        (NEW, Verdict.FAIL),
        ({**NEW, "nodePoolDefaults": BY_DEFAULT}, Verdict.PASS),
        ({**NEW, "nodePoolAutoConfig": {"nodeKubeletConfig": {PORT: "FALSE"}}}, Verdict.PASS),
        (
            {**NEW, "nodePoolAutoConfig": {"nodeKubeletConfig": {PORT: "TRUE"}}, "nodePoolDefaults": BY_DEFAULT},
            Verdict.FAIL,
        ),
        ({"enableAutopilot": True}, Verdict.NOT_APPLICABLE),
    ],
)
def test_nodes_that_a_cluster_makes_itself_are_closed(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R("container.Cluster", inputs)) is expected
