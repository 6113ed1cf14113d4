"""IAM-18: organisation policies keep notebooks as they were meant."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_18 import CONTROL
from tests.policies.rules.harness import R, outcome, outcomes, secret, stated_verdicts, verdict

ROOT, MODE, OTHER = "ainotebooks.disableRootAccess", "ainotebooks.accessMode", "acme.somethingElse"
ON: dict[str, Any] = {"rules": [{"enforce": "TRUE"}]}
SOME: dict[str, Any] = {"rules": [{"values": {"allowedValues": ["single-user"]}}]}
NOTEBOOK = R("workbench.Instance", {"project": "acme-ml"}, "notebook")


def asks(*constraints: str, organization: bool | None = True) -> Parameters:
    return Parameters(notebook_constraints=constraints, organization=organization)


def policy(constraint: str, spec: object, parent: str = "projects/acme-ml", name: str = "it", **more: Any) -> R:
    inputs = {"name": f"{parent}/policies/{constraint}", "parent": parent, "spec": spec, **more}
    return R(
        "orgpolicy.Policy", inputs if spec is not ... else {key: inputs[key] for key in inputs if key != "spec"}, name
    )


test_stated_verdicts = stated_verdicts(CONTROL, [policy(ROOT, ON)], parameters=asks(ROOT))


@pytest.mark.parametrize(
    ("constraint", "spec", "expected"),
    [
        (ROOT, {"rules": [{"enforce": "true"}]}, Verdict.PASS),
        (ROOT, {"rules": [{"enforce": "FALSE"}]}, Verdict.FAIL),
        (ROOT, {"rules": [{"enforce": True}]}, Verdict.INDETERMINATE),
        (ROOT, {"rules": [{"enforce": "TRUE"}, {"enforce": "FALSE"}]}, Verdict.FAIL),
        (ROOT, {"rules": [{"enforce": "TRUE", "condition": {"expression": "x"}}]}, Verdict.FAIL),
        (ROOT, {"rules": [{"enforce": "TRUE", "allowAll": "TRUE"}]}, Verdict.FAIL),
        (ROOT, {"rules": [{"enforce": "TRUE", "allowAll": "FALSE"}]}, Verdict.PASS),
        (ROOT, {"rules": [{"denyAll": "TRUE"}]}, Verdict.FAIL),
        (ROOT, {"rules": [{"values": {"allowedValues": ["x"]}}]}, Verdict.FAIL),
        (ROOT, {"rules": []}, Verdict.FAIL),
        (ROOT, {"rules": ["x"]}, Verdict.INDETERMINATE),
        (ROOT, {}, Verdict.FAIL),
        (ROOT, {**ON, "reset": True}, Verdict.FAIL),
        (ROOT, {**ON, "inheritFromParent": True}, Verdict.PASS),
        (MODE, SOME, Verdict.PASS),
        (MODE, ON, Verdict.FAIL),
        (MODE, {"rules": [{"denyAll": "TRUE"}]}, Verdict.PASS),
        (MODE, {"rules": [{"denyAll": "FALSE"}]}, Verdict.FAIL),
        (MODE, {"rules": [{"allowAll": "TRUE"}]}, Verdict.FAIL),
        (MODE, {"rules": [{**SOME["rules"][0], "allowAll": "TRUE"}]}, Verdict.FAIL),
        (MODE, {"rules": [{"values": {"deniedValues": ["x"]}}]}, Verdict.INDETERMINATE),
        (MODE, {"rules": [{"values": {"deniedValues": ["x"], "allowedValues": ["y"]}}]}, Verdict.PASS),
        ("gcp.restrictTLSVersion", {"rules": [{"values": {"deniedValues": ["TLS_VERSION_1"]}}]}, Verdict.PASS),
        ("gcp.restrictTLSVersion", {"rules": [{"values": {"deniedValues": []}}]}, Verdict.FAIL),
        ("gcp.restrictTLSVersion", {"rules": [{"values": {"deniedValues": ["TLS_VERSION_9"]}}]}, Verdict.INDETERMINATE),
        ("gcp.restrictNonCmekServices", {"rules": [{"values": {"deniedValues": ["x"]}}]}, Verdict.PASS),
        ("gcp.resourceLocations", {"rules": [{"values": {"deniedValues": ["in:us"]}}]}, Verdict.INDETERMINATE),
        (MODE, {"rules": [{"values": {"allowedValues": []}}]}, Verdict.FAIL),
        (MODE, {"rules": [{"values": {"allowedValues": [""]}}]}, Verdict.INDETERMINATE),
        (MODE, {"rules": [{"values": {"allowedValues": [UNKNOWN]}}]}, Verdict.PASS),
        (MODE, {"rules": [{"values": {"allowedValues": UNKNOWN}}]}, Verdict.INDETERMINATE),
        (MODE, {"rules": [{"values": {"allowedValues": "single-user"}}]}, Verdict.INDETERMINATE),
        (MODE, {"rules": [{"values": {"deniedValues": ["service-account"]}}]}, Verdict.PASS),
        (MODE, {"rules": secret()}, Verdict.INDETERMINATE),
        (MODE, {**SOME, "inheritFromParent": True}, Verdict.FAIL),
        (MODE, {"rules": [{"values": {"deniedValues": ["single-user"]}}], "inheritFromParent": True}, Verdict.PASS),
        (OTHER, ON, Verdict.PASS),
        (OTHER, SOME, Verdict.PASS),
        (OTHER, {"rules": [{}]}, Verdict.FAIL),
    ],
)
def test_a_policy_has_to_restrict(constraint: str, spec: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, policy(constraint, spec), parameters=asks(constraint)) is expected


def test_a_dry_run_enforces_nothing() -> None:
    found = outcome(CONTROL, policy(ROOT, ..., dryRunSpec=ON), parameters=asks(ROOT))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["spec.rules"]


@pytest.mark.parametrize(
    "parents",
    [
        ["projects/acme-ml"],
        ["organizations/1"],
        ["folders/2"],
        ["projects/other", "projects/acme-ml"],
    ],
)
def test_a_constraint_that_covers_the_project_passes(parents: list[str]) -> None:
    policies = [policy(ROOT, ON, parent, f"p{index}") for index, parent in enumerate(parents)]
    found = outcomes(CONTROL, NOTEBOOK, *policies, parameters=asks(ROOT))
    assert {each.verdict for each in found.values()} == {Verdict.PASS}
    assert "" in found


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ("projects/other", Verdict.FAIL),
        ("projects/123", Verdict.INDETERMINATE),
        (f"projects/{UNKNOWN}", Verdict.INDETERMINATE),
    ],
)
def test_a_constraint_for_another_project_does_not_count(parent: str, expected: Verdict) -> None:
    found = outcomes(CONTROL, NOTEBOOK, policy(ROOT, ON, parent), parameters=asks(ROOT))
    assert found[""].verdict is expected
    assert [each.shown for each in found[""].reasons] == [ROOT]
    assert found["it"].verdict is Verdict.PASS


def test_grants_and_services_say_nothing_about_where_the_deployment_runs() -> None:
    grant = R("storage.BucketIAMMember", {"project": "elsewhere"}, "grant")
    service = R("projects.Service", {"project": "elsewhere"}, "service")
    foreign = R("aws:s3/bucket:Bucket", {"project": "elsewhere"}, "foreign")
    found = outcomes(CONTROL, NOTEBOOK, grant, service, foreign, policy(ROOT, ON), parameters=asks(ROOT))
    assert found[""].verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("organization", "expected"),
    [(True, Verdict.FAIL), (None, Verdict.INDETERMINATE), (False, Verdict.NOT_APPLICABLE)],
)
def test_a_missing_constraint_counts_where_there_is_an_organisation(
    organization: bool | None, expected: Verdict
) -> None:
    found = outcomes(CONTROL, NOTEBOOK, policy(MODE, SOME), parameters=asks(MODE, ROOT, organization=organization))
    assert found[""].verdict is expected
    assert (ROOT in f"{[(each.message, each.shown) for each in found[''].reasons]}") is (organization is not False)
    assert MODE not in str(found[""])


def test_without_settings_it_is_indeterminate_and_without_constraints_it_does_not_apply() -> None:
    assert outcomes(CONTROL, parameters=Parameters())[""].verdict is Verdict.INDETERMINATE
    assert outcomes(CONTROL, parameters=asks())[""].verdict is Verdict.NOT_APPLICABLE


def test_a_policy_that_nobody_asked_for_is_left_alone() -> None:
    found = outcomes(CONTROL, policy(ROOT, {"rules": []}), parameters=asks(MODE))
    assert "it" not in found


def test_other_spellings_of_the_name_are_read() -> None:
    named = policy(f"constraints/{ROOT}", {"rules": []})
    late = policy(ROOT, {"rules": []}, f"projects/{UNKNOWN}", "late")
    found = outcomes(CONTROL, named, late, parameters=asks(ROOT))
    assert (found["it"].verdict, found["late"].verdict) == (Verdict.FAIL, Verdict.FAIL)


@pytest.mark.parametrize(
    "name",
    [
        *("ainotebooks.disableFileDownloads", "ainotebooks.disableRootAccess", "ainotebooks.disableTerminal"),
        *("ainotebooks.requireAutoUpgradeSchedule", "ainotebooks.restrictPublicIp"),
        *("compute.disableNestedVirtualization", "compute.disableSerialPortAccess", "compute.requireOsLogin"),
        *("compute.requireShieldedVm", "iam.automaticIamGrantsForDefaultServiceAccounts"),
        *("iam.disableServiceAccountKeyCreation", "iam.disableServiceAccountKeyUpload"),
        *("sql.restrictAuthorizedNetworks", "sql.restrictPublicIp"),
        *("storage.publicAccessPrevention", "storage.uniformBucketLevelAccess"),
    ],
)
def test_what_is_on_or_off_is_enforced_and_takes_no_values(name: str) -> None:
    assert verdict(CONTROL, policy(name, ON), parameters=asks(name)) is Verdict.PASS
    assert verdict(CONTROL, policy(name, SOME), parameters=asks(name)) is Verdict.FAIL


@pytest.mark.parametrize(
    "name",
    [
        *("ainotebooks.accessMode", "ainotebooks.environmentOptions", "ainotebooks.restrictVpcNetworks"),
        *("compute.vmExternalIpAccess", "gcp.resourceLocations", "gcp.restrictCmekCryptoKeyProjects"),
        *("gcp.restrictNonCmekServices", "gcp.restrictServiceUsage", "gcp.restrictTLSVersion"),
        "iam.allowedPolicyMemberDomains",
    ],
)
def test_what_takes_values_restricts_by_them_and_is_not_enforced(name: str) -> None:
    assert verdict(CONTROL, policy(name, SOME), parameters=asks(name)) is Verdict.PASS
    assert verdict(CONTROL, policy(name, ON), parameters=asks(name)) is Verdict.FAIL
