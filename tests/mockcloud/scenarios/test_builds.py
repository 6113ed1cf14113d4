"""Cloud Build, through Google's client: builds, approvals, triggers."""

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud.devtools import cloudbuild_v1, cloudbuild_v2
from googleapiclient.discovery import build

from mockcloud.cloud.cloud import Cloud

PROJECT = "acme-ml"
HERE = f"projects/{PROJECT}/locations/europe-west4"
STEPS = [{"name": "gcr.io/cloud-builders/docker", "args": ["build", "."]}]

pytestmark = pytest.mark.scenario(library="google-cloud-build")


def client(transport: str) -> cloudbuild_v1.CloudBuildClient:
    return cloudbuild_v1.CloudBuildClient(transport=transport)


def test_a_build_goes_from_queued_to_success(cloud: Cloud, transport: str) -> None:
    builds = client(transport)
    images = ["europe-west4-docker.pkg.dev/acme-ml/models/train:1"]
    operation = builds.create_build(project_id=PROJECT, build=cloudbuild_v1.Build(steps=STEPS, images=images))
    identifier = operation.metadata.build.id

    queued = builds.get_build(project_id=PROJECT, id=identifier)
    cloud.advance(5)
    working = builds.get_build(project_id=PROJECT, id=identifier)
    done = operation.result()
    built = builds.get_build(project_id=PROJECT, id=identifier)

    assert queued.status == cloudbuild_v1.Build.Status.QUEUED
    assert working.status == cloudbuild_v1.Build.Status.WORKING
    assert done.status == built.status == cloudbuild_v1.Build.Status.SUCCESS
    assert [each.name for each in built.results.images] == images
    assert built.finish_time != built.start_time


def test_a_build_is_cancelled_once(cloud: Cloud, transport: str) -> None:
    builds = client(transport)
    operation = builds.create_build(project_id=PROJECT, build=cloudbuild_v1.Build(steps=STEPS))
    identifier = operation.metadata.build.id

    assert builds.cancel_build(project_id=PROJECT, id=identifier).status == cloudbuild_v1.Build.Status.CANCELLED
    cloud.advance(600)
    assert builds.get_build(project_id=PROJECT, id=identifier).status == cloudbuild_v1.Build.Status.CANCELLED
    with pytest.raises(BadRequest):
        builds.cancel_build(project_id=PROJECT, id=identifier)
    with pytest.raises(BadRequest):
        builds.create_build(project_id=PROJECT, build=cloudbuild_v1.Build())


def test_a_trigger_starts_builds_that_wait_for_approval(cloud: Cloud, transport: str) -> None:
    builds = client(transport)
    # The generated client's trigger has no field for approval.
    body = {
        "name": "train",
        "build": {"steps": STEPS},
        "substitutions": {"_ENV": "dev"},
        "approvalConfig": {"approvalRequired": True},
    }
    trigger = build("cloudbuild", "v1").projects().locations().triggers().create(parent=HERE, body=body).execute()
    running = builds.run_build_trigger(
        request=cloudbuild_v1.RunBuildTriggerRequest(name=f"{HERE}/triggers/train", source={"branch_name": "main"})
    )
    waiting = running.metadata.build
    assert waiting.status == cloudbuild_v1.Build.Status.PENDING
    assert waiting.build_trigger_id == trigger["id"]
    assert waiting.substitutions["_ENV"] == "dev"

    builds.approve_build(
        request=cloudbuild_v1.ApproveBuildRequest(
            name=f"{HERE}/builds/{waiting.id}",
            approval_result=cloudbuild_v1.ApprovalResult(decision=cloudbuild_v1.ApprovalResult.Decision.APPROVED),
        )
    ).result()
    cloud.advance(120)
    after = builds.get_build(request=cloudbuild_v1.GetBuildRequest(name=f"{HERE}/builds/{waiting.id}"))
    assert after.status == cloudbuild_v1.Build.Status.SUCCESS
    assert after.approval.state == cloudbuild_v1.BuildApproval.State.APPROVED


def test_a_trigger_is_changed_disabled_and_deleted(cloud: Cloud, transport: str) -> None:
    builds = client(transport)
    made = builds.create_build_trigger(
        project_id=PROJECT, trigger=cloudbuild_v1.BuildTrigger(name="t", build=cloudbuild_v1.Build(steps=STEPS))
    )
    made.disabled = True
    changed = builds.update_build_trigger(project_id=PROJECT, trigger_id=made.id, trigger=made)
    assert changed.disabled
    assert changed.id == made.id
    with pytest.raises(BadRequest):
        builds.run_build_trigger(project_id=PROJECT, trigger_id=made.id)
    assert [each.name for each in builds.list_build_triggers(project_id=PROJECT)] == ["t"]
    builds.delete_build_trigger(project_id=PROJECT, trigger_id=made.id)
    with pytest.raises(NotFound):
        builds.get_build_trigger(project_id=PROJECT, trigger_id=made.id)


def test_a_private_pool_and_a_retry(cloud: Cloud, transport: str) -> None:
    builds = client(transport)
    pool = builds.create_worker_pool(
        parent=HERE,
        worker_pool=cloudbuild_v1.WorkerPool(
            private_pool_v1_config={"worker_config": {"machine_type": "e2-standard-2"}}
        ),
        worker_pool_id="private",
    ).result()
    assert pool.state == cloudbuild_v1.WorkerPool.State.RUNNING
    operation = builds.create_build(project_id=PROJECT, build=cloudbuild_v1.Build(steps=STEPS))
    first = operation.metadata.build.id
    cloud.advance(120)
    again = builds.retry_build(project_id=PROJECT, id=first)
    assert again.metadata.build.id != first
    assert len(list(builds.list_builds(project_id=PROJECT))) == 2


def test_repositories_are_linked_through_a_connection(cloud: Cloud, transport: str) -> None:
    sources = cloudbuild_v2.RepositoryManagerClient(transport=transport)
    sources.create_connection(
        parent=HERE,
        connection=cloudbuild_v2.Connection(github_config={"app_installation_id": 7}),
        connection_id="github",
    ).result()
    linked = sources.batch_create_repositories(
        parent=f"{HERE}/connections/github",
        requests=[
            cloudbuild_v2.CreateRepositoryRequest(
                parent=f"{HERE}/connections/github",
                repository=cloudbuild_v2.Repository(remote_uri=f"https://github.com/acme/{name}.git"),
                repository_id=name,
            )
            for name in ("models", "pipelines")
        ],
    ).result()
    assert [each.remote_uri.rpartition("/")[2] for each in linked.repositories] == ["models.git", "pipelines.git"]
    with pytest.raises(BadRequest):
        sources.batch_create_repositories(
            parent=f"{HERE}/connections/github",
            requests=[cloudbuild_v2.CreateRepositoryRequest(repository={"remote_uri": "x"})],
        )
    names = [each.name for each in sources.list_repositories(parent=f"{HERE}/connections/github")]
    assert names == [f"{HERE}/connections/github/repositories/{each}" for each in ("models", "pipelines")]
