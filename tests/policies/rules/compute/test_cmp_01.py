from __future__ import annotations

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_01 import CONTROL
from tests.policies.rules.harness import R, put, stated_verdicts, verdict

ALL = {"enableSecureBoot": True, "enableVtpm": True, "enableIntegrityMonitoring": True}
GOOD = (
    R("workbench.Instance", {"gceSetup": {"shieldedInstanceConfig": ALL}}),
    R("compute.Instance", {"shieldedInstanceConfig": ALL}),
    R("compute.InstanceTemplate", {"shieldedInstanceConfig": ALL}),
    R("compute.RegionInstanceTemplate", {"shieldedInstanceConfig": ALL}),
    R("dataproc.Cluster", {"clusterConfig": {"gceClusterConfig": {"shieldedInstanceConfig": ALL}}}),
    R("colab.RuntimeTemplate", {"shieldedVmConfig": {"enableSecureBoot": True}}),
    R("tpu.V2Vm", {"shieldedInstanceConfig": {"enableSecureBoot": True}}),
    R("compute.InstanceFromTemplate", {"shieldedInstanceConfig": ALL}),
    R("compute.InstanceFromMachineImage", {"shieldedInstanceConfig": ALL}),
    R(
        "dataproc.WorkflowTemplate",
        {"placement": {"managedCluster": {"config": {"gceClusterConfig": {"shieldedInstanceConfig": ALL}}}}},
    ),
    R("colab.NotebookExecution", {"customEnvironmentSpec": {"shieldedInstanceConfig": ALL}}),
)
test_stated = stated_verdicts(CONTROL, GOOD)


OFF = False


@pytest.mark.parametrize("switch", list(ALL))
def test_none_may_be_off(switch: str) -> None:
    good = GOOD[1]
    assert verdict(CONTROL, R(good.type, put(good.inputs, f"shieldedInstanceConfig.{switch}", OFF))) is Verdict.FAIL


TEMPLATE = R("compute.InstanceTemplate", {"shieldedInstanceConfig": ALL}, "base")
COPY = "compute.InstanceFromTemplate"


def test_a_copy_is_as_its_template_says() -> None:
    copied, origins = {"sourceInstanceTemplate": UNKNOWN}, {"sourceInstanceTemplate": TEMPLATE.urn}
    assert verdict(CONTROL, R(COPY, copied, origins=origins), TEMPLATE) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(COPY, copied)) is Verdict.INDETERMINATE
    own = {**copied, "shieldedInstanceConfig": {"enableVtpm": True}}
    assert verdict(CONTROL, R(COPY, own, origins=origins), TEMPLATE) is Verdict.FAIL


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("dataproc.Cluster", {"virtualClusterConfig": {"stagingBucket": "b"}}),
        ("dataproc.WorkflowTemplate", {"placement": {"clusterSelector": {"clusterLabels": {"a": "b"}}}}),
        ("colab.NotebookExecution", {"notebookRuntimeTemplateResourceName": "projects/p/locations/l/x/y"}),
    ],
)
def test_what_makes_no_machines_is_not_judged(type_: str, inputs: dict[str, object]) -> None:
    assert verdict(CONTROL, R(type_, inputs)) is Verdict.NOT_APPLICABLE
