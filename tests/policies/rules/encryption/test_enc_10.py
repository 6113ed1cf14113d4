"""ENC-10: keys have the purpose, algorithm and protection that they should."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.encryption.enc_10 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts

PARAMETERS = Parameters(
    key_protection=("HSM", "EXTERNAL", "EXTERNAL_VPC"), signing_algorithms=("EC_SIGN_P256_SHA256", "HMAC_SHA256")
)
ALGORITHM, LEVEL = "versionTemplate.algorithm", "versionTemplate.protectionLevel"
GOOD = {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "HSM"}

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [R("kms.CryptoKey", {"purpose": "ENCRYPT_DECRYPT", "versionTemplate": GOOD})],
    parameters=PARAMETERS,
)


def of(purpose: object = "ENCRYPT_DECRYPT", parameters: Parameters = PARAMETERS, **template: Any) -> Outcome:
    template = {**GOOD, **template}
    return outcome(
        CONTROL, R("kms.CryptoKey", {"purpose": purpose, "versionTemplate": template}), parameters=parameters
    )


def places(found: Outcome) -> list[tuple[str, str]]:
    return [(each.path, each.shown) for each in found.reasons]


def test_a_key_as_it_should_be_passes() -> None:
    assert of().verdict is Verdict.PASS
    assert of(purpose=None).verdict is Verdict.PASS


def test_googles_defaults_count() -> None:
    plain = R("kms.CryptoKey", {})
    assert places(outcome(CONTROL, plain, parameters=PARAMETERS)) == [(LEVEL, "SOFTWARE")]
    assert outcome(CONTROL, plain, parameters=Parameters(key_protection=("SOFTWARE",))).verdict is Verdict.PASS
    assert outcome(CONTROL, plain).verdict is Verdict.INDETERMINATE


def test_protection_is_the_tiers_to_say() -> None:
    found = of(protectionLevel="SOFTWARE")
    assert (found.verdict, places(found)) == (Verdict.FAIL, [(LEVEL, "SOFTWARE")])
    assert of(protectionLevel="hsm").verdict is Verdict.FAIL
    assert of(parameters=Parameters()).verdict is Verdict.INDETERMINATE
    assert of(parameters=Parameters(key_protection=())).verdict is Verdict.FAIL


@pytest.mark.parametrize("level", ["EXTERNAL", "EXTERNAL_VPC"])
def test_external_keys_have_an_algorithm_of_their_own(level: str) -> None:
    assert of(protectionLevel=level, algorithm="EXTERNAL_SYMMETRIC_ENCRYPTION").verdict is Verdict.PASS
    assert of(protectionLevel=level, algorithm=None).verdict is Verdict.PASS
    found = of(protectionLevel=level)
    assert (found.verdict, places(found)) == (Verdict.FAIL, [(ALGORITHM, "GOOGLE_SYMMETRIC_ENCRYPTION")])
    assert of(algorithm="EXTERNAL_SYMMETRIC_ENCRYPTION").verdict is Verdict.FAIL


def test_other_algorithms_do_not_encrypt_data_at_rest() -> None:
    for algorithm in ("AES_256_GCM", "EC_SIGN_P256_SHA256", "google_symmetric_encryption"):
        found = of(algorithm=algorithm)
        assert (found.verdict, places(found)) == (Verdict.FAIL, [(ALGORITHM, algorithm)])


@pytest.mark.parametrize(("purpose", "algorithm"), [("ASYMMETRIC_SIGN", "EC_SIGN_P256_SHA256"), ("MAC", "HMAC_SHA256")])
def test_keys_sign_with_what_the_settings_allow(purpose: str, algorithm: str) -> None:
    assert of(purpose, algorithm=algorithm).verdict is Verdict.PASS
    found = of(purpose, algorithm="RSA_SIGN_RAW_PKCS1_2048")
    assert (found.verdict, places(found)) == (Verdict.FAIL, [(ALGORITHM, "RSA_SIGN_RAW_PKCS1_2048")])
    assert of(purpose).verdict is Verdict.FAIL
    none = of(purpose, algorithm=None)
    assert (none.verdict, places(none)) == (Verdict.FAIL, [(ALGORITHM, "")])
    unsaid = Parameters(key_protection=("HSM",))
    assert of(purpose, unsaid, algorithm=algorithm).verdict is Verdict.INDETERMINATE
    assert of(purpose, algorithm=algorithm, protectionLevel="SOFTWARE").verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "purpose", ["RAW_ENCRYPT_DECRYPT", "ASYMMETRIC_DECRYPT", "KEY_ENCAPSULATION", "encrypt_decrypt"]
)
def test_other_purposes_fail(purpose: str) -> None:
    found = of(purpose)
    assert (found.verdict, places(found)) == (Verdict.FAIL, [("purpose", purpose)])


def test_what_fails_fails_even_where_the_rest_cannot_be_seen() -> None:
    assert of(UNKNOWN, protectionLevel="SOFTWARE").verdict is Verdict.FAIL
    assert of(protectionLevel=UNKNOWN, algorithm="AES_256_GCM").verdict is Verdict.FAIL
    assert of(protectionLevel=UNKNOWN).verdict is Verdict.INDETERMINATE
