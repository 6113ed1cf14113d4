"""ServiceIdentity: an account of its own, what it may do in its project, and which accounts are refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.core import tables
from tests.constructs.plan import environment, plan

ACCOUNT = "gcp:serviceaccount/account:Account"
ACCOUNT_GRANT = "gcp:serviceaccount/iAMMember:IAMMember"
PROJECT_GRANT = "gcp:projects/iAMMember:IAMMember"
EMAIL = "gp-trainer@acme-ml-dev.iam.gserviceaccount.com"
OURS = gp.Project(id="acme-ml-dev", number="123456789012")
THEIRS = gp.Project(id="acme-shared", number="210987654321", managed=False)


def identity(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.ServiceIdentity:
    args: dict[str, Any] = {"env": environment(tier), "purpose": "Trains the churn model", **more}
    return gp.ServiceIdentity("trainer", gp.ServiceIdentityArgs(**args))


@pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED])
def test_each_tier_makes_the_same_account(tier: gp.Tier) -> None:
    planned = plan(lambda: identity(tier, capabilities=(gp.Capability.WRITE_LOGS, gp.Capability.RUN_QUERIES)))
    assert planned.inventory() == {PROJECT_GRANT: 2, ACCOUNT: 1}
    assert planned.one(ACCOUNT).inputs == {
        "project": "acme-ml-dev",
        "accountId": "gp-trainer",
        "displayName": "trainer",
        "description": "Trains the churn model",
    }


@pytest.mark.parametrize(
    ("generation", "name"), [(1, "trainer"), (2, "trainer"), (1, "a-workload-whose-name-is-longer-than-google-allows")]
)
def test_the_address_is_told_before_the_account_is_made(generation: int, name: str) -> None:
    env = environment(generation=generation)

    def program() -> None:
        pulumi.export("email", gp.ServiceIdentity(name, gp.ServiceIdentityArgs(env=env, purpose="Trains")).email)

    assert plan(program).outputs["email"] == gp.ServiceIdentity.address(env, name)
    assert gp.ServiceIdentity.address(env, name, THEIRS).endswith("@acme-shared.iam.gserviceaccount.com")


def test_by_default_it_may_do_nothing() -> None:
    assert plan(identity).inventory() == {ACCOUNT: 1}


@pytest.mark.parametrize("capability", list(gp.Capability))
def test_a_capability_is_a_role_on_the_project(capability: gp.Capability) -> None:
    def program() -> None:
        (grant,) = identity(capabilities=(capability,)).capabilities
        assert (grant.scope, grant.role) == ("project", capability.role)

    granted = plan(program).one(PROJECT_GRANT)
    assert granted.inputs == {
        "project": "acme-ml-dev",
        "role": capability.role,
        "member": f"serviceAccount:{EMAIL}",
    }
    assert any(urn.endswith("::trainer-account") for urn in granted.options["dependencies"])
    assert granted.options["parent"].endswith("groundplan:security:ServiceIdentity::trainer")


def test_the_table_has_every_capability_and_no_administrator() -> None:
    rows = tables.load("capabilities")["capabilities"]
    assert set(rows) == {c.value for c in gp.Capability}
    roles = [row["role"] for row in rows.values()]
    assert len(set(roles)) == len(roles)
    basic = {"roles/owner", "roles/editor", "roles/viewer"}
    assert not [role for role in roles if role in basic or role.lower().endswith("admin") or ".admin" in role]


@pytest.mark.parametrize(
    ("tier", "role"),
    [
        (gp.Tier.TEAM, "roles/aiplatform.user"),
        (gp.Tier.REGULATED, "projects/acme-ml-dev/roles/gp_ml_jobs"),
    ],
)
def test_jobs_are_run_with_the_role_of_the_tier(tier: gp.Tier, role: str) -> None:
    def program() -> None:
        env = environment(tier)
        account = gp.ServiceIdentity.from_existing(
            "trainer@acme-ml-dev.iam.gserviceaccount.com", project=env.projects.workload
        )
        gp.grant_capability(gp.Capability.RUN_ML_JOBS, account, env.projects.workload)
        gp.grant_capability(gp.Capability.RUN_QUERIES, account, env.projects.workload)

    assert {each.inputs["role"] for each in plan(program).of(PROJECT_GRANT)} == {role, "roles/bigquery.jobUser"}


def test_a_role_for_jobs_is_a_role() -> None:
    with pytest.raises(gp.ArgumentError, match="full name of a role"):
        environment(gp.Tier.TEAM, projects=gp.Projects.single(gp.Project(id="acme-ml-dev", ml_jobs_role="editor")))


def test_a_capability_in_another_project_and_for_a_time() -> None:
    def program() -> None:
        trainer = identity()
        trainer.grant_capability(gp.Capability.RUN_QUERIES)
        trainer.grant_capability(gp.Capability.RUN_QUERIES, until=dt.date(2027, 1, 31))

    always, limited = plan(program).of(PROJECT_GRANT)
    assert "condition" not in always.inputs
    assert limited.inputs["condition"] == {
        "title": "until 2027-01-31",
        "expression": 'request.time < timestamp("2027-01-31T00:00:00Z")',
    }


def test_in_a_project_that_is_not_ours_a_capability_is_requested() -> None:
    def program() -> None:
        trainer = identity()
        trainer.grant_capability(gp.Capability.RUN_QUERIES, THEIRS)
        trainer.grant_capability(gp.Capability.RUN_QUERIES, THEIRS, until=dt.date(2027, 1, 31))
        pulumi.export("requests", gp.requests())

    planned = plan(program)
    assert planned.inventory() == {ACCOUNT: 1}
    always, limited = planned.outputs["requests"]
    assert always["command"] == (
        "gcloud projects add-iam-policy-binding --condition=None acme-shared"
        f" --member=serviceAccount:{EMAIL} --role=roles/bigquery.jobUser"
    )
    assert (
        "--condition='title=until 2027-01-31,expression=request.time < timestamp(\"2027-01-31T00:00:00Z\")'"
        in limited["command"]
    )


def test_a_group_can_be_given_a_capability() -> None:
    planned = plan(lambda: gp.grant_capability(gp.Capability.RUN_QUERIES, "group:analysts@acme.test", OURS))
    assert planned.one(PROJECT_GRANT).inputs["member"] == "group:analysts@acme.test"


def test_who_may_act_as_it_is_granted_on_the_account_alone() -> None:
    def program() -> None:
        trainer = identity()
        trainer.grant_act_as("group:ml@acme.test")
        trainer.grant_impersonate("user:alice@acme.test")
        trainer.grant_federated("serviceAccount:acme-ml-dev.svc.id.goog[ml/trainer]")

    planned = plan(program)
    granted = {g.inputs["role"]: g.inputs for g in planned.of(ACCOUNT_GRANT)}
    assert {role: inputs["member"] for role, inputs in granted.items()} == {
        "roles/iam.serviceAccountUser": "group:ml@acme.test",
        "roles/iam.serviceAccountTokenCreator": "user:alice@acme.test",
        "roles/iam.workloadIdentityUser": "serviceAccount:acme-ml-dev.svc.id.goog[ml/trainer]",
    }
    assert {inputs["serviceAccountId"] for inputs in granted.values()} == {
        f"projects/acme-ml-dev/serviceAccounts/{EMAIL}"
    }


def test_no_key_is_ever_made() -> None:
    assert not [method for method in dir(gp.ServiceIdentity) if "key" in method.lower()]


def test_the_address_is_known_at_preview_and_waits_for_the_account() -> None:
    def program() -> None:
        pulumi.export("email", identity().email)

    assert plan(program).outputs["email"] == EMAIL


def test_as_a_receiver_of_grants_it_brings_the_account_along() -> None:
    def program() -> None:
        trainer = identity()
        assert trainer.identity.resources == (trainer.account,)
        assert trainer.identity.label == "trainer"

    plan(program)


def test_an_account_of_a_domain_scoped_project_has_its_own_form() -> None:
    project = gp.Project(id="acme.test:ml-dev", number="123456789012")

    def program() -> None:
        pulumi.export("email", identity(project=project).email)

    assert plan(program).outputs["email"] == "gp-trainer@ml-dev.acme.test.iam.gserviceaccount.com"


def test_a_new_generation_has_a_new_address() -> None:
    assert plan(lambda: identity(env=environment(generation=2))).one(ACCOUNT).inputs["accountId"] == "gp-trainer-g2"


@pytest.mark.parametrize("name", ["a", "x9", "the-service-that-trains-all-the-models-of-the-department"])
def test_names_of_any_length_give_an_account_id_that_google_takes(name: str) -> None:
    def program() -> object:
        return gp.ServiceIdentity(name, gp.ServiceIdentityArgs(env=environment(), purpose="trains"))

    first, again = plan(program).one(ACCOUNT).inputs, plan(program).one(ACCOUNT).inputs
    assert first == again
    assert 6 <= len(first["accountId"]) <= 30


def test_an_override_is_merged_last_and_written_down() -> None:
    planned = plan(lambda: identity(overrides={"account": {"disabled": True}}))
    assert planned.one(ACCOUNT).inputs["disabled"] is True
    assert planned.one("groundplan:security:ServiceIdentity").inputs["overrides"] == {"account": ["disabled"]}


def test_an_existing_account_is_granted_to_like_one_of_ours() -> None:
    def program() -> None:
        account = gp.ServiceIdentity.from_existing(EMAIL, project=OURS)
        account.grant_act_as("group:ml@acme.test")
        gp.grant_capability(gp.Capability.WRITE_LOGS, account, OURS)

    planned = plan(program)
    assert planned.inventory() == {PROJECT_GRANT: 1, ACCOUNT_GRANT: 1}
    assert planned.one(ACCOUNT_GRANT).name.startswith("gp-trainer-serviceaccountuser-ml-acme-test-")
    assert planned.one(PROJECT_GRANT).inputs["member"] == f"serviceAccount:{EMAIL}"


def test_an_account_of_somebody_elses_project_is_requested() -> None:
    def program() -> None:
        email = "etl-jobs@acme-shared.iam.gserviceaccount.com"
        gp.ServiceIdentity.from_existing(email, project=THEIRS).grant_act_as("group:ml@acme.test")
        pulumi.export("requests", gp.requests())

    planned = plan(program)
    assert planned.inventory() == {}
    assert planned.outputs["requests"][0]["command"] == (
        "gcloud iam service-accounts add-iam-policy-binding etl-jobs@acme-shared.iam.gserviceaccount.com"
        " --member=group:ml@acme.test --role=roles/iam.serviceAccountUser"
    )


DEFAULTS = [
    "123456789012-compute@developer.gserviceaccount.com",
    "acme-ml-dev@appspot.gserviceaccount.com",
    "123456789012@cloudbuild.gserviceaccount.com",
    "123456789012@cloudservices.gserviceaccount.com",
    "service-123456789012@gcp-sa-aiplatform.iam.gserviceaccount.com",
    "service-123456789012@compute-system.iam.gserviceaccount.com",
    "bq-123456789012@bigquery-encryption.iam.gserviceaccount.com",
]


@pytest.mark.parametrize("email", DEFAULTS)
def test_an_account_that_google_made_is_refused(email: str) -> None:
    with pytest.raises(gp.ArgumentError, match=r"shared by everything that names no account(?s:.*)ServiceIdentity"):
        gp.ServiceIdentity.from_existing(email, project=OURS)


@pytest.mark.parametrize("email", ["alice@acme.test", "trainer", "trainer@acme.iam.gserviceaccount.com.evil.test"])
def test_what_is_no_account_is_refused(email: str) -> None:
    with pytest.raises(gp.ArgumentError, match="is no service account"):
        gp.ServiceIdentity.from_existing(email, project=OURS)


def test_an_address_known_later_is_refused_then() -> None:
    def program() -> None:
        email = pulumi.Output.from_input(DEFAULTS[0])
        account = gp.ServiceIdentity.from_existing(email, project=OURS, label="late")
        account.grant_act_as("group:ml@acme.test")

    with pytest.raises(gp.ArgumentError, match="is the default account of Compute Engine"):
        plan(program)


def test_an_address_known_later_needs_a_label() -> None:
    with pytest.raises(gp.ArgumentError, match="give a label"):
        plan(lambda: gp.ServiceIdentity.from_existing(pulumi.Output.from_input(EMAIL), project=OURS))


def test_an_address_known_later_is_granted_to() -> None:
    def program() -> None:
        account = gp.ServiceIdentity.from_existing(pulumi.Output.from_input(EMAIL), project=OURS, label="late")
        account.grant_act_as("group:ml@acme.test")
        account.grant_act_as("group:ml@acme.test")

    assert plan(program).one(ACCOUNT_GRANT).inputs["serviceAccountId"].endswith(EMAIL)


@pytest.mark.parametrize(
    ("wrong", "field", "fault"),
    [
        ({"purpose": ""}, "purpose", "cannot be the account's description"),
        ({"purpose": "ü" * 129}, "purpose", "cannot be the account's description"),
        ({"purpose": "two\nlines"}, "purpose", "cannot be the account's description"),
        ({"purpose": 7}, "purpose", "cannot be the account's description"),
        ({"capabilities": ("roles/owner",)}, "capabilities[0]", "is of the wrong type"),
        ({"capabilities": (gp.Capability.WRITE_LOGS,) * 2}, "capabilities", "names a capability twice"),
        ({"project": "acme"}, "project", "is of the wrong type"),
    ],
)
def test_bad_input_is_refused_with_its_four_parts(wrong: dict[str, Any], field: str, fault: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        plan(lambda: identity(**wrong))
    problem = caught.value.problems[0]
    assert (problem.field, problem.fault) == (field, fault)
    assert all(part in str(caught.value) for part in ('ServiceIdentity "trainer"', "given:", "allowed:", "do:"))


@pytest.mark.parametrize(
    ("capability", "principal", "project", "until"),
    [
        ("roles/owner", "group:a@acme.test", OURS, None),
        (gp.Capability.WRITE_LOGS, "allUsers", OURS, None),
        (gp.Capability.WRITE_LOGS, "group:a@acme.test", "acme-ml-dev", None),
        (gp.Capability.WRITE_LOGS, "group:a@acme.test", OURS, "2027-01-31"),
    ],
)
def test_a_capability_that_cannot_be_granted_is_refused(
    capability: Any, principal: str, project: Any, until: Any
) -> None:
    def program() -> None:
        gp.grant_capability(capability, principal, project, until=until)

    with pytest.raises(gp.ArgumentError, match="grant_capability: 1 argument cannot be used"):
        plan(program)
