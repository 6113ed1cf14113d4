"""IAM-02: the accesses of BigQuery datasets are explicit."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_02 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, stated_verdicts, verdict
from tests.policies.rules.identity.written import ANN, MEMBER_PATHS, TEAM, forms, places, written

VIEWER = "roles/bigquery.dataViewer"
DATASET = R("bigquery.Dataset", {"datasetId": "d", "accesses": [{"role": "OWNER", "iamMember": TEAM}]})
ACCESS = R("bigquery.DatasetAccess", {"datasetId": "d", "role": "READER", "iamMember": ANN})

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [DATASET, ACCESS, *(written("bigquery.DatasetIam", form, ANN, VIEWER, datasetId="d") for form in MEMBER_PATHS)],
)


def access(**member: Any) -> R:
    return R("bigquery.DatasetAccess", {"datasetId": "d", "role": "READER", **member})


def dataset(**member: Any) -> R:
    accesses = [{"role": "OWNER", "iamMember": TEAM}, {"role": "READER", **member}]
    return R("bigquery.Dataset", {"datasetId": "d", "accesses": accesses})


@pytest.mark.parametrize(
    ("member", "shown"),
    [
        ({"specialGroup": "allAuthenticatedUsers"}, "allAuthenticatedUsers"),
        ({"specialGroup": "projectReaders"}, "projectReaders"),
        ({"specialGroup": "projectWriters"}, "projectWriters"),
        ({"iamMember": "allUsers"}, "allUsers"),
        ({"iamMember": "projectViewer:acme-ml"}, "projectReaders"),
        ({"domain": "example.com"}, ""),
        ({"iamMember": "domain:sub.acme.test"}, ""),
    ],
)
def test_shared_access_fails(member: dict[str, str], shown: str) -> None:
    (key,) = member
    assert places(CONTROL, access(**member)) == (Verdict.FAIL, [(key, shown)])
    assert places(CONTROL, dataset(**member)) == (Verdict.FAIL, [(f"accesses[1].{key}", shown)])


@pytest.mark.parametrize(
    "member",
    [
        {"specialGroup": "projectOwners"},
        {"domain": "Acme.test"},
        {"userByEmail": "eve@example.com"},
        {"groupByEmail": "ml@acme.test"},
        {"view": {"tableId": "t"}},
    ],
)
def test_explicit_access_passes(member: dict[str, Any]) -> None:
    assert verdict(CONTROL, dataset(**member)) is Verdict.PASS


@pytest.mark.parametrize(
    "member", [{"specialGroup": "everybody"}, {"specialGroup": UNKNOWN}, {"iamMember": UNKNOWN}, {}]
)
def test_access_that_nobody_can_tell_is_not_passed(member: dict[str, Any]) -> None:
    assert verdict(CONTROL, dataset(**member)) is Verdict.INDETERMINATE


def test_a_domain_needs_settings() -> None:
    assert verdict(CONTROL, access(domain="acme.test"), parameters=Parameters()) is Verdict.INDETERMINATE
    assert verdict(CONTROL, access(domain=UNKNOWN)) is Verdict.INDETERMINATE
    assert (
        verdict(CONTROL, access(domain="acme.test"), parameters=replace(PARAMETERS, allowed_domains=())) is Verdict.FAIL
    )


def test_an_authorised_view_names_nobody() -> None:
    assert verdict(CONTROL, access(view={"tableId": "t"})) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("inputs", [{}, {"accesses": None}, {"accesses": []}])
def test_the_default_list_fails(inputs: dict[str, Any]) -> None:
    found = places(CONTROL, R("bigquery.Dataset", {"datasetId": "d", **inputs}))
    assert found == (Verdict.FAIL, [("accesses", "")])


@pytest.mark.parametrize("kind", ["bigquery.DatasetAccess", "bigquery.DatasetIamMember", "bigquery.DatasetIamBinding"])
def test_what_is_added_to_the_default_list_does_not_replace_it(kind: str) -> None:
    bare = R("bigquery.Dataset", {"datasetId": "d"})
    more = R(kind, {"datasetId": "d", "role": VIEWER, "member": ANN, "members": [ANN], "iamMember": ANN}, "more")
    assert verdict(CONTROL, bare, more) is Verdict.FAIL


def test_a_whole_policy_replaces_the_default_list() -> None:
    bare = R("bigquery.Dataset", {"datasetId": "d"})
    policy = written("bigquery.DatasetIam", "Policy", ANN, VIEWER, "policy", datasetId="d")
    assert verdict(CONTROL, bare, policy) is Verdict.PASS
    elsewhere = written("bigquery.DatasetIam", "Policy", ANN, VIEWER, "policy", datasetId="other")
    assert verdict(CONTROL, bare, elsewhere) is Verdict.FAIL
    assert (
        verdict(CONTROL, R("bigquery.Dataset", {"datasetId": "d", "accesses": UNKNOWN}), policy)
        is Verdict.INDETERMINATE
    )


@pytest.mark.parametrize(("on", "form"), forms("bigquery.DatasetIam"))
def test_basic_roles_in_iam_of_a_dataset_fail(on: str, form: str) -> None:
    grant = written(on, form, "projectEditor:acme-ml", VIEWER, datasetId="d")
    assert places(CONTROL, grant) == (Verdict.FAIL, [(MEMBER_PATHS[form], "projectWriters")])
    assert verdict(CONTROL, written(on, form, "projectOwner:acme-ml", VIEWER, datasetId="d")) is Verdict.PASS
    assert verdict(CONTROL, written(on, form, "allUsers", VIEWER, datasetId="d")) is Verdict.PASS
