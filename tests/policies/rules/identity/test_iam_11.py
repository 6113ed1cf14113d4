"""IAM-11: federated identities are held to an organisation or a repository."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_11 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

TYPE = "iam.WorkloadIdentityPoolProvider"
MAPPING = {
    "google.subject": "assertion.sub",
    "attribute.repository": "assertion.repository",
    "attribute.ref": "assertion.ref",
    "attribute.joined": "assertion.repository + '@' + assertion.ref",
    "attribute.late": f"assertion.{UNKNOWN}",
}


def provider(condition: object, **more: Any) -> R:
    issuer = {"issuerUri": "https://token.actions.githubusercontent.com"}
    return R(TYPE, {"attributeCondition": condition, "attributeMapping": MAPPING, "oidc": issuer, **more})


test_stated_verdicts = stated_verdicts(CONTROL, [provider("assertion.repository_owner == 'acme'")])


@pytest.mark.parametrize(
    "condition",
    [
        "assertion.repository == 'acme/ml'",
        'assertion.repository=="acme/ml"',
        "'acme/ml' == assertion.repository",
        "assertion['repository'] == 'acme/ml'",
        'assertion["repository_id"] == "123"',
        "  ( assertion.repository == 'acme/ml' ) ",
        "((assertion.repository == 'acme/ml') && (assertion.ref == 'refs/heads/main'))",
        "assertion.ref == 'refs/heads/main' && assertion.repository_owner_id == '1'",
        "assertion.repository in ['acme/ml', 'acme/app']",
        "assertion.repository in ['acme/ml',]",
        "assertion.repository == 'acme/ml' || assertion.repository == 'acme/app'",
        "assertion.sub == 'repo:acme/ml:ref:refs/heads/main'",
        "google.subject == 'repo:acme/ml:environment:prod'",
        "attribute.repository == 'acme/ml'",
        "assertion.repository.startsWith('acme/')",
        "assertion.sub.startsWith('repo:acme/')",
        "assertion.sub.startsWith('organization:acme:project:')",
        "assertion.arn.startsWith('arn:aws:sts::123456789012:assumed-role/trainer/')",
        "assertion.sub.startsWith('project_path:acme/')",
        "assertion.ci_config_ref_uri.startsWith('gitlab.com/acme/')",
        "assertion.terraform_full_workspace.startsWith('organization:acme:')",
        "assertion.namespace_path == 'acme' && size(assertion.x) > 3",
        "assertion.repository == 'a||b//?' && assertion.ref == 'x'",
    ],
)
def test_a_condition_that_names_an_owner_passes(condition: str) -> None:
    assert verdict(CONTROL, provider(condition)) is Verdict.PASS


@pytest.mark.parametrize(
    "condition",
    [
        "true",
        "1 == 1",
        "'a' == 'a'",
        "assertion.repository == assertion.repository",
        "assertion.ref == 'refs/heads/main'",
        "assertion.repository != ''",
        "'x' != assertion.repository",
        "has(assertion.repository)",
        "assertion.repository == ''",
        "assertion.repository == 'acme/*'",
        "assertion.repository in ['acme/ml', '*']",
        "assertion.repository.matches('.*')",
        "assertion.repository.matches('^.+$')",
        "assertion.repository.startsWith('acme')",
        "assertion.repository_owner.startsWith('acme')",
        "assertion.sub.startsWith('repo:')",
        "assertion.sub.startsWith('repo:*/')",
        "assertion.sub.startsWith('organization:')",
        "assertion.sub.startsWith('')",
        "assertion.ci_config_ref_uri.startsWith('gitlab.com/')",
        "assertion.ci_config_ref_uri.startsWith('gitlab.com/ /')",
        "assertion.sub.startsWith('org/')",
        "assertion.sub.startsWith('auth0/')",
        "assertion.sub.startsWith('pipeline/')",
        "google.subject.startsWith('repo/')",
        "assertion.sub.startsWith('arn:aws:sts::123456789012:assumed-role/trainer/')",
        "assertion.repository.startsWith('repo:acme/')",
        "assertion.repository_owner.startsWith('acme/')",
        "assertion.arn.startsWith('arn:aws:sts::12345678901')",
        "assertion.terraform_full_workspace.startsWith('organization:')",
        "assertion.repository.endsWith('/ml')",
        "assertion.sub.contains('acme/ml')",
        "attribute.ref == 'refs/heads/main'",
        "assertion.repository == 'acme/ml' || true",
        "assertion.repository == 'acme/ml' || assertion.ref == 'x'",
        "true || assertion.repository == 'acme/ml' && assertion.ref == 'x'",
        "assertion.ref == 'x' && (assertion.repository == 'acme/ml' || assertion.actor == 'bob')",
    ],
)
def test_a_condition_that_others_meet_fails_at_it(condition: str) -> None:
    found = outcome(CONTROL, provider(condition))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["attributeCondition"]
    assert found.reasons[0].shown == ""


@pytest.mark.parametrize(
    "condition",
    [
        "!(assertion.repository == 'evil/x')",
        "assertion.repository.matches('^acme/')",
        "assertion.repository == 'acme/ml' ? true : true",
        "assertion.repository == 'acme/ml' // || true",
        "assertion.repository == '''a''' || true || '''b'''",
        "assertion.repository == 'a\\' || true || \\'b'",
        'assertion.repository == """a""" || true',
        "assertion.repository == 'acme/ml",
        "(assertion.repository == 'acme/ml'",
        "assertion.repository == 'acme/ml')",
        "(assertion.repository) == ('acme/ml')",
        "(assertion.repository == 'acme/ml' && true) != (true)",
        "attribute.joined == 'acme/ml@main'",
        "attribute.unmapped == 'acme/ml'",
        "attribute.late == 'acme/ml'",
        "assertion.repository + 'x' == 'acme/mlx'",
        "[assertion.repository == 'acme/ml'].size() > 0",
        "assertion.ref == 'x' && assertion.teams.exists(t, t == 'a')",
        "assertion.repository == 'acme/ml' || assertion.teams.exists(t, t == 'a')",
        " ",
        "(" * 60 + "assertion.repository == 'acme/ml'" + ")" * 60,
        "(" * 4000,
    ],
)
def test_what_is_not_understood_is_indeterminate(condition: str) -> None:
    assert verdict(CONTROL, provider(condition)) is Verdict.INDETERMINATE


def test_an_issuer_without_tls_fails() -> None:
    found = outcome(CONTROL, provider("assertion.sub == 'x'", oidc={"issuerUri": "http://issuer.acme.test"}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["oidc.issuerUri"]


def test_providers_of_other_kinds_need_a_condition_as_well() -> None:
    pinned = {"attributeCondition": "assertion.account == '123456789012'", "aws": {"accountId": "123456789012"}}
    assert verdict(CONTROL, R(TYPE, pinned)) is Verdict.PASS
    assert verdict(CONTROL, R(TYPE, {"aws": {"accountId": "123456789012"}})) is Verdict.FAIL


@pytest.mark.parametrize(
    "claim",
    [
        *("repository", "repository_id", "repository_owner", "repository_owner_id", "job_workflow_ref", "workflow_ref"),
        *("enterprise", "enterprise_id", "namespace_id", "namespace_path", "project_id", "project_path"),
        *("ci_config_ref_uri", "workspaceUuid", "repositoryUuid", "organization_id", "organization_slug"),
        *("terraform_organization_id", "terraform_organization_name", "terraform_project_id", "terraform_workspace_id"),
        *("terraform_full_workspace", "tid", "appid", "oid", "account", "arn", "sub"),
    ],
)
def test_each_claim_that_says_who_it_is_may_be_compared(claim: str) -> None:
    assert verdict(CONTROL, provider(f"assertion.{claim} == 'acme'")) is Verdict.PASS
    assert verdict(CONTROL, provider(f"assertion.{claim}_else == 'acme'")) is Verdict.FAIL
