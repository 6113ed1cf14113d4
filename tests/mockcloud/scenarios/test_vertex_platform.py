"""What users do around models on Vertex AI: notebooks, monitoring, studies."""

from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import aiplatform, aiplatform_v1beta1
from google.cloud import aiplatform_v1 as v1
from google.cloud.aiplatform import model_monitoring
from google.cloud.location import locations_pb2
from vertexai.resources.preview import ml_monitoring

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-cloud-aiplatform")

ENDPOINT = {"api_endpoint": "europe-west4-aiplatform.googleapis.com"}
PLACE = "projects/acme-ml/locations/europe-west4"
BEFORE, AFTER = "bq://acme-ml.d.before", "bq://acme-ml.d.after"


@pytest.fixture(autouse=True)
def _project(cloud: Cloud, transport: str) -> None:
    del cloud
    aiplatform.init(project="acme-ml", location="europe-west4", api_transport=transport)


def _deployed() -> aiplatform.Endpoint:
    model = aiplatform.Model.upload(display_name="churn", serving_container_image_uri="server")
    endpoint = aiplatform.Endpoint.create(display_name="churn")
    endpoint.deploy(model, machine_type="n1-standard-4")
    return endpoint


# Notebooks
# ---------------------------------------------------------------------------------------------------------------------


def test_a_notebook_runtime_is_assigned_stopped_and_started(transport: str) -> None:
    client = v1.NotebookServiceClient(transport=transport, client_options=ENDPOINT)
    template = client.create_notebook_runtime_template(
        parent=PLACE, notebook_runtime_template={"display_name": "small"}, notebook_runtime_template_id="small"
    ).result()
    assert template.machine_spec.machine_type == "e2-standard-4"
    runtime = client.assign_notebook_runtime(
        parent=PLACE,
        notebook_runtime_template=template.name,
        notebook_runtime={"display_name": "ada's", "runtime_user": "ada@acme.test"},
    ).result()
    assert runtime.runtime_state.name == "RUNNING"
    assert runtime.notebook_runtime_template_ref.notebook_runtime_template == template.name
    assert runtime.machine_spec == template.machine_spec
    client.stop_notebook_runtime(name=runtime.name).result()
    assert client.get_notebook_runtime(name=runtime.name).runtime_state.name == "STOPPED"
    client.start_notebook_runtime(name=runtime.name).result()
    client.upgrade_notebook_runtime(name=runtime.name).result()
    assert [each.runtime_state.name for each in client.list_notebook_runtimes(parent=PLACE)] == ["RUNNING"]
    client.delete_notebook_runtime(name=runtime.name).result()
    client.delete_notebook_runtime_template(name=template.name).result()
    assert list(client.list_notebook_runtime_templates(parent=PLACE)) == []


def test_a_notebook_is_executed_on_a_schedule(cloud: Cloud, transport: str) -> None:
    notebooks = v1.NotebookServiceClient(transport=transport, client_options=ENDPOINT)
    schedules = v1.ScheduleServiceClient(transport=transport, client_options=ENDPOINT)
    job = {
        "display_name": "report",
        "gcs_notebook_source": {"uri": "gs://b/report.ipynb"},
        "gcs_output_uri": "gs://b/out",
    }
    once = notebooks.create_notebook_execution_job(parent=PLACE, notebook_execution_job=job).result()
    schedule = schedules.create_schedule(
        parent=PLACE,
        schedule={
            "display_name": "report",
            "cron": "0 6 * * MON",
            "max_concurrent_run_count": 1,
            "create_notebook_execution_job_request": {"parent": PLACE, "notebook_execution_job": job},
        },
    )
    cloud.advance(8 * 86_400)
    jobs = list(notebooks.list_notebook_execution_jobs(parent=PLACE))
    assert {each.job_state.name for each in jobs} == {"JOB_STATE_SUCCEEDED"}
    assert sorted(each.schedule_resource_name for each in jobs) == ["", schedule.name]
    assert once.name in {each.name for each in jobs}
    assert "Created projects/" in schedules.get_schedule(name=schedule.name).last_scheduled_run_response.run_response


def test_a_template_in_use_stays_in_a_strict_cloud(transport: str) -> None:
    with mock_gcp(on=["in-use"]):
        client = v1.NotebookServiceClient(transport=transport, client_options=ENDPOINT)
        template = client.create_notebook_runtime_template(
            parent=PLACE, notebook_runtime_template={"display_name": "small"}
        ).result()
        runtime = {"display_name": "r", "runtime_user": "ada@acme.test"}
        made = client.assign_notebook_runtime(
            parent=PLACE, notebook_runtime_template=template.name, notebook_runtime=runtime
        ).result()
        with pytest.raises(exceptions.BadRequest):
            client.delete_notebook_runtime_template(name=template.name)
        with pytest.raises(exceptions.BadRequest):
            client.start_notebook_runtime(name=made.name)
        with pytest.raises(exceptions.NotFound):
            client.assign_notebook_runtime(
                parent=PLACE, notebook_runtime_template=f"{template.name}0", notebook_runtime=runtime
            )


# Monitoring
# ---------------------------------------------------------------------------------------------------------------------


def test_the_traffic_of_an_endpoint_is_monitored(cloud: Cloud) -> None:
    endpoint = _deployed()
    job = aiplatform.ModelDeploymentMonitoringJob.create(
        display_name="drift",
        endpoint=endpoint,
        objective_configs=model_monitoring.ObjectiveConfig(
            drift_detection_config=model_monitoring.DriftDetectionConfig(drift_thresholds={"age": 0.1})
        ),
        logging_sampling_strategy=model_monitoring.RandomSampleConfig(sample_rate=0.5),
        schedule_config=model_monitoring.ScheduleConfig(monitor_interval=1),
        alert_config=model_monitoring.EmailAlertConfig(user_emails=["ml@acme.test"]),
    )
    assert aiplatform.Endpoint(endpoint.resource_name).gca_resource.model_deployment_monitoring_job == job.resource_name
    cloud.advance(3700)
    job = aiplatform.ModelDeploymentMonitoringJob(job.resource_name)
    assert job.state == v1.JobState.JOB_STATE_RUNNING
    assert job.gca_resource.latest_monitoring_pipeline_metadata.run_time
    job.pause()
    assert job.state == v1.JobState.JOB_STATE_PAUSED
    job.resume()
    assert job.state == v1.JobState.JOB_STATE_RUNNING
    job.delete()
    assert aiplatform.Endpoint(endpoint.resource_name).gca_resource.model_deployment_monitoring_job == ""


def test_any_data_is_monitored(cloud: Cloud) -> None:
    model = aiplatform.Model.upload(display_name="churn", serving_container_image_uri="server")
    spec = ml_monitoring.spec
    monitor = ml_monitoring.ModelMonitor.create(
        display_name="churn",
        model_name=model.resource_name,
        model_version_id="1",
        model_monitoring_schema=spec.ModelMonitoringSchema(
            feature_fields=[spec.FieldSchema(name="age", data_type="float")]
        ),
    )
    run: dict[str, Any] = {
        "baseline_dataset": spec.MonitoringInput(table_uri=BEFORE),
        "target_dataset": spec.MonitoringInput(table_uri=AFTER),
        "tabular_objective_spec": spec.TabularObjective(feature_drift_spec=spec.DataDriftSpec(features=["age"])),
    }
    job = monitor.run(display_name="once", sync=True, **run)
    monitor.create_schedule(display_name="hourly", cron="0 * * * *", **run)
    cloud.advance(3700)
    jobs: list[Any] = list(monitor.list_jobs())
    states = {each.name: each.state.name for each in jobs}
    assert len(states) == 2
    assert states[job.resource_name] == "JOB_STATE_SUCCEEDED"
    assert len(list(monitor.list_schedules())) == 1
    assert not monitor.search_alerts()["model_monitoring_alerts"]
    with pytest.raises(exceptions.NotFound):
        ml_monitoring.ModelMonitor.create(
            display_name="none", model_name=model.resource_name, model_version_id="7",
            model_monitoring_schema=spec.ModelMonitoringSchema(feature_fields=[]),
        )  # fmt: skip


# Studies
# ---------------------------------------------------------------------------------------------------------------------


def _number(value: Any) -> float:
    """Give a parameter's number, which the client unwraps or not, as the order of its imports has it."""
    return float(getattr(value, "number_value", value))


def test_a_study_finds_its_best_trials(transport: str) -> None:
    client = v1.VizierServiceClient(transport=transport, client_options=ENDPOINT)
    study = client.create_study(
        parent=PLACE,
        study={
            "display_name": "speed",
            "study_spec": {
                "metrics": [{"metric_id": "loss", "goal": "MINIMIZE"}],
                "parameters": [{"parameter_id": "rate", "double_value_spec": {"min_value": 0.0, "max_value": 1.0}}],
            },
        },
    )
    assert client.lookup_study(request={"parent": PLACE, "display_name": "speed"}).name == study.name
    asked = {"parent": study.name, "suggestion_count": 3, "client_id": "worker"}
    trials = client.suggest_trials(request=asked).result().trials
    again = client.suggest_trials(request=asked).result().trials
    assert [each.name for each in again] == [each.name for each in trials]
    for trial in trials[:2]:
        metric = {"metric_id": "loss", "value": abs(_number(trial.parameters[0].value) - 0.5)}
        client.add_trial_measurement(request={"trial_name": trial.name, "measurement": {"metrics": [metric]}})
        done = client.complete_trial(request={"name": trial.name})
        assert done.final_measurement.metrics[0].value == metric["value"]
    client.complete_trial(request={"name": trials[2].name, "trial_infeasible": True, "infeasible_reason": "Too slow."})
    measured = {"metrics": [{"metric_id": "loss", "value": 0.7}]}
    trial = {"parameters": [{"parameter_id": "rate", "value": 0.9}], "final_measurement": measured}
    own = client.create_trial(parent=study.name, trial=trial)
    assert own.state.name == "SUCCEEDED"
    best = client.list_optimal_trials(parent=study.name).optimal_trials
    assert [each.name for each in best] == [trials[0].name]
    with pytest.raises(exceptions.BadRequest):
        client.complete_trial(request={"name": trials[2].name})
    waiting = client.suggest_trials(request={**asked, "suggestion_count": 1}).result().trials[0]
    with pytest.raises(exceptions.BadRequest):
        client.complete_trial(request={"name": waiting.name})
    client.stop_trial(request={"name": waiting.name})
    assert client.check_trial_early_stopping_state(request={"trial_name": waiting.name}).result().should_stop


# The service itself
# ---------------------------------------------------------------------------------------------------------------------


def test_both_versions_see_the_same_thing(transport: str) -> None:
    stable = v1.EndpointServiceClient(transport=transport, client_options=ENDPOINT)
    beta = aiplatform_v1beta1.EndpointServiceClient(transport=transport, client_options=ENDPOINT)
    made = beta.create_endpoint(parent=PLACE, endpoint={"display_name": "both"}, endpoint_id="7").result()
    assert stable.get_endpoint(name=made.name).display_name == "both"
    assert made.name == stable.get_endpoint(name=f"{PLACE}/endpoints/7").name
    stable.update_endpoint(endpoint={"name": made.name, "display_name": "one"}, update_mask={"paths": ["display_name"]})
    assert beta.get_endpoint(name=made.name).display_name == "one"


def test_locations_and_operations_are_listed(transport: str) -> None:
    client = v1.EndpointServiceClient(transport=transport, client_options=ENDPOINT)
    places = client.list_locations(locations_pb2.ListLocationsRequest(name="projects/acme-ml")).locations
    assert "europe-west4" in {each.location_id for each in places}
    operation = client.create_endpoint(parent=PLACE, endpoint={"display_name": "e"})
    name = operation.operation.name
    assert not client.get_operation({"name": name}).done
    operation.result()
    assert client.get_operation({"name": name}).done
    listed = client.list_operations({"name": name.partition("/operations/")[0]}).operations
    assert [each.name for each in listed] == [name]
    waiting = client.create_endpoint(parent=PLACE, endpoint={"display_name": "f"}).operation.name
    client.cancel_operation({"name": waiting})
    assert client.get_operation({"name": waiting}).error.code == 1
