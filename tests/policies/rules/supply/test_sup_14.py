"""SUP-14: tokens that are given inline are never in clear."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_14 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

DEPLOYED = "vertex.AiEndpointWithModelGardenDeployment"
GOOD = R(DEPLOYED, {"modelConfig": {"huggingFaceAccessToken": secret()}})

CONNECTOR = R("developerconnect.AccountConnector", {"customOauthConfig": {"clientSecret": secret()}})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD, CONNECTOR])


def test_the_secret_of_a_client_in_clear_fails() -> None:
    found = outcome(CONTROL, R(CONNECTOR.type, {"customOauthConfig": {"clientSecret": "hunter2"}}))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "customOauthConfig.clientSecret")


@pytest.mark.parametrize("value", ["hf_" + "aBcD" * 8, "x", 7, ["x"], {"a": "b"}], ids=str)
def test_a_token_in_clear_fails_and_is_not_shown(value: object) -> None:
    found = outcome(CONTROL, R(DEPLOYED, {"modelConfig": {"huggingFaceAccessToken": value}}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("modelConfig.huggingFaceAccessToken", "")]


def test_no_token_is_none_in_clear() -> None:
    assert verdict(CONTROL, R(DEPLOYED, {})) is Verdict.PASS
