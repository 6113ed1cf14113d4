"""The data class of a resource, and the bucket or dataset that a property names."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.data.classes import class_of, is_personal, is_restricted
from groundplan_policies.rules.data.places import bucket, dataset, dataset_of
from tests.policies.rules.harness import PARAMETERS, R, context, secret, urn

SETTINGS = replace(
    PARAMETERS,
    classifications=("public", "internal", "restricted", "personal"),
    restricted_classes=("restricted", "personal"),
    personal_classes=("personal",),
)


def asked(resource: R, *others: R, settings: Parameters = SETTINGS) -> tuple[Outcome | bool, Outcome | bool]:
    world = context(*others, resource, parameters=settings)
    here = world.graph.document[resource.urn]
    return is_personal(here, world), is_restricted(here, world)


def labelled(value: object) -> R:
    return R("storage.Bucket", {"labels": {"classification": value}})


@pytest.mark.parametrize(
    ("value", "personal", "restricted"),
    [("personal", True, True), ("Personal", True, True), ("restricted", False, True), ("public", False, False)],
)
def test_the_label_tells_the_class(value: str, personal: bool, restricted: bool) -> None:
    assert asked(labelled(value)) == (personal, restricted)


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        (R("storage.Bucket"), "labels.classification"),
        (R("storage.Bucket", {"labels": {}}), "labels.classification"),
        (labelled(""), "labels.classification"),
        (labelled(UNKNOWN), "labels.classification"),
        (labelled(secret()), "labels.classification"),
        (labelled(7), "labels.classification"),
        (labelled("persnal"), "labels.classification"),
        (R("storage.Bucket", {"labels": UNKNOWN}), "labels"),
    ],
)
def test_what_cannot_be_read_is_nobodys_class(resource: R, path: str) -> None:
    for answer in asked(resource):
        assert isinstance(answer, Outcome)
        assert answer.verdict is Verdict.INDETERMINATE
        assert [each.path for each in answer.reasons] == [path]


def test_without_settings_nobody_can_say() -> None:
    personal, restricted = asked(labelled("personal"), settings=PARAMETERS)
    assert isinstance(personal, Outcome)
    assert "are about people" in personal.reasons[0].message
    assert isinstance(restricted, Outcome)
    assert "are restricted" in restricted.reasons[0].message


def test_where_no_class_is_personal_nothing_is() -> None:
    assert asked(R("storage.Bucket"), settings=replace(SETTINGS, personal_classes=()))[0] is False


def test_any_label_counts_where_the_settings_list_no_classes() -> None:
    assert asked(labelled("persnal"), settings=replace(SETTINGS, classifications=None)) == (False, False)


DATASET = R("bigquery.Dataset", {"datasetId": "sales", "project": "p", "labels": {"classification": "personal"}}, "ds")
OTHER = R("bigquery.Dataset", {"datasetId": "sales", "project": "q", "labels": {"classification": "public"}}, "other")


@pytest.mark.parametrize("name", ["sales", "projects/p/datasets/sales", "p:sales", "p.sales"])
def test_a_table_is_of_its_datasets_class(name: str) -> None:
    table = R("bigquery.Table", {"datasetId": name, "project": "p"}, "t")
    assert asked(table, OTHER, DATASET) == (True, True)


def test_a_table_may_hold_less_than_its_dataset() -> None:
    table = R("bigquery.Table", {"datasetId": "sales", "project": "p", "labels": {"classification": "public"}}, "t")
    assert asked(table, DATASET) == (False, False)


def test_a_dataset_of_another_project_is_another() -> None:
    table = R("bigquery.Table", {"datasetId": "sales", "project": "p"}, "t")
    assert isinstance(asked(table, OTHER)[0], Outcome)


def test_a_dataset_that_is_made_in_this_run_is_found_by_its_output() -> None:
    table = R("bigquery.Table", {"datasetId": UNKNOWN, "project": "p"}, "t", origins={"datasetId": DATASET.urn})
    assert asked(table, OTHER, DATASET) == (True, True)
    world = context(DATASET, replace(table, origins={}))
    assert dataset_of(world.graph.document[table.urn], world.graph) is None


def test_an_unknown_project_leaves_no_choice_between_two_datasets() -> None:
    graph = context(DATASET, OTHER).graph
    assert dataset(graph, "", "sales") is None
    found = dataset(graph, "q", "sales")
    assert found is not None
    assert found.name == "other"


def test_objects_and_views_are_of_the_class_of_what_holds_them() -> None:
    logs = R("storage.Bucket", {"name": "logs", "labels": {"classification": "personal"}}, "logs")
    item = R("storage.BucketObject", {"bucket": UNKNOWN}, "item", origins={"bucket": logs.urn})
    world = context(logs, item)
    assert class_of(world.graph.document[item.urn], world).text == "personal"
    assert class_of(world.graph.document[logs.urn], world).text == "personal"


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
