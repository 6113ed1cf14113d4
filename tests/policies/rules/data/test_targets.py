"""The bucket or dataset that a property names."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.rules.data.targets import bucket, dataset, dataset_of
from tests.policies.rules.harness import R, context, urn


def owner(table: R, *others: R) -> str:
    graph = context(*others, table).graph
    found = dataset_of(graph.document[table.urn], graph)
    return found.name if found is not None else ""


DATASET = R("bigquery.Dataset", {"datasetId": "sales", "project": "p", "labels": {"classification": "personal"}}, "ds")
OTHER = R("bigquery.Dataset", {"datasetId": "sales", "project": "q", "labels": {"classification": "public"}}, "other")


@pytest.mark.parametrize("name", ["sales", "projects/p/datasets/sales", "p:sales", "p.sales"])
def test_a_table_names_its_dataset_in_several_ways(name: str) -> None:
    table = R("bigquery.Table", {"datasetId": name, "project": "p"}, "t")
    assert owner(table, OTHER, DATASET) == "ds"


def test_a_dataset_of_another_project_is_another() -> None:
    table = R("bigquery.Table", {"datasetId": "sales", "project": "p"}, "t")
    assert owner(table, OTHER) == ""


def test_a_dataset_that_is_made_in_this_run_is_found_by_its_output() -> None:
    table = R("bigquery.Table", {"datasetId": UNKNOWN, "project": "p"}, "t", origins={"datasetId": DATASET.urn})
    assert owner(table, OTHER, DATASET) == "ds"
    assert owner(replace(table, origins={}), DATASET) == ""


def test_an_unknown_project_leaves_no_choice_between_two_datasets() -> None:
    graph = context(DATASET, OTHER).graph
    assert dataset(graph, "", "sales") is None
    found = dataset(graph, "q", "sales")
    assert found is not None
    assert found.name == "other"


LOGS = R("storage.Bucket", {"name": "logs"}, "logs")


@pytest.mark.parametrize(
    ("value", "origin", "found"),
    [
        ("logs", None, True),
        ("logs/path", None, True),
        ("gs://logs/path/*", None, True),
        ("storage.googleapis.com/logs", None, True),
        ("s3://logs/path", None, False),
        ("gs://logs2/path", None, False),
        ("", None, False),
        (f"gs://{UNKNOWN}/path", urn("storage.Bucket", "logs"), True),
        (UNKNOWN, urn("storage.Bucket", "logs"), True),
        (UNKNOWN, None, False),
        (f"s3://{UNKNOWN}/path", urn("storage.Bucket", "logs"), False),
        (f"gs://partner-{UNKNOWN}", urn("storage.Bucket", "logs"), False),
    ],
)
def test_a_bucket_is_found_by_its_name_or_its_output(value: str, origin: str | None, found: bool) -> None:
    user = R("storage.TransferJob", {"sink": value}, "job", origins={"sink": origin} if origin else {})
    graph = context(LOGS, user).graph
    here = graph.document[user.urn]
    named = bucket(graph, here, Path("sink").one(here))
    assert (named is not None) is found
