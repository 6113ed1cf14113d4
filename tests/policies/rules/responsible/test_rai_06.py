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


def files(**options: Any) -> R:
    return scan(inspectJob={**SCAN_JOB, "storageConfig": {"cloudStorageOptions": options}})


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("gs://raw/**", Verdict.PASS),
        ("gs://raw/letters/**", Verdict.FAIL),
        ("gs://raw/*", Verdict.FAIL),
        ("gs://raw/", Verdict.FAIL),
        ("gs://raw", Verdict.FAIL),
    ],
)
def test_a_job_looks_through_all_of_it(url: str, expected: Verdict) -> None:
    assert said(files(fileSet={"url": url})) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"gs://{UNKNOWN}/**", Verdict.PASS),
        (f"gs://{UNKNOWN}/letters/**", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_a_bucket_whose_name_comes_later_is_looked_through_all_the_same(url: str, expected: Verdict) -> None:
    job = replace(
        files(fileSet={"url": url}),
        origins={"inspectJob.storageConfig.cloudStorageOptions.fileSet.url": RAW.urn},
    )
    assert said(job) is expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"fileTypes": ["CSV"]}, Verdict.FAIL),
        ({"fileTypes": []}, Verdict.PASS),
        ({"fileTypes": UNKNOWN}, Verdict.INDETERMINATE),
        ({"filesLimitPercent": 10}, Verdict.PASS),
    ],
)
def test_a_job_leaves_out_no_kind_of_files(more: dict[str, Any], expected: Verdict) -> None:
    assert said(files(fileSet={"url": "gs://raw/**"}, **more)) is expected


@pytest.mark.parametrize(
    ("regexes", "expected"),
    [
        ({}, Verdict.PASS),
        ({"includeRegexes": ["letters/.*"]}, Verdict.FAIL),
        ({"excludeRegexes": ["private/.*"]}, Verdict.FAIL),
    ],
)
def test_a_job_by_names_leaves_out_none(regexes: dict[str, list[str]], expected: Verdict) -> None:
    assert said(files(fileSet={"regexFileSet": {"bucketName": "raw", **regexes}})) is expected


def test_a_job_that_looks_at_what_was_there_until_a_day_leaves_out_the_rest() -> None:
    storage = {**SCAN_JOB["storageConfig"], "timespanConfig": {"endTime": "2025-01-01T00:00:00Z"}}
    assert said(scan(inspectJob={**SCAN_JOB, "storageConfig": storage})) is Verdict.FAIL
    storage["timespanConfig"] = {"enableAutoPopulationOfTimespanConfig": True}
    assert said(scan(inspectJob={**SCAN_JOB, "storageConfig": storage})) is Verdict.PASS


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
