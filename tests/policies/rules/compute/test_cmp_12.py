from __future__ import annotations

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_12 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict

TYPES = ("compute.Instance", "compute.InstanceTemplate", "compute.RegionInstanceTemplate")
OFF = {"advancedMachineFeatures": {"enableNestedVirtualization": False}}
test_stated = stated_verdicts(CONTROL, [R(type_, OFF) for type_ in TYPES])


@pytest.mark.parametrize("type_", TYPES)
def test_it_is_off(type_: str) -> None:
    on = {"advancedMachineFeatures": {"enableNestedVirtualization": True}}
    assert verdict(CONTROL, R(type_, on)) is Verdict.FAIL
    assert verdict(CONTROL, R(type_, {})) is Verdict.PASS
