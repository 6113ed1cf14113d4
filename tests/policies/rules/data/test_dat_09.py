"""DAT-09: personal data expires."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_09 import CONTROL
from tests.policies.rules.data.worlds import CLASSED, labels
from tests.policies.rules.harness import PARAMETERS, R, outcome, put, stated_verdicts, verdict

SETTINGS = replace(CLASSED, personal_max_days=30)
DAY_MS = 86_400_000
DELETE = {"action": {"type": "Delete"}, "condition": {"age": 30, "withState": "LIVE"}}
BUCKET = R(
    "storage.Bucket",
    {
        "labels": labels("personal"),
        "lifecycleRules": [DELETE],
        "defaultEventBasedHold": False,
        "retentionPolicy": {"retentionPeriod": 86400},
    },
)
DATASET = R(
    "bigquery.Dataset",
    {
        "datasetId": "people",
        "labels": labels("personal"),
        "defaultTableExpirationMs": 30 * DAY_MS,
        "defaultPartitionExpirationMs": 30 * DAY_MS,
    },
)
HOLDER = replace(DATASET, name="holder", inputs={**DATASET.inputs, "datasetId": "held"})
TABLE = R("bigquery.Table", {"datasetId": "held", "timePartitioning": {"type": "DAY", "expirationMs": DAY_MS}})

test_stated_verdicts = stated_verdicts(CONTROL, [BUCKET, DATASET, TABLE], HOLDER, parameters=SETTINGS)


def ruled(condition: dict[str, Any], action: str = "Delete") -> R:
    rule = {"action": {"type": action}, "condition": condition}
    other = {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 1}}
    return R("storage.Bucket", {"labels": labels("personal"), "lifecycleRules": [other, rule]})


@pytest.mark.parametrize(
    "condition",
    [
        {"age": 30},
        {"age": 1, "withState": "ANY"},
        {"age": "30", "withState": "LIVE"},
        {"age": "1", "withState": "ANY"},
        {"age": 30, "withState": "", "matchesPrefixes": [], "numNewerVersions": 0, "createdBefore": ""},
        {"age": 0, "sendAgeIfZero": True},
        {"sendAgeIfZero": True},
        {"age": 30, "sendAgeIfZero": False, "sizeAboveBytes": 0.0},
    ],
)
def test_a_rule_that_deletes_live_objects_by_age_passes(condition: dict[str, Any]) -> None:
    assert verdict(CONTROL, ruled(condition), parameters=SETTINGS) is Verdict.PASS


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        ({"age": 31}, "lifecycleRules[1].condition"),
        ({"age": 30, "matchesPrefixes": ["tmp/"]}, "lifecycleRules[1].condition"),
        ({"age": 30, "numNewerVersions": 1}, "lifecycleRules[1].condition"),
        ({"age": 30, "createdBefore": "2020-01-01"}, "lifecycleRules[1].condition"),
        ({"age": 30, "sendDaysSinceNoncurrentTimeIfZero": True}, "lifecycleRules[1].condition"),
        ({"daysSinceNoncurrentTime": 3}, "lifecycleRules[1].condition"),
        ({"age": 0, "withState": "LIVE"}, "lifecycleRules[1].condition"),
        ({"withState": "ANY"}, "lifecycleRules[1].condition"),
        ({"age": 30, "withState": "ARCHIVED"}, None),
        ({}, None),
    ],
)
def test_a_rule_that_spares_objects_fails(condition: dict[str, Any], path: str | None) -> None:
    found = outcome(CONTROL, ruled(condition), parameters=SETTINGS)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["lifecycleRules", *filter(None, [path])]


def test_a_rule_that_only_moves_objects_fails() -> None:
    assert verdict(CONTROL, ruled({"age": 3}, "SetStorageClass"), parameters=SETTINGS) is Verdict.FAIL


@pytest.mark.parametrize(
    "condition",
    [
        {"age": UNKNOWN},
        {"age": 30, "matchesPrefixes": [UNKNOWN]},
        {"age": "soon"},
        {"age": "0"},
        {"age": -1},
        {"age": True},
    ],
)
def test_a_rule_that_cannot_be_read_is_indeterminate(condition: dict[str, Any]) -> None:
    assert verdict(CONTROL, ruled(condition), parameters=SETTINGS) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "rules", [["Delete"], [{"action": "Delete"}], [{"action": {"type": "Delete"}, "condition": 7}]]
)
def test_a_rule_of_another_shape_is_indeterminate(rules: list[object]) -> None:
    bucket = R("storage.Bucket", {"labels": labels("personal"), "lifecycleRules": rules})
    assert verdict(CONTROL, bucket, parameters=SETTINGS) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("path", "value"), [("defaultEventBasedHold", True), ("retentionPolicy.retentionPeriod", 30 * 86400 + 1)]
)
def test_what_keeps_objects_in_spite_of_a_rule_fails(path: str, value: object) -> None:
    found = outcome(CONTROL, R("storage.Bucket", put(BUCKET.inputs, path, value)), parameters=SETTINGS)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [path]


@pytest.mark.parametrize("path", ["defaultTableExpirationMs", "defaultPartitionExpirationMs"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3_600_000, Verdict.PASS),
        (3_599_999, Verdict.FAIL),
        (0, Verdict.FAIL),
        (30 * DAY_MS, Verdict.PASS),
        (30 * DAY_MS + 1, Verdict.FAIL),
    ],
)
def test_a_dataset_expires_its_tables_in_time(path: str, value: int, expected: Verdict) -> None:
    found = outcome(CONTROL, R("bigquery.Dataset", {**DATASET.inputs, path: value}), parameters=SETTINGS)
    assert found.verdict is expected
    if expected is Verdict.FAIL:
        assert [(each.path, each.shown) for each in found.reasons] == [(path, str(value))]


def test_partitions_alone_leave_other_tables_for_ever() -> None:
    dataset = R("bigquery.Dataset", {"labels": labels("personal"), "defaultPartitionExpirationMs": DAY_MS})
    assert verdict(CONTROL, dataset, parameters=SETTINGS) is Verdict.FAIL


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, Verdict.PASS),
        ({"timePartitioning": {"type": "DAY"}}, Verdict.PASS),
        ({"timePartitioning": {"type": "DAY", "expirationMs": 31 * DAY_MS}}, Verdict.FAIL),
        ({"expirationTime": 0}, Verdict.PASS),
        ({"expirationTime": 4102444800000}, Verdict.INDETERMINATE),
        ({"datasetId": "elsewhere"}, Verdict.INDETERMINATE),
        ({"datasetId": "elsewhere", "timePartitioning": {"expirationMs": DAY_MS}}, Verdict.PASS),
        ({"view": {"query": "SELECT 1"}}, Verdict.NOT_APPLICABLE),
        ({"materializedView": {"query": "SELECT 1"}}, Verdict.NOT_APPLICABLE),
        ({"externalDataConfiguration": {"autodetect": True}}, Verdict.NOT_APPLICABLE),
        ({"view": {}, "timePartitioning": {"expirationMs": 31 * DAY_MS}}, Verdict.FAIL),
    ],
)
def test_a_table_may_not_outlive_its_dataset(more: dict[str, object], expected: Verdict) -> None:
    table = R("bigquery.Table", {"datasetId": "held", **more})
    assert verdict(CONTROL, table, HOLDER, parameters=SETTINGS) is expected


def test_only_personal_data_is_judged_and_what_has_no_class_is_personal() -> None:
    assert verdict(CONTROL, R("storage.Bucket", {"labels": labels("public")}), parameters=SETTINGS) is (
        Verdict.NOT_APPLICABLE
    )
    assert verdict(CONTROL, R("storage.Bucket"), parameters=SETTINGS) is Verdict.FAIL


@pytest.mark.parametrize("settings", [PARAMETERS, CLASSED, replace(PARAMETERS, personal_max_days=30)])
def test_without_settings_nobody_can_say(settings: Any) -> None:
    assert verdict(CONTROL, BUCKET, parameters=settings) is Verdict.INDETERMINATE
