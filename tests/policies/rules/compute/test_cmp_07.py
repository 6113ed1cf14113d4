from __future__ import annotations

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_07 import CONTROL
from tests.policies.rules.harness import R, put, stated_verdicts, verdict

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
CLUSTER = R("container.Cluster", {"enableShieldedNodes": True})
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


def test_what_is_queued_for_is_not_repaired() -> None:
    queued = put(put(POOL.inputs, "queuedProvisioning.enabled", ON), "management.autoRepair", OFF)
    assert verdict(CONTROL, R(POOL.type, queued)) is Verdict.PASS
    assert verdict(CONTROL, R(POOL.type, put(queued, "management.autoUpgrade", OFF))) is Verdict.FAIL


def test_a_cluster_keeps_its_nodes_shielded() -> None:
    assert verdict(CONTROL, R("container.Cluster", {"enableShieldedNodes": False})) is Verdict.FAIL


def test_it_states_that_it_reads_whether_a_pool_is_queued_for() -> None:
    assert ("container.NodePool", "queuedProvisioning.enabled") in {(each.type, each.path) for each in CONTROL.reads}
