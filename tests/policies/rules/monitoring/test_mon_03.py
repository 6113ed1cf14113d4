"""MON-03: logs are kept long enough, and locked."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine import Document
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.look import look
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_03 import CONTROL
from tests.policies.rules.harness import PARAMETERS, STACK, R, outcome, stated_verdicts, urn, verdict

STRICT = replace(PARAMETERS, audit_retention_days=400, audit_locked=True)
LOOSE = replace(PARAMETERS, audit_retention_days=30, audit_locked=False)
BUCKET = "logging.ProjectBucketConfig"
OTHERS = ("logging.FolderBucketConfig", "logging.OrganizationBucketConfig", "logging.BillingAccountBucketConfig")
GOOD = R(BUCKET, {"bucketId": "all", "retentionDays": 400, "locked": True})

test_stated_verdicts = stated_verdicts(
    CONTROL, [GOOD, *(R(each, {"bucketId": "all", "retentionDays": 400}) for each in OTHERS)], parameters=STRICT
)


@pytest.mark.parametrize(("days", "expected"), [(399, "fail"), (400, "pass"), ("401", "pass"), (0, "fail")])
def test_the_days_are_the_settings(days: object, expected: str) -> None:
    found = outcome(CONTROL, R(BUCKET, {"retentionDays": days, "locked": True}), parameters=STRICT)
    assert found.verdict == expected
    assert [(each.path, each.shown) for each in found.reasons] == (
        [("retentionDays", str(days))] if expected == "fail" else []
    )


@pytest.mark.parametrize("inputs", [{}, {"retentionDays": 0}, {"retentionDays": 30, "locked": False}])
def test_what_says_nothing_has_thirty_days(inputs: dict[str, Any]) -> None:
    assert verdict(CONTROL, R(BUCKET, inputs), parameters=LOOSE) is Verdict.PASS
    more = replace(LOOSE, audit_retention_days=31)
    assert verdict(CONTROL, R(BUCKET, inputs), parameters=more) is Verdict.FAIL


def test_only_buckets_of_projects_are_locked() -> None:
    unlocked = R(BUCKET, {"retentionDays": 400})
    assert verdict(CONTROL, unlocked, parameters=STRICT) is Verdict.FAIL
    assert verdict(CONTROL, unlocked, parameters=replace(STRICT, audit_locked=False)) is Verdict.PASS
    assert verdict(CONTROL, unlocked, parameters=replace(STRICT, audit_locked=None)) is Verdict.INDETERMINATE
    assert verdict(CONTROL, R(OTHERS[0], {"retentionDays": 400}), parameters=STRICT) is Verdict.PASS


def test_without_settings_nobody_can_tell() -> None:
    found = outcome(CONTROL, GOOD, parameters=replace(STRICT, audit_retention_days=None))
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "retentionDays")


@pytest.mark.parametrize("type_", [BUCKET, *OTHERS])
def test_the_bucket_that_google_keeps_is_no_matter(type_: str) -> None:
    assert verdict(CONTROL, R(type_, {"bucketId": "_Required"}), parameters=STRICT) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(type_, {"bucketId": "_Default"}), parameters=STRICT) is Verdict.FAIL


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        ({"riskClass": "high"}, Verdict.FAIL),
        ({"riskClass": "prohibited"}, Verdict.FAIL),
        ({}, Verdict.FAIL),
        ("wrong", Verdict.FAIL),
        ({"riskClass": "limited"}, Verdict.PASS),
        ({"riskClass": "minimal"}, Verdict.PASS),
    ],
)
def test_a_use_of_high_risk_asks_for_half_a_year(review: object, expected: Verdict) -> None:
    type_ = "groundplan:governance:ResponsibleAiReview"
    records: list[dict[str, Any]] = [
        {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False},
        {"urn": urn(type_, "r"), "type": type_, "custom": False, "parent": STACK, "inputs": {"review": review}},
        {
            "urn": urn(BUCKET, "b"),
            "type": "gcp:logging/projectBucketConfig:ProjectBucketConfig",
            "custom": True,
            "parent": STACK,
            "inputs": {"retentionDays": 182},
        },
    ]
    document = Document.read({"version": 3, "deployment": {"resources": records}})
    ((_, found),) = look(CONTROL, Context(Graph(document), parameters=replace(LOOSE, audit_retention_days=90)))
    assert found.verdict is expected
    records[2]["inputs"] = {"retentionDays": 183}
    document = Document.read({"version": 3, "deployment": {"resources": records}})
    ((_, found),) = look(CONTROL, Context(Graph(document), parameters=replace(LOOSE, audit_retention_days=90)))
    assert found.verdict is Verdict.PASS
