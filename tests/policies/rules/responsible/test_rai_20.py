from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_20 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts
from tests.policies.rules.responsible.world import (
    ACCOUNT,
    MODELS,
    REVIEWED,
    SAID,
    SCHEDULE,
    TRAINING,
    WORLD,
    WRITES_MODELS,
    around,
    bucket,
    on_bucket,
    review,
    schedule,
)

OTHERS = (ACCOUNT, TRAINING, SCHEDULE, WRITES_MODELS)


OF_REVIEWS = replace(CONTROL, reads=tuple(each for each in CONTROL.reads if each.type != "storage.Bucket"))
test_stated = stated_verdicts(OF_REVIEWS, [REVIEWED], *OTHERS, MODELS, best=Verdict.DECLARED, **WORLD)


def judged(store: R = MODELS, **changes: Any) -> Verdict:
    return outcome(CONTROL, review(rollback={**SAID["rollback"], **changes}), *OTHERS, store, **WORLD).verdict


@pytest.mark.parametrize(("kept", "expected"), [(0, Verdict.FAIL), (1, Verdict.DECLARED), (5, Verdict.DECLARED)])
def test_earlier_versions_are_kept(kept: int, expected: Verdict) -> None:
    assert judged(keptVersions=kept) is expected


@pytest.mark.parametrize("strategy", ["split", "canary", "blue-green"])
def test_strategies(strategy: str) -> None:
    assert judged(strategy=strategy) is Verdict.DECLARED
    assert judged(strategy=f"{strategy}!") is Verdict.FAIL


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"versioning": {"enabled": True}}, Verdict.DECLARED),
        ({"retentionPolicy": {"isLocked": True, "retentionPeriod": 604_800}}, Verdict.DECLARED),
        ({"retentionPolicy": {"isLocked": True, "retentionPeriod": "2592000"}}, Verdict.DECLARED),
        ({"retentionPolicy": {"isLocked": True, "retentionPeriod": 604_799}}, Verdict.FAIL),
        ({"retentionPolicy": {"isLocked": True}}, Verdict.FAIL),
        ({"retentionPolicy": {"isLocked": False, "retentionPeriod": 604_800}}, Verdict.FAIL),
        ({"retentionPolicy": {"isLocked": True, "retentionPeriod": UNKNOWN}}, Verdict.INDETERMINATE),
        ({"versioning": {"enabled": False}}, Verdict.FAIL),
        ({}, Verdict.FAIL),
        ({"versioning": {"enabled": secret()}}, Verdict.INDETERMINATE),
    ],
)
def test_the_bucket_of_models_keeps_what_was(inputs: dict[str, Any], expected: Verdict) -> None:
    assert judged(bucket("models", "restricted", **inputs)) is expected


def rule(type_: str = "Delete", **condition: Any) -> dict[str, Any]:
    return {"lifecycleRules": [{"action": {"type": type_}, "condition": condition}]}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (rule(daysSinceNoncurrentTime=7, withState="ARCHIVED"), Verdict.FAIL),
        (rule(daysSinceNoncurrentTime=8, withState="ARCHIVED"), Verdict.DECLARED),
        (rule(age=3), Verdict.FAIL),
        (rule(age=3, withState="LIVE"), Verdict.FAIL),
        (rule(age=30), Verdict.DECLARED),
        (rule(numNewerVersions=1), Verdict.FAIL),
        (rule(numNewerVersions=1, withState="ARCHIVED"), Verdict.FAIL),
        (rule(numNewerVersions=2), Verdict.DECLARED),
        (rule(numNewerVersions=1, daysSinceNoncurrentTime=30), Verdict.DECLARED),
        (rule("SetStorageClass", numNewerVersions=1), Verdict.DECLARED),
        (rule(age=UNKNOWN), Verdict.INDETERMINATE),
    ],
)
def test_no_rule_takes_earlier_versions_away_at_once(inputs: dict[str, Any], expected: Verdict) -> None:
    assert judged(bucket("models", "restricted", versioning={"enabled": True}, **inputs)) is expected


def test_each_bucket_that_training_writes_keeps_what_was() -> None:
    other = bucket("other", "restricted")
    both = (*OTHERS, on_bucket("other", "roles/storage.objectUser"))
    found = outcome(CONTROL, REVIEWED, *both, MODELS, other, **WORLD)
    assert (found.verdict, [each.shown for each in found.reasons]) == (Verdict.FAIL, ["other"])
    kept = bucket("other", "restricted", versioning={"enabled": True})
    assert outcome(CONTROL, REVIEWED, *both, MODELS, kept, **WORLD).verdict is Verdict.DECLARED


def test_what_training_only_reads_is_no_bucket_of_models() -> None:
    reads = (ACCOUNT, TRAINING, SCHEDULE, on_bucket("models"))
    assert outcome(CONTROL, REVIEWED, *reads, MODELS, **WORLD).verdict is Verdict.FAIL


def test_training_of_another_review_does_not_count() -> None:
    other = around("groundplan:pipelines:PipelineEnvironment", "pipelines", review=None)
    others = (ACCOUNT, other, schedule(other), WRITES_MODELS, MODELS)
    assert outcome(CONTROL, REVIEWED, *others, **WORLD).verdict is Verdict.FAIL


def test_a_bucket_that_training_only_may_write_is_none() -> None:
    unsure = (ACCOUNT, TRAINING, SCHEDULE, on_bucket("models", UNKNOWN))
    assert outcome(CONTROL, REVIEWED, *unsure, MODELS, **WORLD).verdict is Verdict.FAIL
    assert outcome(CONTROL, REVIEWED, ACCOUNT, TRAINING, SCHEDULE, MODELS, **WORLD).verdict is Verdict.FAIL


def test_it_states_what_it_reads_of_buckets() -> None:
    stated = {each.path for each in CONTROL.reads if each.type == "storage.Bucket"}
    locked = {"retentionPolicy.isLocked", "retentionPolicy.retentionPeriod"}
    assert stated == {"versioning.enabled", "lifecycleRules", *locked}
