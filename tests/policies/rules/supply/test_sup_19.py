"""SUP-19: connections to source code hold no tokens, and its main branch is protected."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_19 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, put, stated_verdicts, verdict

INSTANCE, REPOSITORY, RULE = (f"securesourcemanager.{each}" for each in ("Instance", "Repository", "BranchRule"))
CONNECTIONS = ("cloudbuildv2.Connection", "developerconnect.Connection")
SERVER = "cloudbuild.BitbucketServerConfig"
VERSION = "projects/acme/secrets/token/versions/1"
PARAMETERS = Parameters(branch_approvals=2)
WHERE = {"project": PROJECT, "location": "europe-west4"}
CODE = R(REPOSITORY, {**WHERE, "repositoryId": "code", "initialConfig": {"defaultBranch": "main"}}, "code")


def rule(**inputs: Any) -> R:
    good = {"includePattern": "main", "requirePullRequest": True, "minimumApprovalsCount": 2, "disabled": False}
    return R(RULE, {**WHERE, "repositoryId": "code", **good, **inputs}, "rule")


GOOD = [
    *(R(each, {"gitlabConfig": {"webhookSecretSecretVersion": VERSION}}) for each in CONNECTIONS),
    R(
        SERVER,
        {
            "secrets": {
                "adminAccessTokenVersionName": VERSION,
                "readAccessTokenVersionName": VERSION,
                "webhookSecretVersionName": VERSION,
            }
        },
    ),
    R(INSTANCE, {"privateConfig": {"isPrivate": True}}),
    CODE,
    rule(),
]

test_stated_verdicts = stated_verdicts(CONTROL, GOOD, R(RULE, rule().inputs, "other"), parameters=PARAMETERS)

TOKENS = [
    "githubConfig.authorizerCredential.oauthTokenSecretVersion",
    "githubEnterpriseConfig.privateKeySecretVersion",
    "githubEnterpriseConfig.webhookSecretSecretVersion",
    *(
        f"{host}.{each}"
        for host in ("gitlabConfig", "bitbucketCloudConfig", "bitbucketDataCenterConfig")
        for each in (
            "authorizerCredential.userTokenSecretVersion",
            "readAuthorizerCredential.userTokenSecretVersion",
            "webhookSecretSecretVersion",
        )
    ),
]
MORE = [
    "httpConfig.basicAuthentication.passwordSecretVersion",
    "httpConfig.bearerTokenAuthentication.tokenSecretVersion",
    "gitlabEnterpriseConfig.authorizerCredential.userTokenSecretVersion",
    "gitlabEnterpriseConfig.readAuthorizerCredential.userTokenSecretVersion",
    "gitlabEnterpriseConfig.webhookSecretSecretVersion",
]


@pytest.mark.parametrize(
    ("type_", "path"),
    [*((each, path) for each in CONNECTIONS for path in TOKENS), *((CONNECTIONS[1], path) for path in MORE)],
)
def test_a_token_in_clear_fails_and_is_not_shown(type_: str, path: str) -> None:
    assert verdict(CONTROL, R(type_, put({}, path, VERSION)), parameters=PARAMETERS) is Verdict.PASS
    found = outcome(CONTROL, R(type_, put({}, path, "glpat-summer")), parameters=PARAMETERS)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(path, "")]


def test_a_public_instance_fails() -> None:
    found = outcome(CONTROL, R(INSTANCE, {"privateConfig": {"isPrivate": False}}), parameters=PARAMETERS)
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "privateConfig.isPrivate")


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"requirePullRequest": False}, "requirePullRequest"),
        ({"minimumApprovalsCount": 1}, "minimumApprovalsCount"),
        ({"disabled": True}, "disabled"),
    ],
    ids=str,
)
@pytest.mark.parametrize("pattern", ["main", "^main$", ".*", "(main|release)", "ma.n", "main*"])
def test_a_rule_on_the_main_branch_asks_for_a_review(inputs: dict[str, Any], path: str, pattern: str) -> None:
    found = outcome(CONTROL, rule(includePattern=pattern, **inputs), parameters=PARAMETERS)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])


@pytest.mark.parametrize("pattern", ["dev", "release/1.0", "^feature-x$", "maintenance"])
def test_a_rule_on_another_branch_does_not_apply(pattern: str) -> None:
    found = rule(includePattern=pattern, requirePullRequest=False)
    assert verdict(CONTROL, found, parameters=PARAMETERS) is Verdict.NOT_APPLICABLE


def test_the_main_branch_is_the_repository_s_own() -> None:
    trunk = R(REPOSITORY, {**WHERE, "repositoryId": "code", "initialConfig": {"defaultBranch": "trunk"}}, "code")
    weak = rule(includePattern="trunk", requirePullRequest=False)
    assert verdict(CONTROL, weak, trunk, parameters=PARAMETERS) is Verdict.FAIL
    assert verdict(CONTROL, weak, CODE, parameters=PARAMETERS) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, trunk, rule(includePattern="trunk"), parameters=PARAMETERS) is Verdict.PASS
    assert verdict(CONTROL, trunk, rule(includePattern="main"), parameters=PARAMETERS) is Verdict.FAIL


@pytest.mark.parametrize(
    ("count", "least", "expected"),
    [
        (2, 2, Verdict.PASS),
        (4, 2, Verdict.PASS),
        ("3", 2, Verdict.PASS),
        (1, 2, Verdict.FAIL),
        (0, 0, Verdict.PASS),
        (..., 0, Verdict.PASS),
        (..., 1, Verdict.FAIL),
        (2, None, Verdict.INDETERMINATE),
    ],
)
def test_approvals_are_those_of_the_tier(count: object, least: int | None, expected: Verdict) -> None:
    found = R(RULE, put(rule().inputs, "minimumApprovalsCount", count))
    assert verdict(CONTROL, found, parameters=Parameters(branch_approvals=least)) is expected


@pytest.mark.parametrize("initial", [{}, {"initialConfig": {}}, {"initialConfig": {"defaultBranch": "main"}}], ids=str)
def test_a_repository_has_a_rule_on_its_main_branch(initial: dict[str, Any]) -> None:
    code = R(REPOSITORY, {**WHERE, "repositoryId": "code", **initial}, "code")
    assert verdict(CONTROL, code, rule(), parameters=PARAMETERS) is Verdict.PASS
    found = outcome(CONTROL, code, rule(repositoryId="another"), rule_on("dev"), parameters=PARAMETERS)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [""])


def rule_on(branch: str) -> R:
    return R(RULE, rule(includePattern=branch).inputs, branch)


def test_a_rule_of_a_repository_that_is_made_with_it_counts() -> None:
    code = R(REPOSITORY, {"repositoryId": "code"}, "code")
    late = R(RULE, rule(repositoryId=UNKNOWN).inputs, "late", {"repositoryId": code.urn})
    assert verdict(CONTROL, code, late, parameters=PARAMETERS) is Verdict.PASS


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^release/.*$", Verdict.FAIL),
        ("(dev|test)", Verdict.FAIL),
        ("(main", Verdict.FAIL),
        (".*", Verdict.PASS),
        ("^(main|release/.*)$", Verdict.PASS),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_a_rule_that_is_certainly_elsewhere_protects_nothing(pattern: str, expected: Verdict) -> None:
    code = R(REPOSITORY, {**WHERE, "repositoryId": "code"}, "code")
    assert verdict(CONTROL, code, rule(includePattern=pattern), parameters=PARAMETERS) is expected
