"""NET-11: TPU slices have no external address and stand in a network of your own."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_11 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

PLACE = {"subnetwork": "core", "enableExternalIps": False}


def queued(*networks: object) -> R:
    nodes = [{"node": {"networkConfig": network}} for network in networks]
    return R("tpu.V2QueuedResource", {"tpu": {"nodeSpecs": nodes}})


test_stated_verdicts = stated_verdicts(
    CONTROL, [R("tpu.V2Vm", {"networkConfig": PLACE, "networkConfigs": [PLACE]}), queued(PLACE)]
)


@pytest.mark.parametrize(
    "inputs",
    [
        {"networkConfig": {"network": "core"}},
        {"networkConfigs": [{"network": "core"}, PLACE]},
    ],
)
def test_one_form_of_the_block_is_enough(inputs: dict[str, object]) -> None:
    assert verdict(CONTROL, R("tpu.V2Vm", inputs)) is Verdict.PASS


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({}, "networkConfig.subnetwork"),
        ({"networkConfig": {}}, "networkConfig.subnetwork"),
        ({"networkConfig": {"enableExternalIps": False}}, "networkConfig.subnetwork"),
        ({"networkConfig": {"network": "default"}}, "networkConfig.network"),
        ({"networkConfig": {**PLACE, "enableExternalIps": True}}, "networkConfig.enableExternalIps"),
        ({"networkConfigs": [PLACE, {}]}, "networkConfigs[1].subnetwork"),
        ({"networkConfigs": [PLACE, {**PLACE, "enableExternalIps": True}]}, "networkConfigs[1].enableExternalIps"),
        ({"networkConfig": PLACE, "networkConfigs": [{"network": "default"}]}, "networkConfigs[0].network"),
        ({"networkConfig": {"network": "default"}, "networkConfigs": [PLACE]}, "networkConfig.network"),
    ],
)
def test_a_slice_that_is_open_or_stands_nowhere_fails(inputs: dict[str, object], path: str) -> None:
    found = outcome(CONTROL, R("tpu.V2Vm", inputs))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])


def test_every_queued_node_counts() -> None:
    found = outcome(CONTROL, queued(PLACE, {"subnetwork": "core", "enableExternalIps": True}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["tpu.nodeSpecs[1].node.networkConfig.enableExternalIps"]
    assert verdict(CONTROL, queued(PLACE, {"subnetwork": "default"})) is Verdict.FAIL
    assert verdict(CONTROL, R("tpu.V2QueuedResource", {"tpu": {"nodeSpecs": [{"node": {}}]}})) is Verdict.FAIL


@pytest.mark.parametrize("value", [UNKNOWN, secret(), 7])
def test_a_block_that_cannot_be_read_is_indeterminate(value: object) -> None:
    assert verdict(CONTROL, R("tpu.V2Vm", {"networkConfig": value})) is Verdict.INDETERMINATE
