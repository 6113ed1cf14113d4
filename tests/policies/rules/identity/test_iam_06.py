"""IAM-06: no service account has a key that somebody keeps."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_06 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, verdict


@pytest.mark.parametrize("inputs", [{}, {"serviceAccountId": "trainer"}, {"publicKeyData": ""}])
def test_a_key_that_google_makes_fails_as_a_whole(inputs: dict[str, str]) -> None:
    found = outcome(CONTROL, R("serviceaccount.Key", inputs))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [""])


@pytest.mark.parametrize("data", ["LS0tLS1CRUdJTg==", UNKNOWN, secret(), 7])
def test_an_uploaded_key_fails_at_its_data_and_shows_none_of_it(data: object) -> None:
    found = outcome(CONTROL, R("serviceaccount.Key", {"publicKeyData": data}))
    assert [(each.path, each.shown) for each in found.reasons] == [("publicKeyData", "")]
    assert found.verdict is Verdict.FAIL


def test_an_account_without_keys_is_not_its_business() -> None:
    assert verdict(CONTROL, R("serviceaccount.Account", {"accountId": "trainer"})) is Verdict.NOT_APPLICABLE
