"""IAM-15: providers carry no static credentials."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_15 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

GOOD = R("Provider", {"project": "acme-ml", "impersonateServiceAccount": "ci@acme-ml.iam.gserviceaccount.com"})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize("name", ["credentials", "accessToken"])
@pytest.mark.parametrize("value", ["key.json", secret(), True])
def test_a_credential_fails_even_as_a_secret_and_is_not_shown(name: str, value: object) -> None:
    found = outcome(CONTROL, R("Provider", {name: value}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(name, "")]


def test_both_credentials_are_told() -> None:
    found = outcome(CONTROL, R("Provider", {"credentials": "key.json", "accessToken": "ya29"}))
    assert [each.path for each in found.reasons] == ["credentials", "accessToken"]


def test_a_token_of_federation_in_the_clear_fails() -> None:
    token = {"audience": "//iam", "identityToken": "eyJ", "serviceAccountEmail": "ci@acme.test"}
    found = outcome(CONTROL, R("Provider", {"externalCredentials": token}))
    assert [(each.path, each.shown) for each in found.reasons] == [("externalCredentials.identityToken", "")]
    assert found.verdict is Verdict.FAIL


def test_a_block_of_federation_that_is_none_is_indeterminate() -> None:
    assert verdict(CONTROL, R("Provider", {"externalCredentials": "eyJ"})) is Verdict.INDETERMINATE
