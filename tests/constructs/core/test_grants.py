"""Grants: made once, asked for where they are not ours to make, and never one in place of another."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references import ExistingAccount, ExistingBucket, ExistingKey, ExistingNetwork
from tests.constructs.plan import Plan, environment, plan

OURS = gp.Project(id="acme-ml-dev", number="123456789012")
THEIRS = gp.Project(id="acme-shared", number="210987654321", managed=False)
BUCKET_GRANT = "gcp:storage/bucketIAMMember:BucketIAMMember"
ALICE = "user:alice@acme.test"


def bucket(project: gp.Project = OURS, *, name: Any = "acme-data", label: str = "data") -> gp.BucketRef:
    return ExistingBucket(
        label=label, project=project, bucket_name=name, location="europe-west4", data_class=gp.DataClass.INTERNAL
    )


def account(email: Any = "trainer@acme-ml-dev.iam.gserviceaccount.com", label: str = "trainer") -> gp.AccountRef:
    return ExistingAccount(email=email, project=OURS, label=label)


def run(*steps: Any) -> Plan:
    """Take each step in one program, and export what it could not grant."""

    def program() -> None:
        for step in steps:
            step()
        pulumi.export("requests", gp.requests())

    return plan(program)


@pytest.mark.parametrize(
    ("method", "role"),
    [
        ("grant_read", "roles/storage.objectViewer"),
        ("grant_write", "roles/storage.objectCreator"),
        ("grant_read_write", "roles/storage.objectUser"),
    ],
)
def test_a_grant_is_the_least_role_on_one_thing(method: str, role: str) -> None:
    granted = run(lambda: getattr(bucket(), method)(ALICE)).one(BUCKET_GRANT)
    assert granted.inputs == {"bucket": "acme-data", "role": role, "member": ALICE}
    assert "gcp-acme-ml-dev" in granted.options["provider"]


def test_asked_twice_it_is_made_once() -> None:
    def program() -> None:
        shared = bucket()
        assert shared.grant_read(ALICE) is shared.grant_read(ALICE)
        assert bucket().grant_read(ALICE) is shared.grant_read(ALICE)

    assert run(program).inventory() == {BUCKET_GRANT: 1}


def test_another_role_or_another_identity_is_another_grant() -> None:
    planned = run(
        lambda: bucket().grant_read(ALICE),
        lambda: bucket().grant_write(ALICE),
        lambda: bucket().grant_read("user:bob@acme.test"),
        lambda: bucket().grant_read(account()),
    )
    assert planned.inventory() == {BUCKET_GRANT: 4}
    assert len({r.name for r in planned.of(BUCKET_GRANT)}) == 4


def test_two_programs_share_no_grants() -> None:
    assert run(lambda: bucket().grant_read(ALICE)).inventory() == {BUCKET_GRANT: 1}
    assert run(lambda: bucket().grant_read(ALICE)).inventory() == {BUCKET_GRANT: 1}


def test_two_things_of_one_short_name_are_told_apart() -> None:
    with pytest.raises(gp.ArgumentError, match="names two things, or two identities, alike"):
        run(lambda: bucket().grant_read(ALICE), lambda: bucket(name="acme-other").grant_read(ALICE))
    planned = run(
        lambda: bucket().grant_read(ALICE), lambda: bucket(name="acme-other", label="other").grant_read(ALICE)
    )
    assert planned.inventory() == {BUCKET_GRANT: 2}


def test_two_identities_of_one_short_name_are_told_apart() -> None:
    other = account("etl-jobs@acme-ml-dev.iam.gserviceaccount.com")
    with pytest.raises(gp.ArgumentError, match="names two things, or two identities, alike"):
        run(lambda: bucket().grant_read(account()), lambda: bucket().grant_read(other))


def test_what_is_known_later_is_the_same_when_it_is_the_same_object() -> None:
    def program() -> None:
        late = bucket(name=pulumi.Output.from_input("acme-data"))
        assert late.grant_read(ALICE) is late.grant_read(ALICE)
        with pytest.raises(gp.ArgumentError, match="alike"):
            bucket(name=pulumi.Output.from_input("acme-data")).grant_read(ALICE)

    assert run(program).inventory() == {BUCKET_GRANT: 1}


def test_an_address_known_later_is_the_same_by_its_short_name() -> None:
    def program() -> None:
        late = account(pulumi.Output.from_input("trainer@acme-ml-dev.iam.gserviceaccount.com"))
        assert bucket().grant_read(late) is bucket().grant_read(late)

    assert run(program).one(BUCKET_GRANT).inputs["member"] == (
        "serviceAccount:trainer@acme-ml-dev.iam.gserviceaccount.com"
    )


def test_where_we_may_not_grant_it_is_asked_for_once() -> None:
    def program() -> None:
        grant = bucket(THEIRS).grant_read(ALICE)
        assert (grant.binding, grant.resources, grant.scope) == (None, (), "resource")
        assert bucket(THEIRS).grant_read(ALICE) is grant

    planned = run(program)
    assert planned.inventory() == {}
    assert planned.outputs["requests"] == [
        {
            "grant": "roles/storage.objectViewer",
            "member": ALICE,
            "on": "gs://acme-data",
            "project": "acme-shared",
            "command": "gcloud storage buckets add-iam-policy-binding gs://acme-data"
            f" --member={ALICE} --role=roles/storage.objectViewer",
        }
    ]


def test_a_command_that_people_paste_runs_nothing_else() -> None:
    planned = run(lambda: bucket(THEIRS, name="x; reboot").grant_read(ALICE))
    assert "'gs://x; reboot'" in planned.outputs["requests"][0]["command"]


def test_a_subnetwork_of_a_shared_network_is_requested() -> None:
    network = ExistingNetwork(
        label="shared",
        project=THEIRS,
        region="europe-west4",
        network_id="projects/acme-shared/global/networks/shared",
        subnetwork_id="projects/acme-shared/regions/europe-west4/subnetworks/ml",
        subnetwork_name="ml",
    )
    planned = run(lambda: network.grant_use(account()))
    assert planned.outputs["requests"][0]["command"] == (
        "gcloud compute networks subnets add-iam-policy-binding --project=acme-shared --region=europe-west4 ml"
        " --member=serviceAccount:trainer@acme-ml-dev.iam.gserviceaccount.com --role=roles/compute.networkUser"
    )


def test_others_can_depend_on_a_grant_and_a_grant_on_its_identity() -> None:
    def program() -> None:
        made = pulumi.ComponentResource("test:index:Made", "made")
        key = ExistingKey(key_id="projects/p/locations/l/keyRings/r/cryptoKeys/k", project=OURS, label="k")
        grant = key.grant_use(Identity(label="made", member="user:made@acme.test", resources=(made,)))
        assert grant.resources == (grant.binding,)

    # A component is depended on through its children; here it has none, and the grant is there all the same.
    assert run(program).inventory() == {"gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": 1}


def test_a_run_must_be_going_on() -> None:
    from groundplan.core import scope

    def program() -> None:
        pulumi.runtime.stack.set_root_resource(None)  # type: ignore[attr-defined,arg-type] # as before a program starts
        with pytest.raises(RuntimeError, match="while a Pulumi program runs"):
            scope.once("key", list)

    plan_without_root(program)


def plan_without_root(program: Any) -> None:
    import contextvars

    contextvars.copy_context().run(program)


@pytest.mark.parametrize(
    ("principal", "label"),
    [
        (ALICE, "alice-acme-test-"),
        ("group:ml+eu@acme.test", "ml-eu-acme-test-"),
        ("domain:acme.test", "acme-test-"),
        ("principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/job/a/", "a-"),
    ],
)
def test_a_string_has_a_readable_short_name(principal: str, label: str) -> None:
    identity = identity_of(principal, "here")
    assert identity.label.startswith(label)
    assert identity.member == principal
    assert identity.resources == ()


def test_two_strings_have_two_short_names() -> None:
    assert identity_of("user:a.b@acme.test", "here").label != identity_of("user:a-b@acme.test", "here").label


def test_an_identity_and_an_account_are_principals() -> None:
    identity = Identity(label="x", member=ALICE)
    assert identity_of(identity, "here") is identity
    assert identity_of(account(), "here").label == "trainer"


@pytest.mark.parametrize("principal", ["allUsers", "allAuthenticatedUsers", "alice@acme.test", 7, None])
def test_the_public_and_nonsense_are_refused(principal: object) -> None:
    with pytest.raises(gp.ArgumentError, match=r"principal: is no IAM principal that can be given access(?s:.*)do: "):
        run(lambda: bucket().grant_read(principal))


@pytest.mark.parametrize("who", ["user:eve@elsewhere.test", "group:all@elsewhere.test", "domain:elsewhere.test"])
def test_people_of_other_domains_are_refused_where_the_environment_names_its_own(who: str) -> None:
    def program(domains: tuple[str, ...]) -> None:
        ring = gp.KeyRing("main", gp.KeyRingArgs(env=environment(domains=domains)))
        ring.key_for(gp.DataClass.PUBLIC).grant_use(who)

    plan(lambda: program(()))
    with pytest.raises(gp.ArgumentError, match="is of a domain that is not given access here") as caught:
        plan(lambda: program(("acme.test",)))
    assert "people and groups of acme.test" in str(caught.value)


def test_people_of_the_environments_domains_are_accepted() -> None:
    def program() -> None:
        ring = gp.KeyRing("main", gp.KeyRingArgs(env=environment(domains=("acme.test", "acme.example"))))
        ring.key_for(gp.DataClass.PUBLIC).grant_use("group:ml@acme.example")

    assert len(plan(program).of("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")) == 1
