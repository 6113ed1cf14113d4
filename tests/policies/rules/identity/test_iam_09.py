"""IAM-09: who administers keys or accounts does not use them."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Verdict
from groundplan_policies.rules.identity.iam_09 import CONTROL
from tests.policies.rules.harness import R, outcome, outcomes, stated_verdicts, verdict
from tests.policies.rules.identity.written import (
    AGENT,
    ANN,
    FORMS,
    LEVELS,
    MEMBER_PATHS,
    TEAM,
    TRAINER,
    forms,
    places,
    written,
)

ACCOUNTS, ACT = "roles/iam.serviceAccountAdmin", "roles/iam.serviceAccountUser"
KEYS, CRYPT = "roles/cloudkms.admin", "roles/cloudkms.cryptoKeyEncrypterDecrypter"
KMS = ("kms.KeyRingIAM", "kms.CryptoKeyIAM")

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        *(written(on, form, TEAM, ACCOUNTS) for on in (*LEVELS, "serviceaccount.IAM") for form in FORMS),
        *(written(on, form, TEAM, KEYS) for on in KMS for form in FORMS),
    ],
    written("projects.IAM", "Member", ANN, ACT, "use"),
    written("kms.CryptoKeyIAM", "Member", TRAINER, CRYPT, "crypt"),
)


@pytest.mark.parametrize(("on", "form"), forms(*LEVELS, "serviceaccount.IAM"))
def test_making_and_using_accounts_fails(on: str, form: str) -> None:
    use = written("serviceaccount.IAM", "Binding", TEAM, ACT, "use")
    assert places(CONTROL, written(on, form, TEAM, ACCOUNTS), use) == (Verdict.FAIL, [(MEMBER_PATHS[form], "")])


@pytest.mark.parametrize(("on", "form"), forms(*LEVELS, *KMS))
@pytest.mark.parametrize(
    "role", [CRYPT, "roles/cloudkms.cryptoKeyEncrypter", "roles/cloudkms.cryptoKeyDecrypterViaDelegation"]
)
def test_administering_and_using_keys_fails(on: str, form: str, role: str) -> None:
    use = written("kms.CryptoKeyIAM", "Policy", TEAM, role, "use")
    assert places(CONTROL, written(on, form, TEAM, KEYS), use) == (Verdict.FAIL, [(MEMBER_PATHS[form], "")])


def test_the_grant_of_the_administration_is_at_fault() -> None:
    found = outcomes(
        CONTROL,
        written("kms.KeyRingIAM", "Member", TEAM, KEYS, "admin"),
        written("kms.KeyRingIAM", "Member", ANN, KEYS, "other"),
        written("kms.CryptoKeyIAM", "Member", TEAM, CRYPT, "use"),
    )
    assert {name: each.verdict for name, each in found.items()} == {"admin": Verdict.FAIL, "other": Verdict.PASS}


def test_duties_of_two_pairs_do_not_meet() -> None:
    assert verdict(
        CONTROL, written("kms.KeyRingIAM", "Member", TEAM, KEYS), written("projects.IAM", "Member", TEAM, ACT, "u")
    ) is (Verdict.PASS)
    assert outcome(CONTROL, written("kms.CryptoKeyIAM", "Member", TEAM, CRYPT)) is NOT_APPLICABLE
    viewer = written("kms.CryptoKeyIAM", "Member", TEAM, "roles/cloudkms.viewer", "u")
    assert verdict(CONTROL, written("kms.KeyRingIAM", "Member", TEAM, KEYS), viewer) is Verdict.PASS


def test_one_account_is_known_by_its_source_and_its_address() -> None:
    account = R("serviceaccount.Account", {"accountId": "trainer", "project": "acme-ml"}, "account")
    use = R("kms.CryptoKeyIAMMember", {"member": UNKNOWN, "role": CRYPT}, "use", {"member": account.urn})
    assert verdict(CONTROL, written("kms.KeyRingIAM", "Member", TRAINER, KEYS), account, use) is Verdict.FAIL


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (UNKNOWN, Verdict.INDETERMINATE),
        (f"group:{UNKNOWN}", Verdict.INDETERMINATE),
        (f"user:{UNKNOWN}", Verdict.PASS),
        (AGENT, Verdict.PASS),
    ],
)
def test_whoever_may_also_use_keys_is_not_passed(member: str, expected: Verdict) -> None:
    use = written("kms.CryptoKeyIAM", "Member", member, CRYPT, "use")
    assert verdict(CONTROL, written("kms.KeyRingIAM", "Member", TEAM, KEYS), use) is expected


@pytest.mark.parametrize(
    ("member", "expected"),
    [(f"group:{UNKNOWN}", Verdict.INDETERMINATE), (f"user:{UNKNOWN}", Verdict.PASS)],
)
def test_an_administrator_of_a_known_kind_may_be_any_of_it(member: str, expected: Verdict) -> None:
    use = written("kms.CryptoKeyIAM", "Member", TEAM, CRYPT, "use")
    assert verdict(CONTROL, written("kms.KeyRingIAM", "Member", member, KEYS), use) is expected
    assert verdict(CONTROL, written("kms.KeyRingIAM", "Member", member, KEYS)) is Verdict.PASS


def test_an_administrator_may_be_an_account_of_the_document() -> None:
    account = R("serviceaccount.Account", {"accountId": "trainer", "project": "acme-ml"}, "account")
    use = written("kms.CryptoKeyIAM", "Member", TRAINER, CRYPT, "use")
    admin = written("kms.KeyRingIAM", "Member", f"serviceAccount:{UNKNOWN}", KEYS)
    assert verdict(CONTROL, admin, account, use) is Verdict.INDETERMINATE


@pytest.mark.parametrize(("who", "expected"), [(TEAM, Verdict.INDETERMINATE), (ANN, Verdict.PASS)])
def test_an_unknown_role_may_be_the_other_duty(who: str, expected: Verdict) -> None:
    use = written("kms.CryptoKeyIAM", "Member", who, UNKNOWN, "use")
    assert verdict(CONTROL, written("kms.KeyRingIAM", "Member", TEAM, KEYS), use) is expected


def test_a_role_that_cannot_be_granted_there_is_not_asked_for() -> None:
    bucket = written("storage.BucketIAM", "Member", TEAM, UNKNOWN, "bucket")
    assert verdict(CONTROL, written("kms.KeyRingIAM", "Member", TEAM, KEYS), bucket) is Verdict.PASS
    assert outcome(CONTROL, bucket) is NOT_APPLICABLE


def test_a_part_of_a_stack_proves_nothing() -> None:
    assert verdict(CONTROL, written("kms.KeyRingIAM", "Member", TEAM, KEYS), complete=False) is Verdict.INDETERMINATE
