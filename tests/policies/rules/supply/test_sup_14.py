"""SUP-14: tokens that are given inline are never in clear."""

from collections.abc import Mapping

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_14 import CONTROL
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, verdict

DEPLOYED = "vertex.AiEndpointWithModelGardenDeployment"
GOOD = R(DEPLOYED, {"modelConfig": {"huggingFaceAccessToken": secret()}})

CONNECTOR = R("developerconnect.AccountConnector", {"customOauthConfig": {"clientSecret": secret()}})

OTHERS = {
    "bigquery.Connection": (
        "cloudSql.credential.password",
        "configuration.authentication.usernamePassword.password.plaintext",
    ),
    "bigquery.DataTransferConfig": ("sensitiveParams.secretAccessKey",),
    "storage.TransferJob": (
        "transferSpec.awsS3DataSource.awsAccessKey.secretAccessKey",
        "transferSpec.azureBlobStorageDataSource.azureCredentials.sasToken",
    ),
    "alloydb.Cluster": ("initialUser.password",),
    "compute.BackendService": ("iap.oauth2ClientSecret", "securitySettings.awsV4Authentication.accessKey"),
    "compute.RegionBackendService": ("iap.oauth2ClientSecret",),
    "cloudbuild.BitbucketServerConfig": ("apiKey",),
}


def holding(type_: str, value: object) -> R:
    inputs: Mapping[str, object] = {}
    for path in OTHERS[type_]:
        inputs = put(inputs, path, value)
    return R(type_, inputs)


test_stated_verdicts = stated_verdicts(CONTROL, [GOOD, CONNECTOR, *(holding(each, secret()) for each in OTHERS)])


@pytest.mark.parametrize("type_", OTHERS)
def test_what_is_given_inline_elsewhere_is_hidden_too(type_: str) -> None:
    found = outcome(CONTROL, holding(type_, "hunter2"))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(path, "") for path in OTHERS[type_]]


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
