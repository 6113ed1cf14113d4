"""What users do with Cloud Run, through google-cloud-run."""

import pytest
from google.api_core import exceptions
from google.api_core.client_options import ClientOptions
from google.cloud import run_v2 as run
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-cloud-run")

PLACE = "projects/mock-project/locations/europe-west4"
IMAGE = "europe-docker.pkg.dev/mock-project/ml/mlflow:1"


def _template(image: str = IMAGE) -> run.RevisionTemplate:
    return run.RevisionTemplate(containers=[run.Container(image=image)])


@pytest.fixture
def services(cloud: Cloud, transport: str) -> run.ServicesClient:
    return run.ServicesClient(transport=transport)


def _service(services: run.ServicesClient) -> run.Service:
    made: run.Service = services.create_service(
        parent=PLACE, service_id="mlflow", service=run.Service(template=_template())
    ).result()
    return made


def test_a_service_is_made_and_reached(services: run.ServicesClient) -> None:
    made = _service(services)
    assert made.uri.startswith("https://mlflow-")
    assert made.terminal_condition.state == run.Condition.State.CONDITION_SUCCEEDED
    assert made.ingress == run.IngressTraffic.INGRESS_TRAFFIC_ALL
    assert made.template.service_account.endswith("-compute@developer.gserviceaccount.com")
    assert made.template.containers[0].resources.limits["memory"] == "512Mi"
    assert made.latest_ready_revision.startswith(f"{made.name}/revisions/mlflow-00001-")
    policy = services.get_iam_policy(request={"resource": made.name})
    policy.bindings.add(role="roles/run.invoker", members=["user:a@acme.test"])
    services.set_iam_policy(request={"resource": made.name, "policy": policy})
    with pytest.raises(exceptions.BadRequest):
        services.create_service(parent=PLACE, service_id="empty", service=run.Service())


def test_traffic_moves_between_revisions(services: run.ServicesClient, transport: str) -> None:
    made = _service(services)
    changed = run.Service(name=made.name, template=_template(f"{IMAGE}0"))
    second = services.update_service(service=changed).result()
    assert second.latest_ready_revision != made.latest_ready_revision
    first = made.latest_ready_revision.rpartition("/")[2]
    kind = run.TrafficTargetAllocationType
    traffic = [
        run.TrafficTarget(type_=kind.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION, revision=first, percent=90),
        run.TrafficTarget(type_=kind.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST, percent=10),
    ]
    split = run.Service(name=made.name, template=_template(f"{IMAGE}0"), traffic=traffic)
    third = services.update_service(service=split).result()
    assert third.latest_ready_revision == second.latest_ready_revision
    assert [each.percent for each in third.traffic_statuses] == [90, 10]
    revisions = run.RevisionsClient(transport=transport)
    assert len(list(revisions.list_revisions(parent=made.name))) == 2
    with pytest.raises(exceptions.BadRequest):
        revisions.delete_revision(name=third.latest_ready_revision)
    traffic[0].percent = 50
    wrong = run.Service(name=made.name, template=_template(f"{IMAGE}0"), traffic=traffic)
    with pytest.raises(exceptions.BadRequest, match="60 per cent"):
        services.update_service(service=wrong)


def test_a_job_is_executed(cloud: Cloud, transport: str) -> None:
    jobs, executions = run.JobsClient(transport=transport), run.ExecutionsClient(transport=transport)
    template = run.ExecutionTemplate(task_count=3, template=run.TaskTemplate(containers=[run.Container(image=IMAGE)]))
    made = jobs.create_job(parent=PLACE, job_id="train", job=run.Job(template=template)).result()
    running = jobs.run_job(name=made.name)
    (started,) = executions.list_executions(parent=made.name)
    assert started.running_count == 3
    done = running.result()
    assert (done.name, done.succeeded_count) == (started.name, 3)
    found = jobs.get_job(name=made.name)
    assert (found.execution_count, found.latest_created_execution.name) == (1, started.name.rpartition("/")[2])
    tasks = list(run.TasksClient(transport=transport).list_tasks(parent=started.name))
    assert [each.index for each in tasks] == [0, 1, 2]
    overrides = run.RunJobRequest.Overrides(task_count=1)
    jobs.run_job(request={"name": made.name, "overrides": overrides})
    latest = max(executions.list_executions(parent=made.name), key=lambda each: str(each.create_time))
    executions.cancel_execution(name=latest.name).result()
    assert executions.get_execution(name=latest.name).cancelled_count == 1
    with pytest.raises(exceptions.BadRequest):
        executions.cancel_execution(name=latest.name)


def test_a_worker_pool_has_no_address(cloud: Cloud, transport: str) -> None:
    pools = run.WorkerPoolsClient(transport=transport)
    template = run.WorkerPoolRevisionTemplate(containers=[run.Container(image=IMAGE)])
    made = pools.create_worker_pool(
        parent=PLACE, worker_pool_id="pull", worker_pool=run.WorkerPool(template=template)
    ).result()
    assert made.latest_ready_revision
    pools.delete_worker_pool(name=made.name).result()
    with pytest.raises(exceptions.NotFound):
        pools.get_worker_pool(name=made.name)


def test_both_apis_show_the_same_services(cloud: Cloud, services: run.ServicesClient) -> None:
    """Google's discovery client speaks the first API to a region, as gcloud and the provider do."""
    region = ClientOptions(api_endpoint="https://europe-west4-run.googleapis.com")
    older = build("run", "v1", client_options=region).namespaces().services()
    made = _service(services)
    found = older.get(name="namespaces/mock-project/services/mlflow").execute()
    assert found["status"]["url"] == made.uri
    found["spec"]["template"]["metadata"]["annotations"]["autoscaling.knative.dev/maxScale"] = "3"
    found["metadata"]["annotations"]["run.googleapis.com/ingress"] = "internal"
    older.replaceService(name="namespaces/mock-project/services/mlflow", body=found).execute()
    changed = services.get_service(name=made.name)
    assert changed.template.scaling.max_instance_count == 3
    assert changed.ingress == run.IngressTraffic.INGRESS_TRAFFIC_INTERNAL_ONLY
    other = {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {"name": "other", "namespace": "mock-project"},
        "spec": {"template": {"spec": {"containers": [{"image": IMAGE}]}}},
    }
    older.create(parent="namespaces/mock-project", body=other).execute()
    assert sorted(each.name.rpartition("/")[2] for each in services.list_services(parent=PLACE)) == ["mlflow", "other"]
    services.delete_service(name=f"{PLACE}/services/other").result()
    with pytest.raises(HttpError):
        older.get(name="namespaces/mock-project/services/other").execute()
