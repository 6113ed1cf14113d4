"""NET-29: what leaves a service perimeter is named."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_29 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, put, secret, stated_verdicts, urn, verdict
from tests.policies.rules.network.perimeters import STATUS, both

RULE = "accesscontextmanager.ServicePerimeterEgressPolicy"
SAID = replace(PARAMETERS, perimeter_external_resources=("projects/2", "s3://bucket/path"))
FROM = {"identityType": "IDENTITY_TYPE_UNSPECIFIED"}
TO: dict[str, Any] = {
    "resources": ["projects/2"],
    "externalResources": ["s3://bucket/path"],
    "operations": [{"serviceName": "storage.googleapis.com"}],
}


def ways(from_: object = None, **to: Any) -> tuple[R, ...]:
    """Give a way out in each of its three forms, behind one that is right."""
    policy = {"egressFrom": from_ or FROM, "egressTo": TO | to}
    policies = [{"egressFrom": FROM, "egressTo": TO}, policy]
    return (*both(put(STATUS, "egressPolicies", policies)), R(RULE, policy))


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [*both(put(STATUS, "egressPolicies", [{"egressFrom": FROM, "egressTo": TO}])), ways()[2]],
    parameters=SAID,
)


@pytest.mark.parametrize("kind", ["ANY_IDENTITY", "ANY_USER_ACCOUNT", "ANY_SERVICE_ACCOUNT"])
def test_a_kind_of_identities_is_everybody(kind: str) -> None:
    for each in ways({"identityType": kind}):
        found = outcome(CONTROL, each, parameters=SAID)
        assert (found.verdict, found.reasons[0].shown) == (Verdict.FAIL, kind)


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("resources", ["projects/2", "*"], "egressTo.resources[1]"),
        ("externalResources", ["s3://*"], "egressTo.externalResources[0]"),
        (
            "operations",
            [{"serviceName": "storage.googleapis.com"}, {"serviceName": "*"}],
            "egressTo.operations[1].serviceName",
        ),
    ],
)
def test_a_star_is_everything(key: str, value: object, path: str) -> None:
    for each in ways(**{key: value}):
        found = outcome(CONTROL, each, parameters=SAID)
        assert found.verdict is Verdict.FAIL
        assert found.reasons[0].path.endswith(path)


@pytest.mark.parametrize("key", ["resources", "externalResources"])
def test_a_destination_must_be_listed_and_is_not_shown(key: str) -> None:
    for each in ways(**{key: ["projects/3"]}):
        found = outcome(CONTROL, each, parameters=SAID)
        assert (found.verdict, found.reasons[0].shown) == (Verdict.FAIL, "")
        assert verdict(CONTROL, each) is Verdict.INDETERMINATE


@pytest.mark.parametrize("listed", ["2", "projects/2", "//cloudresourcemanager.googleapis.com/projects/2"])
@pytest.mark.parametrize("named", ["projects/2", "//cloudresourcemanager.googleapis.com/projects/2"])
def test_a_project_may_be_written_in_several_ways(listed: str, named: str) -> None:
    said = replace(PARAMETERS, perimeter_external_resources=(listed,))
    rule = R(RULE, {"egressTo": {"resources": [named]}})
    assert verdict(CONTROL, rule, parameters=said) is Verdict.PASS


def test_a_project_of_this_document_is_its_own() -> None:
    rule = R(RULE, {"egressTo": {"resources": [f"projects/{UNKNOWN}"]}})
    project = R("organizations.Project", {}, "new")
    origins = {"egressTo.resources[0]": urn("organizations.Project", "new")}
    assert verdict(CONTROL, replace(rule, origins=origins), project) is Verdict.PASS
    assert verdict(CONTROL, rule, project) is Verdict.INDETERMINATE


@pytest.mark.parametrize("value", [UNKNOWN, [UNKNOWN], secret(), 7, [7]])
@pytest.mark.parametrize("key", ["resources", "externalResources"])
def test_what_cannot_be_read_is_indeterminate(key: str, value: object) -> None:
    for each in ways(**{key: value}):
        assert verdict(CONTROL, each, parameters=SAID) is Verdict.INDETERMINATE


def test_a_dry_run_and_a_rule_without_destinations_let_nothing_out() -> None:
    for each in both(None, spec=STATUS):
        assert verdict(CONTROL, each) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(RULE, {"egressFrom": FROM})) is Verdict.PASS
    assert verdict(CONTROL, both(UNKNOWN)[0]) is Verdict.INDETERMINATE
