"""IAM-21: who may act as a service account is named."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_21 import CONTROL
from tests.policies.rules.harness import R, secret, stated_verdicts, verdict
from tests.policies.rules.identity.written import (
    AGENT,
    ANN,
    FORMS,
    MEMBER_PATHS,
    REPOSITORY,
    SUBJECT,
    TEAM,
    TRAINER,
    WORKFORCE,
    forms,
    places,
    written,
)

ACT = "roles/iam.serviceAccountUser"
POOL = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/builds"


def grant(form: str, member: str, role: str = ACT) -> R:
    return written("serviceaccount.IAM", form, member, role, serviceAccountId="a")


test_stated_verdicts = stated_verdicts(CONTROL, [grant(form, ANN) for form in FORMS])


@pytest.mark.parametrize(("on", "form"), forms("serviceaccount.IAM"))
@pytest.mark.parametrize(
    "role",
    [
        ACT,
        "roles/iam.serviceAccountTokenCreator",
        "roles/iam.serviceAccountOpenIdTokenCreator",
        "roles/iam.workloadIdentityUser",
        "roles/iam.serviceAccountAdmin",
        "roles/iam.serviceAccountKeyAdmin",
        "roles/iam.securityAdmin",
        "roles/owner",
        "roles/editor",
    ],
)
@pytest.mark.parametrize("member", [f"{POOL}/*", f"{POOL}/group/all", f"{POOL}/attribute.repository/*"])
def test_a_whole_pool_fails(on: str, form: str, role: str, member: str) -> None:
    found = places(CONTROL, written(on, form, member, role, serviceAccountId="a"))
    assert found == (Verdict.FAIL, [(MEMBER_PATHS[form], "")])


@pytest.mark.parametrize(
    ("member", "shown"),
    [
        ("allUsers", "allUsers"),
        ("allAuthenticatedUsers", "allAuthenticatedUsers"),
        ("domain:acme.test", "domain"),
        ("projectEditor:acme-ml", "projectEditor"),
        ("deleted:user:ann@acme.test?uid=1", "deleted"),
    ],
)
def test_many_at_once_fail(member: str, shown: str) -> None:
    assert places(CONTROL, grant("Member", member)) == (Verdict.FAIL, [("member", shown)])


def test_all_accounts_of_a_project_fail() -> None:
    member = "principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount"
    assert verdict(CONTROL, grant("Member", member)) is Verdict.FAIL


@pytest.mark.parametrize(
    "member",
    [
        ANN,
        TEAM,
        TRAINER,
        AGENT,
        SUBJECT,
        WORKFORCE,
        REPOSITORY,
        f"serviceAccount:{UNKNOWN}",
        f"{POOL}/attribute.sub/x",
        f"{POOL}/attribute.subject/x",
    ],
)
def test_one_that_is_named_passes(member: str) -> None:
    assert verdict(CONTROL, grant("Member", member)) is Verdict.PASS


@pytest.mark.parametrize("member", [UNKNOWN, "ann@acme.test", f"{POOL}/attribute.team/x", f"principalSet://{UNKNOWN}"])
def test_what_nobody_can_tell_is_not_passed(member: str) -> None:
    assert verdict(CONTROL, grant("Member", member)) is Verdict.INDETERMINATE


def test_an_unknown_pool_with_a_known_set_is_judged_by_the_set() -> None:
    head = f"principalSet://iam.googleapis.com/{UNKNOWN}"
    assert verdict(CONTROL, grant("Member", f"{head}/*")) is Verdict.FAIL
    assert verdict(CONTROL, grant("Member", f"{head}/attribute.repository/acme/risk")) is Verdict.PASS


@pytest.mark.parametrize("role", ["roles/iam.serviceAccountViewer", "roles/viewer"])
def test_other_roles_are_not_judged(role: str) -> None:
    assert verdict(CONTROL, grant("Member", "allUsers", role)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        (["iam.serviceAccounts.actAs"], Verdict.FAIL),
        (["iam.serviceAccounts.setIamPolicy"], Verdict.FAIL),
        (["iam.serviceAccounts.get"], Verdict.NOT_APPLICABLE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_a_custom_role_is_looked_into(permissions: object, expected: Verdict) -> None:
    role = R("projects.IAMCustomRole", {"project": "acme-ml", "roleId": "own", "permissions": permissions}, "own")
    assert verdict(CONTROL, grant("Member", "domain:acme.test", "projects/acme-ml/roles/own"), role) is expected
    assert verdict(CONTROL, grant("Member", ANN, "projects/elsewhere/roles/own"), role) is Verdict.PASS
    many = grant("Member", f"{POOL}/*", "projects/elsewhere/roles/own")
    assert verdict(CONTROL, many, role) is Verdict.INDETERMINATE


OWNER = R("iam.WorkloadIdentityPool", {"workloadIdentityPoolId": "builds"}, "pool")


def mapped(expression: object, *, attribute: str = "run", pool: str = "builds", **more: Any) -> Verdict:
    inputs = {"workloadIdentityPoolId": pool, "attributeMapping": {"attribute.run": expression, **more}}
    provider = R("iam.WorkloadIdentityPoolProvider", inputs, "provider")
    return verdict(CONTROL, grant("Member", f"{POOL}/attribute.{attribute}/acme/risk"), provider)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("assertion.repository", Verdict.PASS),
        (" assertion.project_path + '@' + assertion.ref_type + ':' + assertion.ref ", Verdict.PASS),
        ("assertion.ref + assertion.repository_id", Verdict.INDETERMINATE),
        ("assertion.repository_id + assertion.ref", Verdict.INDETERMINATE),
        ("assertion.repository_id + '/' + assertion.ref", Verdict.INDETERMINATE),
        ("assertion.repository_id + '' + assertion.ref", Verdict.INDETERMINATE),
        ("'x' + assertion.repository", Verdict.PASS),
        ("'x+assertion.sub+' + assertion.aud", Verdict.FAIL),
        ('"x + assertion.repository" + assertion.aud', Verdict.FAIL),
        ("assertion.sub", Verdict.PASS),
        ("assertion.repository_owner", Verdict.FAIL),
        ("assertion.aud", Verdict.FAIL),
        ("'assertion.repository'", Verdict.FAIL),
        ("'x' + assertion.ref", Verdict.FAIL),
        ("assertion.repository.startsWith('acme/') ? 'yes' : 'no'", Verdict.INDETERMINATE),
        ("", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
    ],
)
def test_an_attribute_counts_by_what_it_is_mapped_from(expression: object, expected: Verdict) -> None:
    assert mapped(expression) is expected


def test_a_good_name_does_not_help_a_bad_mapping() -> None:
    more = {"attribute.repository": "assertion.repository_owner"}
    assert mapped("assertion.repository", attribute="repository", **more) is Verdict.FAIL
    assert mapped("assertion.repository", attribute="repository") is Verdict.INDETERMINATE
    assert mapped("assertion.aud", attribute="repository", pool="other", **more) is Verdict.PASS


def test_every_provider_of_the_pool_counts() -> None:
    providers = [
        R(
            "iam.WorkloadIdentityPoolProvider",
            {"workloadIdentityPoolId": "builds", "attributeMapping": {"attribute.run": expression}},
            name,
        )
        for name, expression in (("good", "assertion.repository"), ("bad", "assertion.aud"))
    ]
    assert verdict(CONTROL, grant("Member", f"{POOL}/attribute.run/x"), *providers) is Verdict.FAIL


@pytest.mark.parametrize("mapping", [secret(), UNKNOWN, 7, {}])
def test_a_mapping_that_cannot_be_read_is_not_passed(mapping: object) -> None:
    inputs = {"workloadIdentityPoolId": "builds", "attributeMapping": mapping}
    provider = R("iam.WorkloadIdentityPoolProvider", inputs, "provider")
    assert verdict(CONTROL, grant("Member", REPOSITORY), provider) is Verdict.INDETERMINATE


def test_a_pool_is_found_by_its_source() -> None:
    provider = R(
        "iam.WorkloadIdentityPoolProvider",
        {"workloadIdentityPoolId": UNKNOWN, "attributeMapping": {"attribute.run": "assertion.aud"}},
        "provider",
        {"workloadIdentityPoolId": OWNER.urn},
    )
    member = f"principalSet://iam.googleapis.com/{UNKNOWN}/attribute.run/x"
    inputs = {"serviceAccountId": "a", "member": member, "role": ACT}
    own = R("serviceaccount.IAMMember", inputs, origins={"member": OWNER.urn})
    assert verdict(CONTROL, own, OWNER, provider) is Verdict.FAIL
    assert verdict(CONTROL, R("serviceaccount.IAMMember", inputs), OWNER, provider) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "claim",
    [
        *("repository", "repository_id", "project_path", "project_id", "sub", "job_workflow_ref", "workflow_ref"),
    ],
)
def test_each_claim_that_names_one_workload_is_enough(claim: str) -> None:
    assert mapped(f"assertion.{claim}") is Verdict.PASS
    assert mapped(f"assertion.{claim}_else") is Verdict.FAIL
