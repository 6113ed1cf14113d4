from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_10 import CONTROL
from tests.policies.rules.harness import R, secret, stated_verdicts, verdict

SETTINGS = Parameters(classifications=("internal", "restricted"), restricted_classes=("restricted",))
TAINT = {"key": "gpu", "value": "present", "effect": "NO_SCHEDULE"}


def pool(accelerator: Any = ..., taints: Any = ..., class_: str = "restricted") -> R:
    return R(
        "container.NodePool",
        {
            "nodeConfig": {
                "guestAccelerators": [{"type": "nvidia-l4", "count": 1} if accelerator is ... else accelerator],
                "taints": [TAINT] if taints is ... else taints,
                "resourceLabels": {"classification": class_},
            }
        },
    )


def cluster(**inputs: Any) -> R:
    return R("container.Cluster", {"resourceLabels": {"classification": "internal"}, **inputs})


test_stated = stated_verdicts(CONTROL, [pool(), cluster(nodeConfig=pool().inputs["nodeConfig"])], parameters=SETTINGS)


@pytest.mark.parametrize(
    ("taints", "expected"),
    [
        ([{**TAINT, "effect": "NO_EXECUTE"}], Verdict.PASS),
        ([{**TAINT, "effect": "PREFER_NO_SCHEDULE"}], Verdict.FAIL),
        ([{**TAINT, "effect": "PREFER_NO_SCHEDULE"}, TAINT], Verdict.PASS),
        ([{"key": "gpu"}], Verdict.INDETERMINATE),
        ([secret()], Verdict.INDETERMINATE),
        ([], Verdict.FAIL),
        ([{}], Verdict.FAIL),
        ([None], Verdict.FAIL),
        ([""], Verdict.FAIL),
    ],
)
def test_other_work_is_kept_away(taints: Any, expected: Verdict) -> None:
    assert verdict(CONTROL, pool(taints=taints), parameters=SETTINGS) is expected


SHARED = {"type": "nvidia-l4", "count": 1, "gpuSharingConfig": {"gpuSharingStrategy": "TIME_SHARING"}}


@pytest.mark.parametrize(
    ("class_", "expected"), [("restricted", Verdict.FAIL), ("", Verdict.FAIL), ("internal", Verdict.PASS)]
)
def test_restricted_data_shares_nothing(class_: str, expected: Verdict) -> None:
    assert verdict(CONTROL, pool(SHARED, class_=class_), parameters=SETTINGS) is expected
    unsaid = replace(SETTINGS, restricted_classes=None)
    assert verdict(CONTROL, pool(SHARED, class_=class_), parameters=unsaid) is Verdict.INDETERMINATE


def test_what_cannot_be_read_may_be_shared() -> None:
    assert (
        verdict(CONTROL, pool({"type": "x", "gpuSharingConfig": UNKNOWN}), parameters=SETTINGS) is Verdict.INDETERMINATE
    )
    assert verdict(CONTROL, pool("nvidia"), parameters=SETTINGS) is Verdict.INDETERMINATE


def test_pools_without_accelerators_are_not_judged() -> None:
    assert verdict(CONTROL, R("container.NodePool", {"nodeConfig": {}}), parameters=SETTINGS) is Verdict.NOT_APPLICABLE
    empty = R("container.NodePool", {"nodeConfig": {"guestAccelerators": []}})
    assert verdict(CONTROL, empty, parameters=SETTINGS) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"nodePools": [pool().inputs]}, Verdict.PASS),
        ({"nodePools": [pool().inputs, pool(taints=[]).inputs]}, Verdict.FAIL),
        ({"nodeConfig": pool(taints=[]).inputs["nodeConfig"]}, Verdict.FAIL),
        ({"nodeConfig": pool(taints=[]).inputs["nodeConfig"], "removeDefaultNodePool": True}, Verdict.NOT_APPLICABLE),
        ({}, Verdict.NOT_APPLICABLE),
        ({"nodePools": [None]}, Verdict.NOT_APPLICABLE),
    ],
)
def test_pools_that_a_cluster_makes_itself_are_judged(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, cluster(**inputs), parameters=SETTINGS) is expected


def test_the_class_of_a_cluster_is_that_of_its_pools() -> None:
    shares = {"nodePools": [pool(SHARED).inputs]}
    assert verdict(CONTROL, cluster(**shares), parameters=SETTINGS) is Verdict.PASS
    strict = cluster(**shares, resourceLabels={"classification": "restricted"})
    assert verdict(CONTROL, strict, parameters=SETTINGS) is Verdict.FAIL
