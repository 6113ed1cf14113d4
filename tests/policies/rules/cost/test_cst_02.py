from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.cost.cst_02 import CONTROL
from tests.policies.rules.harness import R, secret, stated_verdicts, verdict

SETTINGS = Parameters(accelerator_types=("nvidia-tesla-t4", "nvidia-l4", "v5e"), accelerator_cap=8)
ALL = Parameters(accelerator_types=(), accelerator_cap=8)
L4 = {"acceleratorType": "NVIDIA_L4", "acceleratorCount": 1}


def notebook(kind: Any = "NVIDIA_L4", count: Any = "1") -> R:
    return R("workbench.Instance", {"gceSetup": {"acceleratorConfigs": [{"type": kind, "coreCount": count}]}})


def pool(**more: Any) -> R:
    accelerators = [{"type": "nvidia-l4", "count": 2}]
    return R("container.NodePool", {"nodeConfig": {"guestAccelerators": accelerators}, "nodeCount": 1, **more})


GOOD = (
    notebook(count=1),
    R("colab.RuntimeTemplate", {"machineSpec": L4}),
    R(
        "vertex.AiPersistentResource",
        {"resourcePools": [{"machineSpec": L4, "autoscalingSpec": {"maxReplicaCount": 2}}]},
    ),
    R("vertex.AiDeploymentResourcePool", {"dedicatedResources": {"machineSpec": L4, "maxReplicaCount": 2}}),
    pool(autoscaling={"totalMaxNodeCount": 2}),
    R("tpu.V2Vm", {"acceleratorType": "v5litepod-8"}),
    R("tpu.V2QueuedResource", {"tpu": {"nodeSpecs": [{"node": {"acceleratorType": "v5e-4"}}]}}),
)
test_stated = stated_verdicts(CONTROL, GOOD, parameters=SETTINGS)


def judged(it: R, parameters: Parameters = SETTINGS) -> Verdict:
    return verdict(CONTROL, it, parameters=parameters)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("NVIDIA_TESLA_T4", Verdict.PASS),
        ("nvidia-t4", Verdict.PASS),
        ("NVIDIA_H100_80GB", Verdict.FAIL),
        ("NVIDIA_L4_VWS", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
    ],
)
def test_kinds_are_those_of_the_settings(kind: object, expected: Verdict) -> None:
    assert judged(notebook(kind)) is expected


def test_an_empty_list_is_all_of_them() -> None:
    assert judged(notebook("NVIDIA_H100_80GB"), ALL) is Verdict.PASS
    assert judged(notebook(), Parameters(accelerator_cap=8)) is Verdict.INDETERMINATE
    assert judged(notebook(), Parameters(accelerator_types=())) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("count", "expected"),
    [("8", Verdict.PASS), (9, Verdict.FAIL), ("many", Verdict.INDETERMINATE), (UNKNOWN, Verdict.INDETERMINATE)],
)
def test_a_machine_has_at_most_the_cap(count: object, expected: Verdict) -> None:
    assert judged(notebook(count=count)) is expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"nodeCount": 4}, Verdict.PASS),
        ({"nodeCount": 5}, Verdict.FAIL),
        ({"nodeCount": 2, "nodeLocations": ["a", "b"]}, Verdict.PASS),
        ({"nodeCount": 2, "nodeLocations": ["a", "b", "c"]}, Verdict.FAIL),
        ({"autoscaling": {"totalMaxNodeCount": 4}, "nodeLocations": ["a", "b", "c"]}, Verdict.PASS),
        ({"autoscaling": {"totalMaxNodeCount": 5}}, Verdict.FAIL),
        ({"autoscaling": {"maxNodeCount": 2}, "nodeLocations": ["a", "b", "c"]}, Verdict.FAIL),
        ({"nodeCount": None, "initialNodeCount": 5}, Verdict.FAIL),
        ({"nodeCount": UNKNOWN}, Verdict.INDETERMINATE),
    ],
)
def test_a_pool_grows_to_at_most_the_cap(more: dict[str, Any], expected: Verdict) -> None:
    assert judged(pool(**more)) is expected


@pytest.mark.parametrize(("most", "expected"), [(8, Verdict.PASS), (9, Verdict.FAIL)])
def test_replicas_multiply(most: int, expected: Verdict) -> None:
    one = {"machineSpec": L4, "autoscalingSpec": {"maxReplicaCount": most}, "replicaCount": 1}
    assert judged(R("vertex.AiPersistentResource", {"resourcePools": [one]})) is expected
    dedicated = {"machineSpec": L4, "maxReplicaCount": most, "minReplicaCount": 1}
    assert judged(R("vertex.AiDeploymentResourcePool", {"dedicatedResources": dedicated})) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("v5litepod-8", Verdict.PASS),
        ("v5e-16", Verdict.FAIL),
        ("v4-8", Verdict.FAIL),
        ("big", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_slices_say_their_size(name: str, expected: Verdict) -> None:
    assert judged(R("tpu.V2Vm", {"acceleratorType": name})) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("v4-16", Verdict.PASS), ("v4-32", Verdict.FAIL), ("v5p-16", Verdict.PASS), ("v6e-16", Verdict.FAIL)],
)
def test_some_names_count_cores(name: str, expected: Verdict) -> None:
    assert judged(R("tpu.V2Vm", {"acceleratorType": name}), ALL) is expected


def test_machines_without_accelerators_are_not_judged() -> None:
    assert judged(R("workbench.Instance", {"gceSetup": {}})) is Verdict.NOT_APPLICABLE
    assert (
        judged(R("colab.RuntimeTemplate", {"machineSpec": {"machineType": "e2-standard-4"}})) is Verdict.NOT_APPLICABLE
    )
