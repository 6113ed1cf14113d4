from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.responsible.rai_23 import CONTROL
from groundplan_policies.rules.responsible.residency import is_inside
from tests.policies.rules.harness import PROJECT, R, caught_elsewhere, outcomes, secret
from tests.policies.rules.responsible.world import (
    ACCOUNT,
    AGREEMENT_ON_DATA,
    COPIES,
    RAW,
    SCAN,
    SCHEDULE,
    SETTINGS,
    UNDER,
    WORLD,
    agreement,
    around,
    bucket,
    on_bucket,
    schedule,
)


def judged(*others: R, store: R = RAW, agreed: R = AGREEMENT_ON_DATA, **world: Any) -> Outcome:
    return outcomes(CONTROL, agreed, UNDER, store, *others, **{**WORLD, **world})["raw"]


def raw(class_: str = "personal", **inputs: Any) -> R:
    return bucket("raw", class_, parent=UNDER, **inputs)


def test_a_store_keeps_to_its_agreement() -> None:
    found = judged()
    assert found.verdict is Verdict.DECLARED
    assert outcomes(CONTROL, bucket("raw"), **WORLD) == {}


@pytest.mark.parametrize(
    ("class_", "expected"),
    [
        ("personal", Verdict.DECLARED),
        ("health", Verdict.DECLARED),
        ("restricted", Verdict.FAIL),
        ("", Verdict.DECLARED),
    ],
)
def test_its_class_is_at_least_the_agreed_one(class_: str, expected: Verdict) -> None:
    assert judged(store=raw(class_)).verdict is expected


@pytest.mark.parametrize(
    ("place", "allowed", "inside"),
    [
        ("europe-west4", ["EU"], True),
        ("EUROPE-WEST4", ["europe-west4"], True),
        ("europe-west2", ["EU"], False),
        ("europe-west6", ["eu"], False),
        ("EU", ["EU"], True),
        ("EU", ["europe-west4"], False),
        ("us-central1", ["EU"], False),
        ("us-central1-a", ["US"], True),
        ("asia-east1", ["ASIA"], True),
        ("europe-west4", [], False),
    ],
)
def test_regions_inside_of_others(place: str, allowed: list[str], inside: bool) -> None:
    assert is_inside(place, allowed) is inside


@pytest.mark.parametrize(
    ("location", "expected"),
    [("europe-west4", Verdict.DECLARED), ("US", Verdict.FAIL), (None, Verdict.FAIL), (UNKNOWN, Verdict.INDETERMINATE)],
)
def test_it_is_where_the_agreement_lets_it_be(location: object, expected: Verdict) -> None:
    assert judged(store=raw(location=location)).verdict is expected


@pytest.mark.parametrize(("age", "expected"), [(365, Verdict.DECLARED), (366, Verdict.FAIL), (None, Verdict.FAIL)])
def test_it_is_kept_for_no_longer(age: int | None, expected: Verdict) -> None:
    rules = [{"action": {"type": "Delete"}, "condition": {"age": age}}] if age is not None else []
    assert judged(store=raw(lifecycleRules=rules)).verdict is expected


@pytest.mark.parametrize("key", ["residency", "retentionDays", "dataClass"])
def test_an_agreement_that_cannot_be_read_leaves_it_open(key: str) -> None:
    for value in (secret(), None):
        changes: dict[str, Any] = {key: value}
        assert judged(agreed=agreement(**changes)).verdict is Verdict.INDETERMINATE


def downstream(**inputs: Any) -> tuple[R, ...]:
    """A table over the bucket's files, and the dataset that it is in."""
    said = {"datasetId": "people", "project": PROJECT}
    kept = {"location": "europe-west4", "defaultTableExpirationMs": 86_400_000 * 100}
    home = R("bigquery.Dataset", {**said, **kept, **inputs}, "home")
    files = {"sourceUris": ["gs://raw/*.csv"]}
    table = R("bigquery.Table", {**said, "tableId": "income", "externalDataConfiguration": files}, "table")
    return home, table


def test_so_does_everything_that_its_data_goes_to() -> None:
    assert judged(*downstream()).verdict is Verdict.DECLARED
    far = judged(*downstream(location="US"))
    assert far.verdict is Verdict.FAIL
    assert far.reasons[0].shown == "table"
    assert judged(*downstream(defaultTableExpirationMs=86_400_000 * 366)).verdict is Verdict.FAIL
    assert judged(*downstream(defaultTableExpirationMs=None)).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("days", "expected"),
    [(1, Verdict.DECLARED), (365, Verdict.DECLARED), (366, Verdict.FAIL), (None, Verdict.INDETERMINATE)],
)
def test_a_table_that_ends_on_a_day_keeps_its_data_until_then(days: int | None, expected: Verdict) -> None:
    home, table = downstream(defaultTableExpirationMs=None)
    today = (WORLD["as_of"] - date(1970, 1, 1)).days
    end = (today + days) * 86_400_000 if days is not None else UNKNOWN
    assert judged(home, replace(table, inputs={**table.inputs, "expirationTime": end})).verdict is expected


def test_a_table_in_a_dataset_of_elsewhere_is_bounded_by_its_own_end_alone() -> None:
    _, table = downstream()
    alone = replace(table, inputs={**table.inputs, "datasetId": "elsewhere", "location": "europe-west4"})
    today = (WORLD["as_of"] - date(1970, 1, 1)).days
    ends = replace(alone, inputs={**alone.inputs, "expirationTime": (today + 400) * 86_400_000})
    messages = [each.message for each in judged(ends).reasons]
    assert any("for longer than" in each for each in messages)
    assert any("nobody knows how long" in each.message for each in judged(alone).reasons)


def test_what_keeps_no_data_of_its_own_is_asked_for_its_place_alone() -> None:
    index = R(
        "vertex.AiIndex",
        {"metadata": {"contentsDeltaUri": "gs://raw/x"}, "region": "europe-west4", "project": PROJECT},
        "index",
    )
    assert judged(index).verdict is Verdict.DECLARED
    assert judged(replace(index, inputs={**index.inputs, "region": "us-central1"})).verdict is Verdict.FAIL


def test_a_day_that_nobody_says_leaves_the_end_of_a_table_open() -> None:
    home, table = downstream(defaultTableExpirationMs=None)
    ends = replace(table, inputs={**table.inputs, "expirationTime": 86_400_000})
    assert judged(home, ends, as_of=None).verdict is Verdict.INDETERMINATE


def test_a_copy_without_people_may_stay() -> None:
    far = bucket("copies", location="US", lifecycleRules=[])
    assert judged(SCAN, far).verdict is Verdict.DECLARED
    paused = replace(SCAN, inputs={**SCAN.inputs, "status": "PAUSED"})
    assert judged(paused, far).verdict is Verdict.FAIL


def test_what_is_about_nobody_may_be_kept_where_it_goes() -> None:
    plain = agreement(dataClass="internal")
    far = downstream(location="US", defaultTableExpirationMs=None)
    assert judged(*far, store=raw("internal"), agreed=plain).verdict is Verdict.DECLARED
    assert judged(*far, agreed=agreement(dataClass="odd"), store=raw("odd")).verdict is Verdict.FAIL
    assert judged(store=raw(location="US"), agreed=plain).verdict is Verdict.FAIL


def test_data_about_people_is_under_an_agreement_that_is_about_people() -> None:
    plain = agreement(dataClass="internal")
    assert judged(agreed=plain).verdict is Verdict.FAIL
    assert judged(store=raw(""), agreed=plain).verdict is Verdict.FAIL
    second = agreement("letters", dataClass="internal")
    both = around("groundplan:data:DataBucket", "both", agreements=[AGREEMENT_ON_DATA.urn, second.urn])
    here = outcomes(CONTROL, AGREEMENT_ON_DATA, second, both, bucket("raw", parent=both), **WORLD)
    assert here["raw"].verdict is Verdict.DECLARED


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [("credit-scoring", Verdict.DECLARED), ("hiring", Verdict.FAIL), (None, Verdict.DECLARED)],
)
def test_what_uses_it_serves_an_agreed_purpose(purpose: str | None, expected: Verdict) -> None:
    trains = around("groundplan:pipelines:PipelineEnvironment", "pipelines", purpose=purpose)
    assert judged(ACCOUNT, trains, schedule(trains), on_bucket("raw")).verdict is expected


def test_purposes_hold_after_de_identification() -> None:
    trains = around("groundplan:pipelines:PipelineEnvironment", "pipelines", purpose="hiring")
    way = (ACCOUNT, trains, schedule(trains), SCAN, COPIES, on_bucket("copies"))
    assert judged(*way).verdict is Verdict.FAIL
    open_ = agreement(purposes=["credit-scoring", UNKNOWN])
    assert judged(*way, agreed=open_).verdict is Verdict.INDETERMINATE
    assert SCHEDULE.name == "weekly"


def test_without_the_order_of_classes_nobody_can_tell() -> None:
    assert judged(parameters=replace(SETTINGS, classifications=None)).verdict is Verdict.INDETERMINATE


test_seen = caught_elsewhere(CONTROL, [AGREEMENT_ON_DATA], UNDER, RAW, **WORLD)


@pytest.mark.parametrize(
    ("days", "expected"), [(365, Verdict.DECLARED), (366, Verdict.FAIL), (None, Verdict.FAIL), ("", Verdict.FAIL)]
)
def test_a_dataset_keeps_its_tables_for_no_longer(days: Any, expected: Verdict) -> None:
    said = {"datasetId": "raw", "project": PROJECT, "location": "EU", "labels": {"classification": "personal"}}
    kept = {"defaultTableExpirationMs": 86_400_000 * days if days else days}
    store = R("bigquery.Dataset", {**said, **kept}, "raw", record={"parent": UNDER.urn})
    assert judged(store=store).verdict is expected


def test_it_states_which_stores_it_reads() -> None:
    stores = {each.type for each in CONTROL.reads} - {AGREEMENT_ON_DATA.type}
    assert stores >= {"storage.Bucket", "bigquery.Dataset", "vertex.AiFeatureOnlineStore", "vertex.AiEndpoint"}


@pytest.mark.parametrize(
    ("member", "role", "expected"),
    [
        ("group:everybody@acme.test", "roles/storage.objectViewer", Verdict.FAIL),
        ("allUsers", "roles/storage.objectViewer", Verdict.FAIL),
        ("group:Risk@acme.test", "roles/storage.objectViewer", Verdict.DECLARED),
        ("group:data@acme.test", "roles/storage.objectViewer", Verdict.DECLARED),
        ("group:everybody@acme.test", "roles/storage.objectCreator", Verdict.DECLARED),
        (f"group:{UNKNOWN}", "roles/storage.objectViewer", Verdict.DECLARED),
    ],
)
def test_people_who_read_a_store_are_its_consumers(member: str, role: str, expected: Verdict) -> None:
    grant = R("storage.BucketIAMMember", {"bucket": "raw", "role": role, "member": member}, "people")
    agreed = agreement(owner="group:data@acme.test", consumers=["group:risk@acme.test"])
    assert judged(grant, agreed=agreed).verdict is expected


def test_consumers_that_are_not_known_tell_nothing() -> None:
    inputs = {"bucket": "raw", "role": "roles/storage.objectViewer", "member": "group:everybody@acme.test"}
    found = judged(R("storage.BucketIAMMember", inputs, "people"), agreed=agreement(consumers=[UNKNOWN]))
    assert found.verdict is Verdict.INDETERMINATE
