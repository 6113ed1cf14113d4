"""Quotas: counted from what there is, set by region."""

from typing import Any

import pytest

from mockcloud.cloud.quotas.quotas import NoSuchMetric
from mockcloud.cloud.store import Record
from tests.mockcloud.cloud.asking import (
    DATASETS,
    JOB,
    PROJECT,
    ask,
    strict,
)

INSTANCE = {
    "name": "i",
    "machineType": "zones/us-central1-a/machineTypes/n1-standard-8",
    "guestAccelerators": [{"acceleratorType": "zones/z/acceleratorTypes/nvidia-tesla-t4", "acceleratorCount": 8}],
}


def test_compute_engine_refuses_with_a_status_of_its_own() -> None:
    cloud = strict(off=["enablement", "access", "references"])
    url = f"compute.googleapis.com/compute/v1/{PROJECT}/zones/us-central1-a/instances"
    refused = ask(cloud, "POST", url, INSTANCE)
    assert refused[0] == 403
    assert refused[1]["error"]["errors"][0]["reason"] == "quotaExceeded"
    assert "NVIDIA_T4_GPUS" in refused[1]["error"]["message"]
    cloud.quotas.set("acme", "compute.googleapis.com/nvidia_t4_gpus", 8)
    cloud.quotas.set("acme", "compute.googleapis.com/gpus_all_regions", 4)
    assert "GPUS_ALL_REGIONS" in ask(cloud, "POST", url, INSTANCE)[1]["error"]["message"]
    cloud.quotas.set("acme", "compute.googleapis.com/gpus_all_regions", -1)
    cloud.store.put(
        Record("compute", f"{PROJECT}/zones/us-central1-b/instances/j", {**INSTANCE, "status": "TERMINATED"})
    )
    region = {each["metric"]: each for each in cloud.quotas.of_region("acme", "us-central1")}
    assert (region["NVIDIA_T4_GPUS"]["limit"], region["NVIDIA_T4_GPUS"]["usage"]) == (8.0, 0.0)
    cloud.store.put(Record("compute", f"{PROJECT}/zones/us-central1-b/instances/k", INSTANCE))
    region = {each["metric"]: each for each in cloud.quotas.of_region("acme", "us-central1")}
    assert (region["NVIDIA_T4_GPUS"]["usage"], region["CPUS"]["usage"]) == (8.0, 8.0)
    assert [each["usage"] for each in cloud.quotas.of_region("acme", "")] == [8.0]
    shown = ask(cloud, "GET", f"compute.googleapis.com/compute/v1/{PROJECT}/regions/us-central1")[1]["quotas"]
    assert {"metric": "NVIDIA_T4_GPUS", "limit": 8.0, "usage": 8.0} in shown


def test_a_quota_is_set_by_region_and_cleared() -> None:
    cloud = strict()
    metric = "aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus"
    cloud.quotas.set("acme", metric, 8, region="europe-west4")
    url = DATASETS.replace("datasets", "customJobs")
    assert ask(cloud, "POST", url, JOB)[0] == 200
    assert ask(cloud, "POST", url, JOB)[0] == 429
    assert ask(cloud, "POST", url.replace("europe-west4", "us-central1"), JOB)[0] == 429
    cloud.quotas.clear("acme", metric, region="europe-west4")
    cloud.quotas.clear("acme", metric, region="europe-west4")
    assert cloud.quotas.regions("acme", cloud.quotas.of_service("aiplatform")[0]) == []
    with pytest.raises(NoSuchMetric, match=r"aiplatform\.googleapis\.com/gold"):
        cloud.quotas.set("acme", "aiplatform.googleapis.com/gold", 1)


@pytest.mark.parametrize(
    ("machine", "count"),
    [
        ("n1-standard-8", 8),
        ("zones/z/machineTypes/e2-highmem-16", 16),
        ("a2-highgpu-1g", 12),
        ("custom-6-20480", 6),
        ("n2-custom-4-8192-ext", 4),
        ("f1-micro", 1),
    ],
)
def test_the_processors_of_a_machine_are_in_its_name(machine: str, count: int) -> None:
    from mockcloud.cloud.quotas.demand import cpus

    assert cpus(machine) == count


@pytest.mark.parametrize(
    ("method", "body", "metric", "wanted"),
    [
        (
            "aiplatform.projects.locations.hyperparameterTuningJobs.create",
            {"parallelTrialCount": 3, "trialJobSpec": JOB["jobSpec"]},
            "aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus",
            24,
        ),
        (
            "aiplatform.projects.locations.persistentResources.create",
            {"resourcePools": [{"machineSpec": {"machineType": "n1-standard-4"}, "replicaCount": 2}]},
            "aiplatform.googleapis.com/custom_model_training_cpus",
            8,
        ),
        (
            "aiplatform.projects.locations.batchPredictionJobs.create",
            {
                "dedicatedResources": {
                    "machineSpec": {"acceleratorType": "NVIDIA_L4", "acceleratorCount": 2},
                    "startingReplicaCount": 2,
                }
            },
            "aiplatform.googleapis.com/custom_model_serving_nvidia_l4_gpus",
            4,
        ),
        (
            "aiplatform.projects.locations.endpoints.deployModel",
            {
                "deployedModel": {
                    "dedicatedResources": {"machineSpec": {"machineType": "n1-standard-2"}, "minReplicaCount": 2}
                }
            },
            "aiplatform.googleapis.com/custom_model_serving_cpus",
            4,
        ),
        (
            "aiplatform.projects.locations.customJobs.create",
            {"jobSpec": {"workerPoolSpecs": [{"machineSpec": {"acceleratorType": "TPU_V2", "acceleratorCount": 8}}]}},
            "aiplatform.googleapis.com/custom_model_training_tpu_v2",
            8,
        ),
        ("tpu.projects.locations.nodes.create", {"acceleratorType": "v3-8"}, "tpu.googleapis.com/tpu_v3", 8),
    ],
)
def test_what_a_resource_takes_is_counted(method: str, body: dict[str, Any], metric: str, wanted: int) -> None:
    from mockcloud.cloud.quotas.demand import OF_METHOD

    assert OF_METHOD[method](body)[metric] == wanted
    assert OF_METHOD["tpu.projects.locations.nodes.create"]({}) == {}
