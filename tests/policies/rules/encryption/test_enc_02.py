"""ENC-02: BigQuery data uses customer-managed keys."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.encryption.enc_02 import CONTROL
from groundplan_policies.rules.encryption.uses import DATASET_KEY, TABLE_KEY
from tests.policies.rules.encryption.samples import FOREIGN, NAME, keyed
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, urn

DATASET, TABLE = keyed({"bigquery.Dataset": DATASET_KEY, "bigquery.Table": TABLE_KEY})

KINDS = ("load", "query", "copy")
TRANSFER = R("bigquery.DataTransferConfig", {"encryptionConfiguration": {"kmsKeyName": NAME}})
JOB = R("bigquery.Job", {each: {"destinationEncryptionConfiguration": {"kmsKeyName": NAME}} for each in KINDS})

test_stated_verdicts = stated_verdicts(CONTROL, [DATASET, TABLE, TRANSFER, JOB])


def test_a_transfer_names_a_key_or_takes_its_datasets() -> None:
    found = outcome(CONTROL, R(TRANSFER.type, {"encryptionConfiguration": {"kmsKeyName": FOREIGN}}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [TABLE_KEY])

    def into(key: str) -> Verdict:
        dataset = R("bigquery.Dataset", {"datasetId": "sales", "project": "p", **default(key)}, "ds")
        return outcome(CONTROL, R(TRANSFER.type, {"destinationDatasetId": "sales", "project": "p"}), dataset).verdict

    assert (into(NAME), into(FOREIGN)) == (Verdict.PASS, Verdict.FAIL)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_job_makes_has_a_key(kind: str) -> None:
    found = outcome(CONTROL, R("bigquery.Job", {kind: {"destinationEncryptionConfiguration": {"kmsKeyName": FOREIGN}}}))
    path = f"{kind}.destinationEncryptionConfiguration.kmsKeyName"
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])

    def into(key: str, project: object = "p", name: str = "sales", origin: str = "") -> Verdict:
        dataset = R("bigquery.Dataset", {"datasetId": "sales", "project": "p", **default(key)}, "ds")
        target = {kind: {"destinationTable": {"projectId": project, "datasetId": name, "tableId": "t"}}}
        origins = {f"{kind}.destinationTable.datasetId": origin} if origin else {}
        return outcome(CONTROL, R("bigquery.Job", target, origins=origins), dataset).verdict

    assert (into(NAME), into(FOREIGN)) == (Verdict.PASS, Verdict.FAIL)
    assert into(NAME, name=UNKNOWN, origin=urn("bigquery.Dataset", "ds")) is Verdict.PASS
    assert into(NAME, "q") is into(NAME, None) is into(NAME, name="other") is Verdict.INDETERMINATE


def test_a_job_that_reads_out_of_bigquery_makes_no_table() -> None:
    assert outcome(CONTROL, R("bigquery.Job", {"extract": {}})).verdict is Verdict.NOT_APPLICABLE


def table(dataset: dict[str, Any] | None = None, **inputs: Any) -> Outcome:
    others = (
        [R("bigquery.Dataset", {"datasetId": "sales", "project": "p", **dataset}, "ds")] if dataset is not None else []
    )
    return outcome(CONTROL, R("bigquery.Table", {"datasetId": "sales", "project": "p", **inputs}, "t"), *others)


def default(key: object) -> dict[str, Any]:
    return {"defaultEncryptionConfiguration": {"kmsKeyName": key}}


def test_a_table_takes_its_datasets_key() -> None:
    assert table(default(NAME)).verdict is Verdict.PASS
    assert table(default(NAME), encryptionConfiguration={}).verdict is Verdict.PASS
    assert table(default(NAME), encryptionConfiguration=[]).verdict is Verdict.PASS


def test_a_table_without_key_fails_with_its_dataset() -> None:
    for bad in ({}, default(FOREIGN), default("")):
        found = table(bad)
        assert found.verdict is Verdict.FAIL, bad
        assert [each.path for each in found.reasons] == [TABLE_KEY]
    assert table(default(secret())).verdict is Verdict.INDETERMINATE
    assert table(default(7)).verdict is Verdict.INDETERMINATE


def test_a_table_of_a_dataset_of_elsewhere_is_left_open() -> None:
    assert table().verdict is Verdict.INDETERMINATE
    assert table({**default(NAME), "project": "q"}).verdict is Verdict.INDETERMINATE
    assert table({**default(NAME), "datasetId": "other"}).verdict is Verdict.INDETERMINATE


def test_an_unknown_dataset_is_found_by_where_it_comes_from() -> None:
    dataset = R("bigquery.Dataset", default(NAME), "ds")
    from_it = R("bigquery.Table", {"datasetId": UNKNOWN}, "t", origins={"datasetId": urn("bigquery.Dataset", "ds")})
    assert outcome(CONTROL, from_it, dataset).verdict is Verdict.PASS
    assert outcome(CONTROL, R("bigquery.Table", {"datasetId": UNKNOWN}, "t"), dataset).verdict is Verdict.INDETERMINATE


def test_a_tables_own_key_comes_first() -> None:
    found = table(default(NAME), encryptionConfiguration={"kmsKeyName": FOREIGN})
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, TABLE_KEY)
    assert table(encryptionConfiguration={"kmsKeyName": NAME}).verdict is Verdict.PASS


@pytest.mark.parametrize("kind", ["view", "externalDataConfiguration"])
def test_what_keeps_no_data_does_not_count(kind: str) -> None:
    assert table({}, **{kind: {"query": UNKNOWN}}).verdict is Verdict.NOT_APPLICABLE
    assert table({}, **{kind: [{"query": "select 1"}]}).verdict is Verdict.NOT_APPLICABLE
    assert table({}, **{kind: {}}).verdict is Verdict.FAIL
    assert table(default(NAME), **{kind: []}).verdict is Verdict.PASS


@pytest.mark.parametrize("kind", ["view", "externalDataConfiguration"])
@pytest.mark.parametrize("value", [UNKNOWN, "yes", 7])
def test_what_may_be_a_view_is_left_open(kind: str, value: object) -> None:
    found = table({}, **{kind: value})
    assert found.verdict is Verdict.INDETERMINATE
    assert [each.path for each in found.reasons] == [kind]
    assert table({}, **{kind: secret()}).verdict is Verdict.INDETERMINATE


def test_materialized_views_keep_data() -> None:
    assert table({}, materializedView={"query": "select 1"}).verdict is Verdict.FAIL
