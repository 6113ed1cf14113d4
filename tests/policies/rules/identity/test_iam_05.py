"""IAM-05: service accounts hold no admin role."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_05 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict
from tests.policies.rules.identity.written import (
    AGENT,
    ANN,
    DEFAULT,
    FORMS,
    LEVELS,
    REPOSITORY,
    ROLE_PATHS,
    SUBJECT,
    TEAM,
    TRAINER,
    WORKFORCE,
    forms,
    places,
    written,
)

test_stated_verdicts = stated_verdicts(
    CONTROL, [written(on, form, TRAINER, "roles/run.invoker") for on in LEVELS for form in FORMS]
)


@pytest.mark.parametrize(("on", "form"), forms(*LEVELS))
@pytest.mark.parametrize(
    "role",
    [
        "roles/owner",
        "roles/editor",
        "roles/admin",
        "roles/compute.admin",
        "roles/storage.objectAdmin",
        "projects/p/roles/aAdmin",
    ],
)
def test_an_admin_role_fails(on: str, form: str, role: str) -> None:
    found = places(CONTROL, written(on, form, TRAINER, role))
    assert found == (Verdict.FAIL, [(ROLE_PATHS[form], role)])


@pytest.mark.parametrize("role", ["roles/viewer", "roles/reader", "roles/iam.securityReviewer", "roles/adminx.user"])
def test_other_roles_pass(role: str) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", TRAINER, role)) is Verdict.PASS


@pytest.mark.parametrize(
    "member",
    [
        DEFAULT,
        REPOSITORY,
        SUBJECT,
        "serviceAccount:acme-ml.svc.id.goog[ns/app]",
        "principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount",
        f"serviceAccount:{UNKNOWN}",
    ],
)
def test_every_machine_counts(member: str) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", member, "roles/editor")) is Verdict.FAIL


@pytest.mark.parametrize(
    "member", [AGENT, ANN, TEAM, WORKFORCE, "allUsers", "principalSet://goog/cloudIdentityCustomerId/C"]
)
def test_people_and_agents_are_not_judged(member: str) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", member, "roles/editor")) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, written("projects.IAM", "Member", member, UNKNOWN)) is Verdict.NOT_APPLICABLE


def test_an_agent_is_told_by_its_source() -> None:
    agent = R("projects.ServiceIdentity", {"service": "x"}, "agent")
    account = R("serviceaccount.Account", {"accountId": "a"}, "account")
    for source, expected in ((agent, Verdict.NOT_APPLICABLE), (account, Verdict.FAIL)):
        inputs = {"project": "p", "member": UNKNOWN, "role": "roles/compute.admin"}
        grant = R("projects.IAMMember", inputs, origins={"member": source.urn})
        assert verdict(CONTROL, grant, source) is expected
