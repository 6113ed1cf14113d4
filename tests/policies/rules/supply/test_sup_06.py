"""SUP-06: builds for production need an approval."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_06 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

TRIGGER = "cloudbuild.Trigger"
WORDS = Parameters(production_words=("production", "prod"))
APPROVED = {"approvalConfig": {"approvalRequired": True}}
GOOD = R(TRIGGER, {"name": "deploy-prod", "tags": ["production"], **APPROVED})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD], parameters=WORDS)

MARKS: list[dict[str, Any]] = [
    {"name": "gp-prod-deploy"},
    {"name": "Deploy_PROD"},
    {"tags": ["image", "production"]},
    {"build": {"tags": ["prod"]}},
    *(
        {event: {"push": {kind: "^prod$"}}}
        for event in ("github", "repositoryEventConfig")
        for kind in ("branch", "tag")
    ),
    {"developerConnectEventConfig": {"push": {"branch": "release/prod"}}},
    {"bitbucketServerTriggerConfig": {"push": {"tag": "prod-.*"}}},
    {"triggerTemplate": {"branchName": "prod"}},
    {"triggerTemplate": {"tagName": "prod"}},
    {"name": "deploy-prod2"},
    {"tags": ["deployProd"]},
    {"substitutions": {"_ENV": "prod"}},
    {"build": {"substitutions": {"_STAGE": " Production"}}},
    {"filename": "cloudbuild.prod.yaml"},
    {"gitFileSource": {"path": "deploy/prod.yaml"}},
    {"gitFileSource": {"path": "deploy.yaml", "revision": "refs/heads/prod"}},
    {"sourceToBuild": {"ref": "refs/heads/production"}},
    {"github": {"push": {"branch": "^(main|prod.*)$"}}},
    {"github": {"push": {"branch": "^pr[a-z]*$"}}},
]


@pytest.mark.parametrize("marks", MARKS, ids=str)
@pytest.mark.parametrize("approval", [{}, {"approvalConfig": {"approvalRequired": False}}, {"disabled": True}], ids=str)
def test_a_trigger_for_production_without_approval_fails(marks: dict[str, Any], approval: dict[str, Any]) -> None:
    found = outcome(CONTROL, R(TRIGGER, {**marks, **approval}), parameters=WORDS)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["approvalConfig.approvalRequired"]


OTHERS: list[dict[str, Any]] = [
    {},
    {"name": "reproduction"},
    {"name": "product"},
    {"tags": []},
    {"substitutions": {"_ENV": "dev"}},
    {"substitutions": {"_IMAGE": "europe-west4-docker.pkg.dev/acme-prod/images/app"}},
    {"github": {"push": {"branch": ".*"}}},
    {"github": {"push": {"branch": ""}}},
    {"github": {"push": {"branch": "^main$"}}},
    {"github": {"push": {"branch": "^prod$", "invertRegex": True}}},
    {"github": {"push": {"branch": "^feature/.*$"}}},
]


@pytest.mark.parametrize("marks", OTHERS, ids=str)
def test_other_triggers_do_not_apply(marks: dict[str, Any]) -> None:
    assert verdict(CONTROL, R(TRIGGER, marks), parameters=WORDS) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    "marks",
    [
        {"github": {"push": {"branch": UNKNOWN}}},
        {"github": {"push": {"branch": "(main"}}},
        {"name": UNKNOWN},
        {"tags": ["a", UNKNOWN]},
        {"tags": secret()},
        {"name": 7},
    ],
    ids=str,
)
def test_what_may_be_production_is_unclear(marks: dict[str, Any]) -> None:
    found = outcome(CONTROL, R(TRIGGER, marks), parameters=WORDS)
    assert found.verdict is Verdict.INDETERMINATE
    assert verdict(CONTROL, R(TRIGGER, {**marks, "build": {"tags": "prod"}}), parameters=WORDS) is Verdict.FAIL


def test_without_words_nobody_can_tell() -> None:
    assert verdict(CONTROL, R(TRIGGER, {"name": "prod"}), parameters=Parameters()) is Verdict.INDETERMINATE
    assert verdict(CONTROL, R(TRIGGER, {"name": "prod", **APPROVED}), parameters=Parameters()) is Verdict.PASS


def test_a_word_of_the_settings_may_have_a_number_in_it() -> None:
    words = Parameters(production_words=("tier1",))
    assert verdict(CONTROL, R(TRIGGER, {"name": "deploy-tier1"}), parameters=words) is Verdict.FAIL
    assert verdict(CONTROL, R(TRIGGER, {"name": "deploy-tier2"}), parameters=words) is Verdict.NOT_APPLICABLE
