"""DAT-10: personal columns carry policy tags."""

import json
from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_10 import CONTROL
from groundplan_policies.rules.data.schemas import Column, columns
from tests.policies.rules.harness import PARAMETERS, R, outcome, stated_verdicts, urn, verdict

SETTINGS = replace(PARAMETERS, personal_columns=("sales.orders.email", "*.*.home"))
TAGGED = {"policyTags": {"names": ["projects/p/locations/eu/taxonomies/1/policyTags/2"]}}
EMAIL = {"name": "email", "type": "STRING", **TAGGED}
ID = {"name": "id", "type": "INT64"}


def table(*fields: Any, name: str = "orders", dataset: str = "sales", **more: Any) -> R:
    return R("bigquery.Table", {"datasetId": dataset, "tableId": name, "schema": json.dumps(fields), **more})


test_stated_verdicts = stated_verdicts(CONTROL, [table(ID, EMAIL)], parameters=SETTINGS)


@pytest.mark.parametrize(
    "good",
    [
        table(ID, EMAIL),
        table(ID, {**EMAIL, "name": "EMail"}),
        table(EMAIL, {"name": "home", "type": "RECORD", "fields": [{"name": "zip", "type": "STRING", **TAGGED}]}),
        table({"name": "home", "type": "STRING", **TAGGED}, name="other"),
    ],
)
def test_tagged_columns_pass(good: R) -> None:
    assert verdict(CONTROL, good, parameters=SETTINGS) is Verdict.PASS


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        (table(ID, {"name": "email", "type": "STRING"}), "email"),
        (table(ID, {"name": "EMAIL", "type": "STRING", "policyTags": {"names": []}}), "email"),
        (table(ID, {"name": "email", "type": "STRING", "policyTags": {"names": [""]}}), "email"),
        (table(ID, {"name": "email", "type": "STRING", "policyTags": {}}), "email"),
        (table({"name": "email", "type": "STRING"}, name="Orders", dataset="projects/p/datasets/Sales"), "email"),
        (table(EMAIL, {"name": "home", "type": "RECORD", "fields": [{"name": "zip", "type": "STRING"}]}), "home.zip"),
        (table({"name": "home", "type": "STRING"}, name="other", dataset="any"), "home"),
    ],
)
def test_a_personal_column_without_a_tag_fails(bad: R, column: str) -> None:
    found = outcome(CONTROL, bad, parameters=SETTINGS)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("schema", column)]


@pytest.mark.parametrize(
    "other",
    [
        table(ID, name="other"),
        table(ID, dataset="other"),
        table({"name": "email", "type": "STRING"}, name="other"),
        table({"name": "email", "type": "STRING"}, view={"query": "SELECT 1"}),
        table({"name": "email", "type": "STRING"}, materializedView={"query": "SELECT 1"}),
    ],
)
def test_tables_without_personal_columns_and_views_are_not_judged(other: R) -> None:
    assert verdict(CONTROL, other, parameters=SETTINGS) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("schema", ["{", "{}", "[7]", '[{"type": "STRING"}]', "[" * 100_000, "null"])
def test_a_schema_that_cannot_be_read_is_indeterminate(schema: str) -> None:
    bad = replace(table(), inputs={**table().inputs, "schema": schema})
    assert verdict(CONTROL, bad, parameters=SETTINGS) is Verdict.INDETERMINATE


def test_a_column_that_the_table_does_not_have_is_indeterminate() -> None:
    assert verdict(CONTROL, table(ID), parameters=SETTINGS) is Verdict.INDETERMINATE


def test_a_table_that_nobody_can_name_may_be_any() -> None:
    nameless = table({"name": "email", "type": "STRING"}, name=UNKNOWN, dataset=UNKNOWN)
    assert verdict(CONTROL, nameless, parameters=SETTINGS) is Verdict.FAIL
    assert verdict(CONTROL, table(ID, name=UNKNOWN), parameters=SETTINGS) is Verdict.NOT_APPLICABLE


def test_a_dataset_that_is_made_in_this_run_tells_the_name() -> None:
    dataset = R("bigquery.Dataset", {"datasetId": "sales"}, "dataset")
    bad = replace(table({"name": "email"}, dataset=UNKNOWN), origins={"datasetId": dataset.urn})
    assert verdict(CONTROL, bad, dataset, parameters=SETTINGS) is Verdict.FAIL
    other = R("bigquery.Dataset", {"datasetId": "other"}, "dataset")
    assert verdict(CONTROL, bad, other, parameters=SETTINGS) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (("email",), Verdict.FAIL),
        (("orders.email",), Verdict.FAIL),
        (("sales.*.e*",), Verdict.FAIL),
        (("other.email",), Verdict.NOT_APPLICABLE),
        ((), Verdict.NOT_APPLICABLE),
        (None, Verdict.INDETERMINATE),
    ],
)
def test_the_settings_name_columns_in_several_ways(named: tuple[str, ...] | None, expected: Verdict) -> None:
    bad = table({"name": "email", "type": "STRING"})
    assert verdict(CONTROL, bad, parameters=replace(SETTINGS, personal_columns=named)) is expected


COMPONENT = urn("warehouse:index:Warehouse", "around")


@pytest.mark.parametrize(
    ("told", "origin", "expected"),
    [
        ({"orders": ["email"]}, urn("datacatalog.PolicyTag", "tag"), Verdict.DECLARED),
        ({"orders": ["EMAIL", "id"]}, urn("datacatalog.PolicyTag", "tag"), Verdict.DECLARED),
        ({"orders": ["id"]}, urn("datacatalog.PolicyTag", "tag"), Verdict.FAIL),
        ({"other": ["email"]}, urn("datacatalog.PolicyTag", "tag"), Verdict.INDETERMINATE),
        ({"orders": "email"}, urn("datacatalog.PolicyTag", "tag"), Verdict.INDETERMINATE),
        ({"orders": ["email"]}, urn("bigquery.Dataset", "dataset"), Verdict.INDETERMINATE),
        (None, urn("datacatalog.PolicyTag", "tag"), Verdict.INDETERMINATE),
    ],
)
def test_a_schema_of_new_tags_is_as_the_component_declares(told: object, origin: str, expected: Verdict) -> None:
    around = R(
        "warehouse:index:Warehouse", {}, "around", record={"custom": False, "outputs": {"personalColumns": told}}
    )
    others = [R("datacatalog.PolicyTag", {}, "tag"), R("bigquery.Dataset", {"datasetId": "x"}, "dataset")]
    unknown = replace(
        table(),
        inputs={**table().inputs, "schema": UNKNOWN},
        origins={"schema": origin},
        record={"parent": COMPONENT},
    )
    assert verdict(CONTROL, unknown, around, *others, parameters=SETTINGS) is expected


def test_columns_are_those_that_hold_values() -> None:
    nested = {"name": "Home", "type": "RECORD", "fields": [{"name": "Zip", **TAGGED}, {"name": "city"}]}
    found = columns(json.dumps([ID, nested]))
    assert found == (
        Column("id", ()),
        Column("home.zip", ("projects/p/locations/eu/taxonomies/1/policyTags/2",)),
        Column("home.city", ()),
    )


@pytest.mark.parametrize("tags", ["t", {"names": "t"}, {"names": [7]}])
def test_tags_of_another_shape_make_no_schema(tags: object) -> None:
    assert columns(json.dumps([{"name": "a", "policyTags": tags}])) is None
