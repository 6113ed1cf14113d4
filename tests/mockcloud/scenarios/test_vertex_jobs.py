"""What users train, tune and schedule on Vertex AI, through google-cloud-aiplatform."""

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
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
TABLE = {"artifactType": {"schemaTitle": "system.Dataset", "schemaVersion": "0.0.1"}}
MODEL = {"artifactType": {"schemaTitle": "system.Model", "schemaVersion": "0.0.1"}}
SPEC = {
    "pipelineInfo": {"name": "churn"},
    "root": {
        "inputDefinitions": {
            "parameters": {
                "rate": {"parameterType": "NUMBER_DOUBLE"},
                "rounds": {"parameterType": "NUMBER_INTEGER", "defaultValue": 10.0},
            }
        },
        "dag": {
            "tasks": {
                "train": {
                    "taskInfo": {"name": "train"},
                    "componentRef": {"name": "comp-train"},
                    "dependentTasks": ["prepare"],
                    "inputs": {
                        "artifacts": {
                            "table": {"taskOutputArtifact": {"producerTask": "prepare", "outputArtifactKey": "table"}}
                        }
                    },
                },
                "prepare": {"taskInfo": {"name": "prepare"}, "componentRef": {"name": "comp-prepare"}},
            }
        },
    },
    "components": {
        "comp-prepare": {"executorLabel": "prepare", "outputDefinitions": {"artifacts": {"table": TABLE}}},
        "comp-train": {
            "executorLabel": "train",
            "inputDefinitions": {"artifacts": {"table": TABLE}},
            "outputDefinitions": {"artifacts": {"model": MODEL}},
        },
    },
    "deploymentSpec": {
        "executors": {
            "prepare": {"container": {"image": "python:3.11", "command": ["python"], "args": ["-m", "prepare"]}},
            "train": {"container": {"image": "python:3.11"}},
        }
    },
    "schemaVersion": "2.1.0",
    "sdkVersion": "kfp-2.17.0",
}


@pytest.fixture(autouse=True)
def _project(cloud: Cloud, transport: str) -> None:
    del cloud
    aiplatform.init(
        project="acme-ml", location="europe-west4", staging_bucket="gs://acme-staging", api_transport=transport
    )


@pytest.fixture
def template(tmp_path: Path) -> str:
    file = tmp_path / "churn.json"
    file.write_text(json.dumps(SPEC))
    return str(file)


def _job(name: str = "train", **settings: Any) -> aiplatform.CustomJob:
    return aiplatform.CustomJob(display_name=name, worker_pool_specs=[POOL], **settings)


def _pipeline(template: str, **parameters: float) -> aiplatform.PipelineJob:
    values = {"rate": 0.1, **parameters}
    return aiplatform.PipelineJob(
        display_name="churn", template_path=template, pipeline_root="gs://acme/root", parameter_values=values
    )


def test_two_virtual_hours_of_a_job_take_no_real_second(cloud: Cloud) -> None:
    outcomes.register(cloud, "long-*", seconds=7200)
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


def test_a_pipeline_runs_its_tasks_in_order(template: str) -> None:
    job = _pipeline(template, rounds=20)
    job.submit(service_account="pipelines@acme-ml.iam.gserviceaccount.com")
    job.wait()
    assert job.state == v1.PipelineState.PIPELINE_STATE_SUCCEEDED
    details = {each.task_name: each for each in job.task_details}
    assert list(details) == ["churn", "prepare", "train"]
    assert details["prepare"].end_time <= details["train"].start_time
    assert details["train"].parent_task_id == details["churn"].task_id
    table = details["prepare"].outputs["table"].artifacts[0]
    assert details["train"].inputs["table"].artifacts[0].name == table.name
    assert table.uri.startswith("gs://acme/root/")
    assert details["churn"].execution.metadata["input:rounds"] == 20.0
    main = details["prepare"].executor_detail.container_detail.main_job
    assert aiplatform.CustomJob.get(main).gca_resource.job_spec.worker_pool_specs[0].container_spec.args == [
        "-m",
        "prepare",
    ]


def test_a_pipeline_leaves_its_lineage(template: str) -> None:
    job = _pipeline(template)
    job.run()
    run = job.gca_resource.job_detail.pipeline_run_context
    context = aiplatform.Context.get(resource_id=run.name.rpartition("/")[2])
    graph = context.query_lineage_subgraph()
    assert {each.schema_title for each in graph.artifacts} == {"system.Dataset", "system.Model"}
    assert len(graph.executions) == 3
    assert sorted(each.type_.name for each in graph.events) == ["INPUT", "OUTPUT", "OUTPUT"]
    model = next(each for each in graph.artifacts if each.schema_title == "system.Model")
    lineage = v1.MetadataServiceClient(client_options={"api_endpoint": "europe-west4-aiplatform.googleapis.com"})
    origin = lineage.query_artifact_lineage_subgraph(artifact=model.name)
    assert {each.schema_title for each in origin.artifacts} == {"system.Dataset", "system.Model"}


def test_a_task_that_fails_stops_those_behind_it(cloud: Cloud, template: str) -> None:
    outcomes.register(cloud, "churn/prepare", fails="No rows.")
    job = _pipeline(template)
    with pytest.raises(RuntimeError, match="prepare"):
        job.run()
    states = {each.task_name: each.state.name for each in job.task_details}
    assert states == {"churn": "FAILED", "prepare": "FAILED", "train": "NOT_TRIGGERED"}


def test_a_pipeline_is_cancelled(cloud: Cloud, template: str) -> None:
    job = _pipeline(template)
    job.submit()
    cloud.advance(10)
    job.cancel()
    cloud.advance(10)
    assert job.state == v1.PipelineState.PIPELINE_STATE_CANCELLED
    assert {each.task_name: each.state.name for each in job.task_details} == {
        "churn": "CANCELLED",
        "prepare": "CANCELLED",
    }
    copy = job.clone()
    copy.run()
    assert copy.state == v1.PipelineState.PIPELINE_STATE_SUCCEEDED


def test_a_pipeline_wants_its_parameters(template: str) -> None:
    client = v1.PipelineServiceClient(client_options={"api_endpoint": "europe-west4-aiplatform.googleapis.com"})
    for values in ({}, {"rate": 0.1, "speed": 1}):
        job = {"pipeline_spec": SPEC, "runtime_config": {"parameter_values": values}}
        with pytest.raises(exceptions.InvalidArgument):
            client.create_pipeline_job(parent=PLACE, pipeline_job=job)
    assert Path(template).exists()


@pytest.mark.filterwarnings("ignore:The 'warn' method is deprecated:DeprecationWarning")
def test_a_schedule_runs_a_pipeline_until_it_is_paused(cloud: Cloud, template: str) -> None:
    schedule = _pipeline(template).create_schedule(
        display_name="nightly", cron="TZ=Europe/Berlin 0 3 * * *", max_concurrent_run_count=1
    )
    assert schedule.gca_resource.next_run_time.isoformat() == "2026-01-01T02:00:00+00:00"
    cloud.advance(timedelta(days=2))
    runs = schedule.list_jobs()
    assert len(runs) == 2
    assert {each.state for each in runs} == {v1.PipelineState.PIPELINE_STATE_SUCCEEDED}
    schedule.pause()
    cloud.advance(timedelta(days=2))
    schedule._sync_gca_resource()
    assert (schedule.state.name, schedule.gca_resource.started_run_count) == ("PAUSED", 2)
    schedule.resume(catch_up=False)
    schedule.update(cron="0 * * * *", max_run_count=4)
    cloud.advance(timedelta(hours=3))
    schedule._sync_gca_resource()
    assert (schedule.state.name, schedule.gca_resource.started_run_count) == ("COMPLETED", 4)
    schedule.delete()


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
