"""SRV-01: callers of private indexes are authenticated."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_01 import CONTROL
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, urn, verdict

ACCOUNT = R("serviceaccount.Account", {"accountId": "caller"}, "caller")
INPUTS: dict[str, Any] = {
    "deployedIndexId": "faces",
    "index": "projects/acme-ml/locations/europe-west4/indexes/7",
    "indexEndpoint": "projects/acme-ml/locations/europe-west4/indexEndpoints/9",
    "enableAccessLogging": True,
    "deployedIndexAuthConfig": {
        "authProvider": {"allowedIssuers": ["caller@acme-ml.iam.gserviceaccount.com"], "audiences": ["faces"]}
    },
}
GOOD = R("vertex.AiIndexEndpointDeployedIndex", INPUTS)
ISSUERS = "deployedIndexAuthConfig.authProvider.allowedIssuers"
AUDIENCES = "deployedIndexAuthConfig.authProvider.audiences"

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def deployed(path: str, value: object, **origins: str) -> R:
    return R(GOOD.type, put(INPUTS, path, value), origins=origins)


@pytest.mark.parametrize("path", [ISSUERS, AUDIENCES])
@pytest.mark.parametrize("value", [[""], ["faces", " "], ["faces", None]], ids=str)
def test_an_entry_that_names_nobody_fails_at_its_place(path: str, value: list[object]) -> None:
    found = outcome(CONTROL, deployed(path, value))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [f"{path}[{len(value) - 1}]"]


@pytest.mark.parametrize("path", ["deployedIndexAuthConfig", "deployedIndexAuthConfig.authProvider"])
@pytest.mark.parametrize("value", [..., {}, None], ids=str)
def test_without_a_provider_anybody_may_ask(path: str, value: object) -> None:
    found = outcome(CONTROL, deployed(path, value))
    assert found.verdict is Verdict.FAIL
    assert {each.path for each in found.reasons} == {ISSUERS, AUDIENCES}


@pytest.mark.parametrize("value", [[7], ["faces", {}], ["faces", secret()], ["faces", UNKNOWN], [["faces"]]], ids=str)
def test_an_entry_that_cannot_be_read_is_indeterminate(value: list[object]) -> None:
    expected = Verdict.FAIL if value == ["faces", {}] else Verdict.INDETERMINATE
    assert verdict(CONTROL, deployed(ISSUERS, value)) is expected


def test_the_address_of_an_account_that_is_made_here_is_known_to_come() -> None:
    made = R(GOOD.type, put(INPUTS, ISSUERS, [UNKNOWN]), origins={f"{ISSUERS}[0]": ACCOUNT.urn})
    assert verdict(CONTROL, made, ACCOUNT) is Verdict.PASS


def test_the_access_log_may_not_be_off() -> None:
    found = outcome(CONTROL, deployed("enableAccessLogging", value=False))
    assert [(each.path, each.shown) for each in found.reasons] == [("enableAccessLogging", "false")]


@pytest.mark.parametrize(
    ("public", "expected"),
    [(True, Verdict.NOT_APPLICABLE), (False, Verdict.FAIL), (UNKNOWN, Verdict.FAIL), ("true", Verdict.FAIL)],
)
def test_only_an_index_on_a_public_endpoint_asks_nobody_for_a_token(public: object, expected: Verdict) -> None:
    endpoint = R("vertex.AiIndexEndpoint", {"publicEndpointEnabled": public}, "endpoint")
    bare = R(
        GOOD.type,
        {"indexEndpoint": UNKNOWN, "enableAccessLogging": True},
        origins={"indexEndpoint": urn("vertex.AiIndexEndpoint", "endpoint")},
    )
    assert verdict(CONTROL, bare, endpoint) is expected
