"""IAM-22: custom roles can neither escalate nor carry models away."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_22 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, stated_verdicts, verdict

TYPES = ("projects.IAMCustomRole", "organizations.IAMCustomRole")
GOOD = [R(each, {"roleId": "reader", "permissions": ["aiplatform.models.get"]}) for each in TYPES]
EXPORT = ["aiplatform.models.export"]

test_stated_verdicts = stated_verdicts(CONTROL, GOOD)


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize(
    "permission",
    [
        "iam.serviceAccountKeys.create",
        "iam.serviceAccounts.actAs",
        "iam.serviceAccounts.getAccessToken",
        "iam.serviceAccounts.getOpenIdToken",
        "iam.serviceAccounts.implicitDelegation",
        "iam.serviceAccounts.setIamPolicy",
        "iam.serviceAccounts.signBlob",
        "iam.serviceAccounts.signJwt",
        "resourcemanager.projects.setIamPolicy",
        "iam.roles.update",
        "iam.workloadIdentityPoolProviders.create",
        "iam.workloadIdentityPoolProviders.update",
        "cloudbuild.builds.create",
        "deploymentmanager.deployments.create",
        "orgpolicy.policy.set",
        "storage.hmacKeys.create",
        "compute.instances.setServiceAccount",
        "compute.projects.setCommonInstanceMetadata",
        "iam.serviceAccountApiKeyBindings.create",
        "iam.denypolicies.delete",
        "privilegedaccessmanager.entitlements.create",
        "privilegedaccessmanager.entitlements.update",
        "privilegedaccessmanager.entitlements.setIamPolicy",
        "resourcemanager.projects.createPolicyBinding",
        "resourcemanager.folders.updatePolicyBinding",
        " storage.buckets.setIamPolicy ",
    ],
)
def test_a_permission_that_escalates_fails_wherever_it_stands(type_: str, permission: str) -> None:
    found = outcome(CONTROL, R(type_, {"permissions": ["aiplatform.models.get", permission]}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("permissions[1]", permission.strip())]


@pytest.mark.parametrize(
    "permission", ["storage.buckets.getIamPolicy", "iam.serviceAccounts.get", "a.setIamPolicyX", "iam.roles.get"]
)
def test_what_only_looks_like_it_passes(permission: str) -> None:
    assert verdict(CONTROL, R(TYPES[0], {"permissions": [permission]})) is Verdict.PASS


@pytest.mark.parametrize(
    ("role", "releases", "expected"),
    [
        ("release", ("release",), Verdict.PASS),
        ("reader", ("release",), Verdict.FAIL),
        ("reader", (), Verdict.FAIL),
        ("release", None, Verdict.INDETERMINATE),
        (UNKNOWN, ("release",), Verdict.INDETERMINATE),
        (None, ("release",), Verdict.FAIL),
    ],
    ids=["release", "another", "none", "nobody-says", "unknown", "without-id"],
)
def test_models_leave_by_the_release_role(
    role: str | None, releases: tuple[str, ...] | None, expected: Verdict
) -> None:
    given = R(TYPES[0], {"permissions": EXPORT, "roleId": role})
    found = outcome(CONTROL, given, parameters=replace(PARAMETERS, release_roles=releases))
    assert found.verdict is expected
    assert [each.shown for each in found.reasons] == ([] if expected is Verdict.PASS else EXPORT)


def test_every_permission_must_be_known() -> None:
    assert verdict(CONTROL, R(TYPES[0], {"permissions": ["a.b.get", UNKNOWN]})) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "permission",
    [
        *("iam.serviceAccountApiKeyBindings.create", "storage.hmacKeys.create"),
        *("apikeys.keys.create", "serviceusage.apiKeys.create"),
        *("iam.workloadIdentityPoolProviders.create", "iam.workloadIdentityPoolProviders.update"),
        *("iam.workforcePoolProviders.create", "iam.workforcePoolProviders.update"),
        *("iam.roles.update", "iam.denypolicies.update", "iam.denypolicies.delete"),
        *("privilegedaccessmanager.entitlements.create", "privilegedaccessmanager.entitlements.update"),
        *("orgpolicy.policy.set", "orgpolicy.policies.create", "orgpolicy.policies.update"),
        *("orgpolicy.policies.delete", "cloudbuild.builds.create", "deploymentmanager.deployments.create"),
        *("deploymentmanager.deployments.update", "compute.instances.setServiceAccount"),
        *("compute.instances.setMetadata", "compute.projects.setCommonInstanceMetadata"),
        *("iam.googleapis.com/a.createPolicyBinding", "a.updatePolicyBinding", "a.deletePolicyBinding"),
    ],
)
def test_every_way_to_more_rights_counts(permission: str) -> None:
    role = replace(GOOD[0], inputs={**GOOD[0].inputs, "permissions": [permission]})
    assert verdict(CONTROL, role) is Verdict.FAIL
    other = replace(GOOD[0], inputs={**GOOD[0].inputs, "permissions": [f"{permission}Else"]})
    assert verdict(CONTROL, other) is Verdict.PASS
