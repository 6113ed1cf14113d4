from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_06 import CONTROL
from tests.policies.rules.harness import PROJECT, R, caught_elsewhere, outcomes
from tests.policies.rules.responsible.world import (
    ACCOUNT,
    RAW,
    SCAN,
    SCAN_JOB,
    SCHEDULE,
    SETTINGS,
    TRAINING,
    UNDER,
    WORLD,
    bucket,
    on_bucket,
    scan,
)

READS = (ACCOUNT, TRAINING, SCHEDULE, UNDER, RAW, on_bucket("raw"))


def said(*resources: R, **world: Any) -> Verdict:
    return outcomes(CONTROL, *READS, *resources, **{**WORLD, **world})["raw"].verdict


def test_a_store_about_people_is_looked_through() -> None:
    assert said(SCAN) is Verdict.PASS
    assert said() is Verdict.FAIL


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "PAUSED"}, Verdict.FAIL),
        ({"triggers": [{"manual": {}}]}, Verdict.FAIL),
        (
            {
                "inspectJob": {
                    **SCAN_JOB,
                    "storageConfig": {"cloudStorageOptions": {"fileSet": {"url": "gs://other/**"}}},
                }
            },
            Verdict.FAIL,
        ),
    ],
)
def test_a_job_that_does_not_look_counts_for_nothing(changes: dict[str, Any], expected: Verdict) -> None:
    assert said(scan(**changes)) is expected


def test_a_job_that_may_look_through_it_leaves_it_open() -> None:
    storage = {"cloudStorageOptions": {"fileSet": {"url": UNKNOWN}}}
    unsure = {"inspectJob": {**SCAN_JOB, "storageConfig": storage}}
    assert said(scan(**unsure)) is Verdict.INDETERMINATE
    assert said(scan(**unsure, status="PAUSED")) is Verdict.FAIL


DISCOVERY = R(
    "dataloss.PreventionDiscoveryConfig",
    {
        "parent": f"projects/{PROJECT}/locations/europe-west4",
        "location": "europe-west4",
        "status": "RUNNING",
        "targets": [{"cloudStorageTarget": {"filter": {"others": {}}}}],
    },
    "discovery",
)


def test_discovery_of_everything_counts() -> None:
    assert said(DISCOVERY) is Verdict.PASS
    assert said(replace(DISCOVERY, inputs={**DISCOVERY.inputs, "status": "PAUSED"})) is Verdict.FAIL
    tables: list[Any] = [{"bigQueryTarget": {"filter": {"otherTables": {}}}}]
    assert said(replace(DISCOVERY, inputs={**DISCOVERY.inputs, "targets": tables})) is Verdict.FAIL


def test_discovery_from_outside_is_declared() -> None:
    assert said(parameters=replace(SETTINGS, discovery_elsewhere=True)) is Verdict.DECLARED


def test_what_is_not_about_people_needs_no_scan() -> None:
    other = (ACCOUNT, TRAINING, SCHEDULE, bucket("raw", "internal"), on_bucket("raw"))
    assert outcomes(CONTROL, *other, **WORLD) == {}
    unlabelled = (ACCOUNT, TRAINING, SCHEDULE, bucket("raw", labels={}), on_bucket("raw"))
    assert outcomes(CONTROL, *unlabelled, **WORLD)["raw"].verdict is Verdict.FAIL
    nobody = replace(SETTINGS, personal_classes=None)
    assert said(SCAN, parameters=nobody) is Verdict.INDETERMINATE


test_seen = caught_elsewhere(CONTROL, [SCAN], *READS, **WORLD)
