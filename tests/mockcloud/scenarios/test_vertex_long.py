"""A team's whole way on Vertex AI, in one scenario: default transport, no endpoint setting."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from google.cloud import aiplatform, bigquery, storage
from google.cloud import aiplatform_v1 as v1
from google.cloud.aiplatform import hyperparameter_tuning as tuning
from google.cloud.aiplatform import model_monitoring
from vertexai.resources.preview import feature_store

from mockcloud.cloud.cloud import Cloud
from mockcloud.services.aiplatform import outcomes, predictions

PROJECT, REGION = "acme-ml", "europe-west4"
POOL = {
    "machine_spec": {"machine_type": "n1-standard-4"},
    "replica_count": 1,
    "container_spec": {"image_uri": "trainer"},
}
PIPELINE = {
    "pipelineInfo": {"name": "retrain"},
    "root": {"dag": {"tasks": {"train": {"taskInfo": {"name": "train"}, "componentRef": {"name": "comp-train"}}}}},
    "components": {"comp-train": {"executorLabel": "train"}},
    "deploymentSpec": {"executors": {"train": {"container": {"image": "python:3.11"}}}},
    "schemaVersion": "2.1.0",
    "sdkVersion": "kfp-2.17.0",
}


def _data() -> aiplatform.TabularDataset:
    bucket = storage.Client(project=PROJECT).create_bucket("acme-data")
    bucket.blob("customers.csv").upload_from_string("age,income,churned\n36,1.5,0\n41,2.5,1\n")
    client = bigquery.Client(project=PROJECT)
    client.create_dataset("shop")
    schema = [bigquery.SchemaField("customer", "STRING"), bigquery.SchemaField("age", "INTEGER")]
    client.create_table(bigquery.Table(f"{PROJECT}.shop.customers", schema=schema))
    client.insert_rows_json(f"{PROJECT}.shop.customers", [{"customer": "ada", "age": 36}])
    return aiplatform.TabularDataset.create(display_name="customers", gcs_source="gs://acme-data/customers.csv")


def _experiment(cloud: Cloud) -> float:
    """Tune, and log what came out; give the best rate."""

    def objective(parameters: Mapping[str, object]) -> Mapping[str, float]:
        return {"auc": 1 - abs(float(str(parameters["rate"])) - 0.05)}

    outcomes.register(cloud, "tune", objective=objective, seconds=7200)
    board = aiplatform.Tensorboard.create(display_name="board")
    aiplatform.init(experiment="churn", experiment_tensorboard=board)
    job = aiplatform.HyperparameterTuningJob(
        display_name="tune",
        custom_job=aiplatform.CustomJob(display_name="trial", worker_pool_specs=[POOL]),
        metric_spec={"auc": "maximize"},
        parameter_spec={"rate": tuning.DoubleParameterSpec(min=0.0, max=0.1, scale="linear")},
        max_trial_count=4,
        parallel_trial_count=2,
    )
    job.run()
    best = max(job.trials, key=lambda each: each.final_measurement.metrics[0].value)
    value = best.parameters[0].value
    rate = float(getattr(value, "number_value", value))
    with aiplatform.start_run("best"):
        aiplatform.log_params({"rate": rate})
        aiplatform.log_metrics({"auc": best.final_measurement.metrics[0].value})
        for step in (1, 2):
            aiplatform.log_time_series_metrics({"loss": 1 / step}, step=step)
    frame = aiplatform.get_experiment_df("churn")
    assert frame["param.rate"].tolist() == [rate]
    return rate


def _train(dataset: aiplatform.TabularDataset, rate: float) -> aiplatform.Model:
    training = aiplatform.CustomContainerTrainingJob(
        display_name="train", container_uri="trainer", model_serving_container_image_uri="server"
    )
    model = training.run(
        dataset=dataset, replica_count=1, model_display_name="churn", args=[f"--rate={rate}"], model_id="churn"
    )
    assert model is not None
    return model


def _serve(cloud: Cloud, model: aiplatform.Model) -> aiplatform.Endpoint:
    challenger = aiplatform.Model.upload(
        display_name="churn", parent_model=model.resource_name, is_default_version=False,
        version_aliases=["challenger"], serving_container_image_uri="server",
    )  # fmt: skip
    endpoint = aiplatform.Endpoint.create(display_name="churn")
    endpoint.deploy(model, machine_type="n1-standard-4")
    endpoint.deploy(challenger, machine_type="n1-standard-4", traffic_percentage=10)

    def predict(instances: Sequence[Any], _: object) -> list[float]:
        return [each["age"] / 100 for each in instances]

    predictions.register(cloud, model.resource_name, predict)
    assert endpoint.predict(instances=[{"age": 36}]).predictions == [0.36]
    assert sorted(endpoint.traffic_split.values()) == [10, 90]
    batch = model.batch_predict(
        job_display_name="nightly", gcs_source="gs://acme-data/rows.jsonl", gcs_destination_prefix="gs://acme-data/out",
        machine_type="n1-standard-4",
    )  # fmt: skip
    assert batch.state == v1.JobState.JOB_STATE_SUCCEEDED
    return endpoint


def _features(cloud: Cloud) -> None:
    source = feature_store.utils.FeatureGroupBigQuerySource(
        uri=f"bq://{PROJECT}.shop.customers", entity_id_columns=["customer"]
    )
    group = feature_store.FeatureGroup.create("customers", source)
    group.create_feature("age")
    store = feature_store.FeatureOnlineStore.create_optimized_store("online")
    view = store.create_feature_view(
        "customers",
        feature_store.utils.FeatureViewBigQuerySource(uri=source.uri, entity_id_columns=["customer"]),
    )
    view.sync()
    cloud.advance(timedelta(minutes=5))
    assert view.read(["ada"]).to_dict()["features"] == [{"name": "age", "value": {"int64_value": "36"}}]


def _retrain(cloud: Cloud, folder: Path) -> None:
    template = folder / "retrain.json"
    template.write_text(json.dumps(PIPELINE))
    job = aiplatform.PipelineJob(
        display_name="retrain", template_path=str(template), pipeline_root="gs://acme-data/root"
    )
    job.submit(experiment="churn")
    job.wait()
    assert [each.state.name for each in job.task_details] == ["SUCCEEDED", "SUCCEEDED"]
    assert len(aiplatform.get_experiment_df("churn")) == 2
    schedule = job.create_schedule(display_name="weekly", cron="0 5 * * SUN", max_run_count=2)
    cloud.advance(timedelta(days=15))
    schedule._sync_gca_resource()
    assert schedule.state.name == "COMPLETED"
    assert len(schedule.list_jobs()) == 2


def _monitor(cloud: Cloud, endpoint: aiplatform.Endpoint) -> None:
    job = aiplatform.ModelDeploymentMonitoringJob.create(
        display_name="drift",
        endpoint=endpoint,
        objective_configs=model_monitoring.ObjectiveConfig(
            drift_detection_config=model_monitoring.DriftDetectionConfig(drift_thresholds={"age": 0.1})
        ),
        logging_sampling_strategy=model_monitoring.RandomSampleConfig(sample_rate=1.0),
        schedule_config=model_monitoring.ScheduleConfig(monitor_interval=1),
        alert_config=model_monitoring.EmailAlertConfig(user_emails=["ml@acme.test"]),
    )
    cloud.advance(timedelta(hours=2))
    assert aiplatform.ModelDeploymentMonitoringJob(job.resource_name).state == v1.JobState.JOB_STATE_RUNNING
    job.delete()


def _notebook() -> None:
    client = v1.NotebookServiceClient(client_options={"api_endpoint": f"{REGION}-aiplatform.googleapis.com"})
    place = f"projects/{PROJECT}/locations/{REGION}"
    template = client.create_notebook_runtime_template(
        parent=place, notebook_runtime_template={"display_name": "small"}
    ).result()
    runtime = client.assign_notebook_runtime(
        parent=place,
        notebook_runtime_template=template.name,
        notebook_runtime={"display_name": "ada's", "runtime_user": "ada@acme.test"},
    ).result()
    assert runtime.health_state.name == "HEALTHY"


@pytest.mark.scenario(library="google-cloud-aiplatform")
@pytest.mark.filterwarnings("ignore:The 'warn' method is deprecated:DeprecationWarning")
def test_from_data_to_a_model_that_is_watched(cloud: Cloud, tmp_path: Path) -> None:
    aiplatform.init(project=PROJECT, location=REGION, staging_bucket="gs://acme-staging")
    dataset = _data()
    model = _train(dataset, _experiment(cloud))
    assert model.version_aliases == ["default"]
    endpoint = _serve(cloud, model)
    _features(cloud)
    _retrain(cloud, tmp_path)
    _monitor(cloud, endpoint)
    _notebook()
    assert aiplatform.Model("churn@challenger").version_id == "2"
    endpoint.delete(force=True)
    model.delete()
    dataset.delete()
    assert not aiplatform.Endpoint.list() + aiplatform.Model.list() + aiplatform.TabularDataset.list()
