from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.cost.cst_07 import CONTROL
from tests.policies.rules.harness import R, secret, stated_verdicts, verdict

test_stated = stated_verdicts(
    CONTROL,
    [
        R(
            "storage.Bucket",
            {
                "autoclass": {"enabled": True},
                "lifecycleRules": [{"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}}],
            },
        )
    ],
)


def judged(**inputs: Any) -> Verdict:
    return verdict(CONTROL, R("storage.Bucket", inputs))


def moving(to: Any, kind: str = "SetStorageClass") -> Any:
    return [{"action": {"type": "AbortIncompleteMultipartUpload"}}, {"action": {"type": kind, "storageClass": to}}]


@pytest.mark.parametrize("to", ["NEARLINE", "COLDLINE", "ARCHIVE"])
def test_a_rule_may_move_objects(to: str) -> None:
    assert judged(lifecycleRules=moving(to)) is Verdict.PASS
    assert judged(lifecycleRules=moving(to, "Delete")) is Verdict.FAIL


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (moving("STANDARD"), Verdict.FAIL),
        ([], Verdict.FAIL),
        (secret(), Verdict.INDETERMINATE),
        ([secret()], Verdict.INDETERMINATE),
    ],
)
def test_other_rules_move_nothing(rules: Any, expected: Verdict) -> None:
    assert judged(lifecycleRules=rules) is expected
    assert judged(autoclass={"enabled": True}, lifecycleRules=rules) is Verdict.PASS


@pytest.mark.parametrize(("age", "expected"), [(30, Verdict.NOT_APPLICABLE), (31, Verdict.FAIL)])
def test_what_goes_soon_is_not_worth_moving(age: int, expected: Verdict) -> None:
    assert judged(lifecycleRules=[{"action": {"type": "Delete"}, "condition": {"age": age}}]) is expected


@pytest.mark.parametrize("to", ["NEARLINE", "COLDLINE", "archive"])
def test_what_is_cold_already_is_not_judged(to: str) -> None:
    assert judged(storageClass=to) is Verdict.NOT_APPLICABLE
    assert judged(storageClass="STANDARD") is Verdict.FAIL


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"age": 90}, Verdict.PASS),
        ({"age": 90, "withState": "LIVE"}, Verdict.PASS),
        ({"age": 90, "withState": "ANY", "numNewerVersions": 0}, Verdict.PASS),
        ({"age": 90, "withState": "ARCHIVED"}, Verdict.FAIL),
        ({"numNewerVersions": 3}, Verdict.FAIL),
        ({"daysSinceNoncurrentTime": 30}, Verdict.FAIL),
        ({"noncurrentTimeBefore": "2026-01-01"}, Verdict.FAIL),
    ],
)
def test_a_rule_for_replaced_versions_moves_nothing_that_is_only_old(condition: Any, expected: Verdict) -> None:
    rule = {"action": {"type": "SetStorageClass", "storageClass": "COLDLINE"}, "condition": condition}
    assert judged(lifecycleRules=[rule]) is expected
