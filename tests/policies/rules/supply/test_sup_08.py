"""SUP-08: outside contributors cannot start builds."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_08 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

TRIGGER = "cloudbuild.Trigger"
EVENTS = ("github", "repositoryEventConfig", "developerConnectEventConfig", "bitbucketServerTriggerConfig")
REQUEST = {"pullRequest": {"branch": "main", "commentControl": "COMMENTS_ENABLED"}}
HOOK = {"webhookConfig": {"secret": "projects/acme/secrets/hook/versions/1"}}

test_stated_verdicts = stated_verdicts(
    CONTROL, [*(R(TRIGGER, {each: REQUEST}, each) for each in EVENTS), R(TRIGGER, HOOK, "hook")]
)


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("request_", [{"commentControl": "COMMENTS_DISABLED"}, {"branch": "main"}, {}], ids=str)
def test_a_request_that_runs_without_a_comment_fails(event: str, request_: dict[str, Any]) -> None:
    found = outcome(CONTROL, R(TRIGGER, {event: {"pullRequest": request_}}))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, f"{event}.pullRequest.commentControl")


@pytest.mark.parametrize("event", EVENTS)
def test_comments_may_be_asked_of_outsiders_alone(event: str) -> None:
    asked = {"commentControl": "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY"}
    assert verdict(CONTROL, R(TRIGGER, {event: {"pullRequest": asked}})) is Verdict.PASS


@pytest.mark.parametrize(
    "inputs", [{}, {"github": {"push": {"branch": "main"}}}, {"pubsubConfig": {"topic": "t"}}], ids=str
)
def test_what_nobody_outside_starts_does_not_apply(inputs: dict[str, Any]) -> None:
    assert verdict(CONTROL, R(TRIGGER, inputs)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    "secret",
    [
        "hunter2",
        "projects/acme/secrets/hook",
        "projects/acme/secrets/hook/versions/",
        "see projects/acme/secrets/hook/versions/1",
    ],
)
def test_a_webhook_with_a_secret_in_clear_fails_and_is_not_shown(secret: str) -> None:
    found = outcome(CONTROL, R(TRIGGER, {"webhookConfig": {"secret": secret}}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("webhookConfig.secret", "")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("projects/acme/locations/europe-west4/secrets/hook/versions/latest", Verdict.PASS),
        (f"projects/{UNKNOWN}/secrets/hook/versions/1", Verdict.PASS),
        (f"{UNKNOWN}/versions/1", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_a_version_is_known_by_its_name(value: str, expected: Verdict) -> None:
    assert verdict(CONTROL, R(TRIGGER, {"webhookConfig": {"secret": value}})) is expected


@pytest.mark.parametrize("type_", ["secretmanager.SecretVersion", "secretmanager.RegionalSecretVersion"])
def test_a_version_of_this_document_is_one(type_: str) -> None:
    version = R(type_, {}, "v")
    found = R(TRIGGER, {"webhookConfig": {"secret": UNKNOWN}}, origins={"webhookConfig.secret": version.urn})
    assert verdict(CONTROL, found, version) is Verdict.PASS


def test_each_way_is_judged() -> None:
    found = outcome(CONTROL, R(TRIGGER, {"github": {"pullRequest": {}}, "webhookConfig": {"secret": "hunter2"}}))
    assert [each.path for each in found.reasons] == ["github.pullRequest.commentControl", "webhookConfig.secret"]
