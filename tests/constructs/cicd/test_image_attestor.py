"""ImageAttestor: what it plans in each tier, who signs and who checks, where it is enforced, what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan

KEY = "gcp:kms/cryptoKey:CryptoKey"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
NOTE = "gcp:containeranalysis/note:Note"
NOTE_MEMBER = "gcp:containeranalysis/noteIamMember:NoteIamMember"
ATTESTOR = "gcp:binaryauthorization/attestor:Attestor"
ATTESTOR_MEMBER = "gcp:binaryauthorization/attestorIamMember:AttestorIamMember"
POLICY = "gcp:binaryauthorization/policy:Policy"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
RING = "projects/acme-ml-dev/locations/europe-west4/keyRings/main"
BUILDER = "serviceAccount:builder@acme-ml-dev.iam.gserviceaccount.com"
DEPLOYER = "serviceAccount:deployer@acme-ml-dev.iam.gserviceaccount.com"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]


def args(tier: gp.Tier = gp.Tier.REGULATED, **more: Any) -> gp.ImageAttestorArgs:
    return gp.ImageAttestorArgs(**{"env": environment(tier), "ring": RING, **more})


def planned(tier: gp.Tier = gp.Tier.REGULATED, **more: Any) -> Plan:
    return plan(lambda: gp.ImageAttestor("built", args(tier, **more)))


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_tier_signs_with_a_key_and_runs_only_what_is_signed(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {
        ATTESTOR: 1,
        ATTESTOR_MEMBER: 1,
        POLICY: 1,
        NOTE: 1,
        NOTE_MEMBER: 1,
        KEY: 1,
        PROJECT_MEMBER: 1,
        AGENT: 1,
    }
    key = found.one(KEY).inputs
    assert (key["purpose"], key["keyRing"]) == ("ASYMMETRIC_SIGN", RING)
    assert key["versionTemplate"] == {
        "algorithm": "EC_SIGN_P256_SHA256",
        "protectionLevel": tier.defaults.key_protection,
    }
    assert "rotationPeriod" not in key
    policy = found.one(POLICY)
    assert policy.inputs["defaultAdmissionRule"] == {
        "evaluationMode": "REQUIRE_ATTESTATION",
        "enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG",
        "requireAttestationsBies": ["projects/acme-ml-dev/attestors/gp-built"],
    }
    assert "admissionWhitelistPatterns" not in policy.inputs
    assert policy.inputs["globalPolicyEvaluationMode"] == "ENABLE"
    assert any(urn.endswith(found.one(ATTESTOR_MEMBER).name) for urn in policy.options["dependencies"])
    assert bool(found.one(NOTE).options["protect"]) is tier.defaults.deletion_protection


def test_the_attestor_knows_the_public_key_of_the_signing_key_only() -> None:
    note = planned().one(ATTESTOR).inputs["attestationAuthorityNote"]
    (public_key,) = note["publicKeys"]
    assert set(public_key) == {"id", "pkixPublicKey"}
    assert public_key["pkixPublicKey"]["signatureAlgorithm"] == "ECDSA_P256_SHA256"


def test_a_ring_of_the_same_program_gets_the_key() -> None:
    def program() -> None:
        env = environment()
        keys = gp.KeyRing("main", gp.KeyRingArgs(env=env))
        gp.ImageAttestor("built", args(env=env, ring=keys.ring_id))

    assert plan(program).one(KEY, "built-signing-key").inputs["purpose"] == "ASYMMETRIC_SIGN"


def test_enforced_elsewhere_nowhere_or_in_the_log_only() -> None:
    other = gp.Project(id="acme-serving", number="210987654321")
    found = planned(enforced_in=(other,), audit_only=True)
    policy = found.one(POLICY).inputs
    assert policy["project"] == "acme-serving"
    assert policy["defaultAdmissionRule"]["enforcementMode"] == "DRYRUN_AUDIT_LOG_ONLY"
    assert planned(enforced_in=()).inventory() == {ATTESTOR: 1, NOTE: 1, KEY: 1}


def test_a_builder_signs_and_a_deployer_checks() -> None:
    def program() -> None:
        made = gp.ImageAttestor("built", args(enforced_in=()))
        scopes = [granted.scope for granted in made.grant_attest(BUILDER)]
        assert scopes == ["resource", "resource", "resource", "project"]
        made.grant_verify(DEPLOYER)

    found = plan(program)
    kinds = (KEY_GRANT, NOTE_MEMBER, ATTESTOR_MEMBER, PROJECT_MEMBER)
    roles = {(m.inputs["role"], m.inputs["member"]) for kind in kinds for m in found.of(kind)}
    assert roles == {
        ("roles/cloudkms.signerVerifier", BUILDER),
        ("roles/containeranalysis.notes.attacher", BUILDER),
        ("roles/binaryauthorization.attestorsViewer", BUILDER),
        ("roles/containeranalysis.occurrences.editor", BUILDER),
        ("roles/binaryauthorization.attestorsVerifier", DEPLOYER),
        ("roles/containeranalysis.notes.occurrences.viewer", DEPLOYER),
    }


@pytest.mark.parametrize("first", ["grant_attest", "grant_verify"])
def test_nobody_both_signs_and_checks(first: str) -> None:
    def program() -> None:
        made = gp.ImageAttestor("built", args())
        getattr(made, first)(BUILDER)
        getattr(made, {"grant_attest": "grant_verify", "grant_verify": "grant_attest"}[first])(BUILDER)

    with pytest.raises(gp.ArgumentError, match="would both sign images and check signatures"):
        plan(program)


def test_an_attestor_of_others_turns_grants_into_requests() -> None:
    theirs = gp.Project(id="acme-trust", managed=False)

    def program() -> None:
        attestor = gp.ImageAttestor.from_existing(
            "projects/acme-trust/attestors/built",
            note="built",
            key_version=f"{RING}/cryptoKeys/sign/cryptoKeyVersions/1",
            project=theirs,
            key_project=gp.Project(id="acme-ml-dev", number="123456789012"),
        )
        attestor.grant_attest(BUILDER)
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {KEY_GRANT: 1}
    assert found.one(KEY_GRANT).inputs["cryptoKeyId"] == f"{RING}/cryptoKeys/sign"
    commands = {request["grant"]: request["command"] for request in found.outputs["requests"]}
    assert set(commands) == {
        "roles/containeranalysis.notes.attacher",
        "roles/binaryauthorization.attestorsViewer",
        "roles/containeranalysis.occurrences.editor",
    }
    assert commands["roles/containeranalysis.notes.attacher"].startswith("gcloud projects add-iam-policy-binding")


def test_overrides_and_generations() -> None:
    overrides = {"attestor": {"description": "Ours"}}
    found = planned(env=environment(generation=2), overrides=overrides)
    assert found.one(ATTESTOR).inputs["description"] == "Ours"
    assert found.one(ATTESTOR).inputs["name"] == "gp-built-g2"
    assert found.one(KEY).inputs["name"] == "gp-built-signing-g2"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"ring": "main"}, "pass the key ring's ring_id"),
        ({"purpose": ""}, "cannot be the attestor's description"),
        ({"enforced_in": ("acme",)}, "a Project"),
        ({"enforced_in": (gp.Project(id="acme-serving"), gp.Project(id="acme-serving"))}, "names a project twice"),
        ({"audit_only": "yes"}, "true or false"),
    ],
)
def test_bad_arguments_are_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:", message):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("attestor", "note", "version"),
    [
        ("built", "built", f"{RING}/cryptoKeys/a/cryptoKeyVersions/1"),
        ("projects/acme-trust/attestors/built", "projects/a/notes/b", f"{RING}/cryptoKeys/a/cryptoKeyVersions/1"),
        ("projects/acme-trust/attestors/built", "built", f"{RING}/cryptoKeys/a"),
    ],
)
def test_from_existing_wants_full_names(attestor: str, note: str, version: str) -> None:
    home = gp.Project(id="acme-trust")
    with pytest.raises(gp.ArgumentError):
        gp.ImageAttestor.from_existing(attestor, note=note, key_version=version, project=home, key_project=home)
