"""What users run as pipelines on Vertex AI, once and on schedules, through google-cloud-aiplatform."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from google.api_core import exceptions
from google.cloud import aiplatform
from google.cloud import aiplatform_v1 as v1

from mockcloud.cloud.cloud import Cloud
from mockcloud.services.aiplatform import outcomes

pytestmark = pytest.mark.scenario(library="google-cloud-aiplatform")

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


def _pipeline(template: str, **parameters: float) -> aiplatform.PipelineJob:
    values = {"rate": 0.1, **parameters}
    return aiplatform.PipelineJob(
        display_name="churn", template_path=template, pipeline_root="gs://acme/root", parameter_values=values
    )


def test_a_pipeline_runs_its_tasks_in_order(cloud: Cloud, template: str) -> None:
    cloud.accounts.add("acme-ml", "pipelines@acme-ml.iam.gserviceaccount.com")
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
