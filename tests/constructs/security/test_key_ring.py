"""KeyRing: what it plans in each tier, who may use keys, what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import UNKNOWN, Plan, environment, plan

RING = "gcp:kms/keyRing:KeyRing"
KEY = "gcp:kms/cryptoKey:CryptoKey"
RING_GRANT = "gcp:kms/keyRingIAMMember:KeyRingIAMMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
CENTRAL = "projects/acme-keys/locations/europe-west4/keyRings/central/cryptoKeys/personal"
USER = "serviceAccount:trainer@acme-ml-dev.iam.gserviceaccount.com"


def ring(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: gp.KeyRing("main", gp.KeyRingArgs(env=environment(tier), **more)))


@pytest.mark.parametrize(
    ("tier", "keys"), [(gp.Tier.LEARNER, 1), (gp.Tier.TEAM, 1), (gp.Tier.REGULATED, len(gp.DataClass))]
)
def test_a_tier_shares_one_key_or_has_one_a_class(tier: gp.Tier, keys: int) -> None:
    assert ring(tier).inventory() == {KEY: keys, RING: 1}


@pytest.mark.parametrize(
    ("tier", "days", "protection"),
    [(gp.Tier.LEARNER, 365, "SOFTWARE"), (gp.Tier.TEAM, 365, "SOFTWARE"), (gp.Tier.REGULATED, 90, "HSM")],
)
def test_keys_rotate_and_live_where_the_tier_says(tier: gp.Tier, days: int, protection: str) -> None:
    key = ring(tier, data_classes=(gp.DataClass.PERSONAL,)).one(KEY).inputs
    assert key["rotationPeriod"] == f"{days * 86_400}s"
    assert key["versionTemplate"]["protectionLevel"] == protection
    assert key["destroyScheduledDuration"] == f"{30 * 86_400}s"
    assert key["purpose"] == "ENCRYPT_DECRYPT"


@pytest.mark.parametrize(("tier", "guarded"), [(gp.Tier.LEARNER, False), (gp.Tier.TEAM, True)])
def test_keys_refuse_deletion_as_the_tier_says(tier: gp.Tier, guarded: bool) -> None:
    key = ring(tier).one(KEY)
    assert key.options["protect"] is guarded
    assert ("deletionPolicy" in key.inputs) is guarded


def test_the_protection_can_be_taken_off() -> None:
    assert ring(deletion_protection=False).one(KEY).options["protect"] is False


def test_a_class_key_says_which_class_it_is_for() -> None:
    key = ring(gp.Tier.REGULATED).one(KEY, "main-key-health")
    assert key.inputs["labels"] == {"classification": "health", "managed-by": "groundplan", "tier": "regulated"}
    assert key.inputs["name"] == "gp-main-health"
    assert "classification" not in ring().one(KEY).inputs["labels"]


def test_rotation_and_location_can_be_chosen() -> None:
    planned = ring(rotation_days=30, location="europe")
    assert planned.one(KEY).inputs["rotationPeriod"] == f"{30 * 86_400}s"
    assert planned.one(RING).inputs["location"] == "europe"


def test_keys_are_in_the_projects_key_project() -> None:
    workload = gp.Project(id="acme-ml-dev", number="123456789012")
    keys = gp.Project(id="acme-keys", number="210987654321")
    projects = gp.Projects(workload=workload, network=workload, keys=keys, logs=workload, build=workload)
    planned = plan(lambda: gp.KeyRing("main", gp.KeyRingArgs(env=environment(projects=projects))))
    assert planned.one(RING).inputs["project"] == "acme-keys"
    assert "gcp-acme-keys" in planned.one(KEY).options["provider"]


def test_a_ring_that_is_there_gets_the_keys() -> None:
    there = "projects/acme-ml-dev/locations/europe-west4/keyRings/gp-main"
    planned = plan(
        lambda: gp.KeyRing(
            "main", gp.KeyRingArgs(env=environment(generation=2), ring=there, admins=("group:keys@acme.test",))
        )
    )
    assert planned.inventory() == {KEY: 1, RING_GRANT: 1}
    assert planned.one(KEY).inputs["keyRing"] == there
    assert planned.one(KEY).inputs["name"] == "gp-main-data-g2"
    assert planned.one(RING_GRANT).inputs["keyRingId"] == there


def test_an_admin_manages_the_ring_and_a_user_uses_one_key() -> None:
    def program() -> None:
        keys = gp.KeyRing("main", gp.KeyRingArgs(env=environment(gp.Tier.REGULATED), admins=("group:keys@acme.test",)))
        first = keys.key_for(gp.DataClass.PERSONAL).grant_use(USER)
        assert first is keys.key_for(gp.DataClass.PERSONAL).grant_use(USER)
        assert (first.scope, first.role) == ("resource", "roles/cloudkms.cryptoKeyEncrypterDecrypter")
        assert len(first.resources) == 1

    planned = plan(program)
    admin, user = planned.one(RING_GRANT), planned.one(KEY_GRANT)
    assert (admin.inputs["role"], admin.inputs["member"]) == ("roles/cloudkms.admin", "group:keys@acme.test")
    assert (user.inputs["role"], user.inputs["member"]) == ("roles/cloudkms.cryptoKeyEncrypterDecrypter", USER)
    assert user.name.startswith("main-personal-")
    assert any(urn.endswith("main-key-personal") for urn in user.options["dependencies"])


def test_the_agent_of_a_service_can_be_given_use_before_the_service_needs_it() -> None:
    def program() -> None:
        keys = gp.KeyRing("main", gp.KeyRingArgs(env=environment()))
        keys.key_for(gp.DataClass.INTERNAL).grant_agent(keys.env.projects.workload, "aiplatform.googleapis.com")

    planned = plan(program)
    assert len(planned.of("gcp:projects/serviceIdentity:ServiceIdentity")) == 1
    assert len(planned.of(KEY_GRANT)) == 1


def identity() -> gp.AccountRef:
    return gp.ServiceIdentity.from_existing(
        USER.removeprefix("serviceAccount:"), project=gp.Project(id="acme-ml-dev", number="123456789012")
    )


@pytest.mark.parametrize("same", [USER, identity()], ids=["by address", "by reference"])
@pytest.mark.parametrize("user_first", [True, False])
def test_nobody_both_administers_and_uses_keys(same: object, user_first: bool) -> None:
    def program() -> None:
        keys = gp.KeyRing("main", gp.KeyRingArgs(env=environment()))
        steps = [keys.key_for(gp.DataClass.PERSONAL).grant_use, keys.grant_administer]
        first, second = steps if user_first else reversed(steps)
        first(USER)
        second(same)

    with pytest.raises(gp.ArgumentError, match="would both administer and use keys"):
        plan(program)


def test_who_is_made_by_the_program_is_held_apart_too() -> None:
    def program() -> None:
        env = environment()
        keys = gp.KeyRing("main", gp.KeyRingArgs(env=env))
        trainer = gp.ServiceIdentity("trainer", gp.ServiceIdentityArgs(env=env, purpose="trains"))
        keys.grant_administer(trainer)
        keys.key_for(gp.DataClass.PERSONAL).grant_use(trainer)

    with pytest.raises(gp.ArgumentError, match="would both administer and use keys"):
        plan(program)


def central(managed: bool, ids: Mapping[gp.DataClass, str] | None = None) -> gp.KeyRingRef:
    project = gp.Project(id="acme-keys", number="210987654321", managed=managed)
    return gp.KeyRing.from_existing(ids or {gp.DataClass.PERSONAL: CENTRAL}, project=project)


def test_keys_of_a_managed_central_project_are_granted() -> None:
    planned = plan(lambda: central(managed=True).key_for(gp.DataClass.PERSONAL).grant_use(USER))
    assert planned.one(KEY_GRANT).inputs["cryptoKeyId"] == CENTRAL
    assert "gcp-acme-keys" in planned.one(KEY_GRANT).options["provider"]


def test_keys_of_somebody_elses_project_are_requested() -> None:
    def program() -> None:
        grant = central(managed=False).key_for(gp.DataClass.PERSONAL).grant_use(USER)
        assert grant.binding is None
        assert grant.resources == ()
        central(managed=False).key_for(gp.DataClass.PERSONAL).grant_use(USER)
        pulumi.export("requests", gp.requests())

    planned = plan(program)
    assert planned.inventory() == {}
    assert planned.outputs["requests"] == [
        {
            "grant": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
            "member": USER,
            "on": CENTRAL,
            "project": "acme-keys",
            "command": f"gcloud kms keys add-iam-policy-binding {CENTRAL} --member={USER}"
            " --role=roles/cloudkms.cryptoKeyEncrypterDecrypter",
        }
    ]


def test_keys_of_one_name_in_two_rings_are_two_keys() -> None:
    def program() -> None:
        other = CENTRAL.replace("central", "other")
        keys = central(managed=True, ids={gp.DataClass.PERSONAL: CENTRAL, gp.DataClass.HEALTH: other})
        keys.key_for(gp.DataClass.PERSONAL).grant_use(USER)
        keys.key_for(gp.DataClass.HEALTH).grant_use(USER)

    assert {g.inputs["cryptoKeyId"].split("/")[5] for g in plan(program).of(KEY_GRANT)} == {"central", "other"}


def test_a_class_without_a_key_is_refused_by_name() -> None:
    with pytest.raises(gp.Error, match=r"no key for data class named 'health'(?s:.*)allowed: personal(?s:.*)do: "):
        plan(lambda: central(managed=True).key_for(gp.DataClass.HEALTH))
    with pytest.raises(gp.Error, match="no key for data class named 'health'"):
        plan(
            lambda: gp.KeyRing(
                "main", gp.KeyRingArgs(env=environment(), data_classes=(gp.DataClass.PERSONAL,))
            ).key_for(gp.DataClass.HEALTH)
        )


def test_an_override_is_merged_last_and_written_down() -> None:
    planned = ring(overrides={"key-data": {"versionTemplate": {"protectionLevel": "EXTERNAL"}}})
    template = planned.one(KEY).inputs["versionTemplate"]
    assert template == {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "EXTERNAL"}
    assert planned.one("groundplan:security:KeyRing").inputs["overrides"] == {"key-data": ["versionTemplate"]}


def test_what_another_stack_reads_is_the_same_keys() -> None:
    def program() -> None:
        keys = gp.KeyRing("main", gp.KeyRingArgs(env=environment(gp.Tier.REGULATED)))
        pulumi.export("keys", keys.exported())
        assert keys.key_for(gp.DataClass.HEALTH).label == "main-health"

    keys = plan(program).outputs["keys"]
    assert set(keys) == {c.value for c in gp.DataClass}
    assert keys["health"]["key_id"] == UNKNOWN


def test_the_same_names_give_the_same_plan_and_long_ones_fit() -> None:
    name = "the-keys-of-a-department-with-a-very-long-name-that-nobody-can-remember"

    def program() -> object:
        return gp.KeyRing(name, gp.KeyRingArgs(env=environment(gp.Tier.REGULATED)))

    first, second = plan(program), plan(program)
    assert [(r.name, r.inputs) for r in first.resources] == [(r.name, r.inputs) for r in second.resources]
    names = [key.inputs["name"] for key in first.of(KEY)]
    assert len(set(names)) == len(gp.DataClass)
    assert all(len(n) <= 63 for n in [*names, first.one(RING).inputs["name"]])


@pytest.mark.parametrize(
    ("wrong", "field", "fault"),
    [
        ({"data_classes": ()}, "data_classes", "names no class"),
        ({"data_classes": ("personal",)}, "data_classes[0]", "is of the wrong type"),
        ({"data_classes": (gp.DataClass.HEALTH, gp.DataClass.HEALTH)}, "data_classes", "names a class twice"),
        ({"rotation_days": 0}, "rotation_days", "is out of range"),
        ({"rotation_days": 4000}, "rotation_days", "is out of range"),
        ({"location": "Europe West"}, "location", "does not have the right form"),
        ({"admins": ("allUsers",)}, "admins[0]", "is no IAM principal"),
        ({"admins": ("alice@acme.test",)}, "admins[0]", "is no IAM principal"),
        ({"admins": ("user:a@acme.test", "user:a@acme.test")}, "admins", "names a principal twice"),
        ({"ring": "gp-main"}, "ring", "does not have the right form"),
        ({"ring": "projects/other/locations/europe-west4/keyRings/x"}, "ring", "does not have the right form"),
        ({"ring": "projects/acme-ml-dev/locations/us/keyRings/x"}, "ring", "does not have the right form"),
        ({"labels": {"Team": "ml"}}, "labels['Team']", "does not have the right form"),
        ({"overrides": {"key-dta": {}}}, "overrides", "is not one of the allowed values"),
    ],
)
def test_bad_input_is_refused_with_its_four_parts(wrong: dict[str, Any], field: str, fault: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        ring(**wrong)
    problem = caught.value.problems[0]
    assert problem.field == field
    assert problem.fault.startswith(fault)
    assert all(part in str(caught.value) for part in ('KeyRing "main"', "given:", "allowed:", "do:"))


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(gp.ArgumentError, match="3 arguments cannot be used"):
        ring(data_classes=(), rotation_days=0, admins=("allUsers",))


def test_existing_keys_are_named_in_full_and_without_a_version() -> None:
    with pytest.raises(gp.ArgumentError, match="without a version"):
        central(managed=True, ids={gp.DataClass.PERSONAL: f"{CENTRAL}/cryptoKeyVersions/1"})
