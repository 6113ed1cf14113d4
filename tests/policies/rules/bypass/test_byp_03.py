"""BYP-03: data, keys and locked logs are protected, and protection stands in no remedy's way."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_03 import CONTROL
from tests.policies.rules.bypass.worlds import answer, messages, paths
from tests.policies.rules.harness import R, secret, stated_verdicts

PROTECTED = {"protect": True}
LOG = "logging.ProjectBucketConfig"

test_stated_verdicts = stated_verdicts(
    CONTROL, [R("bigquery.Table", {}, record=PROTECTED), R(LOG, {"locked": True}, record=PROTECTED)]
)


def said(type_: str, inputs: dict[str, Any] | None = None, **record: Any) -> Outcome:
    return answer(CONTROL, R(type_, inputs or {}, record=record))


@pytest.mark.parametrize(
    "type_",
    [
        *("alloydb.Cluster", "bigquery.Dataset", "bigquery.Table", "bigtable.Instance", "bigtable.Table"),
        *("filestore.Instance", "firestore.Database", "spanner.Database", "spanner.Instance", "sql.DatabaseInstance"),
        *("storage.Bucket", "vertex.AiDataset", "vertex.AiFeatureOnlineStore", "kms.CryptoKey", "kms.KeyRing"),
    ],
)
def test_data_and_keys_need_protection(type_: str) -> None:
    assert said(type_, protect=True) is PASS
    found = said(type_)
    assert found.verdict is Verdict.FAIL
    assert paths(found) == [""]
    assert said(type_, protect=False).verdict is Verdict.FAIL


def test_other_types_need_none() -> None:
    assert said("compute.Network") is PASS


@pytest.mark.parametrize("key", ["view", "materializedView", "externalDataConfiguration"])
def test_tables_without_data_need_none(key: str) -> None:
    assert said("bigquery.Table", {key: {"query": "SELECT 1"}}) is PASS
    for value in ({}, UNKNOWN, secret()):
        assert said("bigquery.Table", {key: value}).verdict is Verdict.FAIL


def test_log_buckets_need_protection_once_they_are_locked() -> None:
    assert said(LOG, {"locked": True}).verdict is Verdict.FAIL
    assert said(LOG, {"locked": True}, protect=True) is PASS
    assert said(LOG, {"locked": False}) is PASS
    assert said(LOG) is PASS
    for value in (UNKNOWN, secret(), "no", 0):
        assert said(LOG, {"locked": value}).verdict is Verdict.FAIL, value


def test_what_is_only_read_needs_none() -> None:
    assert said("storage.Bucket", external=True) is NOT_APPLICABLE


@pytest.mark.parametrize("type_", ["storage.Bucket"])
def test_a_protected_resource_must_be_mendable(type_: str) -> None:
    found = said(type_, protect=True, replaceOnChanges=["labels", "location"])
    assert found.verdict is Verdict.FAIL
    assert paths(found) == ["location"]
    assert "NET-90, NET-91" in messages(found)
    assert said(type_, protect=True, replaceOnChanges=["labels"]) is PASS
    assert said(type_, protect=True, replaceOnChanges=["*"]).verdict is Verdict.FAIL


def test_a_replacement_of_what_is_not_protected_is_no_matter() -> None:
    assert answer(CONTROL, R("sql.User", {}, record={"replaceOnChanges": ["password"]})) is PASS
    protected = {"replaceOnChanges": ["password"], "protect": True}
    assert answer(CONTROL, R("sql.User", {}, record=protected)).verdict is Verdict.FAIL
    assert answer(CONTROL, R("sql.User", {}, record={**protected, "external": True})) is PASS
    view = R("bigquery.Table", {"view": {"query": "SELECT 1"}}, record={"replaceOnChanges": ["*"], "protect": True})
    assert answer(CONTROL, view) is PASS


def test_a_view_and_an_open_log_are_looked_at_for_replacement_too() -> None:
    from tests.policies.rules.bypass.worlds import reader

    asked = (reader("NET-92", "bigquery.Table", "view.query"), reader("NET-93", LOG, "retentionDays"))
    view = R("bigquery.Table", {"view": {"query": "SELECT 1"}}, record={"replaceOnChanges": ["view"], "protect": True})
    assert answer(CONTROL, view, asked=asked).verdict is Verdict.FAIL
    log = R(LOG, {}, record={"replaceOnChanges": ["retentionDays"], "protect": True})
    assert answer(CONTROL, log, asked=asked).verdict is Verdict.FAIL
