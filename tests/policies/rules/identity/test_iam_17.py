"""IAM-17: no storage HMAC keys."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_17 import CONTROL
from tests.policies.rules.harness import R, verdict


@pytest.mark.parametrize(
    "inputs", [{}, {"serviceAccountEmail": "a@acme-ml.iam.gserviceaccount.com", "state": "INACTIVE"}]
)
def test_a_key_fails_by_being_there(inputs: dict[str, str]) -> None:
    assert verdict(CONTROL, R("storage.HmacKey", inputs)) is Verdict.FAIL


def test_a_bucket_is_not_its_business() -> None:
    assert verdict(CONTROL, R("storage.Bucket", {})) is Verdict.NOT_APPLICABLE
