"""ENC-01: buckets use customer-managed keys. What a key is: `test_keys.py`."""

from typing import Any

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.encryption.enc_01 import CONTROL
from groundplan_policies.rules.encryption.uses import BUCKETS
from tests.policies.rules.encryption.samples import keyed
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

test_stated_verdicts = stated_verdicts(CONTROL, keyed(BUCKETS))


def test_a_bucket_without_encryption_fails() -> None:
    bad: list[dict[str, Any]] = [{}, {"encryption": {}}, {"encryption": []}, {"encryption": None}]
    for inputs in bad:
        assert verdict(CONTROL, R("storage.Bucket", inputs)) is Verdict.FAIL, inputs
    assert outcome(CONTROL, R("storage.Bucket")).reasons[0].path == "encryption.defaultKmsKeyName"


def test_the_rule_is_the_same_where_the_tier_asks_for_no_keys() -> None:
    lax = Parameters(customer_managed_keys=False)
    assert verdict(CONTROL, R("storage.Bucket"), parameters=lax) is Verdict.FAIL
