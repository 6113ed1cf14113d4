from __future__ import annotations

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_12 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict

TYPES = ("compute.Instance", "compute.InstanceTemplate", "compute.RegionInstanceTemplate")
COPIES = ("compute.InstanceFromTemplate", "compute.InstanceFromMachineImage")
OFF = {"advancedMachineFeatures": {"enableNestedVirtualization": False}}
ON = {"advancedMachineFeatures": {"enableNestedVirtualization": True}}
test_stated = stated_verdicts(
    CONTROL,
    [
        *(R(type_, OFF) for type_ in (*TYPES, *COPIES)),
        R("container.NodePool", {"nodeConfig": OFF}),
        R("container.Cluster", {"nodeConfig": OFF, "nodePools": [{"nodeConfig": OFF}]}),
        R("cloudbuild.WorkerPool", {"workerConfig": {"enableNestedVirtualization": False}}),
    ],
)


def test_it_is_off_on_nodes_and_where_builds_run() -> None:
    assert verdict(CONTROL, R("container.NodePool", {"nodeConfig": ON})) is Verdict.FAIL
    assert verdict(CONTROL, R("container.Cluster", {"nodeConfig": ON})) is Verdict.FAIL
    assert (
        verdict(CONTROL, R("container.Cluster", {"nodePools": [{"nodeConfig": OFF}, {"nodeConfig": ON}]}))
        is Verdict.FAIL
    )
    pool = R("cloudbuild.WorkerPool", {"workerConfig": {"enableNestedVirtualization": True}})
    assert verdict(CONTROL, pool) is Verdict.FAIL


def test_a_copy_is_as_its_template_says() -> None:
    template = R("compute.InstanceTemplate", OFF, "base")
    copied, origins = {"sourceInstanceTemplate": UNKNOWN}, {"sourceInstanceTemplate": template.urn}
    assert verdict(CONTROL, R(COPIES[0], copied, origins=origins), template) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(COPIES[0], {**copied, **ON}, origins=origins), template) is Verdict.FAIL


@pytest.mark.parametrize("type_", TYPES)
def test_it_is_off(type_: str) -> None:
    assert verdict(CONTROL, R(type_, ON)) is Verdict.FAIL
    assert verdict(CONTROL, R(type_, {})) is Verdict.PASS
