from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.responsible.rai_14 import CONTROL
from tests.policies.rules.harness import PROJECT, R, caught_elsewhere, outcomes, put, secret
from tests.policies.rules.responsible.world import (
    DEPLOYER,
    ENDPOINT,
    REVIEWED,
    SCHEDULE,
    SERVED,
    TRAINER,
    TRAINING,
    WORLD,
    review,
)

ROLE = f"projects/{PROJECT}/roles/deployer"
CUSTOM = R(
    "projects.IAMCustomRole",
    {"roleId": "deployer", "project": PROJECT, "permissions": ["aiplatform.endpoints.deploy"]},
    "role",
)
LOOKS = R(
    "projects.IAMCustomRole",
    {"roleId": "viewer", "project": PROJECT, "permissions": ["aiplatform.endpoints.get"]},
    "looks",
)
APPROVED: dict[str, Any] = {"serviceAccount": DEPLOYER, "approvalConfig": {"approvalRequired": True}}
BUILD = R("cloudbuild.Trigger", APPROVED, "build")
AGENT = "serviceAccount:service-123456789012@gcp-sa-cloudbuild.iam.gserviceaccount.com"


def on_endpoint(role: str = ROLE, member: str = f"serviceAccount:{DEPLOYER}", name: str = "on-endpoint") -> R:
    inputs = {"endpoint": UNKNOWN, "role": role, "member": member, "project": PROJECT}
    return R("vertex.AiEndpointIamMember", inputs, name, origins={"endpoint": ENDPOINT.urn})


def on_project(role: str, member: str, project: str = PROJECT) -> R:
    return R("projects.IAMMember", {"project": project, "role": role, "member": member}, "on-project")


def judged(*resources: R, reviewed: R = REVIEWED) -> Outcome:
    return outcomes(CONTROL, reviewed, SERVED, ENDPOINT, CUSTOM, LOOKS, *resources, **WORLD)["endpoint"]


def test_an_approved_build_may_deploy() -> None:
    assert judged(BUILD, on_endpoint()).verdict is Verdict.DECLARED
    assert judged().verdict is Verdict.DECLARED


@pytest.mark.parametrize(
    ("approval", "expected"),
    [
        (False, Verdict.FAIL),
        (..., Verdict.FAIL),
        ("true", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
    ],
)
def test_a_build_without_approval_fails(approval: object, expected: Verdict) -> None:
    build = R("cloudbuild.Trigger", put(APPROVED, "approvalConfig.approvalRequired", approval), "build")
    assert judged(build, on_endpoint()).verdict is expected


def test_every_build_as_the_account_is_approved() -> None:
    other = R("cloudbuild.Trigger", {"serviceAccount": DEPLOYER}, "other")
    found = judged(BUILD, other, on_endpoint())
    assert found.verdict is Verdict.FAIL
    assert found.reasons[0].shown == "other"


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("vertex.AiReasoningEngine", {"spec": {"serviceAccount": DEPLOYER}}),
        ("workbench.Instance", {"gceSetup": {"serviceAccounts": [{"email": DEPLOYER}]}}),
        ("tpu.V2Vm", {"serviceAccount": {"email": DEPLOYER}}),
    ],
)
def test_nothing_else_runs_as_the_account_of_a_build(type_: str, inputs: dict[str, Any]) -> None:
    found = judged(BUILD, R(type_, inputs, "other"), on_endpoint())
    assert found.verdict is Verdict.FAIL
    assert found.reasons[0].shown == "other"


@pytest.mark.parametrize("role", ["roles/aiplatform.user", "roles/aiplatform.admin", "roles/editor", "roles/owner"])
def test_a_pipeline_that_can_deploy_passes_the_approval_by(role: str) -> None:
    found = judged(TRAINING, SCHEDULE, on_project(role, f"serviceAccount:{TRAINER}"))
    assert found.verdict is Verdict.FAIL
    assert "no person approves" in found.reasons[0].message


@pytest.mark.parametrize("role", ["roles/aiplatform.viewer", f"projects/{PROJECT}/roles/viewer"])
def test_other_roles_do_not_deploy(role: str) -> None:
    assert judged(TRAINING, SCHEDULE, on_project(role, f"serviceAccount:{TRAINER}")).verdict is Verdict.DECLARED


def test_rights_in_another_project_do_not_reach_the_endpoint() -> None:
    there = on_project("roles/aiplatform.admin", f"serviceAccount:{TRAINER}", project="acme-other")
    assert judged(TRAINING, SCHEDULE, there).verdict is Verdict.DECLARED
    unknown = on_project("roles/aiplatform.admin", f"serviceAccount:{TRAINER}", project=UNKNOWN)
    assert judged(TRAINING, SCHEDULE, unknown).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("projects", "expected"),
    [
        ([], Verdict.INDETERMINATE),
        ([(PROJECT, "123456789012")], Verdict.FAIL),
        ([("acme-other", "123456789012")], Verdict.DECLARED),
        ([(PROJECT, "7")], Verdict.INDETERMINATE),
    ],
)
def test_a_project_is_meant_by_its_number_as_well(projects: list[tuple[str, str]], expected: Verdict) -> None:
    known = [
        R("organizations.Project", {"projectId": id_}, f"project-{at}", record={"outputs": {"number": number}})
        for at, (id_, number) in enumerate(projects)
    ]
    there = on_project("roles/aiplatform.admin", f"serviceAccount:{TRAINER}", project="123456789012")
    assert judged(TRAINING, SCHEDULE, there, *known).verdict is expected


def test_a_project_that_nobody_says_may_be_any() -> None:
    there = R("projects.IAMMember", {"role": "roles/editor", "member": f"serviceAccount:{TRAINER}"}, "on-project")
    assert judged(TRAINING, SCHEDULE, there).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize("member", ["user:alice@acme.test", "group:ml@acme.test", "allAuthenticatedUsers"])
def test_people_do_not_deploy_by_hand(member: str) -> None:
    found = judged(on_endpoint(member=member))
    assert found.verdict is Verdict.FAIL
    assert found.reasons[0].shown == ROLE


@pytest.mark.parametrize(
    ("role", "member"),
    [
        (f"projects/{PROJECT}/roles/elsewhere", f"serviceAccount:{DEPLOYER}"),
        (UNKNOWN, f"serviceAccount:{DEPLOYER}"),
        (ROLE, UNKNOWN),
        (f"projects/{PROJECT}/roles/elsewhere", "user:alice@acme.test"),
    ],
)
def test_what_cannot_be_told_is_indeterminate(role: str, member: str) -> None:
    assert judged(BUILD, on_endpoint(role, member)).verdict is Verdict.INDETERMINATE


def test_rights_on_another_endpoint_do_not_reach_this_one() -> None:
    inputs = {"role": ROLE, "member": "user:alice@acme.test", "project": PROJECT}
    elsewhere = R("vertex.AiEndpointIamMember", {**inputs, "endpoint": "elsewhere"}, "on-endpoint")
    assert judged(elsewhere).verdict is Verdict.DECLARED
    lost = R("vertex.AiEndpointIamMember", {**inputs, "endpoint": UNKNOWN}, "on-endpoint")
    assert judged(lost).verdict is Verdict.FAIL
    other = R("storage.BucketIAMMember", {**inputs, "bucket": UNKNOWN}, "on-bucket")
    assert judged(other).verdict is Verdict.DECLARED


TARGET = R(
    "clouddeploy.Target",
    {"requireApproval": True, "executionConfigs": [{"usages": ["DEPLOY"], "serviceAccount": DEPLOYER}]},
    "target",
)


@pytest.mark.parametrize(
    ("approval", "expected"),
    [(True, Verdict.DECLARED), (False, Verdict.FAIL), (..., Verdict.FAIL), (UNKNOWN, Verdict.INDETERMINATE)],
)
def test_a_target_that_a_person_approves_may_deploy(approval: object, expected: Verdict) -> None:
    target = R("clouddeploy.Target", put(TARGET.inputs, "requireApproval", approval), "target")
    assert judged(target, on_endpoint()).verdict is expected


def test_what_promotes_by_itself_does_not_deploy() -> None:
    automation = R("clouddeploy.Automation", {"serviceAccount": DEPLOYER}, "automation")
    assert judged(TARGET, automation, on_endpoint()).verdict is Verdict.FAIL


def test_roles_for_googles_agents_may_deploy() -> None:
    there = on_project("roles/aiplatform.customCodeServiceAgent", f"serviceAccount:{TRAINER}")
    assert judged(TRAINING, SCHEDULE, there).verdict is Verdict.INDETERMINATE


def test_an_account_of_which_nobody_sees_the_work_fails() -> None:
    assert judged(on_endpoint()).verdict is Verdict.FAIL


def test_googles_agents_do_not_count() -> None:
    agent = "serviceAccount:service-123@gcp-sa-aiplatform.iam.gserviceaccount.com"
    assert judged(on_project("roles/aiplatform.admin", agent)).verdict is Verdict.DECLARED


@pytest.mark.parametrize(
    ("approval", "expected"),
    [
        ({"approvers": ["group:risk@acme.test"], "builders": ["group:ml@acme.test"]}, Verdict.DECLARED),
        ({"approvers": ["user:alice@acme.test"], "builders": ["ALICE@acme.test"]}, Verdict.FAIL),
        ({"approvers": [], "builders": ["group:ml@acme.test"]}, Verdict.FAIL),
        ({"approvers": ["group:risk@acme.test"], "builders": [secret()]}, Verdict.FAIL),
        (None, Verdict.FAIL),
    ],
)
def test_who_approves_does_not_build(approval: object, expected: Verdict) -> None:
    assert judged(reviewed=review(approval=approval)).verdict is expected


def test_accounts_do_not_approve() -> None:
    robot = on_project("roles/cloudbuild.builds.approver", f"serviceAccount:{DEPLOYER}")
    assert judged(robot).verdict is Verdict.FAIL
    admin = on_project("roles/clouddeploy.admin", f"serviceAccount:{DEPLOYER}")
    assert judged(admin).verdict is Verdict.FAIL
    role = {"roleId": "approver", "project": PROJECT, "permissions": ["clouddeploy.rollouts.approve"]}
    own = R("projects.IAMCustomRole", role, "approver")
    named = on_project(f"projects/{PROJECT}/roles/approver", f"serviceAccount:{DEPLOYER}")
    assert judged(own, named).verdict is Verdict.FAIL
    everybody = on_project("roles/cloudbuild.builds.approver", "allUsers")
    assert judged(everybody).verdict is Verdict.FAIL
    assert judged(on_project("roles/clouddeploy.approver", UNKNOWN)).verdict is Verdict.INDETERMINATE
    staff = "principalSet://iam.googleapis.com/locations/global/workforcePools/staff/group/risk"
    assert judged(on_project("roles/clouddeploy.approver", staff)).verdict is Verdict.DECLARED
    builds = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/build/*"
    assert judged(on_project("roles/clouddeploy.approver", builds)).verdict is Verdict.FAIL
    assert judged(on_project("roles/clouddeploy.approver", AGENT)).verdict is Verdict.DECLARED
    person = on_project("roles/cloudbuild.builds.approver", "group:risk@acme.test")
    assert judged(person).verdict is Verdict.DECLARED


OTHERS = (SERVED, ENDPOINT, CUSTOM, on_endpoint())
test_review_seen = caught_elsewhere(CONTROL, [REVIEWED], *OTHERS, BUILD, **WORLD)
test_target_seen = caught_elsewhere(CONTROL, [TARGET], *OTHERS, REVIEWED, **WORLD)
test_build_seen = caught_elsewhere(CONTROL, [BUILD], *OTHERS, REVIEWED, **WORLD)


@pytest.mark.parametrize(
    ("role", "member", "expected"),
    [
        ("roles/iam.serviceAccountTokenCreator", f"serviceAccount:{TRAINER}", Verdict.FAIL),
        ("roles/iam.serviceAccountUser", "group:ml@acme.test", Verdict.FAIL),
        (f"projects/{PROJECT}/roles/elsewhere", "group:ml@acme.test", Verdict.INDETERMINATE),
        ("roles/iam.serviceAccountViewer", "group:ml@acme.test", Verdict.DECLARED),
        ("roles/iam.serviceAccountUser", f"serviceAccount:{DEPLOYER}", Verdict.DECLARED),
        ("roles/iam.serviceAccountTokenCreator", AGENT, Verdict.DECLARED),
    ],
)
def test_nobody_else_becomes_the_account_that_deploys(role: str, member: str, expected: Verdict) -> None:
    account = R("serviceaccount.Account", {"accountId": DEPLOYER.partition("@")[0], "project": PROJECT}, "deployer")
    name = f"projects/{PROJECT}/serviceAccounts/{DEPLOYER}"
    acts = R("serviceaccount.IAMMember", {"serviceAccountId": name, "role": role, "member": member}, "acts")
    assert judged(BUILD, on_endpoint(), account, acts).verdict is expected
