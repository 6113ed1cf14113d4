from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.declarations import REVIEW
from groundplan_policies.rules.responsible.rai_09 import CONTROL
from tests.policies.rules.harness import PROJECT, R, secret, stated_verdicts, verdict
from tests.policies.rules.responsible.world import REVIEWED, WORLD, review

FEATURE = R("vertex.AiFeatureGroupFeature", {"name": "hours", "versionColumnName": "hours_per_week"}, "feature")
VIEW = R(
    "vertex.AiFeatureOnlineStoreFeatureview",
    {"featureRegistrySource": {"featureGroups": [{"featureGroupId": "people", "featureIds": ["hours"]}]}},
    "view",
)


def of(name: str, *others: R, column: str = "hours") -> Verdict:
    return verdict(
        CONTROL, R("vertex.AiFeatureGroupFeature", {"name": name, "versionColumnName": column}), *others, **WORLD
    )


OF_FEATURES = replace(CONTROL, reads=tuple(each for each in CONTROL.reads if each.type != REVIEW))
test_stated = stated_verdicts(OF_FEATURES, [FEATURE, VIEW], REVIEWED, **WORLD)


@pytest.mark.parametrize("name", ["sex", "SEX", "Sex_", "relationship", "relation-ship"])
def test_protected_names_fail_however_they_are_written(name: str) -> None:
    assert of(name, REVIEWED) is Verdict.FAIL
    assert of("x", REVIEWED, column=name) is Verdict.FAIL


@pytest.mark.parametrize("name", ["sexes", "hours", "se"])
def test_other_names_pass(name: str) -> None:
    assert of(name, REVIEWED) is Verdict.DECLARED


def test_what_a_view_serves_counts() -> None:
    groups = [{"featureGroupId": "people", "featureIds": ["hours", "sex"]}]
    view = R("vertex.AiFeatureOnlineStoreFeatureview", {"featureRegistrySource": {"featureGroups": groups}})
    assert verdict(CONTROL, view, REVIEWED, **WORLD) is Verdict.FAIL


HOME = R("bigquery.Dataset", {"datasetId": "people", "project": PROJECT}, "home")


def straight(schema: object, *others: R, uri: object = f"bq://{PROJECT}.people.income", **source: Any) -> Verdict:
    inputs = {"datasetId": "people", "tableId": "income", "project": PROJECT, "schema": schema}
    view = R("vertex.AiFeatureOnlineStoreFeatureview", {"bigQuerySource": {"uri": uri, **source}}, "view")
    return verdict(CONTROL, view, HOME, R("bigquery.Table", inputs, "income"), *(others or (REVIEWED,)), **WORLD)


def schema(*names: str) -> str:
    return json.dumps([{"name": each, "type": "STRING"} for each in names])


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (schema("hours", "age"), Verdict.DECLARED),
        (schema("hours", "Sex"), Verdict.FAIL),
        (schema("hours", "relation_ship"), Verdict.FAIL),
        (json.dumps([{"name": "who", "type": "RECORD", "fields": [{"name": "sex"}]}]), Verdict.FAIL),
        (schema("hours", "sex_of_applicant"), Verdict.INDETERMINATE),
        (json.dumps([{"name": "hours", "policyTags": {"names": [UNKNOWN]}}]), Verdict.DECLARED),
        (json.dumps([{"name": "sex", "policyTags": {"names": [UNKNOWN]}}]), Verdict.FAIL),
        (None, Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
        ("[7]", Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
    ],
)
def test_a_view_straight_on_a_table_serves_its_columns(columns: object, expected: Verdict) -> None:
    assert straight(columns) is expected


def test_the_ids_of_what_a_view_is_about_are_no_features() -> None:
    assert straight(schema("hours", "SEX"), entityIdColumns=["sex"]) is Verdict.DECLARED
    assert straight(schema("hours", "sex"), entityIdColumns=["hours"]) is Verdict.FAIL


@pytest.mark.parametrize("uri", ["bq://acme-other.people.income", f"bq://{PROJECT}.people.other", UNKNOWN, secret()])
def test_of_a_table_of_elsewhere_nobody_sees_the_columns(uri: object) -> None:
    assert straight(schema("hours"), uri=uri) is Verdict.INDETERMINATE


def test_without_attributes_no_column_matters() -> None:
    assert straight(schema("sex"), review(protectedAttributes=[])) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("applicant_sex", Verdict.INDETERMINATE),
        ("sexOfApplicant", Verdict.INDETERMINATE),
        ("is-relationship-known", Verdict.INDETERMINATE),
        ("sexes_of_applicants", Verdict.DECLARED),
        ("unisex", Verdict.DECLARED),
    ],
)
def test_an_attribute_among_the_words_of_a_name_may_be_one(name: str, expected: Verdict) -> None:
    assert of(name, REVIEWED) is expected
    explained = review(protectedAttributes=[{"name": "sex", "proxies": ["relationship"], "reason": "to correct bias"}])
    assert of(name, explained) is Verdict.DECLARED


def test_the_words_of_an_attribute_stand_together() -> None:
    asked = review(protectedAttributes=[{"name": "marital-status"}])
    assert of("maritalStatus", asked) is Verdict.FAIL
    assert of("marital_status_code", asked) is Verdict.INDETERMINATE
    assert of("marital_code_status", asked) is Verdict.DECLARED
    assert of("status", asked) is Verdict.DECLARED


def test_a_reason_makes_it_declared_where_each_review_gives_one() -> None:
    explained = review(protectedAttributes=[{"name": "sex", "proxies": ["relationship"], "reason": "to correct bias"}])
    assert of("sex", explained) is Verdict.DECLARED
    assert of("relationship", explained) is Verdict.DECLARED
    assert of("hours", explained) is Verdict.DECLARED
    other = review("other")
    assert of("sex", explained, other) is Verdict.FAIL
    assert of("sex", other, explained) is Verdict.FAIL
    blank = review(protectedAttributes=[{"name": "sex", "reason": "  "}])
    assert of("sex", blank) is Verdict.FAIL


def test_without_attributes_there_is_nothing_to_hold_names_against() -> None:
    assert of("sex") is Verdict.NOT_APPLICABLE
    assert of("sex", review(protectedAttributes=[])) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    "attributes", [secret(), [secret()], [{"name": UNKNOWN}], [{"name": secret()}], [{"name": "x", "proxies": [7]}]]
)
def test_an_attribute_that_cannot_be_read_may_be_any(attributes: object) -> None:
    assert of("hours", review(protectedAttributes=attributes)) is Verdict.INDETERMINATE
