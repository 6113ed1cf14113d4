"""IAM-10: who builds does not approve."""

import pytest

from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Verdict
from groundplan_policies.rules.identity.iam_10 import CONTROL
from tests.policies.rules.harness import outcome, outcomes, stated_verdicts, verdict
from tests.policies.rules.identity.written import ANN, FORMS, LEVELS, MEMBER_PATHS, TEAM, forms, places, written

APPROVER = "roles/cloudbuild.builds.approver"
DEPLOY = ("clouddeploy.DeliveryPipelineIam", "clouddeploy.TargetIam")

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [written(on, form, ANN, APPROVER) for on in (*LEVELS, *DEPLOY) for form in FORMS],
    written("projects.IAM", "Member", TEAM, "roles/aiplatform.user", "build"),
)


@pytest.mark.parametrize(("on", "form"), forms(*LEVELS, *DEPLOY))
@pytest.mark.parametrize("approves", [APPROVER, "roles/clouddeploy.approver", "roles/clouddeploy.admin"])
def test_building_and_approving_fails(on: str, form: str, approves: str) -> None:
    build = written("projects.IAM", "Binding", TEAM, "roles/aiplatform.user", "build")
    assert places(CONTROL, written(on, form, TEAM, approves), build) == (Verdict.FAIL, [(MEMBER_PATHS[form], "")])


@pytest.mark.parametrize(
    "builds",
    [
        "roles/aiplatform.user",
        "roles/aiplatform.admin",
        "roles/cloudbuild.builds.builder",
        "roles/cloudbuild.builds.editor",
        "roles/cloudbuild.workerPoolUser",
        "roles/clouddeploy.developer",
        "roles/clouddeploy.releaser",
        "roles/ml.admin",
        "roles/ml.developer",
        "roles/notebooks.runner",
    ],
)
def test_what_counts_as_building(builds: str) -> None:
    grants = written("projects.IAM", "Member", ANN, APPROVER), written("projects.IAM", "Member", ANN, builds, "build")
    assert {name: each.verdict for name, each in outcomes(CONTROL, *grants).items()} == {"it": Verdict.FAIL}
    assert verdict(CONTROL, grants[0], written("projects.IAM", "Member", TEAM, builds, "build")) is Verdict.PASS


def test_looking_is_not_building() -> None:
    look = written("projects.IAM", "Member", ANN, "roles/cloudbuild.builds.viewer", "look")
    assert verdict(CONTROL, written("projects.IAM", "Member", ANN, APPROVER), look) is Verdict.PASS
    assert outcome(CONTROL, look) is NOT_APPLICABLE
