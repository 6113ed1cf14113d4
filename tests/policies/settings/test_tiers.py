"""The shipped settings say what the constructs build, and each tier asks at least as much as the one before."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.looseness import is_looser
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.settings import TIERS, Settings, read_settings, settings_schema

ROOT = Path(__file__).parents[3]
DATA = ROOT / "constructs/groundplan/core/data"
SHIPPED = ROOT / "policies/groundplan_policies/settings"


SIZES = frozenset({"accelerator_cap", "accelerator_types", "replica_cap"})
"""How much a platform may buy: more where more people share it, however strict the tier is."""


def data(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def built(tier: str) -> dict[str, Any]:
    """Give what the constructs build in a tier."""
    tiers = data("tiers.yaml")["tiers"]
    own = dict(tiers[tier])
    base = own.pop("extends", None)
    return {**built(base), **own} if base else own


SETTINGS = {tier: read_settings(tier) for tier in TIERS}
each_tier = pytest.mark.parametrize("tier", TIERS)


def parameters(tier: str) -> Parameters:
    return SETTINGS[tier].parameters


@each_tier
@pytest.mark.parametrize(
    ("parameter", "setting"),
    [
        ("customer_managed_keys", "customer_managed_keys"),
        ("bucket_key_enforcement", "customer_managed_keys"),
        ("key_rotation_days", "key_rotation_days"),
        ("bucket_network_filter", "bucket_network_filter"),
        ("confidential_computing", "notebook_confidential"),
        ("confidential_computing", "node_confidential"),
        ("audit_retention_days", "log_retention_days"),
        ("audit_locked", "log_locked"),
        ("log_separate_project", "log_separate_project"),
        ("branch_approvals", "branch_approvals"),
        ("minimum_replicas", "endpoint_min_replicas"),
        ("accelerator_cap", "accelerator_cap"),
    ],
)
def test_a_parameter_is_what_the_constructs_build(tier: str, parameter: str, setting: str) -> None:
    assert getattr(parameters(tier), parameter) == built(tier)[setting]


@each_tier
def test_a_network_without_a_way_out_is_closed(tier: str) -> None:
    assert parameters(tier).closed_network is not built(tier)["nat"]


@each_tier
def test_keys_may_be_protected_as_the_constructs_protect_them_and_no_worse(tier: str) -> None:
    levels = parameters(tier).key_protection or ()

    assert built(tier)["key_protection"] in levels
    assert ("SOFTWARE" in levels) is (built(tier)["key_protection"] == "SOFTWARE")


@each_tier
def test_classes_of_data_are_those_of_the_constructs(tier: str) -> None:
    classes = data("data_classes.yaml")["classes"]
    personal = {name: row for name, row in classes.items() if row["personal"]}

    assert parameters(tier).classifications == tuple(classes)
    assert parameters(tier).restricted_classes == tuple(name for name, row in classes.items() if row["restricted"])
    assert parameters(tier).personal_classes == tuple(personal)
    assert parameters(tier).personal_max_days == max(row["delete_after_days"] for row in personal.values())
    assert parameters(tier).erasure_days == max(row["erasure_days"] for row in personal.values())


@each_tier
def test_the_organisation_policies_asked_for_are_those_that_the_constructs_set(tier: str) -> None:
    asked = {
        row["constraint"]
        for row in data("organization_policies.yaml")["policies"]
        if built(tier).get(row.get("when", ""), True)
        and not built(tier).get(row.get("unless", ""), False)
        and not row.get("new_projects")
    }
    notebooks = {each for each in asked if each.startswith("ainotebooks.")}

    assert set(parameters(tier).notebook_constraints or ()) == notebooks
    assert set(parameters(tier).organization_constraints or ()) == asked - notebooks


def test_the_perimeter_of_the_strictest_tier_is_that_of_the_constructs() -> None:
    assert parameters("regulated").required_perimeter_services == tuple(data("perimeter_services.yaml")["services"])
    assert parameters("team").required_perimeter_services == ()
    assert parameters("learner").required_perimeter_services == ()


@each_tier
def test_what_only_a_team_can_know_is_unset(tier: str) -> None:
    unset = {name for name in Parameters.describe() if getattr(parameters(tier), name) is None}

    assert unset >= {"allowed_regions", "allowed_domains", "allowed_projects", "key_projects", "organization"}


@each_tier
def test_a_shipped_file_is_as_the_schema_says(tier: str) -> None:
    jsonschema.validate(yaml.safe_load((SHIPPED / f"{tier}.yaml").read_text(encoding="utf-8")), settings_schema())


def test_levels_are_those_of_the_tier_table() -> None:
    blocks = {
        tier: {severity for severity in Severity if SETTINGS[tier].level_for("XXX-01", severity) is Level.BLOCK}
        for tier in TIERS
    }

    assert blocks == {"learner": set(), "team": {Severity.CRITICAL, Severity.HIGH}, "regulated": set(Severity)}
    assert all(
        settings.level(control) is not Level.OFF
        for settings in SETTINGS.values()
        for control in all_controls().values()
    )


@pytest.mark.parametrize(("lax", "strict"), [("learner", "team"), ("team", "regulated")])
def test_a_stricter_tier_asks_no_less_in_anything(lax: str, strict: str) -> None:
    before, after = SETTINGS[lax], SETTINGS[strict]

    assert [name for name in Parameters.describe() if name not in SIZES and _looser(name, before, after)] == []
    for severity in Severity:
        assert before.level_for("XXX-01", severity).rank <= after.level_for("XXX-01", severity).rank


def _looser(name: str, before: Settings, after: Settings) -> bool:
    return is_looser(name, getattr(before.parameters, name), getattr(after.parameters, name))


@each_tier
def test_a_shipped_tier_is_where_comparisons_begin(tier: str) -> None:
    assert (SETTINGS[tier].name, SETTINGS[tier].tier, SETTINGS[tier].loosened) == (tier, tier, ())
