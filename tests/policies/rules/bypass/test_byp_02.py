"""BYP-02: what is deleted does not stay in the cloud."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_02 import CONTROL
from tests.policies.rules.bypass.worlds import MANAGED, PROVIDER, answers, messages, paths, world
from tests.policies.rules.harness import R, secret, stated_verdicts

BUCKET = R("storage.Bucket", {"deletionPolicy": "PREVENT"}, record=MANAGED)

test_stated_verdicts = stated_verdicts(CONTROL, [BUCKET, R("pulumi:providers:gcp", {}, "own")], PROVIDER)


PROJECT = R("organizations.Project", {}, "p", record=MANAGED)
KEY = R("kms.CryptoKey", {}, "key", record=MANAGED)
OUTER = R("storage.Bucket", {}, "outer", record=MANAGED)
DATASET = R("bigquery.Dataset", {}, "dataset", record=MANAGED)
READ = R("organizations.Project", {}, "read", record={**MANAGED, "external": True, "id": "projects/p"})
HOLDERS = (PROJECT, KEY, OUTER, DATASET, READ)


def said(inputs: dict[str, Any], provider: dict[str, Any] | None = None, **record: Any) -> Outcome:
    its = R("Provider", {**PROVIDER.inputs, **(provider or {})}, "google")
    return answers(CONTROL, world(its, *HOLDERS, R("storage.Bucket", inputs, record={**MANAGED, **record})))["it"]


@pytest.mark.parametrize("policy", ["DELETE", "PREVENT", "REMOVE_PEERING"])
def test_other_policies_pass(policy: str) -> None:
    assert said({"deletionPolicy": policy}) is PASS
    assert said({}, {"deletionPolicy": policy}) is PASS


@pytest.mark.parametrize("policy", ["ABANDON", "abandon", " Abandon "])
def test_to_abandon_fails(policy: str) -> None:
    found = said({"deletionPolicy": policy})
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("deletionPolicy", "ABANDON")]
    assert messages(found) == "lets go of the resource instead of deleting it"


def test_the_provider_decides_where_the_resource_is_silent() -> None:
    found = said({}, {"deletionPolicy": "ABANDON"})
    assert found.verdict is Verdict.FAIL
    assert "comes from the provider" in messages(found)
    assert said({"deletionPolicy": "DELETE"}, {"deletionPolicy": "ABANDON"}) is PASS
    assert said({"deletionPolicy": "ABANDON"}, {"deletionPolicy": "DELETE"}).verdict is Verdict.FAIL


@pytest.mark.parametrize("value", [secret(), UNKNOWN, 7])
def test_a_provider_whose_policy_cannot_be_read_is_indeterminate(value: object) -> None:
    assert said({}, {"deletionPolicy": value}).verdict is Verdict.INDETERMINATE


def test_a_missing_provider_is_said_once_of_the_stack() -> None:
    silent = [R("storage.Bucket", {}, name, record=MANAGED) for name in ("a", "b")]
    found = answers(CONTROL, world(*silent, R("kms.KeyRing", {"deletionPolicy": "ABANDON"}, "ring")))
    assert found["a"] is found["b"] is NOT_APPLICABLE
    assert found["ring"].verdict is Verdict.FAIL
    assert found[""].verdict is Verdict.INDETERMINATE
    assert "of 3 resources" in messages(found[""])


def test_nothing_is_said_of_the_stack_where_providers_are_there() -> None:
    assert set(answers(CONTROL, world(PROVIDER, BUCKET))) == {"google", "it"}


def test_to_retain_fails() -> None:
    found = said({}, retainOnDelete=True)
    assert found.verdict is Verdict.FAIL
    assert paths(found) == [""]
    assert said({}, retainOnDelete=False) is PASS


@pytest.mark.parametrize(("holder", "path"), [(PROJECT, "project"), (OUTER, "bucket")])
def test_deleted_with_what_it_is_made_in_passes(holder: R, path: str) -> None:
    assert said({}, deletedWith=holder.urn, propertyDependencies={path: [holder.urn]}) is PASS


@pytest.mark.parametrize(
    ("holder", "path"),
    [
        (PROJECT, "name"),
        (OUTER, "logging"),
        (KEY, "encryption"),
        (DATASET, "datasetId"),
        (READ, "project"),
        (R("organizations.Project", {}, "missing"), "project"),
    ],
    ids=lambda value: value.name if isinstance(value, R) else value,
)
def test_what_may_go_alone_is_indeterminate(holder: R, path: str) -> None:
    found = said({}, deletedWith=holder.urn, propertyDependencies={"project": [], path: [holder.urn]})
    assert found.verdict is Verdict.INDETERMINATE
    assert "deletedWith" in messages(found)


@pytest.mark.parametrize(
    ("holder", "type_", "path"),
    [
        ("storage.Bucket", "storage.BucketObject", "bucket"),
        ("bigquery.Dataset", "bigquery.Table", "datasetId"),
        ("healthcare.Dataset", "healthcare.FhirStore", "dataset"),
        ("container.Cluster", "container.NodePool", "cluster"),
        ("alloydb.Cluster", "alloydb.Instance", "cluster"),
        ("sql.DatabaseInstance", "sql.Database", "instance"),
        ("spanner.Instance", "spanner.Database", "instance"),
        ("bigtable.Instance", "bigtable.AppProfile", "instance"),
        ("bigtable.Instance", "bigtable.Table", "instanceName"),
        ("artifactregistry.Repository", "artifactregistry.RepositoryIamMember", "repository"),
        ("secretmanager.Secret", "secretmanager.SecretVersion", "secret"),
        ("secretmanager.Secret", "secretmanager.SecretIamMember", "secretId"),
    ],
)
def test_what_is_in_another_goes_with_it(holder: str, type_: str, path: str) -> None:
    outer = R(holder, {}, "holder", record=MANAGED)
    record = {**MANAGED, "deletedWith": outer.urn, "propertyDependencies": {path: [outer.urn]}}
    assert answers(CONTROL, world(PROVIDER, outer, R(type_, {}, record=record)))["it"] is PASS
    record = {**record, "propertyDependencies": {f"{path}Else": [outer.urn]}}
    assert answers(CONTROL, world(PROVIDER, outer, R(type_, {}, record=record)))["it"].verdict is Verdict.INDETERMINATE


def test_every_way_is_a_reason() -> None:
    found = said({"deletionPolicy": "ABANDON"}, retainOnDelete=True, deletedWith=PROVIDER.urn)
    assert found.verdict is Verdict.FAIL
    assert len(found.reasons) == 3


def test_what_is_only_read_is_not_deleted() -> None:
    assert said({"deletionPolicy": "ABANDON"}, external=True, retainOnDelete=True) is NOT_APPLICABLE


def test_a_provider_that_abandons_fails_itself() -> None:
    assert answers(CONTROL, world(PROVIDER, BUCKET))["google"] is PASS
    found = answers(CONTROL, world(R("Provider", {"deletionPolicy": "ABANDON"}, "google")))["google"]
    assert found.verdict is Verdict.FAIL
    assert "wherever a resource says nothing else" in messages(found)


def test_other_packages_have_no_policy_but_can_be_retained() -> None:
    kept = {"retainOnDelete": True}
    token = "random:index/randomId:RandomId"
    found = answers(CONTROL, world(R(token, {"deletionPolicy": "ABANDON"}, "a"), R(token, {}, "b", record=kept)))
    assert found["a"] is PASS
    assert found["b"].verdict is Verdict.FAIL
    assert "" not in found
