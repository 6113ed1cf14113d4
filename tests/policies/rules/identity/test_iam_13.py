"""IAM-13: members come from allowed domains, projects and pools."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_13 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict
from tests.policies.rules.identity.written import (
    ANN,
    DEFAULT,
    MEMBER_PATHS,
    REPOSITORY,
    SUBJECT,
    TEAM,
    TRAINER,
    forms,
    places,
    written,
)

VIEWER = "roles/storage.objectViewer"
POOL = "projects/1/locations/global/workloadIdentityPools/builds"
SET = Parameters(
    allowed_domains=("acme.test", "Partner.test"),
    allowed_projects=("acme-ml", "acme.test:old"),
    allowed_pools=(POOL, "locations/global/workforcePools/staff"),
    service_agent_projects=("1", "2"),
)
LISTS = ["OWNER:user-ann@acme.test"]

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        *(written("storage.BucketIAM", form, ANN, VIEWER) for form in MEMBER_PATHS),
        *(written("vertex.AiEndpointIam", form, ANN, VIEWER) for form in MEMBER_PATHS),
        R("storage.BucketACL", {"bucket": "b", "roleEntities": LISTS}),
        R("storage.ObjectACL", {"bucket": "b", "roleEntities": LISTS}),
        R("storage.DefaultObjectACL", {"bucket": "b", "roleEntities": LISTS}),
        *(
            R(f"storage.{each}AccessControl", {"bucket": "b", "entity": "user-ann@acme.test", "role": "READER"})
            for each in ("Bucket", "DefaultObject", "Object")
        ),
        R("bigquery.Dataset", {"datasetId": "d", "accesses": [{"role": "OWNER", "iamMember": ANN}]}),
        R("bigquery.DatasetAccess", {"datasetId": "d", "role": "OWNER", "iamMember": ANN}),
        R("bigquery.RowAccessPolicy", {"datasetId": "d", "tableId": "t", "grantees": [ANN]}),
    ],
    parameters=SET,
)


@pytest.mark.parametrize(
    ("grantees", "expected"),
    [
        ([ANN], Verdict.PASS),
        ([ANN, "user:ann@evil.test"], Verdict.FAIL),
        ([ANN, "domain:evil.test"], Verdict.FAIL),
        ([ANN, UNKNOWN], Verdict.INDETERMINATE),
        (["ann@acme.test"], Verdict.INDETERMINATE),
        (["allAuthenticatedUsers"], Verdict.NOT_APPLICABLE),
    ],
)
def test_those_who_get_rows_are_members_too(grantees: list[str], expected: Verdict) -> None:
    found = outcome(CONTROL, R("bigquery.RowAccessPolicy", {"grantees": grantees}), parameters=SET)
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == (
        [f"grantees[{len(grantees) - 1}]"] if expected in {Verdict.FAIL, Verdict.INDETERMINATE} else []
    )


def judged(member: object, *others: R, parameters: Parameters = SET, origin: str = "") -> Verdict:
    grant = R(
        "storage.BucketIAMMember",
        {"bucket": "b", "member": member, "role": VIEWER},
        origins={"member": origin} if origin else {},
    )
    return verdict(CONTROL, grant, *others, parameters=parameters)


@pytest.mark.parametrize(
    ("on", "form"), forms("projects.IAM", "storage.BucketIAM", "vertex.AiEndpointIam", "kms.CryptoKeyIAM")
)
@pytest.mark.parametrize(
    "member",
    [
        "user:eve@gmail.com",
        "group:all@example.com",
        "domain:example.com",
        "serviceAccount:a@evil.iam.gserviceaccount.com",
    ],
)
def test_somebody_elses_member_fails_in_every_form(on: str, form: str, member: str) -> None:
    assert places(CONTROL, written(on, form, member, VIEWER), parameters=SET) == (
        Verdict.FAIL,
        [(MEMBER_PATHS[form], "")],
    )


@pytest.mark.parametrize(
    "member",
    [
        ANN,
        TEAM,
        "user:Ann@ACME.TEST",
        "group:x@partner.test",
        "domain:acme.test",
        TRAINER,
        "serviceAccount:a@old.acme.test.iam.gserviceaccount.com",
        "serviceAccount:acme-ml@appspot.gserviceaccount.com",
        "serviceAccount:acme-ml.svc.id.goog[ns/app]",
        DEFAULT,
        "serviceAccount:2@cloudbuild.gserviceaccount.com",
        "serviceAccount:service-2@gcp-sa-aiplatform.iam.gserviceaccount.com",
        "serviceAccount:cloud-logs@system.gserviceaccount.com",
        SUBJECT,
        REPOSITORY,
        "principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/ann",
        "projectViewer:acme-ml",
        "projectEditor:1",
        "projectOwner:",
        f"user:{UNKNOWN}@acme.test",
        f"serviceAccount:{UNKNOWN}@acme-ml.iam.gserviceaccount.com",
        f"principalSet://iam.googleapis.com/{POOL}/attribute.repository/{UNKNOWN}",
    ],
)
def test_own_members_pass(member: str) -> None:
    assert judged(member) is Verdict.PASS


@pytest.mark.parametrize(
    "member",
    [
        "user:eve@sub.acme.test",
        "user:eve@acme.test.example.com",
        "user:eve@notacme.test",
        "domain:test",
        "user:eve",
        "serviceAccount:a@acme-mlx.iam.gserviceaccount.com",
        "serviceAccount:a@old.iam.gserviceaccount.com",
        "serviceAccount:a@acme.test",
        "serviceAccount:3-compute@developer.gserviceaccount.com",
        "serviceAccount:service-3@gcp-sa-aiplatform.iam.gserviceaccount.com",
        "serviceAccount:evil.svc.id.goog[ns/app]",
        "serviceAccount:a@1.iam.gserviceaccount.com",
        "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/builds2/subject/x",
        "principalSet://cloudresourcemanager.googleapis.com/organizations/1/type/ServiceAccount",
        "principalSet://goog/cloudIdentityCustomerId/C0",
        "projectViewer:evil",
        f"serviceAccount:{UNKNOWN}@evil.iam.gserviceaccount.com",
        f"user:{UNKNOWN}@example.com",
    ],
)
def test_other_members_fail(member: str) -> None:
    assert judged(member) is Verdict.FAIL


@pytest.mark.parametrize(
    "member",
    [
        UNKNOWN,
        "ann@acme.test",
        f"user:{UNKNOWN}",
        f"user:ann@{UNKNOWN}",
        f"serviceAccount:{UNKNOWN}",
        f"serviceAccount:service-{UNKNOWN}@gcp-sa-aiplatform.iam.gserviceaccount.com",
        f"principalSet://{UNKNOWN}",
        f"principalSet://iam.googleapis.com/projects/{UNKNOWN}/locations/global/workloadIdentityPools/builds/subject/x",
        f"projectViewer:{UNKNOWN}",
        "deleted:user:ann@acme.test?uid=1",
    ],
)
def test_members_that_nobody_can_tell_are_not_passed(member: str) -> None:
    assert judged(member) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "member",
    [
        ANN,
        TEAM,
        "domain:acme.test",
        TRAINER,
        DEFAULT,
        "serviceAccount:service-1@gcp-sa-aiplatform.iam.gserviceaccount.com",
        SUBJECT,
        "projectViewer:acme-ml",
    ],
)
def test_without_settings_nobody_can_say(member: str) -> None:
    assert judged(member, parameters=Parameters()) is Verdict.INDETERMINATE


def test_settings_of_one_kind_do_not_answer_for_another() -> None:
    projects = Parameters(allowed_projects=())
    assert judged(TRAINER, parameters=projects) is Verdict.FAIL
    assert judged(DEFAULT, parameters=projects) is Verdict.INDETERMINATE
    assert judged("projectViewer:x", parameters=projects) is Verdict.INDETERMINATE
    numbers = Parameters(service_agent_projects=())
    assert judged(DEFAULT, parameters=numbers) is Verdict.INDETERMINATE
    assert judged("projectViewer:x", parameters=numbers) is Verdict.INDETERMINATE
    assert judged(
        "serviceAccount:acme-ml@appspot.gserviceaccount.com", parameters=Parameters(allowed_projects=("acme-ml",))
    ) is (Verdict.PASS)


ACCOUNT = R("serviceaccount.Account", {"accountId": "trainer", "project": "acme-ml"}, "account")
AGENT = R("projects.ServiceIdentity", {"service": "x"}, "agent")
PROVIDER = R("Provider", {"project": "acme-ml"}, "provider")
PROJECT = R("organizations.Project", {"projectId": "acme-ml"}, "project", record={"outputs": {"number": "7"}})
NOTHING = Parameters(allowed_domains=(), allowed_projects=(), allowed_pools=(), service_agent_projects=())


@pytest.mark.parametrize("parameters", [NOTHING, Parameters()])
def test_what_is_of_this_document_passes_whatever_the_settings_say(parameters: Parameters) -> None:
    assert judged(TRAINER, ACCOUNT, parameters=parameters) is Verdict.PASS
    assert judged(UNKNOWN, ACCOUNT, parameters=parameters, origin=ACCOUNT.urn) is Verdict.PASS
    assert judged(UNKNOWN, AGENT, parameters=parameters, origin=AGENT.urn) is Verdict.PASS
    assert judged(TRAINER, PROVIDER, parameters=parameters) is Verdict.PASS
    assert judged(TRAINER, PROJECT, parameters=parameters) is Verdict.PASS
    assert (
        judged("serviceAccount:service-7@gcp-sa-x.iam.gserviceaccount.com", PROJECT, parameters=parameters)
        is Verdict.PASS
    )
    assert judged("projectViewer:acme-ml", PROJECT, parameters=parameters) is Verdict.PASS


def test_that_a_grant_names_a_project_does_not_make_it_our_own() -> None:
    member = "serviceAccount:a@evil.iam.gserviceaccount.com"
    grant = R("projects.IAMMember", {"project": "evil", "member": member, "role": VIEWER})
    assert verdict(CONTROL, grant, parameters=NOTHING) is Verdict.FAIL


OWN_POOL = R("iam.WorkloadIdentityPool", {"workloadIdentityPoolId": "builds"}, "pool")
STAFF = R("iam.WorkforcePool", {"workforcePoolId": "staff"}, "pool")


@pytest.mark.parametrize(
    ("member", "pool", "expected"),
    [
        (REPOSITORY, OWN_POOL, Verdict.PASS),
        (REPOSITORY.replace("/builds/", "/other/"), OWN_POOL, Verdict.FAIL),
        (f"principalSet://iam.googleapis.com/{UNKNOWN}/attribute.repository/acme/risk", OWN_POOL, Verdict.PASS),
        (f"principalSet://evil/{UNKNOWN}/attribute.repository/acme/risk", OWN_POOL, Verdict.INDETERMINATE),
        (
            f"principal://iam.googleapis.com/projects/{UNKNOWN}/locations/global/workloadIdentityPools/builds/subject/x",
            OWN_POOL,
            Verdict.PASS,
        ),
        ("principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/a", STAFF, Verdict.PASS),
        ("principal://evil.example.com/subject/a", OWN_POOL, Verdict.FAIL),
    ],
)
def test_a_pool_of_this_document(member: str, pool: R, expected: Verdict) -> None:
    assert judged(member, pool, parameters=NOTHING, origin=pool.urn) is expected


def test_a_pool_of_the_same_name_elsewhere_is_not_our_own() -> None:
    assert judged(REPOSITORY, OWN_POOL, parameters=NOTHING) is Verdict.FAIL


@pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers"])
def test_public_members_are_judged_elsewhere(member: str) -> None:
    assert judged(member) is Verdict.NOT_APPLICABLE


def test_only_the_second_is_somebody_elses() -> None:
    found = outcome(
        CONTROL, R("projects.IAMBinding", {"members": [ANN, "user:eve@example.com"], "role": VIEWER}), parameters=SET
    )
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["members[1]"]


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        ({"userByEmail": "eve@example.com"}, Verdict.FAIL),
        ({"groupByEmail": "all@example.com"}, Verdict.FAIL),
        ({"iamMember": "user:eve@example.com"}, Verdict.FAIL),
        ({"userByEmail": "ann@acme.test"}, Verdict.PASS),
        ({"specialGroup": "projectOwners"}, Verdict.PASS),
        ({"domain": "example.com"}, Verdict.NOT_APPLICABLE),
    ],
)
def test_accesses_of_datasets(access: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R("bigquery.DatasetAccess", {"role": "READER", **access}), parameters=SET) is expected
    assert (
        verdict(CONTROL, R("bigquery.Dataset", {"accesses": [{"role": "READER", **access}]}), parameters=SET)
        is expected
    )


@pytest.mark.parametrize(
    "entity", ["user-eve@example.com", "group-all@example.com", "domain-example.com", "project-viewers-9"]
)
def test_access_control_lists(entity: str) -> None:
    assert (
        verdict(CONTROL, R("storage.BucketACL", {"roleEntities": [f"READER:{entity}"]}), parameters=SET) is Verdict.FAIL
    )
    single = R("storage.ObjectAccessControl", {"entity": entity, "role": "READER"})
    assert verdict(CONTROL, single, parameters=SET) is Verdict.FAIL
