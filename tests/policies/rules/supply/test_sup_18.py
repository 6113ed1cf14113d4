"""SUP-18: only builds write images."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_18 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, stated_verdicts, verdict

MEMBER, BINDING, POLICY = (f"artifactregistry.RepositoryIam{form}" for form in ("Member", "Binding", "Policy"))
WRITER = "roles/artifactregistry.writer"
BUILDER, RUNNER, REQUESTED = (
    f"{name}@{PROJECT}.iam.gserviceaccount.com" for name in ("builder", "runner", "requested")
)
ACCOUNTS = [
    R("serviceaccount.Account", {"accountId": name, "project": PROJECT}, name)
    for name in ("builder", "runner", "requested")
]
TRIGGERS = [
    R("cloudbuild.Trigger", {"serviceAccount": f"projects/{PROJECT}/serviceAccounts/{BUILDER}"}, "build"),
    R(
        "cloudbuild.Trigger",
        {
            "serviceAccount": f"projects/{PROJECT}/serviceAccounts/{REQUESTED}",
            "github": {"pullRequest": {"branch": "x"}},
        },
        "test",
    ),
]
OTHERS = (*ACCOUNTS, *TRIGGERS)
PARAMETERS = Parameters(build_accounts=("serviceAccount:ci@other.iam.gserviceaccount.com",))


def policy(role: str, *members: str) -> str:
    listed = ", ".join(f'"{each}"' for each in members)
    return f'{{"bindings": [{{"role": "{role}", "members": [{listed}]}}]}}'


def granted(member: str, role: str = WRITER, **more: Any) -> R:
    return R(MEMBER, {"repository": "images", "role": role, "member": member}, **more)


ACCOUNT = f"serviceAccount:{BUILDER}"
GOOD = [
    granted(ACCOUNT),
    R(BINDING, {"repository": "images", "role": WRITER, "members": [ACCOUNT]}),
    R(POLICY, {"repository": "images", "policyData": policy(WRITER, ACCOUNT)}),
    *(
        R(f"{owner}Member", {"role": WRITER, "member": ACCOUNT})
        for owner in ("projects.IAM", "folder.IAM", "organizations.IAM")
    ),
    *(
        R(f"{owner}Binding", {"role": WRITER, "members": [ACCOUNT]})
        for owner in ("projects.IAM", "folder.IAM", "organizations.IAM")
    ),
    *(
        R(f"{owner}Policy", {"policyData": policy(WRITER, ACCOUNT)})
        for owner in ("projects.IAM", "folder.IAM", "organizations.IAM")
    ),
]

test_stated_verdicts = stated_verdicts(CONTROL, GOOD, *OTHERS, parameters=PARAMETERS)

MEMBERS = [
    (ACCOUNT, Verdict.PASS),
    ("serviceAccount:CI@other.iam.gserviceaccount.com", Verdict.PASS),
    ("serviceAccount:service-1@gcp-sa-cloudbuild.iam.gserviceaccount.com", Verdict.PASS),
    ("serviceAccount:service-1@gcp-sa-aiplatform.iam.gserviceaccount.com", Verdict.INDETERMINATE),
    (f"serviceAccount:{RUNNER}", Verdict.FAIL),
    (f"serviceAccount:{REQUESTED}", Verdict.FAIL),
    ("serviceAccount:other@other.iam.gserviceaccount.com", Verdict.FAIL),
    ("serviceAccount:1-compute@developer.gserviceaccount.com", Verdict.FAIL),
    ("serviceAccount:1@cloudbuild.gserviceaccount.com", Verdict.FAIL),
    ("user:alice@acme.test", Verdict.FAIL),
    ("group:ml@acme.test", Verdict.FAIL),
    ("principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*", Verdict.FAIL),
    ("allUsers", Verdict.NOT_APPLICABLE),
    ("nobody", Verdict.INDETERMINATE),
]


@pytest.mark.parametrize(("member", "expected"), MEMBERS)
@pytest.mark.parametrize(
    "role",
    [
        *(WRITER, "roles/artifactregistry.repoAdmin", "roles/artifactregistry.admin", "roles/editor"),
        "roles/cloudbuild.builds.builder",
    ],
)
def test_only_what_builds_may_write(role: str, member: str, expected: Verdict) -> None:
    found = outcome(CONTROL, granted(member, role), *OTHERS, parameters=PARAMETERS)
    assert found.verdict is expected
    assert {(each.path, each.shown) for each in found.reasons} <= {("member", "")}


@pytest.mark.parametrize(("member", "expected"), MEMBERS)
def test_a_role_on_the_project_is_one_on_each_repository(member: str, expected: Verdict) -> None:
    for role in (WRITER, "roles/cloudbuild.builds.builder"):
        found = R("projects.IAMMember", {"project": PROJECT, "role": role, "member": member})
        assert verdict(CONTROL, found, *OTHERS, parameters=PARAMETERS) is expected


@pytest.mark.parametrize("member", ["user:alice@acme.test", f"serviceAccount:{RUNNER}"])
def test_everybody_may_read(member: str) -> None:
    reader = granted(member, "roles/artifactregistry.reader")
    assert verdict(CONTROL, reader, *OTHERS, parameters=PARAMETERS) is Verdict.PASS


@pytest.mark.parametrize(
    "role", ["roles/artifactregistry.reader", "roles/storage.admin", "roles/editor", "roles/cloudbuild.builds.editor"]
)
def test_other_roles_on_the_project_do_not_apply(role: str) -> None:
    found = R("projects.IAMMember", {"project": PROJECT, "role": role, "member": "user:alice@acme.test"})
    assert verdict(CONTROL, found, *OTHERS, parameters=PARAMETERS) is Verdict.NOT_APPLICABLE


def test_only_the_second_member_is_bad() -> None:
    found = outcome(
        CONTROL,
        R(BINDING, {"repository": "images", "role": WRITER, "members": [ACCOUNT, "user:alice@acme.test"]}),
        *OTHERS,
        parameters=PARAMETERS,
    )
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["members[1]"])


def test_who_builds_elsewhere_only_the_settings_know() -> None:
    other = granted("serviceAccount:other@other.iam.gserviceaccount.com")
    pool = granted("principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s")
    for each in (other, pool):
        assert verdict(CONTROL, each, *OTHERS, parameters=Parameters()) is Verdict.INDETERMINATE
        assert verdict(CONTROL, each, *OTHERS, parameters=PARAMETERS) is Verdict.FAIL
    assert verdict(CONTROL, granted(ACCOUNT), *OTHERS, parameters=Parameters()) is Verdict.PASS


def test_an_account_that_also_runs_pull_requests_is_open() -> None:
    again = R("cloudbuild.Trigger", {"serviceAccount": BUILDER, "repositoryEventConfig": {"pullRequest": {}}}, "again")
    assert verdict(CONTROL, granted(ACCOUNT), *OTHERS, again, parameters=PARAMETERS) is Verdict.FAIL


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("cloudfunctions.Function", {"buildServiceAccount": BUILDER}),
        ("cloudfunctionsv2.Function", {"buildConfig": {"serviceAccount": BUILDER}}),
        ("cloudrunv2.Service", {"buildConfig": {"serviceAccount": BUILDER}}),
        ("vertex.AiReasoningEngine", {"spec": {"buildSpec": {"serviceAccount": BUILDER}}}),
    ],
)
def test_other_things_build_too(type_: str, inputs: dict[str, Any]) -> None:
    assert verdict(CONTROL, granted(ACCOUNT), *ACCOUNTS, R(type_, inputs, "b"), parameters=PARAMETERS) is Verdict.PASS
    assert verdict(CONTROL, granted(ACCOUNT), *ACCOUNTS, R(type_, {}, "b"), parameters=PARAMETERS) is Verdict.FAIL


def test_an_account_of_this_document_is_known_later() -> None:
    account = R("serviceaccount.Account", {"accountId": "late"}, "late")
    trigger = R("cloudbuild.Trigger", {"serviceAccount": UNKNOWN}, "t", {"serviceAccount": account.urn})
    found = granted(f"serviceAccount:{UNKNOWN}", origins={"member": account.urn})
    assert verdict(CONTROL, found, account, trigger, parameters=PARAMETERS) is Verdict.PASS
    assert verdict(CONTROL, found, account, parameters=PARAMETERS) is Verdict.FAIL


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        (["artifactregistry.repositories.uploadArtifacts"], Verdict.FAIL),
        (["artifactregistry.tags.update"], Verdict.FAIL),
        (["artifactregistry.tags.create"], Verdict.FAIL),
        (["artifactregistry.repositories.setIamPolicy"], Verdict.FAIL),
        (["artifactregistry.repositories.get"], Verdict.PASS),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
    ids=str,
)
def test_custom_roles_are_looked_into(permissions: object, expected: Verdict) -> None:
    role = R("projects.IAMCustomRole", {"project": PROJECT, "roleId": "push", "permissions": permissions}, "push")
    found = granted("user:alice@acme.test", f"projects/{PROJECT}/roles/push")
    assert verdict(CONTROL, found, role, parameters=PARAMETERS) is expected
