"""IAM-04: nobody may act as every service account of a project."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_04 import CONTROL
from tests.policies.rules.harness import stated_verdicts, verdict
from tests.policies.rules.identity.written import AGENT, ANN, FORMS, LEVELS, ROLE_PATHS, forms, places, written

test_stated_verdicts = stated_verdicts(
    CONTROL, [written(on, form, ANN, "roles/run.invoker") for on in LEVELS for form in FORMS]
)

ROLES = ("serviceAccountUser", "serviceAccountTokenCreator", "serviceAccountOpenIdTokenCreator", "workloadIdentityUser")


@pytest.mark.parametrize(("on", "form"), forms(*LEVELS))
@pytest.mark.parametrize("role", ROLES)
def test_acting_as_every_account_fails(on: str, form: str, role: str) -> None:
    found = places(CONTROL, written(on, form, AGENT, f"roles/iam.{role}", condition="resource.name == 'x'"))
    assert found == (Verdict.FAIL, [(ROLE_PATHS[form], f"roles/iam.{role}")])


@pytest.mark.parametrize(
    "role", ["roles/iam.serviceAccountViewer", "roles/iam.serviceAccountUsers", "serviceAccountUser"]
)
def test_other_roles_pass(role: str) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", ANN, role)) is Verdict.PASS


def test_a_single_account_is_judged_elsewhere() -> None:
    grant = written("serviceaccount.IAM", "Member", ANN, "roles/iam.serviceAccountUser", serviceAccountId="a")
    assert verdict(CONTROL, grant) is Verdict.NOT_APPLICABLE
