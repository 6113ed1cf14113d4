from __future__ import annotations

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_07 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

ON, OFF = True, False
POOL = R(
    "container.NodePool",
    {
        "nodeConfig": {
            "imageType": "COS_CONTAINERD",
            "shieldedInstanceConfig": {"enableSecureBoot": True, "enableIntegrityMonitoring": True},
        },
        "management": {"autoRepair": True, "autoUpgrade": True},
        "queuedProvisioning": {"enabled": False},
    },
)
NODES = POOL.inputs["nodeConfig"]
CLUSTER = R("container.Cluster", {"enableShieldedNodes": True, "nodeConfig": NODES})
test_stated = stated_verdicts(CONTROL, [POOL, CLUSTER])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("nodeConfig.shieldedInstanceConfig.enableSecureBoot", False),
        ("nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring", False),
        ("nodeConfig.imageType", "UBUNTU_CONTAINERD"),
        ("management.autoRepair", OFF),
        ("management.autoUpgrade", OFF),
    ],
)
def test_each_switch_counts(path: str, value: object) -> None:
    assert verdict(CONTROL, R(POOL.type, put(POOL.inputs, path, value))) is Verdict.FAIL


@pytest.mark.parametrize("image", ["cos_containerd", "Cos_Containerd"])
def test_google_takes_the_image_in_any_case_of_letters(image: str) -> None:
    assert verdict(CONTROL, R(POOL.type, put(POOL.inputs, "nodeConfig.imageType", image))) is Verdict.PASS


def test_what_is_queued_for_is_not_repaired() -> None:
    queued = put(put(POOL.inputs, "queuedProvisioning.enabled", ON), "management.autoRepair", OFF)
    assert verdict(CONTROL, R(POOL.type, queued)) is Verdict.PASS
    assert verdict(CONTROL, R(POOL.type, put(queued, "management.autoUpgrade", OFF))) is Verdict.FAIL


def test_a_cluster_keeps_its_nodes_shielded() -> None:
    bare = {"removeDefaultNodePool": True}
    assert verdict(CONTROL, R("container.Cluster", {**bare, "enableShieldedNodes": False})) is Verdict.FAIL
    assert verdict(CONTROL, R("container.Cluster", bare)) is Verdict.PASS


WEAK = {"shieldedInstanceConfig": {"enableSecureBoot": False}}
PROVISIONING = {"enabled": True, "autoProvisioningDefaults": {**NODES, "management": {"autoUpgrade": True}}}


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({}, "nodeConfig.shieldedInstanceConfig.enableSecureBoot"),
        ({"nodeConfig": WEAK}, "nodeConfig.shieldedInstanceConfig.enableSecureBoot"),
        (
            {"nodePools": [POOL.inputs, {**POOL.inputs, "nodeConfig": WEAK}]},
            "nodePools[1].nodeConfig.shieldedInstanceConfig.enableSecureBoot",
        ),
        ({"nodePools": [{**POOL.inputs, "management": {"autoUpgrade": OFF}}]}, "nodePools[0].management.autoUpgrade"),
        (
            {"removeDefaultNodePool": True, "clusterAutoscaling": {"enabled": True}},
            "clusterAutoscaling.autoProvisioningDefaults.shieldedInstanceConfig.enableSecureBoot",
        ),
        (
            {
                "removeDefaultNodePool": True,
                "clusterAutoscaling": put(PROVISIONING, "autoProvisioningDefaults.management.autoRepair", OFF),
            },
            "clusterAutoscaling.autoProvisioningDefaults.management.autoRepair",
        ),
    ],
)
def test_nodes_that_a_cluster_makes_itself_count(inputs: dict[str, object], path: str) -> None:
    found = outcome(CONTROL, R("container.Cluster", inputs))
    assert found.verdict is Verdict.FAIL
    assert {each.path for each in found.reasons} == {path}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"nodePools": [POOL.inputs]}, Verdict.PASS),
        (
            {"nodePools": [put(put(POOL.inputs, "queuedProvisioning.enabled", ON), "management.autoRepair", OFF)]},
            Verdict.PASS,
        ),
        ({"nodePools": ["pool"]}, Verdict.INDETERMINATE),
        ({"nodePools": [None], "enableShieldedNodes": True}, Verdict.PASS),
        ({"removeDefaultNodePool": True, "clusterAutoscaling": PROVISIONING}, Verdict.PASS),
        ({"enableAutopilot": True}, Verdict.NOT_APPLICABLE),
    ],
)
def test_a_cluster_whose_nodes_are_in_order(inputs: dict[str, object], expected: Verdict) -> None:
    assert verdict(CONTROL, R("container.Cluster", inputs)) is expected


def test_it_states_that_it_reads_whether_a_pool_is_queued_for() -> None:
    assert ("container.NodePool", "queuedProvisioning.enabled") in {(each.type, each.path) for each in CONTROL.reads}
