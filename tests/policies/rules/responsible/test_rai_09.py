from __future__ import annotations

from dataclasses import replace

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.declarations import REVIEW
from groundplan_policies.rules.responsible.rai_09 import CONTROL
from tests.policies.rules.harness import R, secret, stated_verdicts, verdict
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
    tables = R("vertex.AiFeatureOnlineStoreFeatureview", {"bigQuerySource": {"uri": "bq://a.b.c"}})
    assert verdict(CONTROL, tables, REVIEWED, **WORLD) is Verdict.NOT_APPLICABLE


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


@pytest.mark.parametrize("attributes", [secret(), [secret()], [{"name": secret()}], [{"name": "x", "proxies": [7]}]])
def test_an_attribute_that_cannot_be_read_may_be_any(attributes: object) -> None:
    assert of("hours", review(protectedAttributes=attributes)) is Verdict.INDETERMINATE
