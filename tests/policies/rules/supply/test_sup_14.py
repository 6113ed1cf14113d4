"""SUP-14: tokens for Hugging Face are never in clear."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_14 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

DEPLOYED = "vertex.AiEndpointWithModelGardenDeployment"
GOOD = R(DEPLOYED, {"modelConfig": {"huggingFaceAccessToken": secret()}})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize("value", ["hf_" + "aBcD" * 8, "x", 7, ["x"], {"a": "b"}], ids=str)
def test_a_token_in_clear_fails_and_is_not_shown(value: object) -> None:
    found = outcome(CONTROL, R(DEPLOYED, {"modelConfig": {"huggingFaceAccessToken": value}}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("modelConfig.huggingFaceAccessToken", "")]


def test_no_token_is_none_in_clear() -> None:
    assert verdict(CONTROL, R(DEPLOYED, {})) is Verdict.PASS
