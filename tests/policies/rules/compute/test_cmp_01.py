from __future__ import annotations

import pytest

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
)
test_stated = stated_verdicts(CONTROL, GOOD)


OFF = False


@pytest.mark.parametrize("switch", list(ALL))
def test_none_may_be_off(switch: str) -> None:
    good = GOOD[1]
    assert verdict(CONTROL, R(good.type, put(good.inputs, f"shieldedInstanceConfig.{switch}", OFF))) is Verdict.FAIL
