"""What the account that applies a program needs: asked for, by what the program makes, and never granted."""

from __future__ import annotations

import shlex
from typing import Any, Final

import pulumi
import pytest

import groundplan as gp
from groundplan.cicd.apply_rights import ask_for_application
from groundplan.core import tables
from tests.constructs.plan import Plan, plan

HOME: Final = gp.Project(id="acme-ml-dev", number="123456789012")
KEYS: Final = gp.Project(id="acme-keys", number="210987654321")
EVERYWHERE: Final = "roles/serviceusage.serviceUsageConsumer"


def environment(**more: Any) -> gp.Environment:
    projects = gp.Projects(workload=HOME, network=HOME, keys=KEYS, logs=HOME, build=HOME)
    return gp.Environment(**{"projects": projects, "region": "europe-west4", "tier": gp.Tier.TEAM, **more})


def asked(program: Any, env: gp.Environment | None = None) -> tuple[list[dict[str, Any]], Plan]:
    """Return what is asked for in favour of the account that applies a program."""

    def whole() -> None:
        account = gp.ServiceIdentity.from_existing("applier@acme-ml-dev.iam.gserviceaccount.com", project=HOME)
        ask_for_application(account, env or environment())
        program()
        pulumi.export("requests", gp.requests())

    found = plan(whole)
    return list(found.outputs["requests"]), found


def test_a_program_that_makes_nothing_needs_nothing() -> None:
    assert asked(lambda: None)[0] == []


def test_the_roles_follow_from_what_is_made_in_each_project_also_after_asking() -> None:
    def program() -> None:
        env = environment()
        keys = gp.KeyRing("main", gp.KeyRingArgs(env=env))
        gp.DataBucket(
            "data",
            gp.DataBucketArgs(env=env, data_class=gp.DataClass.INTERNAL, owner="user:alice@acme.test", keys=keys),
        )

    found, planned = asked(program)
    by_project = {(one["project"], one["grant"]) for one in found}
    assert {("acme-keys", "roles/cloudkms.admin"), ("acme-ml-dev", "roles/storage.admin")} <= by_project
    assert ("acme-ml-dev", "roles/cloudkms.admin") not in by_project
    member = "serviceAccount:applier@acme-ml-dev.iam.gserviceaccount.com"
    assert not [r for r in planned.resources if r.inputs.get("member") == member]


def test_each_request_has_the_command_that_does_it() -> None:
    def program() -> None:
        gp.NetworkAttachment(
            "jobs", gp.NetworkAttachmentArgs(env=environment(), network=gp.Network("core", _network(environment())))
        )

    for one in asked(program)[0]:
        words = shlex.split(one["command"])
        assert words[:3] == ["gcloud", "projects", "add-iam-policy-binding"]
        assert one["on"] in words
        assert f"--member={one['member']}" in words
        assert f"--role={one['grant']}" in words


def _network(env: gp.Environment) -> gp.NetworkArgs:
    return gp.NetworkArgs(env=env, cidr="10.0.0.0/20")


def test_what_runs_as_an_account_takes_the_right_to_hand_it_over() -> None:
    def program() -> None:
        env = environment(tier=gp.Tier.LEARNER)
        network = gp.Network("core", _network(env))
        gp.Workbench("alice", gp.WorkbenchArgs(env=env, network=network, owner="user:alice@acme.test"))

    roles = {one["grant"] for one in asked(program)[0]}
    assert {"roles/notebooks.admin", "roles/iam.serviceAccountUser", "roles/iam.serviceAccountAdmin"} <= roles


@pytest.mark.parametrize(
    ("organization", "place"), [("123456789012", "123456789012"), (None, "the organisation of acme-ml-dev")]
)
def test_organisation_policies_are_an_organisations_to_set(organization: str | None, place: str) -> None:
    def program() -> None:
        made = environment(organization="123456789012")
        gp.OrganizationPolicies("rules", gp.OrganizationPoliciesArgs(env=made, customer_ids=("C01ab2cd3",)))

    found, _ = asked(program, environment(organization=organization))
    (policies,) = [one for one in found if one["grant"] == "roles/orgpolicy.policyAdmin" and one["on"] == place]
    assert policies["command"].startswith("gcloud organizations add-iam-policy-binding")


def test_a_budget_is_the_billing_accounts_and_a_perimeter_the_policys() -> None:
    def program() -> None:
        env = environment(organization="123456789012")
        args = gp.ProjectFoundationArgs(
            env=env,
            billing_account="012345-6789AB-CDEF01",
            budget_amount=10,
            budget_currency="EUR",
            budget_contacts=("alice@acme.test",),
            organization_policies=False,
        )
        gp.ProjectFoundation("projects", args)
        policy = gp.AccessPolicyRef.from_existing("accessPolicies/42", project=HOME)
        gp.ServicePerimeter("platform", gp.ServicePerimeterArgs(env=env, access_policy=policy))

    found, _ = asked(program)
    on = {one["grant"]: (one["on"], one["command"].split(" --")[0]) for one in found}
    assert on["roles/billing.costsManager"] == (
        "012345-6789AB-CDEF01",
        "gcloud billing accounts add-iam-policy-binding 012345-6789AB-CDEF01",
    )
    assert on["roles/accesscontextmanager.policyEditor"] == (
        "accessPolicies/42",
        "gcloud access-context-manager policies add-iam-policy-binding accessPolicies/42",
    )


def test_a_role_that_another_includes_is_not_asked_for_beside_it() -> None:
    def program() -> None:
        args = gp.ProjectFoundationArgs(env=environment(), organization_policies=False)
        gp.ProjectFoundation("projects", args)

    roles = {(one["project"], one["grant"]) for one in asked(program)[0]}
    assert ("acme-ml-dev", "roles/serviceusage.serviceUsageAdmin") in roles
    assert ("acme-ml-dev", EVERYWHERE) not in roles


def test_where_another_account_does_the_work_it_may_be_impersonated() -> None:
    robot = "robot@acme-keys.iam.gserviceaccount.com"
    keys = gp.Project(id="acme-keys", number="210987654321", impersonate=robot)
    env = environment(projects=gp.Projects(workload=HOME, network=HOME, keys=keys, logs=HOME, build=HOME))
    found, _ = asked(lambda: gp.KeyRing("main", gp.KeyRingArgs(env=env)), env)
    assert [(one["grant"], one["on"]) for one in found if one["project"] == "acme-keys"] == [
        ("roles/iam.serviceAccountTokenCreator", robot)
    ]


def test_every_type_that_constructs_make_has_a_row_and_no_role_is_basic() -> None:
    table = tables.load("apply_roles")
    kinds = [kind for kind in tables.load("lifecycle")["types"] if not _of_the_organisation(kind)]
    missing = [kind for kind in kinds if not any(kind.startswith(begin) for begin in table["types"])]
    # Nothing here makes them yet; whoever does adds the row.
    assert [kind for kind in missing if kind.split(":")[1].split("/")[0] not in UNUSED] == []
    roles = {role for row in table["types"].values() for role in row["roles"]}
    assert not roles & {"roles/owner", "roles/editor", "roles/viewer"}


UNUSED: Final = {"clouddeploy", "cloudrunv2", "gkehub", "workflows"}


def _of_the_organisation(kind: str) -> bool:
    return kind.split(":")[1].split("/", maxsplit=1)[0] in {"organizations", "folder"}
