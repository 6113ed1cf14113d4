"""DAT-08: buckets of logs and models are locked."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_08 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, put, secret, stated_verdicts, verdict

SETTINGS = replace(PARAMETERS, audit_retention_days=30, audit_locked=True)
MONTH = 30 * 86400
LOCKED = {"retentionPolicy": {"retentionPeriod": MONTH, "isLocked": True}}
LOGS = R("storage.Bucket", {"name": "logs", **LOCKED}, "logs")
MODELS = R("storage.Bucket", {"name": "models", "labels": {"purpose": "models"}, **LOCKED})
SINKS = [
    R(sink, {"destination": "storage.googleapis.com/logs"})
    for sink in ("logging.ProjectSink", "logging.FolderSink", "logging.OrganizationSink", "logging.BillingAccountSink")
]

test_stated_verdicts = stated_verdicts(CONTROL, [MODELS, *SINKS], LOGS, parameters=SETTINGS)


@pytest.mark.parametrize("sink", SINKS, ids=lambda sink: sink.type)
def test_the_bucket_of_each_kind_of_sink_must_be_locked(sink: R) -> None:
    assert verdict(CONTROL, LOGS, sink, parameters=SETTINGS) is Verdict.PASS
    bare = R("storage.Bucket", {"name": "logs"}, "logs")
    found = outcome(CONTROL, bare, sink, parameters=SETTINGS)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["retentionPolicy.retentionPeriod", "retentionPolicy.isLocked"]


def test_a_full_name_of_a_bucket_makes_it_count() -> None:
    bare = R("storage.Bucket", {"name": "logs"}, "logs")
    sink = R("logging.ProjectSink", {"destination": "//storage.googleapis.com/logs"}, "sink")
    assert verdict(CONTROL, bare, sink, parameters=SETTINGS) is Verdict.FAIL


def test_a_bucket_that_is_made_in_this_run_is_found() -> None:
    bare = R("storage.Bucket", {}, "logs")
    sink = R("logging.ProjectSink", {"destination": UNKNOWN}, "sink", origins={"destination": bare.urn})
    assert verdict(CONTROL, bare, sink, parameters=SETTINGS) is Verdict.FAIL
    assert verdict(CONTROL, sink, bare, parameters=SETTINGS) is Verdict.PASS


@pytest.mark.parametrize(
    ("period", "locked", "expected"),
    [
        (MONTH, True, Verdict.PASS),
        (str(MONTH + 9), True, Verdict.PASS),
        (MONTH + 1, True, Verdict.PASS),
        (MONTH - 1, True, Verdict.FAIL),
        ("0", True, Verdict.FAIL),
        (MONTH, False, Verdict.FAIL),
        ("long", True, Verdict.INDETERMINATE),
        (UNKNOWN, True, Verdict.INDETERMINATE),
    ],
)
def test_period_and_lock_both_count(period: object, locked: bool, expected: Verdict) -> None:
    inputs = {**MODELS.inputs, "retentionPolicy": {"retentionPeriod": period, "isLocked": locked}}
    assert verdict(CONTROL, R("storage.Bucket", inputs), parameters=SETTINGS) is expected


@pytest.mark.parametrize(
    ("audit_locked", "is_locked", "expected"),
    [
        (False, False, Verdict.PASS),
        (False, ..., Verdict.PASS),
        (False, "yes", Verdict.INDETERMINATE),
        (None, True, Verdict.PASS),
        (None, False, Verdict.INDETERMINATE),
    ],
)
def test_the_settings_say_whether_a_lock_is_asked_for(
    audit_locked: bool | None, is_locked: object, expected: Verdict
) -> None:
    bucket = R("storage.Bucket", put(MODELS.inputs, "retentionPolicy.isLocked", is_locked))
    assert verdict(CONTROL, bucket, parameters=replace(SETTINGS, audit_locked=audit_locked)) is expected


def test_without_days_nobody_can_say() -> None:
    settings = replace(SETTINGS, audit_retention_days=None)
    assert verdict(CONTROL, MODELS, parameters=settings) is Verdict.INDETERMINATE


def test_no_days_still_ask_for_some_retention() -> None:
    settings = replace(SETTINGS, audit_retention_days=0)
    bare = R("storage.Bucket", put(MODELS.inputs, "retentionPolicy.retentionPeriod", "0"))
    assert verdict(CONTROL, bare, parameters=settings) is Verdict.FAIL
    second = R("storage.Bucket", put(MODELS.inputs, "retentionPolicy.retentionPeriod", "1"))
    assert verdict(CONTROL, second, parameters=settings) is Verdict.PASS


@pytest.mark.parametrize("purpose", ["audit", "logs", "models", "Models"])
def test_a_purpose_makes_a_bucket_count(purpose: str) -> None:
    bare = R("storage.Bucket", {"labels": {"purpose": purpose}})
    assert verdict(CONTROL, bare, parameters=SETTINGS) is Verdict.FAIL


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"purpose": "scratch"}, Verdict.NOT_APPLICABLE),
        ({}, Verdict.NOT_APPLICABLE),
        ({"purpose": UNKNOWN}, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
    ],
)
def test_other_buckets_are_not_judged(labels: object, expected: Verdict) -> None:
    assert verdict(CONTROL, R("storage.Bucket", {"labels": labels}), parameters=SETTINGS) is expected


DATASET = R("bigquery.Dataset", {"datasetId": "logs"}, "dataset")


@pytest.mark.parametrize(
    ("destination", "origin", "expected"),
    [
        ("bigquery.googleapis.com/projects/p/datasets/d", None, Verdict.NOT_APPLICABLE),
        (f"bigquery.googleapis.com/{UNKNOWN}", None, Verdict.NOT_APPLICABLE),
        (UNKNOWN, DATASET.urn, Verdict.INDETERMINATE),
        (UNKNOWN, (LOGS.urn, DATASET.urn), Verdict.INDETERMINATE),
        (UNKNOWN, LOGS.urn, Verdict.PASS),
        (f"sto{UNKNOWN}", LOGS.urn, Verdict.INDETERMINATE),
        (f"//{UNKNOWN}", DATASET.urn, Verdict.INDETERMINATE),
        ("//storage.googleapis.com/elsewhere", None, Verdict.INDETERMINATE),
        ("//storage.googleapis.com/logs", None, Verdict.PASS),
        (f"//storage.googleapis.com/{UNKNOWN}", LOGS.urn, Verdict.PASS),
        ("storage.googleapis.com/elsewhere", None, Verdict.INDETERMINATE),
        (f"storage.googleapis.com/{UNKNOWN}", DATASET.urn, Verdict.INDETERMINATE),
        (UNKNOWN, None, Verdict.INDETERMINATE),
    ],
)
def test_a_sink_whose_bucket_is_elsewhere_cannot_be_judged(
    destination: str, origin: str | tuple[str, ...] | None, expected: Verdict
) -> None:
    origins = {"destination": origin} if origin else {}
    sink = R("logging.ProjectSink", {"destination": destination}, origins=origins)
    assert verdict(CONTROL, sink, DATASET, LOGS, parameters=SETTINGS) is expected


@pytest.mark.parametrize("name", [["logs"], {"name": "logs"}])
def test_a_bucket_whose_name_is_no_text_stands_in_no_other_s_way(name: object) -> None:
    odd = R("storage.Bucket", {"name": name}, "odd")
    assert verdict(CONTROL, LOGS, odd, SINKS[0], parameters=SETTINGS) is Verdict.PASS
