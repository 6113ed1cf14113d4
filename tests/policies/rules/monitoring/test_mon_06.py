"""MON-06: access to buckets is logged."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_06 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, outcomes, stated_verdicts, verdict

GOOD = R("storage.Bucket", {"name": "data", "project": PROJECT, "logging": {"logBucket": "traces"}})
BARE = R("storage.Bucket", {"name": "data", "project": PROJECT})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def audit(*kinds: str, type_: str = "projects.IAMAuditConfig", **more: Any) -> R:
    listed = [{"logType": each} for each in kinds]
    return R(type_, {"project": PROJECT, "service": "allServices", "auditLogConfigs": listed, **more}, "audit")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (audit("DATA_READ", "DATA_WRITE"), Verdict.PASS),
        (audit("DATA_READ", "DATA_WRITE", service="storage.googleapis.com"), Verdict.PASS),
        (audit("DATA_READ", "DATA_WRITE", type_="organizations.IamAuditConfig"), Verdict.PASS),
        (audit("DATA_READ"), Verdict.FAIL),
        (audit("DATA_WRITE", "ADMIN_READ"), Verdict.FAIL),
        (audit("DATA_READ", "DATA_WRITE", service="bigquery.googleapis.com"), Verdict.FAIL),
        (audit("DATA_READ", "DATA_WRITE", service=UNKNOWN), Verdict.FAIL),
        (audit("DATA_READ", "DATA_WRITE", project="acme-keys"), Verdict.FAIL),
        (
            audit(
                auditLogConfigs=[
                    {"logType": "DATA_READ", "exemptedMembers": ["user:a@b.test"]},
                    {"logType": "DATA_WRITE"},
                ]
            ),
            Verdict.FAIL,
        ),
    ],
)
def test_the_project_may_audit_storage(said: R, expected: Verdict) -> None:
    found = outcome(CONTROL, BARE, said)
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == ([] if expected is Verdict.PASS else ["logging.logBucket"])


def test_two_configurations_add_up_and_one_exemption_spoils_them() -> None:
    reads, writes = audit("DATA_READ"), replace(audit("DATA_WRITE", service="storage.googleapis.com"), name="two")
    assert verdict(CONTROL, BARE, reads, writes) is Verdict.PASS
    exempt = [{"logType": "DATA_WRITE", "exemptedMembers": [UNKNOWN]}]
    spoilt = replace(writes, inputs={**writes.inputs, "auditLogConfigs": exempt})
    assert verdict(CONTROL, BARE, reads, spoilt) is Verdict.FAIL


def test_a_bucket_does_not_log_to_itself() -> None:
    own = R("storage.Bucket", {"name": "data", "logging": {"logBucket": "data"}})
    found = outcome(CONTROL, own)
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "logging.logBucket")
    late = R("storage.Bucket", {"logging": {"logBucket": UNKNOWN}}, origins={"logging.logBucket": BARE.urn})
    assert verdict(CONTROL, late) is Verdict.FAIL


def test_buckets_that_hold_logs_are_left_out() -> None:
    traces = R("storage.Bucket", {"name": "traces", "project": PROJECT}, "traces")
    found = outcomes(CONTROL, GOOD, traces)
    assert {name: each.verdict for name, each in found.items()} == {
        "it": Verdict.PASS,
        "traces": Verdict.NOT_APPLICABLE,
    }
    sink = R("logging.ProjectSink", {"destination": "storage.googleapis.com/data"}, "sink")
    assert verdict(CONTROL, BARE, sink) is Verdict.NOT_APPLICABLE


def test_an_unknown_bucket_of_this_document_is_another() -> None:
    traces = R("storage.Bucket", {"project": PROJECT}, "traces")
    late = R("storage.Bucket", {"logging": {"logBucket": UNKNOWN}}, origins={"logging.logBucket": traces.urn})
    assert verdict(CONTROL, late, traces) is Verdict.PASS


def test_a_bucket_that_names_itself_by_output_holds_no_logs() -> None:
    own = R("storage.Bucket", {"name": "data", "logging": {"logBucket": UNKNOWN}})
    found = outcome(CONTROL, replace(own, origins={"logging.logBucket": own.urn}))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "logging.logBucket")
