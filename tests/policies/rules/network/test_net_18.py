"""NET-18: Kubernetes clusters enforce network policies, and show traffic inside of nodes."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_18 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

TYPE = "container.Cluster"
SEEN = {"enableIntranodeVisibility": True}
DATAPLANE = {"datapathProvider": "ADVANCED_DATAPATH", **SEEN}
POLICY = {"networkPolicy": {"enabled": True}, **SEEN}
NO_ADD_ON = {"addonsConfig": {"networkPolicyConfig": {"disabled": True}}}
ADD_ON = {"addonsConfig": {"networkPolicyConfig": {"disabled": False}}}

test_stated_verdicts = stated_verdicts(CONTROL, [R(TYPE, {**DATAPLANE, "enableAutopilot": False})])


@pytest.mark.parametrize(
    "inputs",
    [
        DATAPLANE,
        {**DATAPLANE, **NO_ADD_ON},
        {**DATAPLANE, "networkPolicy": {"enabled": False}},
        POLICY,
        {**POLICY, **ADD_ON},
        {"enableAutopilot": True},
        {"enableAutopilot": True, **SEEN},
        {"enableAutopilot": True, **NO_ADD_ON},
    ],
)
def test_there_are_three_ways_to_enforce(inputs: dict[str, object]) -> None:
    assert verdict(CONTROL, R(TYPE, inputs)) is Verdict.PASS


@pytest.mark.parametrize(
    ("inputs", "paths"),
    [
        (SEEN, ["datapathProvider", "networkPolicy.enabled", "enableAutopilot"]),
        (
            {**SEEN, "datapathProvider": "LEGACY_DATAPATH"},
            ["datapathProvider", "networkPolicy.enabled", "enableAutopilot"],
        ),
        ({**SEEN, "networkPolicy": {}}, ["datapathProvider", "networkPolicy.enabled", "enableAutopilot"]),
        ({**POLICY, **NO_ADD_ON}, ["addonsConfig.networkPolicyConfig.disabled"]),
        ({"datapathProvider": "ADVANCED_DATAPATH"}, ["enableIntranodeVisibility"]),
        ({**DATAPLANE, "enableIntranodeVisibility": False}, ["enableIntranodeVisibility"]),
        ({"enableAutopilot": True, "enableIntranodeVisibility": False}, ["enableIntranodeVisibility"]),
        ({"enableAutopilot": False, "networkPolicy": {"enabled": True}}, ["enableIntranodeVisibility"]),
    ],
)
def test_a_cluster_that_enforces_nothing_or_hides_traffic_fails(inputs: dict[str, object], paths: list[str]) -> None:
    found = outcome(CONTROL, R(TYPE, inputs))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, paths)


def test_an_unknown_kind_of_cluster_is_indeterminate() -> None:
    assert verdict(CONTROL, R(TYPE, {"enableAutopilot": UNKNOWN, **SEEN})) is Verdict.INDETERMINATE
