from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.cost.cst_06 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict

FILES = {"externalDataConfiguration": {"hivePartitioningOptions": {"requirePartitionFilter": True}}}
TABLE = R(
    "bigquery.Table",
    {
        "timePartitioning": {"type": "DAY"},
        "rangePartitioning": {"field": "id"},
        "requirePartitionFilter": True,
        **FILES,
    },
)
GOOD = (
    R("bigquery.Reservation", {"maxSlots": 100}),
    R("bigquery.Job", {"query": {"query": "SELECT 1", "maximumBytesBilled": 1000000}}),
    TABLE,
)
test_stated = stated_verdicts(CONTROL, GOOD)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, Verdict.NOT_APPLICABLE),
        ({"timePartitioning": {"type": "DAY"}}, Verdict.FAIL),
        ({"rangePartitioning": {"field": "id"}}, Verdict.FAIL),
        ({"timePartitioning": {"type": "DAY", "requirePartitionFilter": True}}, Verdict.PASS),
        ({"timePartitioning": {"type": "DAY"}, "requirePartitionFilter": False}, Verdict.FAIL),
        ({"rangePartitioning": {"field": "id"}, "requirePartitionFilter": True}, Verdict.PASS),
        (FILES, Verdict.PASS),
        ({"externalDataConfiguration": {"hivePartitioningOptions": {"mode": "AUTO"}}}, Verdict.FAIL),
        ({"externalDataConfiguration": {"sourceUris": ["gs://b/*"]}}, Verdict.NOT_APPLICABLE),
        ({"timePartitioning": {"type": "DAY"}, **FILES}, Verdict.FAIL),
    ],
)
def test_partitioned_tables_want_a_filter(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R("bigquery.Table", inputs)) is expected


def test_jobs_that_query_have_a_limit() -> None:
    assert verdict(CONTROL, R("bigquery.Job", {"load": {"sourceUris": ["gs://x"]}})) is Verdict.NOT_APPLICABLE
    assert (
        verdict(CONTROL, R("bigquery.Job", {"query": {"query": "SELECT 1", "maximumBytesBilled": "0"}})) is Verdict.FAIL
    )
    assert verdict(CONTROL, R("bigquery.Reservation", {"maxSlots": 0})) is Verdict.FAIL


@pytest.mark.parametrize(("least", "expected"), [(1, Verdict.PASS), ("2", Verdict.PASS), (0, Verdict.FAIL)])
def test_a_limit_is_any_number_above_nothing(least: object, expected: Verdict) -> None:
    assert verdict(CONTROL, R("bigquery.Reservation", {"maxSlots": least})) is expected
    query = {"query": "SELECT 1", "maximumBytesBilled": least}
    assert verdict(CONTROL, R("bigquery.Job", {"query": query})) is expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"autoscale": {"maxSlots": 100}, "slotCapacity": 50}, Verdict.PASS),
        ({"autoscale": {"maxSlots": 0}}, Verdict.FAIL),
        ({"slotCapacity": 50}, Verdict.FAIL),
    ],
)
def test_a_reservation_may_say_how_far_it_grows_by_itself(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R("bigquery.Reservation", inputs)) is expected
