"""In which ways a value names buckets, datasets and tables."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from tests.policies.flow.world import bucket, dataset, edges, flow, table
from tests.policies.rules.harness import PROJECT, R, put, urn

PEOPLE = (dataset("raw"), table("people", "raw"), table("places", "raw"))
HERE = {"project": PROJECT, "region": "europe-west4"}
ALL = {"raw", "people", "places"}


def sources(uri: Any, *others: R) -> dict[str, bool]:
    """Give what a feature group takes from, and whether that is sure."""
    group = R("vertex.AiFeatureGroup", put(HERE, "bigQuery.bigQuerySource.inputUri", uri), "group")
    return {each.source.rpartition("::")[2]: each.sure for each in flow(*(others or PEOPLE), group).edges}


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        (f"bq://{PROJECT}.raw.people", {"people"}),
        (f"{PROJECT}.raw.people", {"people"}),
        (f"{PROJECT}:raw.people", {"people"}),
        ("raw.people", {"people"}),
        (f"bq://{PROJECT}.raw", ALL),
        (f"bq://{PROJECT}", set()),
        ("bq://raw.people", set()),
        (f"projects/{PROJECT}/datasets/raw", ALL),
        (f"projects/{PROJECT}/datasets/raw/tables/people", {"people"}),
        (f"https://bigquery.googleapis.com/v2/projects/{PROJECT}/datasets/raw/tables/people", {"people"}),
        (f"projects/{PROJECT}/datasets/raw/tables/later", {"raw"}),
        ("projects/acme-other/datasets/raw/tables/people", set()),
        (f"bq://{PROJECT}.raw.people.more", {"people"}),
        ("raw", set()),
    ],
)
def test_a_table_is_named_in_each_way(uri: str, expected: set[str]) -> None:
    assert sources(uri) == dict.fromkeys(expected, True)


@pytest.mark.parametrize("uri", [..., "", None])
def test_where_nothing_is_named_nothing_is_taken(uri: object) -> None:
    assert sources(uri) == {}


@pytest.mark.parametrize("uri", [7, UNKNOWN, f"bq://{UNKNOWN}.people"])
def test_what_nobody_can_tell_may_be_any(uri: object) -> None:
    assert sources(uri) == dict.fromkeys(ALL, False)


def test_an_unknown_that_comes_from_a_dataset_is_all_of_it() -> None:
    inputs = put(HERE, "bigQuery.bigQuerySource.inputUri", UNKNOWN)
    origins = {"bigQuery.bigQuerySource.inputUri": urn("bigquery.Dataset", "raw")}
    found = flow(*PEOPLE, dataset("other"), R("vertex.AiFeatureGroup", inputs, "group", origins=origins)).edges
    assert {each.source.rpartition("::")[2]: each.sure for each in found} == dict.fromkeys(ALL, True)


def test_a_table_of_no_dataset_here_is_taken_with_none() -> None:
    lost = table("lost", "elsewhere")
    assert sources(f"bq://{PROJECT}.raw", *PEOPLE, lost) == dict.fromkeys(ALL, True)
    assert sources(f"bq://{PROJECT}.elsewhere.lost", *PEOPLE, lost) == {}


def index(uri: Any, **origins: str) -> R:
    return R("vertex.AiIndex", put(HERE, "metadata.contentsDeltaUri", uri), "index", origins=origins)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("gs://vectors/here", {"vectors": True}),
        ("vectors", {"vectors": True}),
        ("gs://elsewhere/here", {}),
        (..., {}),
        ("", {}),
        (7, {"vectors": False, "more": False}),
        (UNKNOWN, {"vectors": False, "more": False}),
    ],
)
def test_a_bucket_is_named_in_each_way(uri: object, expected: dict[str, bool]) -> None:
    found = flow(bucket("vectors"), bucket("more"), *PEOPLE, index(uri)).edges
    assert {each.source.rpartition("::")[2]: each.sure for each in found} == expected


def read_by(query: Any) -> set[str]:
    view = R("bigquery.Job", {"query": {"query": query, "destinationTable": {"tableId": "raw.out"}}, **HERE}, "job")
    found = edges(*PEOPLE, table("out", "raw"), view)
    assert {each[2] for each in found} <= {"out"}
    return {each[0] for each in found}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * FROM acme-ml.raw.people JOIN raw.places USING (id)", {"people", "places"}),
        ("SELECT * FROM `acme-ml`.`raw`.`people`", {"people"}),
        ("SELECT 1 FROM other.people", set()),
        ("SELECT people.raw FROM acme-ml.raw.places AS people", {"places"}),
        ("SELECT 1 FROM UNKNOWN.raw.people", {"raw", "people", "places"}),
        ("", set()),
        (7, {"raw", "people", "places"}),
        ("SELECT 1 FROM UNKNOWN", {"raw", "people", "places"}),
    ],
)
def test_a_query_names_its_tables(query: object, expected: set[str]) -> None:
    assert read_by(query.replace("UNKNOWN", UNKNOWN) if isinstance(query, str) else query) == expected
