"""Dataproc, Dataflow, Composer, schedules and transfers, through Google's clients."""

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud import bigquery_datatransfer_v1, dataproc_v1, scheduler_v1
from googleapiclient.discovery import build

from mockcloud.cloud.cloud import Cloud

PROJECT = "acme-ml"
REGION = "europe-west4"
HERE = f"projects/{PROJECT}/locations/{REGION}"


@pytest.mark.scenario(library="google-cloud-dataproc")
def test_a_spark_job_runs_on_a_cluster(cloud: Cloud, transport: str) -> None:
    clusters = dataproc_v1.ClusterControllerClient(transport=transport)
    jobs = dataproc_v1.JobControllerClient(transport=transport)
    where = {"project_id": PROJECT, "region": REGION}
    job = dataproc_v1.Job(placement={"cluster_name": "features"}, pyspark_job={"main_python_file_uri": "gs://b/j.py"})
    with pytest.raises(NotFound):
        jobs.submit_job(**where, job=job)

    cluster = clusters.create_cluster(**where, cluster={"project_id": PROJECT, "cluster_name": "features"}).result()
    assert cluster.status.state == dataproc_v1.ClusterStatus.State.RUNNING
    assert cluster.config.config_bucket.startswith(f"dataproc-staging-{REGION}-")
    submitted = jobs.submit_job(**where, job=job)
    assert submitted.placement.cluster_uuid == cluster.cluster_uuid
    cloud.advance(120)
    done = jobs.get_job(**where, job_id=submitted.reference.job_id)
    assert done.status.state == dataproc_v1.JobStatus.State.DONE
    with pytest.raises(BadRequest):
        jobs.cancel_job(**where, job_id=submitted.reference.job_id)

    labelled = clusters.update_cluster(
        **where, cluster_name="features", cluster={"labels": {"team": "ml"}}, update_mask="labels"
    ).result()
    assert labelled.labels["team"] == "ml"
    clusters.delete_cluster(**where, cluster_name="features").result()
    assert list(clusters.list_clusters(**where)) == []


@pytest.mark.scenario(library="google-cloud-dataproc")
def test_a_serverless_batch_goes_through_its_states(cloud: Cloud, transport: str) -> None:
    client = dataproc_v1.BatchControllerClient(transport=transport)
    batch = dataproc_v1.Batch(pyspark_batch={"main_python_file_uri": "gs://b/j.py"})
    client.create_batch(parent=HERE, batch=batch, batch_id="train-1").result()
    cloud.advance(600)
    assert client.get_batch(name=f"{HERE}/batches/train-1").state == dataproc_v1.Batch.State.SUCCEEDED
    client.delete_batch(name=f"{HERE}/batches/train-1")
    assert list(client.list_batches(parent=HERE)) == []


@pytest.mark.scenario(library="google-api-python-client")
def test_a_flex_template_starts_a_job_that_is_cancelled(cloud: Cloud) -> None:
    service = build("dataflow", "v1b3").projects().locations()
    body = {"launchParameter": {"jobName": "prepare", "containerSpecGcsPath": "gs://b/spec.json"}}
    job = service.flexTemplates().launch(projectId=PROJECT, location=REGION, body=body).execute()["job"]
    cloud.advance(5)
    place = {"projectId": PROJECT, "location": REGION, "jobId": job["id"]}
    assert service.jobs().get(**place).execute()["currentState"] == "JOB_STATE_RUNNING"
    service.jobs().update(**place, body={"requestedState": "JOB_STATE_CANCELLED"}).execute()
    cloud.advance(600)
    assert service.jobs().get(**place).execute()["currentState"] == "JOB_STATE_CANCELLED"
    assert len(service.jobs().list(projectId=PROJECT, location=REGION).execute()["jobs"]) == 1


@pytest.mark.scenario(library="google-api-python-client")
def test_a_composer_environment_sleeps_and_wakes(cloud: Cloud) -> None:
    service = build("composer", "v1").projects().locations()
    name = f"{HERE}/environments/airflow"
    operation = service.environments().create(parent=HERE, body={"name": name}).execute()
    cloud.advance(1800)
    assert service.operations().get(name=operation["name"]).execute()["done"]
    environment = service.environments().get(name=name).execute()
    assert environment["config"]["dagGcsPrefix"] == f"gs://{environment['storageConfig']['bucket']}/dags"
    service.environments().hibernate(name=name, body={}).execute()
    assert service.environments().get(name=name).execute()["state"] == "HIBERNATED"
    service.environments().resume(name=name, body={}).execute()
    assert service.environments().get(name=name).execute()["state"] == "RUNNING"


@pytest.mark.scenario(library="google-cloud-scheduler")
def test_a_schedule_is_paused_and_resumed(cloud: Cloud, transport: str) -> None:
    client = scheduler_v1.CloudSchedulerClient(transport=transport)
    name = f"{HERE}/jobs/nightly"
    job = scheduler_v1.Job(name=name, schedule="0 3 * * *", pubsub_target={"topic_name": "projects/acme-ml/topics/t"})
    made = client.create_job(parent=HERE, job=job)
    assert (made.state, made.time_zone) == (scheduler_v1.Job.State.ENABLED, "Etc/UTC")
    assert client.pause_job(name=name).state == scheduler_v1.Job.State.PAUSED
    assert client.resume_job(name=name).state == scheduler_v1.Job.State.ENABLED
    assert client.run_job(name=name).last_attempt_time is not None
    with pytest.raises(BadRequest):
        client.create_job(parent=HERE, job=scheduler_v1.Job(name=f"{HERE}/jobs/x", schedule="0 3 * * *"))
    job.name, job.schedule = f"{HERE}/jobs/y", "often"
    with pytest.raises(BadRequest):
        client.create_job(parent=HERE, job=job)


@pytest.mark.scenario(library="google-cloud-bigquery-datatransfer")
def test_a_transfer_runs_for_each_day_of_a_range(cloud: Cloud, transport: str) -> None:
    client = bigquery_datatransfer_v1.DataTransferServiceClient(transport=transport)
    config = client.create_transfer_config(
        parent=HERE,
        transfer_config=bigquery_datatransfer_v1.TransferConfig(
            display_name="daily", data_source_id="scheduled_query", destination_dataset_id="features"
        ),
    )
    runs = client.start_manual_transfer_runs(
        request={
            "parent": config.name,
            "requested_time_range": {"start_time": {"seconds": 1767225600}, "end_time": {"seconds": 1767484800}},
        }
    ).runs
    cloud.advance(120)
    states = {each.state for each in client.list_transfer_runs(parent=config.name)}
    assert len(runs) == 3
    assert states == {bigquery_datatransfer_v1.TransferState.SUCCEEDED}
