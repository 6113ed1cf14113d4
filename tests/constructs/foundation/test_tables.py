"""The tables behind the foundation agree with the code and with the tiers."""

from __future__ import annotations

from dataclasses import fields

import pytest

from groundplan.core import tables
from groundplan.core.tiers import Tier, TierDefaults
from groundplan.foundation.apis import Purpose
from groundplan.foundation.policy_rules import rules_for

POLICIES = tables.load("organization_policies")["policies"]
VALUES = {key: ["x"] for key in ("locations", "networks", "key_projects", "images", "customers", "services")}


def test_every_purpose_is_in_the_table_and_no_other() -> None:
    assert {purpose.value for purpose in Purpose} == set(tables.load("apis")["purposes"])


def test_what_needs_no_capability_of_the_environment_is_usual() -> None:
    assert Purpose.NOTEBOOKS in Purpose.usual()
    assert Purpose.KUBERNETES not in Purpose.usual()


def test_no_api_comes_before_itself() -> None:
    after = tables.load("apis")["after"]

    def needs(api: str, seen: tuple[str, ...]) -> None:
        assert api not in seen, seen
        for need in after.get(api, []):
            needs(need, (*seen, api))

    for api in after:
        needs(api, ())


def test_constraints_stand_once() -> None:
    names = [row["constraint"] for row in POLICIES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("row", [r for r in POLICIES if "when" in r or "unless" in r], ids=lambda r: r["constraint"])
def test_conditions_are_settings_of_a_tier_that_are_true_or_false(row: dict[str, str]) -> None:
    kinds = {field.name: field.type for field in fields(TierDefaults)}
    assert kinds[row.get("when") or row["unless"]] == "bool"


def test_a_list_without_values_is_not_set() -> None:
    with_values = {rule.constraint for rule in rules_for(Tier.TEAM.defaults, VALUES, "project", "project")}
    without = {
        rule.constraint for rule in rules_for(Tier.TEAM.defaults, {**VALUES, "customers": []}, "project", "project")
    }
    assert with_values - without == {"iam.allowedPolicyMemberDomains"}
