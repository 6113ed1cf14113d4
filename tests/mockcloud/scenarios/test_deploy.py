"""Cloud Deploy, Binary Authorization and Workflows, through Google's clients."""

import pytest
from google.api_core.exceptions import AlreadyExists, BadRequest, Conflict, NotFound
from google.cloud import binaryauthorization_v1, deploy_v1
from google.cloud.workflows import executions_v1
from google.cloud.workflows_v1 import Workflow, WorkflowsClient

from mockcloud.cloud.cloud import Cloud

HERE = "projects/acme-ml/locations/europe-west4"
PIPELINE = f"{HERE}/deliveryPipelines/serving"


def targets(client: deploy_v1.CloudDeployClient) -> None:
    for name, approval in (("staging", False), ("production", True)):
        client.create_target(
            parent=HERE,
            target=deploy_v1.Target(run={"location": HERE}, require_approval=approval),
            target_id=name,
        ).result()
    client.create_delivery_pipeline(
        parent=HERE,
        delivery_pipeline=deploy_v1.DeliveryPipeline(
            serial_pipeline={"stages": [{"target_id": "staging"}, {"target_id": "production"}]}
        ),
        delivery_pipeline_id="serving",
    ).result()


@pytest.mark.scenario(library="google-cloud-deploy")
def test_a_release_is_rolled_out_where_somebody_approves(cloud: Cloud, transport: str) -> None:
    client = deploy_v1.CloudDeployClient(transport=transport)
    targets(client)
    release = client.create_release(parent=PIPELINE, release=deploy_v1.Release(), release_id="r1").result()
    assert [each.name.rpartition("/")[2] for each in release.target_snapshots] == ["staging", "production"]

    staging = client.create_rollout(
        parent=release.name, rollout=deploy_v1.Rollout(target_id="staging"), rollout_id="s1"
    ).result()
    client.create_rollout(
        parent=release.name, rollout=deploy_v1.Rollout(target_id="production"), rollout_id="p1"
    ).result()
    cloud.advance(60)
    waiting = client.get_rollout(name=f"{release.name}/rollouts/p1")
    assert client.get_rollout(name=staging.name).state == deploy_v1.Rollout.State.SUCCEEDED
    assert waiting.state == deploy_v1.Rollout.State.PENDING_APPROVAL

    client.approve_rollout(request={"name": waiting.name, "approved": True})
    cloud.advance(60)
    assert client.get_rollout(name=waiting.name).state == deploy_v1.Rollout.State.SUCCEEDED
    with pytest.raises(BadRequest):
        client.approve_rollout(request={"name": waiting.name, "approved": True})


@pytest.mark.scenario(library="google-cloud-deploy")
def test_an_abandoned_release_goes_nowhere_and_a_target_rolls_back(cloud: Cloud, transport: str) -> None:
    client = deploy_v1.CloudDeployClient(transport=transport)
    targets(client)
    for name in ("r1", "r2"):
        client.create_release(parent=PIPELINE, release=deploy_v1.Release(), release_id=name).result()
    client.abandon_release(name=f"{PIPELINE}/releases/r2")
    with pytest.raises(BadRequest):
        client.create_rollout(
            parent=f"{PIPELINE}/releases/r2", rollout=deploy_v1.Rollout(target_id="staging"), rollout_id="x"
        )
    back = client.rollback_target(
        request={"name": PIPELINE, "target_id": "staging", "rollout_id": "back", "release_id": "r1"}
    )
    assert back.rollback_config.rollout.target_id == "staging"
    client.cancel_rollout(name=f"{PIPELINE}/releases/r1/rollouts/back")
    cloud.advance(600)
    state = client.get_rollout(name=f"{PIPELINE}/releases/r1/rollouts/back").state
    assert state == deploy_v1.Rollout.State.CANCELLED


@pytest.mark.scenario(library="google-cloud-binary-authorization")
def test_only_attested_images_may_run(cloud: Cloud, transport: str) -> None:
    client = binaryauthorization_v1.BinauthzManagementServiceV1Client(transport=transport)
    before = client.get_policy(name="projects/acme-ml/policy")
    rule = binaryauthorization_v1.AdmissionRule
    assert before.default_admission_rule.evaluation_mode == rule.EvaluationMode.ALWAYS_ALLOW

    attestor = client.create_attestor(
        parent="projects/acme-ml",
        attestor_id="built-by-us",
        attestor={
            "name": "projects/acme-ml/attestors/built-by-us",
            "user_owned_grafeas_note": {"note_reference": "projects/acme-ml/notes/built"},
        },
    )
    assert attestor.user_owned_grafeas_note.delegation_service_account_email.startswith("service-")
    before.default_admission_rule = rule(
        evaluation_mode=rule.EvaluationMode.REQUIRE_ATTESTATION,
        enforcement_mode=rule.EnforcementMode.ENFORCED_BLOCK_AND_AUDIT_LOG,
        require_attestations_by=[attestor.name],
    )
    after = client.update_policy(policy=before)
    assert after.default_admission_rule.require_attestations_by == [attestor.name]
    assert client.get_policy(name="projects/acme-ml/policy") == after


@pytest.mark.scenario(library="google-cloud-workflows")
def test_a_workflow_is_revised_and_executed(cloud: Cloud, transport: str) -> None:
    client = WorkflowsClient(transport=transport)
    made = client.create_workflow(
        parent=HERE, workflow=Workflow(source_contents="- done:\n    return: 1\n"), workflow_id="retrain"
    ).result()
    made.source_contents = "- done:\n    return: 2\n"
    revised = client.update_workflow(workflow=made, update_mask={"paths": ["source_contents"]}).result()
    assert made.revision_id.startswith("000001-")
    assert revised.revision_id.startswith("000002-")

    executions = executions_v1.ExecutionsClient()  # it has no REST
    running = executions.create_execution(
        parent=made.name, execution=executions_v1.Execution(argument='{"year": 1994}')
    )
    second = executions.create_execution(parent=made.name, execution={})
    executions.cancel_execution(name=second.name)
    cloud.advance(60)
    assert executions.get_execution(name=running.name).state == executions_v1.Execution.State.SUCCEEDED
    assert executions.get_execution(name=second.name).state == executions_v1.Execution.State.CANCELLED
    assert len(list(executions.list_executions(parent=made.name))) == 2
    with pytest.raises(AlreadyExists if transport == "grpc" else Conflict):
        client.create_workflow(parent=HERE, workflow=Workflow(source_contents="x"), workflow_id="retrain")
    with pytest.raises(NotFound):
        executions.create_execution(parent=f"{HERE}/workflows/none", execution={})
