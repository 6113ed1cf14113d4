"""ENC-03: Vertex AI resources use customer-managed keys."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.encryption.enc_03 import CONTROL
from groundplan_policies.rules.encryption.uses import MODELS
from tests.policies.rules.encryption.samples import FOREIGN, KEY, KEY_URN, keyed
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

test_stated_verdicts = stated_verdicts(CONTROL, keyed(MODELS))


@pytest.mark.parametrize("type_", MODELS)
def test_every_type_is_held_to_its_key(type_: str) -> None:
    found = outcome(CONTROL, R(type_, {"encryptionSpec": {"kmsKeyName": FOREIGN}}))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "encryptionSpec.kmsKeyName")
    assert verdict(CONTROL, R(type_, {"encryptionSpec": {}})) is Verdict.FAIL
    made = R(type_, {"encryptionSpec": {"kmsKeyName": UNKNOWN}}, origins={"encryptionSpec.kmsKeyName": KEY_URN})
    assert verdict(CONTROL, made, KEY) is Verdict.PASS


def test_an_optimised_store_takes_no_key_and_fails() -> None:
    assert verdict(CONTROL, R("vertex.AiFeatureOnlineStore", {"optimized": {}})) is Verdict.FAIL
