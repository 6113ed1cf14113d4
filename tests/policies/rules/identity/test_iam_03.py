"""IAM-03: no basic roles on projects, folders or the organisation."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_03 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict
from tests.policies.rules.identity.written import AGENT, ANN, FORMS, LEVELS, ROLE_PATHS, forms, places, written

test_stated_verdicts = stated_verdicts(
    CONTROL, [written(on, form, ANN, "roles/run.invoker") for on in LEVELS for form in FORMS]
)


@pytest.mark.parametrize(("on", "form"), forms(*LEVELS))
@pytest.mark.parametrize("role", ["owner", "editor", "viewer", "admin", "writer", "reader"])
def test_a_basic_role_fails(on: str, form: str, role: str) -> None:
    found = places(CONTROL, written(on, form, AGENT, f"roles/{role}"))
    assert found == (Verdict.FAIL, [(ROLE_PATHS[form], f"roles/{role}")])


@pytest.mark.parametrize("role", ["roles/Owner", " roles/editor "])
def test_upper_case_and_spaces_are_no_way_round(role: str) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", ANN, role)) is Verdict.FAIL


@pytest.mark.parametrize("role", ["roles/browser", "projects/p/roles/owner", "roles/bigquery.dataOwner", "owner"])
def test_other_roles_pass(role: str) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", ANN, role)) is Verdict.PASS


def test_the_member_does_not_matter_and_other_resources_are_not_judged() -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", UNKNOWN, "roles/owner")) is Verdict.FAIL
    assert verdict(CONTROL, written("storage.BucketIAM", "Member", ANN, "roles/owner")) is Verdict.NOT_APPLICABLE


def test_an_empty_binding_is_none() -> None:
    assert verdict(CONTROL, R("projects.IAMBinding", {"members": [], "role": "roles/owner"})) is Verdict.NOT_APPLICABLE
