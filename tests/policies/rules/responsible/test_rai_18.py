from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.responsible.rai_18 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, secret, stated_verdicts
from tests.policies.rules.responsible.world import (
    AGREEMENT_ON_DATA,
    DAY_MS,
    ENDPOINT,
    LOG,
    REQUESTS,
    REVIEWED,
    SERVED,
    SETTINGS,
    TAG,
    WORLD,
    agreement,
    around,
    endpoint,
    log,
    review,
)

OTHERS = (REVIEWED, AGREEMENT_ON_DATA, SERVED, TAG, REQUESTS, LOG)
test_stated = stated_verdicts(CONTROL, [ENDPOINT], *OTHERS, **WORLD)


def judged(
    it: R = ENDPOINT,
    reviewed: R = REVIEWED,
    agreed: R = AGREEMENT_ON_DATA,
    served: R = SERVED,
    store: R = REQUESTS,
    table: R | None = LOG,
    **world: Any,
) -> Outcome:
    tables = [table] if table is not None else []
    return outcome(CONTROL, it, reviewed, agreed, served, TAG, store, *tables, **{**WORLD, **world})


def test_requests_are_kept_for_a_time_and_tagged() -> None:
    assert judged().verdict is Verdict.PASS


@pytest.mark.parametrize("risk", ["limited", "minimal"])
def test_other_uses_are_judged_elsewhere(risk: str) -> None:
    assert judged(reviewed=review(riskClass=risk)).verdict is Verdict.NOT_APPLICABLE


def test_a_use_without_a_review_counts_as_high_risk() -> None:
    alone = around(review=None)
    off = {"enabled": False}
    it = endpoint(alone, predictRequestResponseLoggingConfig=off)
    assert judged(it, served=alone).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("days", "expected"),
    [(182, Verdict.FAIL), (183, Verdict.PASS), (365, Verdict.PASS), (366, Verdict.FAIL), (None, Verdict.FAIL)],
)
def test_they_are_kept_neither_too_short_nor_too_long(days: int | None, expected: Verdict) -> None:
    kept = {"defaultTableExpirationMs": days * DAY_MS} if days is not None else {"defaultTableExpirationMs": None}
    assert judged(store=replace(REQUESTS, inputs={**REQUESTS.inputs, **kept})).verdict is expected
    own = log(timePartitioning={"type": "DAY", "expirationMs": days * DAY_MS}) if days is not None else None
    if own is not None:
        assert judged(table=own).verdict is expected


def test_what_nobody_can_tell_is_indeterminate() -> None:
    for kept in (UNKNOWN, secret()):
        store = replace(REQUESTS, inputs={**REQUESTS.inputs, "defaultTableExpirationMs": kept})
        assert judged(store=store).verdict is Verdict.INDETERMINATE
    assert judged(agreed=agreement(retentionDays=secret())).verdict is Verdict.INDETERMINATE
    assert judged(parameters=replace(SETTINGS, personal_classes=None), table=log(schema=None)).verdict is Verdict.FAIL


def test_the_shortest_agreement_holds() -> None:
    short = agreement("short", retentionDays=200)
    both = around(agreements=[AGREEMENT_ON_DATA.urn, short.urn])
    found = outcome(CONTROL, endpoint(both), REVIEWED, AGREEMENT_ON_DATA, short, both, TAG, REQUESTS, LOG, **WORLD)
    assert found.verdict is Verdict.FAIL


def test_without_an_agreement_nobody_allows_it() -> None:
    free = around(agreements=None)
    assert judged(endpoint(free), served=free).verdict is Verdict.FAIL


def test_a_table_of_elsewhere_is_not_seen() -> None:
    there = {"enabled": True, "bigqueryDestination": {"outputUri": "bq://acme-other.requests.income"}}
    found = judged(endpoint(predictRequestResponseLoggingConfig=there))
    assert found.verdict is Verdict.FAIL
    assert "no table of this document" in found.reasons[0].message


def test_payloads_carry_tags_where_they_are_about_people() -> None:
    assert judged(table=log(schema=None)).verdict is Verdict.FAIL
    assert judged(table=log(schema=None, labels={"classification": "internal"})).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("class_", "expected"),
    [
        ("personal", Verdict.DECLARED),
        ("health", Verdict.DECLARED),
        ("internal", Verdict.PASS),
        ("odd", Verdict.FAIL),
        (None, Verdict.FAIL),
    ],
)
def test_the_dataset_of_a_table_that_google_makes_says_whom_it_is_about(class_: str | None, expected: Verdict) -> None:
    labels = {"labels": {"classification": class_} if class_ else {}}
    assert judged(store=replace(REQUESTS, inputs={**REQUESTS.inputs, **labels}), table=None).verdict is expected


def test_an_unknown_table_may_be_any() -> None:
    log_to = {"enabled": True, "bigqueryDestination": {"outputUri": UNKNOWN}}
    assert judged(endpoint(predictRequestResponseLoggingConfig=log_to)).verdict is Verdict.INDETERMINATE
    known = replace(
        endpoint(predictRequestResponseLoggingConfig=log_to),
        origins={"predictRequestResponseLoggingConfig.bigqueryDestination.outputUri": LOG.urn},
    )
    assert judged(known).verdict is Verdict.PASS
    assert PROJECT in str(ENDPOINT.inputs)


@pytest.mark.parametrize(
    ("table", "partitions", "expected"),
    [
        (300, 1, Verdict.FAIL),
        (1, 300, Verdict.FAIL),
        (300, 400, Verdict.FAIL),
        (300, 200, Verdict.DECLARED),
        (300, 0, Verdict.INDETERMINATE),
    ],
)
def test_partitions_may_go_before_their_table(table: int, partitions: int, expected: Verdict) -> None:
    kept = {"defaultTableExpirationMs": table * DAY_MS, "defaultPartitionExpirationMs": partitions * DAY_MS}
    assert judged(store=replace(REQUESTS, inputs={**REQUESTS.inputs, **kept}), table=None).verdict is expected


@pytest.mark.parametrize(("days", "expected"), [(1, Verdict.FAIL), (200, Verdict.PASS)])
def test_a_table_with_partitions_keeps_them_as_its_dataset_says(days: int, expected: Verdict) -> None:
    kept = {"defaultTableExpirationMs": 300 * DAY_MS, "defaultPartitionExpirationMs": days * DAY_MS}
    home = replace(REQUESTS, inputs={**REQUESTS.inputs, **kept})
    assert judged(table=log(timePartitioning={"type": "DAY"}), store=home).verdict is expected
    assert judged(store=home).verdict is Verdict.PASS


def test_partitions_go_with_a_table_that_ends_by_default() -> None:
    kept = {"defaultTableExpirationMs": 30 * DAY_MS}
    home = replace(REQUESTS, inputs={**REQUESTS.inputs, **kept})
    own = log(timePartitioning={"type": "DAY", "expirationMs": 300 * DAY_MS})
    assert judged(table=own, store=home).verdict is Verdict.FAIL
    both = replace(home, inputs={**home.inputs, "defaultPartitionExpirationMs": 10 * DAY_MS})
    assert judged(table=own, store=both).verdict is Verdict.PASS


@pytest.mark.parametrize("partitions", [{}, {"timePartitioning": {"type": "DAY", "expirationMs": 300 * DAY_MS}}])
@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (1, Verdict.FAIL),
        ((20_783 + 300) * DAY_MS, Verdict.FAIL),
        (40_000 * DAY_MS, Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
        (None, Verdict.PASS),
        (0, Verdict.PASS),
    ],
)
def test_a_table_that_ends_on_a_day_does_not_keep_what_comes_last(
    end: object, expected: Verdict, partitions: dict[str, Any]
) -> None:
    assert judged(table=log(expirationTime=end, **partitions)).verdict is expected
