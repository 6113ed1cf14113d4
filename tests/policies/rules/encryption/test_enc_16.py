"""ENC-16: keys decrypt for workloads only, one key at a time."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.encryption.enc_16 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict
from tests.policies.rules.identity.written import (
    AGENT,
    ANN,
    DEFAULT,
    FORMS,
    LEVELS,
    MEMBER_PATHS,
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

CRYPT = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
WIDER = ("kms.KeyRingIAM", *LEVELS)

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        *(written("kms.CryptoKeyIAM", form, TRAINER, CRYPT) for form in FORMS),
        *(written(on, form, TEAM, "roles/cloudkms.admin") for on in WIDER for form in FORMS),
    ],
)


@pytest.mark.parametrize(("on", "form"), forms("kms.CryptoKeyIAM"))
@pytest.mark.parametrize(
    ("member", "shown"),
    [
        (ANN, "user"),
        (TEAM, "group"),
        ("domain:acme.test", "domain"),
        (WORKFORCE, "principal"),
        (REPOSITORY, "principalSet"),
        ("allUsers", "allUsers"),
        (DEFAULT, ""),
        (f"user:{UNKNOWN}", "user"),
    ],
)
def test_whoever_is_no_named_workload_fails(on: str, form: str, member: str, shown: str) -> None:
    assert places(CONTROL, written(on, form, member, CRYPT)) == (Verdict.FAIL, [(MEMBER_PATHS[form], shown)])


@pytest.mark.parametrize("member", [TRAINER, AGENT, SUBJECT, f"serviceAccount:{UNKNOWN}"])
def test_named_workloads_pass(member: str) -> None:
    assert verdict(CONTROL, written("kms.CryptoKeyIAM", "Member", member, CRYPT)) is Verdict.PASS


DECRYPT = (
    CRYPT,
    "roles/cloudkms.cryptoKeyDecrypter",
    "roles/cloudkms.cryptoKeyDecrypterViaDelegation",
    "roles/cloudkms.cryptoKeyEncrypterDecrypterViaDelegation",
    "roles/cloudkms.cryptoOperator",
    "roles/cloudkms.expertRawAesCbc",
)


@pytest.mark.parametrize("role", DECRYPT)
def test_every_role_that_decrypts_counts(role: str) -> None:
    assert verdict(CONTROL, written("kms.CryptoKeyIAM", "Member", ANN, role)) is Verdict.FAIL


@pytest.mark.parametrize("role", ["roles/cloudkms.cryptoKeyEncrypter", "roles/cloudkms.admin", "roles/cloudkms.viewer"])
def test_other_roles_are_not_judged(role: str) -> None:
    assert verdict(CONTROL, written("kms.CryptoKeyIAM", "Member", ANN, role)) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, written("kms.KeyRingIAM", "Member", ANN, role)) is Verdict.PASS


@pytest.mark.parametrize(("on", "form"), forms(*WIDER))
@pytest.mark.parametrize("member", [TRAINER, AGENT, ANN, UNKNOWN])
def test_more_than_one_key_fails_whoever_it_is(on: str, form: str, member: str) -> None:
    assert places(CONTROL, written(on, form, member, CRYPT)) == (Verdict.FAIL, [(ROLE_PATHS[form], CRYPT)])


def test_an_unknown_member_is_judged_by_its_source() -> None:
    agent = R("projects.ServiceIdentity", {"service": "x"}, "agent")
    inputs = {"cryptoKeyId": "k", "member": UNKNOWN, "role": CRYPT}
    assert verdict(CONTROL, R("kms.CryptoKeyIAMMember", inputs, origins={"member": agent.urn}), agent) is Verdict.PASS
    assert verdict(CONTROL, R("kms.CryptoKeyIAMMember", inputs), agent) is Verdict.INDETERMINATE


@pytest.mark.parametrize("role", ["roles/owner", "roles/editor"])
def test_basic_roles_on_a_key_or_its_ring_decrypt(role: str) -> None:
    assert verdict(CONTROL, written("kms.CryptoKeyIAM", "Member", ANN, role)) is Verdict.FAIL
    assert verdict(CONTROL, written("kms.KeyRingIAM", "Member", TRAINER, role)) is Verdict.FAIL
    assert verdict(CONTROL, written("projects.IAM", "Member", ANN, role)) is Verdict.PASS


USE = "cloudkms.cryptoKeyVersions.useToDecrypt"
OWN = "projects/acme-ml/roles/own"


@pytest.mark.parametrize(
    ("permissions", "options", "bad"),
    [
        (["a.b.get", USE], {}, Verdict.FAIL),
        ([f"{USE}ViaDelegation"], {}, Verdict.FAIL),
        (["cloudkms.cryptoKeyVersions.useToEncrypt"], {}, None),
        (["cloudkms.cryptoKeys.get"], {"ignoreChanges": ["permissions"]}, Verdict.INDETERMINATE),
        ([UNKNOWN], {}, Verdict.INDETERMINATE),
        (UNKNOWN, {}, Verdict.INDETERMINATE),
    ],
)
def test_custom_roles_are_looked_into(permissions: object, options: dict[str, object], bad: Verdict | None) -> None:
    inputs = {"project": "acme-ml", "roleId": "own", "permissions": permissions}
    role = R("projects.IAMCustomRole", inputs, "own", record=options)
    for on in ("kms.KeyRingIAM", "projects.IAM"):
        assert verdict(CONTROL, written(on, "Member", TRAINER, OWN), role) is (bad or Verdict.PASS)
    found = verdict(CONTROL, written("kms.CryptoKeyIAM", "Member", ANN, OWN), role)
    assert found is (bad or Verdict.NOT_APPLICABLE)


def test_a_custom_role_of_elsewhere_cannot_be_told() -> None:
    assert verdict(CONTROL, written("kms.CryptoKeyIAM", "Member", ANN, OWN)) is Verdict.INDETERMINATE
    assert verdict(CONTROL, written("kms.CryptoKeyIAM", "Member", DEFAULT, OWN)) is Verdict.INDETERMINATE
    assert verdict(CONTROL, written("kms.CryptoKeyIAM", "Member", TRAINER, OWN)) is Verdict.PASS
    assert verdict(CONTROL, written("projects.IAM", "Member", TRAINER, OWN)) is Verdict.INDETERMINATE
