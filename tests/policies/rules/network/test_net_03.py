"""NET-03: instances do not forward packets."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_03 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts

GOOD = [
    R("workbench.Instance", {"gceSetup": {"enableIpForwarding": False}}),
    R("compute.Instance", {"canIpForward": False}),
    R("compute.InstanceTemplate", {"canIpForward": False}),
    R("compute.RegionInstanceTemplate", {"canIpForward": False}),
    R("compute.InstanceFromTemplate", {"canIpForward": False}),
    R("compute.InstanceFromMachineImage", {"canIpForward": False}),
    R("tpu.V2Vm", {"networkConfig": {"canIpForward": False}, "networkConfigs": [{"canIpForward": False}]}),
    R("tpu.V2QueuedResource", {"tpu": {"nodeSpecs": [{"node": {"networkConfig": {"canIpForward": False}}}]}}),
]

test_stated_verdicts = stated_verdicts(CONTROL, GOOD)


@pytest.mark.parametrize(
    ("type_", "inputs", "path"),
    [
        ("workbench.Instance", {"gceSetup": {"enableIpForwarding": True}}, "gceSetup.enableIpForwarding"),
        ("compute.Instance", {"canIpForward": True}, "canIpForward"),
        ("compute.InstanceTemplate", {"canIpForward": True}, "canIpForward"),
        ("compute.RegionInstanceTemplate", {"canIpForward": True}, "canIpForward"),
        ("compute.InstanceFromTemplate", {"canIpForward": True}, "canIpForward"),
        ("compute.InstanceFromMachineImage", {"canIpForward": True}, "canIpForward"),
        ("tpu.V2Vm", {"networkConfig": {"canIpForward": True}}, "networkConfig.canIpForward"),
        ("tpu.V2Vm", {"networkConfigs": [{}, {"canIpForward": True}]}, "networkConfigs[1].canIpForward"),
        (
            "tpu.V2QueuedResource",
            {"tpu": {"nodeSpecs": [{"node": {}}, {"node": {"networkConfig": {"canIpForward": True}}}]}},
            "tpu.nodeSpecs[1].node.networkConfig.canIpForward",
        ),
    ],
)
def test_forwarding_fails(type_: str, inputs: dict[str, object], path: str) -> None:
    found = outcome(CONTROL, R(type_, inputs))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(path, "true")]


@pytest.mark.parametrize("type_", ["compute.InstanceFromTemplate", "compute.InstanceFromMachineImage"])
def test_a_copy_that_says_nothing_is_as_what_it_was_copied_from(type_: str) -> None:
    assert outcome(CONTROL, R(type_, {})).verdict is Verdict.INDETERMINATE


def test_a_machine_that_says_nothing_passes() -> None:
    assert outcome(CONTROL, R("compute.Instance", {})).verdict is Verdict.PASS
