"""IAM-19: calls between machines carry a token of identity."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_19 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

TOKEN = {"serviceAccountEmail": "caller@acme-ml.iam.gserviceaccount.com"}
ACCOUNT = R("serviceaccount.Account", {"accountId": "caller"}, "caller")


def job(**target: Any) -> R:
    return R("cloudscheduler.Job", {"httpTarget": {"uri": "https://sweep-x.a.run.app/", **target}})


def push(**config: Any) -> R:
    return R("pubsub.Subscription", {"pushConfig": {"pushEndpoint": "https://sweep-x.a.run.app/", **config}})


def first_run(disabled: object) -> R:
    annotations = {"run.googleapis.com/invoker-iam-disabled": disabled}
    return R("cloudrun.Service", {"metadata": {"annotations": annotations}})


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        job(oidcToken=TOKEN, uri="https://run.googleapis.com/v2/x", headers={"Content-Type": "text/plain"}),
        push(oidcToken=TOKEN),
        R("cloudrunv2.Service", {"invokerIamDisabled": False}),
        first_run("false"),
    ],
)


def test_a_call_without_a_token_fails() -> None:
    for each, path in ((job(), "httpTarget.oidcToken"), (push(), "pushConfig.oidcToken")):
        found = outcome(CONTROL, each)
        assert found.verdict is Verdict.FAIL
        assert [reason.path for reason in found.reasons] == [f"{path}.serviceAccountEmail"]


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://workflowexecutions.googleapis.com/v1/x", Verdict.PASS),
        ("https://europe-west4-aiplatform.googleapis.com/v1/x", Verdict.PASS),
        (f"https://workflowexecutions.googleapis.com/v1/{UNKNOWN}", Verdict.PASS),
        (f"https://workflowexecutions.googleapis.com{UNKNOWN}", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
        ("https://sweep-x.a.run.app/", Verdict.FAIL),
        ("https://evilgoogleapis.com/", Verdict.FAIL),
        ("https://x.googleapis.com@evil.test/", Verdict.FAIL),
        ("https://evil.test/x.googleapis.com", Verdict.FAIL),
        (f"https://evil.test/{UNKNOWN}.googleapis.com", Verdict.FAIL),
        ("http://run.googleapis.com/", Verdict.FAIL),
        ("https://[x.googleapis.com/", Verdict.INDETERMINATE),
    ],
)
def test_a_token_that_opens_apis_goes_only_there(uri: str, expected: Verdict) -> None:
    found = outcome(CONTROL, job(oauthToken=TOKEN, uri=uri))
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == ([] if expected is Verdict.PASS else ["httpTarget.uri"])


def test_a_token_goes_over_tls() -> None:
    assert verdict(CONTROL, job(oidcToken=TOKEN, uri="http://10.0.0.2/")) is Verdict.FAIL
    assert verdict(CONTROL, push(oidcToken=TOKEN, pushEndpoint="http://10.0.0.2/")) is Verdict.FAIL
    assert verdict(CONTROL, job(oidcToken=TOKEN)) is Verdict.PASS


def test_an_empty_token_is_none() -> None:
    assert verdict(CONTROL, job(oidcToken={})) is Verdict.FAIL
    assert verdict(CONTROL, job(oauthToken={}, uri="https://run.googleapis.com/")) is Verdict.FAIL


@pytest.mark.parametrize(
    "name", ["Authorization", "authorization", " AUTHORIZATION", "X-Goog-Api-Key", "Proxy-Authorization"]
)
@pytest.mark.parametrize("value", ["Bearer canary", secret(), UNKNOWN])
def test_a_credential_in_a_header_fails(name: str, value: object) -> None:
    found = outcome(CONTROL, job(oidcToken=TOKEN, headers={"A": "b", name: value}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["httpTarget.headers"]
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    "resource",
    [
        R("cloudscheduler.Job", {"pubsubTarget": {"topicName": "t"}}),
        R("pubsub.Subscription", {"topic": "t"}),
        R("pubsub.Subscription", {"pushConfig": {}}),
        R("pubsub.Subscription", {"pushConfig": {"pushEndpoint": ""}}),
    ],
)
def test_what_calls_nobody_is_left_alone(resource: R) -> None:
    assert verdict(CONTROL, resource) is Verdict.NOT_APPLICABLE


def test_an_account_of_this_document_may_sign() -> None:
    path = "pushConfig.oidcToken.serviceAccountEmail"
    inputs = {"pushConfig": {"pushEndpoint": "https://x.test/", "oidcToken": {"serviceAccountEmail": UNKNOWN}}}
    assert verdict(CONTROL, R("pubsub.Subscription", inputs, origins={path: ACCOUNT.urn}), ACCOUNT) is Verdict.PASS


def test_a_service_that_asks_nobody_fails() -> None:
    found = outcome(CONTROL, R("cloudrunv2.Service", {"invokerIamDisabled": True}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["invokerIamDisabled"]
    assert verdict(CONTROL, R("cloudrunv2.Service", {})) is Verdict.PASS


@pytest.mark.parametrize(
    ("disabled", "expected"),
    [
        ("true", Verdict.FAIL),
        ("TRUE", Verdict.FAIL),
        ("", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (True, Verdict.INDETERMINATE),
        (None, Verdict.PASS),
    ],
)
def test_the_first_form_of_cloud_run_says_it_in_an_annotation(disabled: object, expected: Verdict) -> None:
    assert verdict(CONTROL, first_run(disabled)) is expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Authorization": "Bearer x"}, Verdict.FAIL),
        ({"Accept": "text/plain"}, Verdict.PASS),
        (None, Verdict.PASS),
        (UNKNOWN, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
    ],
)
def test_a_call_of_app_engine_holds_no_credential(headers: object, expected: Verdict) -> None:
    target = {"relativeUri": "/x", "headers": headers}
    assert verdict(CONTROL, R("cloudscheduler.Job", {"appEngineHttpTarget": target})) is expected
    both = {**job(oidcToken=TOKEN).inputs, "appEngineHttpTarget": target}
    assert verdict(CONTROL, R("cloudscheduler.Job", both)) is expected
