"""What users train and tune on Vertex AI, through google-cloud-aiplatform."""

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import aiplatform
from google.cloud import aiplatform_v1 as v1
from google.cloud.aiplatform import hyperparameter_tuning as tuning
from google.cloud.aiplatform.persistent_resource import PersistentResource

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.services.aiplatform import outcomes

pytestmark = pytest.mark.scenario(library="google-cloud-aiplatform")

POOL = {
    "machine_spec": {"machine_type": "n1-standard-4"},
    "replica_count": 1,
    "container_spec": {"image_uri": "trainer"},
}
PLACE = "projects/acme-ml/locations/europe-west4"


@pytest.fixture(autouse=True)
def _project(cloud: Cloud, transport: str) -> None:
    del cloud
    aiplatform.init(
        project="acme-ml", location="europe-west4", staging_bucket="gs://acme-staging", api_transport=transport
    )


def _job(name: str = "train", **settings: Any) -> aiplatform.CustomJob:
    return aiplatform.CustomJob(display_name=name, worker_pool_specs=[POOL], **settings)


def test_two_virtual_hours_of_a_job_take_no_real_second(cloud: Cloud) -> None:
    outcomes.register(cloud, "long-*", seconds=7200)
    cloud.accounts.add("acme-ml", "trainer@acme-ml.iam.gserviceaccount.com")
    before = time.monotonic()
    job = _job("long-1", labels={"team": "ml"})
    job.run(service_account="trainer@acme-ml.iam.gserviceaccount.com", timeout=10_000)
    assert time.monotonic() - before < 1
    assert job.state == v1.JobState.JOB_STATE_SUCCEEDED
    resource = job.gca_resource
    assert resource.end_time - resource.start_time == timedelta(hours=2)
    assert resource.job_spec.service_account.startswith("trainer@")
    assert resource.job_spec.scheduling.timeout == timedelta(seconds=10_000)
    assert [each.display_name for each in aiplatform.CustomJob.list(filter="labels.team=ml")] == ["long-1"]


def test_a_job_fails_as_it_was_told(cloud: Cloud) -> None:
    outcomes.register(cloud, "train", fails="Out of memory.")
    job = _job()
    with pytest.raises(RuntimeError, match="Out of memory"):
        job.run()
    assert job.state == v1.JobState.JOB_STATE_FAILED
    assert job.error.message == "Out of memory."


def test_a_job_is_cancelled(cloud: Cloud) -> None:
    job = _job()
    job.submit()
    assert job.state == v1.JobState.JOB_STATE_QUEUED
    cloud.advance(30)
    assert job.state == v1.JobState.JOB_STATE_RUNNING
    job.cancel()
    assert job.state == v1.JobState.JOB_STATE_CANCELLING
    cloud.advance(30)
    assert job.state == v1.JobState.JOB_STATE_CANCELLED
    assert job.error.code == 1
    job.delete()
    with pytest.raises(exceptions.NotFound):
        aiplatform.CustomJob.get(job.resource_name)


def test_a_finished_job_is_not_cancelled_in_a_strict_cloud(transport: str) -> None:
    with mock_gcp(on=["in-use"]) as cloud:
        aiplatform.init(project="acme-ml", location="europe-west4", staging_bucket="gs://s", api_transport=transport)
        job = _job()
        job.submit()
        with pytest.raises(exceptions.BadRequest):
            job.delete()
        cloud.advance(3600)
        with pytest.raises(exceptions.BadRequest):
            job.cancel()
        job.delete()


def test_hyperparameters_are_tuned(cloud: Cloud) -> None:
    def objective(parameters: Mapping[str, object]) -> Mapping[str, float]:
        return {"auc": 1 - abs(float(str(parameters["rate"])) - 0.01)}

    outcomes.register(cloud, "tune", objective=objective)
    job = aiplatform.HyperparameterTuningJob(
        display_name="tune",
        custom_job=_job(),
        metric_spec={"auc": "maximize"},
        parameter_spec={
            "rate": tuning.DoubleParameterSpec(min=0.001, max=0.1, scale="log"),
            "depth": tuning.IntegerParameterSpec(min=2, max=9, scale="linear"),
            "loss": tuning.CategoricalParameterSpec(values=["log", "hinge"]),
        },
        max_trial_count=5,
        parallel_trial_count=2,
    )
    job.run()
    trials = job.trials
    assert [each.id for each in trials] == ["1", "2", "3", "4", "5"]
    assert {each.state for each in trials} == {v1.Trial.State.SUCCEEDED}
    values = [{one.parameter_id: one.value for one in each.parameters} for each in trials]
    assert all(0.001 <= each["rate"] <= 0.1 and each["depth"] in range(2, 10) for each in values)
    assert len({json.dumps(each) for each in values}) == 5
    best = max(trials, key=lambda each: each.final_measurement.metrics[0].value)
    assert best.final_measurement.metrics[0].value > 0.99


def test_training_ends_with_a_model() -> None:
    training = aiplatform.CustomContainerTrainingJob(
        display_name="train", container_uri="trainer", model_serving_container_image_uri="server"
    )
    model = training.run(replica_count=1, model_display_name="churn", base_output_dir="gs://acme/out")
    assert (model.display_name, model.version_id, model.uri) == ("churn", "1", "gs://acme/out/model")
    assert model.gca_resource.training_pipeline == training.resource_name
    next_model = aiplatform.CustomContainerTrainingJob(
        display_name="train", container_uri="trainer", model_serving_container_image_uri="server"
    ).run(replica_count=1, parent_model=model.resource_name, model_display_name="churn")
    assert (next_model.resource_name, next_model.version_id) == (model.resource_name, "2")
    backing = aiplatform.CustomJob.list()
    assert [each.display_name for each in backing] == ["train-custom-job"] * 2
    assert {each.state for each in backing} == {v1.JobState.JOB_STATE_SUCCEEDED}


def test_training_that_fails_leaves_no_model(cloud: Cloud) -> None:
    outcomes.register(cloud, "train", fails="No such column.")
    training = aiplatform.CustomContainerTrainingJob(
        display_name="train", container_uri="trainer", model_serving_container_image_uri="server"
    )
    with pytest.raises(RuntimeError, match="No such column"):
        training.run(replica_count=1, model_display_name="churn")
    assert aiplatform.Model.list() == []


def test_a_batch_is_predicted() -> None:
    model = aiplatform.Model.upload(display_name="churn", serving_container_image_uri="server")
    job = model.batch_predict(
        job_display_name="nightly",
        bigquery_source="bq://acme-ml.d.customers",
        bigquery_destination_prefix="bq://acme-ml.d",
        machine_type="n1-standard-4",
    )
    assert job.state == v1.JobState.JOB_STATE_SUCCEEDED
    assert job.output_info.bigquery_output_table.startswith("predictions_2026_01_01T")
    assert job.gca_resource.model_version_id == "1"
    files = aiplatform.BatchPredictionJob.create(
        job_display_name="files", model_name=model.resource_name, gcs_source="gs://b/x.jsonl",
        gcs_destination_prefix="gs://b/out", machine_type="n1-standard-4",
    )  # fmt: skip
    assert files.output_info.gcs_output_directory.startswith("gs://b/out/prediction-files-2026")


def test_machines_are_kept_for_jobs(transport: str) -> None:
    with mock_gcp(on=["in-use"]) as cloud:
        aiplatform.init(project="acme-ml", location="europe-west4", staging_bucket="gs://s", api_transport=transport)
        pool = PersistentResource.create(
            "pool", resource_pools=[v1.ResourcePool(machine_spec={"machine_type": "n1-standard-4"}, replica_count=2)]
        )
        assert pool.state.name == "RUNNING"
        job = _job()
        job.submit(persistent_resource_id="pool")
        with pytest.raises(exceptions.BadRequest):
            pool.delete()
        cloud.advance(3600)
        pool.reboot()
        pool.delete()
        with pytest.raises(exceptions.NotFound):
            _job().submit(persistent_resource_id="pool")
