"""ENC-01: buckets use customer-managed keys. What a key is: `test_keys.py`."""

from typing import Any

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.encryption.enc_01 import CONTROL
from groundplan_policies.rules.encryption.uses import BUCKETS
from tests.policies.rules.encryption.samples import FOREIGN, NAME, keyed
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

OBJECT = R("storage.BucketObject", {"kmsKeyName": NAME})

test_stated_verdicts = stated_verdicts(CONTROL, [*keyed(BUCKETS), OBJECT])


def test_an_object_has_its_buckets_key_or_one_as_good() -> None:
    assert verdict(CONTROL, R("storage.BucketObject", {"bucket": "b"})) is Verdict.NOT_APPLICABLE
    found = outcome(CONTROL, R("storage.BucketObject", {"kmsKeyName": FOREIGN}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["kmsKeyName"])


def test_an_object_brings_no_key() -> None:
    none: dict[str, Any] = {}
    for inputs in (none, {"kmsKeyName": NAME}):
        brought = {**inputs, "customerEncryption": {"encryptionKey": "YWJj"}}
        found = outcome(CONTROL, R("storage.BucketObject", brought))
        assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["customerEncryption"])


def test_a_bucket_without_encryption_fails() -> None:
    bad: list[dict[str, Any]] = [{}, {"encryption": {}}, {"encryption": []}, {"encryption": None}]
    for inputs in bad:
        assert verdict(CONTROL, R("storage.Bucket", inputs)) is Verdict.FAIL, inputs
    assert outcome(CONTROL, R("storage.Bucket")).reasons[0].path == "encryption.defaultKmsKeyName"


def test_the_rule_is_the_same_where_the_tier_asks_for_no_keys() -> None:
    lax = Parameters(customer_managed_keys=False)
    assert verdict(CONTROL, R("storage.Bucket"), parameters=lax) is Verdict.FAIL
