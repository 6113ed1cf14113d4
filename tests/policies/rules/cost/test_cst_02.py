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
    place = {"location": "europe-west4-a"}
    return R("container.NodePool", {"nodeConfig": {"guestAccelerators": accelerators}, "nodeCount": 1, **place, **more})


T4 = [{"type": "nvidia-tesla-t4", "count": 1}]
HADOOP = [{"acceleratorType": "nvidia-tesla-t4", "acceleratorCount": 1}]


def accelerators() -> list[dict[str, Any]]:
    return [dict(each) for each in HADOOP]


def group(machines: int = 2) -> dict[str, Any]:
    return {"accelerators": accelerators(), "numInstances": machines}


EXECUTION = {"customEnvironmentSpec": {"machineSpec": L4}}
REPLICAS = {"dedicatedResources": {"machineSpec": L4, "maxReplicaCount": 2}}


GOOD = (
    notebook(count=1),
    R("colab.RuntimeTemplate", {"machineSpec": L4}),
    R(
        "vertex.AiPersistentResource",
        {"resourcePools": [{"machineSpec": L4, "autoscalingSpec": {"maxReplicaCount": 2}}]},
    ),
    R("vertex.AiDeploymentResourcePool", {"dedicatedResources": {"machineSpec": L4, "maxReplicaCount": 2}}),
    pool(autoscaling={"totalMaxNodeCount": 2}),
    R("colab.NotebookExecution", EXECUTION),
    R("colab.Schedule", {"createNotebookExecutionJobRequest": {"notebookExecutionJob": EXECUTION}}),
    R("vertex.AiEndpointWithModelGardenDeployment", {"deployConfig": REPLICAS}),
    *(
        R(f"compute.{each}", {"guestAccelerators": T4})
        for each in (
            *("Instance", "InstanceTemplate", "RegionInstanceTemplate"),
            *("InstanceFromTemplate", "InstanceFromMachineImage"),
        )
    ),
    R(
        "compute.Reservation",
        {"specificReservation": {"count": 2, "instanceProperties": {"guestAccelerators": HADOOP}}},
    ),
    R(
        "compute.FutureReservation",
        {
            "specificSkuProperties": {"totalCount": 2, "instanceProperties": {"guestAccelerators": accelerators()}},
            "aggregateReservation": {"reservedResources": [{"accelerator": accelerators()[0]}]},
        },
    ),
    R("compute.RegionCommitment", {"resources": [{"type": "ACCELERATOR", **L4, "amount": 2}]}),
    R("compute.NodeTemplate", {"accelerators": accelerators()}),
    R(
        "cloudrunv2.Service",
        {"template": {"nodeSelector": {"accelerator": "nvidia-l4"}, "scaling": {"maxInstanceCount": 2}}},
    ),
    R("cloudrunv2.Job", {"template": {"parallelism": 2, "template": {"nodeSelector": {"accelerator": "nvidia-l4"}}}}),
    R(
        "cloudrunv2.WorkerPool",
        {"template": {"nodeSelector": {"accelerator": "nvidia-l4"}}, "scaling": {"maxInstanceCount": 2}},
    ),
    R(
        "dataproc.Cluster",
        {
            "clusterConfig": {
                "masterConfig": group(),
                "workerConfig": group(),
                "auxiliaryNodeGroups": [{"nodeGroups": [{"nodeGroupConfig": group()}]}],
            }
        },
    ),
    R(
        "dataproc.WorkflowTemplate",
        {
            "placement": {
                "managedCluster": {
                    "config": {each: group() for each in ("masterConfig", "workerConfig", "secondaryWorkerConfig")}
                }
            }
        },
    ),
    R("container.Cluster", {"nodeConfig": {"guestAccelerators": T4}}),
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
        ({"nodeCount": -1}, Verdict.INDETERMINATE),
        ({"nodeCount": 2, "location": "europe-west4"}, Verdict.FAIL),
        ({"nodeCount": 1, "location": "europe-west4"}, Verdict.PASS),
        ({"nodeCount": 2, "location": None}, Verdict.INDETERMINATE),
        ({"nodeCount": 1, "location": None}, Verdict.PASS),
        ({"nodeCount": 2, "nodeLocations": UNKNOWN}, Verdict.INDETERMINATE),
        ({"autoscaling": {"totalMaxNodeCount": 0, "maxNodeCount": 5}}, Verdict.FAIL),
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


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ({"type": "V5LITE_POD", "topology": "2x4"}, Verdict.PASS),
        ({"type": "V5LITE_POD", "topology": "4x4"}, Verdict.FAIL),
        ({"type": "V4", "topology": "2x2x1"}, Verdict.FAIL),
        ({"type": "V5LITE_POD", "topology": UNKNOWN}, Verdict.INDETERMINATE),
        ({"type": "V5LITE_POD"}, Verdict.INDETERMINATE),
        ({"topology": "2x2"}, Verdict.INDETERMINATE),
        ({"type": "V5LITE_POD", "topology": "big"}, Verdict.INDETERMINATE),
    ],
)
def test_slices_may_say_their_shape(shape: dict[str, Any], expected: Verdict) -> None:
    assert judged(R("tpu.V2Vm", {"acceleratorConfig": shape})) is expected


@pytest.mark.parametrize(
    ("machine", "count"),
    [
        ("a2-highgpu-8g", 8),
        ("a2-megagpu-16g", 16),
        ("a3-highgpu-8g", 8),
        ("a4x-highgpu-4g", 4),
        ("projects/p/zones/z/machineTypes/A3-MEGAGPU-8G", 8),
        ("a3-highgpu-8g-nolssd", 8),
        ("ct5lp-hightpu-4t", 4),
        ("g2-standard-8", 1),
        ("g2-standard-24", 2),
        ("g2-standard-96", 8),
        ("g4-standard-384", 8),
        ("g4-standard-48", 1),
    ],
)
def test_a_machine_type_may_have_accelerators_built_in(machine: str, count: int) -> None:
    pool = R(
        "container.NodePool", {"nodeConfig": {"machineType": machine}, "location": "europe-west4-a", "nodeCount": 2}
    )
    for it in (
        R("compute.Instance", {"machineType": machine}),
        R("colab.RuntimeTemplate", {"machineSpec": {"machineType": machine}}),
    ):
        assert judged(it, Parameters(accelerator_types=(), accelerator_cap=count)) is Verdict.PASS
        assert judged(it, Parameters(accelerator_types=(), accelerator_cap=count - 1)) is Verdict.FAIL
    assert judged(pool, Parameters(accelerator_types=(), accelerator_cap=2 * count)) is Verdict.PASS
    assert judged(pool, Parameters(accelerator_types=(), accelerator_cap=2 * count - 1)) is Verdict.FAIL


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        ("g2-standard-4", Verdict.PASS),
        ("ct5lp-hightpu-4t", Verdict.PASS),
        ("a2-highgpu-1g", Verdict.FAIL),
        ("a9-highgpu-1g", Verdict.FAIL),
        ("n2-standard-8", Verdict.NOT_APPLICABLE),
        ("c3-standard-4-lssd", Verdict.NOT_APPLICABLE),
        (UNKNOWN, Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
    ],
)
def test_what_is_built_in_is_of_a_kind_that_is_allowed(machine: Any, expected: Verdict) -> None:
    assert judged(R("workbench.Instance", {"gceSetup": {"machineType": machine}})) is expected


@pytest.mark.parametrize(
    ("machine", "kind"),
    [
        ("a2-highgpu-1g", "nvidia-tesla-a100"),
        ("a2-megagpu-16g", "nvidia-tesla-a100"),
        ("a2-ultragpu-1g", "nvidia-a100-80gb"),
        ("a3-edgegpu-8g", "nvidia-h100-80gb"),
        ("a3-highgpu-8g", "nvidia-h100-80gb"),
        ("a3-megagpu-8g", "nvidia-h100-mega-80gb"),
        ("a3-ultragpu-8g", "nvidia-h200-141gb"),
        ("a4-highgpu-8g", "nvidia-b200"),
        ("a4x-highgpu-4g", "nvidia-gb200"),
        ("ct3-hightpu-4t", "v3"),
        ("ct3p-hightpu-4t", "v3"),
        ("ct4p-hightpu-4t", "v4"),
        ("ct5l-hightpu-4t", "v5e"),
        ("ct5lp-hightpu-4t", "v5e"),
        ("ct5p-hightpu-4t", "v5p"),
        ("ct6e-standard-4t", "v6e"),
        ("g2-standard-4", "nvidia-l4"),
        ("g4-standard-48", "nvidia-rtx-pro-6000"),
        ("projects/p/zones/z/machineTypes/g2-standard-4", "nvidia-l4"),
    ],
)
def test_each_series_has_its_own(machine: str, kind: str) -> None:
    it = R("compute.Instance", {"machineType": machine})
    assert judged(it, Parameters(accelerator_types=(kind,), accelerator_cap=16)) is Verdict.PASS
    assert judged(it, Parameters(accelerator_types=("nvidia-t4",), accelerator_cap=16)) is Verdict.FAIL


def test_each_accelerator_of_a_machine_counts() -> None:
    both = [{"type": "nvidia-l4", "count": 1}, {"type": "nvidia-h100-80gb", "count": 1}]
    assert judged(R("compute.Instance", {"guestAccelerators": both})) is Verdict.FAIL


def test_no_machine_has_no_accelerators() -> None:
    assert judged(pool(nodeCount=0)) is Verdict.PASS


def test_processors_and_memory_are_no_accelerators() -> None:
    limits = [{"resourceType": each, "maximum": 4096} for each in ("cpu", "memory")]
    cluster = {"removeDefaultNodePool": True, "clusterAutoscaling": {"resourceLimits": limits}}
    assert judged(R("container.Cluster", cluster)) is Verdict.NOT_APPLICABLE


def test_an_address_of_an_accelerator_names_it() -> None:
    address = "projects/acme-ml/zones/europe-west4-a/acceleratorTypes/"
    for name, expected in (("nvidia-tesla-t4", Verdict.PASS), ("nvidia-h100-80gb", Verdict.FAIL)):
        accelerators = [{"type": f"{address}{name}", "count": 1}]
        assert judged(R("compute.Instance", {"guestAccelerators": accelerators})) is expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"nodePools": [pool().inputs, pool(nodeCount=5, nodeLocations=["a"]).inputs]}, Verdict.FAIL),
        ({"nodePools": [pool(nodeCount=4, nodeLocations=["a"]).inputs]}, Verdict.PASS),
        ({"nodePools": [pool(nodeCount=2).inputs], "nodeLocations": ["a", "b", "c"]}, Verdict.FAIL),
        ({"nodeConfig": pool().inputs["nodeConfig"], "initialNodeCount": 5}, Verdict.FAIL),
        ({"nodeConfig": pool().inputs["nodeConfig"], "removeDefaultNodePool": True}, Verdict.NOT_APPLICABLE),
        (
            {
                "removeDefaultNodePool": True,
                "clusterAutoscaling": {
                    "enabled": True,
                    "resourceLimits": [
                        {"resourceType": "cpu", "maximum": 512},
                        {"resourceType": "nvidia-l4", "maximum": 9},
                    ],
                },
            },
            Verdict.FAIL,
        ),
        (
            {
                "removeDefaultNodePool": True,
                "clusterAutoscaling": {"resourceLimits": [{"resourceType": "nvidia-l4", "maximum": 8}]},
            },
            Verdict.PASS,
        ),
    ],
)
def test_pools_that_a_cluster_makes_itself_count(inputs: dict[str, Any], expected: Verdict) -> None:
    assert judged(R("container.Cluster", {"location": "europe-west4-a", **inputs})) is expected


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("cloudrunv2.Service", {"scaling": {"maxInstanceCount": 9}}),
        ("cloudrunv2.Service", {"template": {"scaling": {"maxInstanceCount": 9}}}),
        ("cloudrunv2.WorkerPool", {"scaling": {"manualInstanceCount": 9}}),
    ],
)
def test_instances_of_cloud_run_multiply(type_: str, inputs: dict[str, Any]) -> None:
    template = {"nodeSelector": {"accelerator": "nvidia-l4"}, **inputs.get("template", {})}
    assert judged(R(type_, {**inputs, "template": template})) is Verdict.FAIL


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ({"taskCount": 9}, Verdict.FAIL),
        ({"taskCount": 9, "parallelism": 8}, Verdict.PASS),
        ({"taskCount": 9, "parallelism": 0}, Verdict.FAIL),
    ],
)
def test_tasks_of_a_job_multiply_as_far_as_they_run_at_once(tasks: dict[str, Any], expected: Verdict) -> None:
    template = {"template": {"nodeSelector": {"accelerator": "nvidia-l4"}}, **tasks}
    assert judged(R("cloudrunv2.Job", {"template": template})) is expected


@pytest.mark.parametrize("of", ["masterConfig", "workerConfig"])
def test_each_group_of_a_cluster_of_dataproc_counts(of: str) -> None:
    config = {"masterConfig": group(), "workerConfig": group(), of: group(9)}
    assert judged(R("dataproc.Cluster", {"clusterConfig": config})) is Verdict.FAIL


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("compute.RegionCommitment", {"resources": [{"acceleratorType": "nvidia-l4", "amount": "9"}]}),
        (
            "compute.Reservation",
            {"specificReservation": {"count": 2, "instanceProperties": {"machineType": "a3-highgpu-8g"}}},
        ),
        (
            "compute.FutureReservation",
            {"specificSkuProperties": {"totalCount": 2, "instanceProperties": {"machineType": "a3-highgpu-8g"}}},
        ),
    ],
)
def test_what_is_only_reserved_is_paid_for_too(type_: str, inputs: dict[str, Any]) -> None:
    assert judged(R(type_, inputs), ALL) is Verdict.FAIL


def test_machines_without_accelerators_are_not_judged() -> None:
    assert judged(R("workbench.Instance", {"gceSetup": {}})) is Verdict.NOT_APPLICABLE
    assert (
        judged(R("colab.RuntimeTemplate", {"machineSpec": {"machineType": "e2-standard-4"}})) is Verdict.NOT_APPLICABLE
    )
